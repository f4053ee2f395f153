import type { ChangedBy } from '../domain/changed-by.ts';
import { bookedStock, saveBookings } from '../db/booked-stock.ts';
import { isConnectionError } from '../db/connect.ts';
import { enqueue } from '../db/outbox.ts';
import { inTransaction } from '../db/transaction.ts';
import { piecesOf } from '../domain/articles.ts';
import type { LockedOrder, OrderChange, UnitOfWork } from '../shops/shop-writing.ts';
import { bookStock } from './book-stock.ts';
import type { OrderParts } from './parts.ts';
import { readStatuses, type Statuses } from './statuses.ts';

/**
 * Changes each of these orders and counts those that now are as asked, whether they already were or not. An unknown
 * order, an unknown status or trouble with one order is logged and not counted; the others go on (2.13, Rec).
 */
export async function updateOrders(
  parts: OrderParts,
  ids: readonly string[],
  change: OrderChange,
  by: ChangedBy,
): Promise<number> {
  const { log } = parts;
  const statuses = await readStatuses(parts.shop);
  if (change.kind === 'status' && !statuses.known.has(change.statusId)) {
    log.warn('orders not updated: the shop has no such status', { statusId: change.statusId, orders: ids.length });
    return 0;
  }
  let counted = 0;
  for (const id of ids) {
    try {
      if (await updateOne(parts, id, change, statuses, by)) counted += 1;
      else log.warn('order not updated: the shop has no such order', { orderId: id });
    } catch (error) {
      // Without a database nothing can be said of the rest either: the caller must repeat the call.
      if (isConnectionError(error)) throw error;
      log.error('order not updated', { orderId: id, err: error });
    }
  }
  return counted;
}

async function updateOne(
  parts: OrderParts,
  id: string,
  change: OrderChange,
  statuses: Statuses,
  by: ChangedBy,
): Promise<boolean> {
  return inTransaction(parts.db, async (unit) => {
    const order = await parts.shop.lockOrder(unit, id);
    if (!order) return false;
    const changed = await parts.shop.updateOrder(unit, order.id, change);
    if (changed) await enqueue(unit, parts.targets, order.id, parts.now());
    if (change.kind === 'status') await restock(unit, parts, order, change.statusId, statuses, by);
    return true;
  });
}

/**
 * A cancelling status puts back what the order holds, and leaving it takes it again: both once, because only the
 * difference to what is booked moves. The books know the orders whose stock we took; for others the setting decides.
 */
async function restock(
  unit: UnitOfWork,
  parts: OrderParts,
  order: LockedOrder,
  statusId: string,
  { isCancelling }: Statuses,
  by: ChangedBy,
): Promise<void> {
  const { restockCancelled, name } = parts.settings;
  if (restockCancelled === 'never' || isCancelling(statusId) === isCancelling(order.statusId)) return;
  let booked = await bookedStock(unit, order.id);
  if (booked.length === 0) {
    // The shop took the stock of its own orders itself; an order of BaseLinker without books holds none.
    if (restockCancelled !== 'all' || order.source === name || !isCancelling(statusId)) return;
    booked = [...piecesOf(order.lines).values()];
    await saveBookings(unit, order.id, booked);
  }
  await bookStock(unit, parts, { id: order.id, lines: isCancelling(statusId) ? [] : order.lines }, booked, by);
}
