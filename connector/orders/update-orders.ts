import type { ChangedBy } from '../domain/changed-by.ts';
import { isConnectionError, isQueryError } from '../db/connect.ts';
import { enqueue } from '../storage/outbox.ts';
import { inTransaction } from '../db/transaction.ts';
import type { OrderChange } from '../contracts/shop-writing.ts';
import type { OrderDeps } from './deps.ts';
import { restock } from './restock.ts';
import type { Statuses } from './statuses.ts';

/**
 * Changes each of these orders and counts those that now are as requested, whether they already were or not. An unknown
 * order or status is logged and not counted, and so is an order on which our own code fails; the others go on (2.13,
 * Rec). A database error rejects: the caller must repeat the call, and what is done already stays.
 */
export async function updateOrders(
  deps: OrderDeps,
  ids: readonly string[],
  change: OrderChange,
  by: ChangedBy,
): Promise<number> {
  const { log } = deps;
  const statuses = await deps.statuses(change.kind === 'status' ? change.statusId : undefined);
  if (change.kind === 'status' && !statuses.known.has(change.statusId)) {
    log.warn('orders not updated: the shop has no such status', { statusId: change.statusId, orders: ids.length });
    return 0;
  }
  let counted = 0;
  for (const id of ids) {
    try {
      if (await updateOne(deps, id, change, statuses, by)) counted += 1;
      else log.warn('order not updated: the shop has no such order', { orderId: id });
    } catch (error) {
      if (isConnectionError(error) || isQueryError(error)) throw error;
      log.error('order not updated', { orderId: id, err: error });
    }
  }
  return counted;
}

async function updateOne(
  deps: OrderDeps,
  id: string,
  change: OrderChange,
  statuses: Statuses,
  by: ChangedBy,
): Promise<boolean> {
  return inTransaction(deps.db, async (unit) => {
    const order = await deps.shop.lockOrder(unit, id);
    if (!order) return false;
    const changed = await deps.shop.updateOrder(unit, order.id, change);
    if (changed) await enqueue(unit, deps.targets, order.id, deps.now());
    const lines = () => deps.shop.lockLines(unit, order.id);
    if (change.kind === 'status') await restock(unit, deps, order, lines, change.statusId, statuses, by);
    return true;
  });
}
