import type { Knex } from 'knex';
import { enqueue } from '../db/outbox.ts';
import { lastDeliveries, memoHash, rememberNoticed, type LastDelivery } from '../db/outbox-memos.ts';
import type { Target } from '../relay/target.ts';
import type { UnitOfWork } from '../shops/shop-writing.ts';
import { relayedOrders, type RelayedOrderParts } from './relayed-order.ts';

/** What the comparison asks of a target. */
export type Listener = Pick<Target, 'name' | 'wants' | 'memo'>;

/** An order of which a target does not know the newest state. */
export interface Undelivered {
  readonly target: string;
  readonly orderId: string;
  /** What its delivery would leave behind. */
  readonly memo: string;
}

/**
 * Compares these orders with what the targets were told last. At most a page of orders at once. Orders that have stood so
 * since before the target was switched on are news to it only where `fromBefore` are asked for.
 */
export async function findUndelivered(
  parts: RelayedOrderParts,
  listeners: readonly Listener[],
  orderIds: readonly string[],
  { fromBefore }: { readonly fromBefore: boolean },
): Promise<readonly Undelivered[]> {
  const orders = await relayedOrders(parts, orderIds);
  const known = await lastKnown(parts.db, listeners, orderIds);
  return listeners.flatMap((listener) =>
    orders
      .filter((order) => listener.wants(order, wasTold(known.get(`${listener.name} ${order.order.id}`))))
      .map((order) => ({ target: listener.name, orderId: order.order.id, memo: listener.memo(order) }))
      .filter((one) => isNews(known.get(keyOf(one)), one.memo, fromBefore)),
  );
}

/** In ascending order of target and order, so that two of these never wait for each other in a circle. */
export async function enqueueUndelivered(
  unit: UnitOfWork,
  undelivered: readonly Undelivered[],
  at: Date,
): Promise<void> {
  for (const target of new Set(undelivered.map((one) => one.target))) {
    const ofTarget = undelivered.filter((one) => one.target === target);
    for (const { orderId } of ofTarget) await enqueue(unit, [target], orderId, at);
    await rememberNoticed(unit, target, ofTarget);
  }
}

async function lastKnown(db: Knex, listeners: readonly Listener[], orderIds: readonly string[]) {
  const names = listeners.map(({ name }) => name);
  const rows = await lastDeliveries(db, names, orderIds);
  return new Map(rows.map((row) => [keyOf(row), row]));
}

function wasTold(last: LastDelivery | undefined): boolean {
  return last !== undefined && (last.memo !== '' || last.unsure === 1);
}

function keyOf({ target, orderId }: { readonly target: string; readonly orderId: string }): string {
  return `${target} ${orderId}`;
}

/**
 * The same order is looked at again and again. So what was refused, or is just being delivered, counts only when the
 * order is not in the state for which a look made it due before.
 */
function isNews(last: LastDelivery | undefined, memo: string, fromBefore: boolean): boolean {
  if (!last) return true;
  if (last.isFromBefore === 1 && !fromBefore && last.noticed?.equals(memoHash(memo)) === true) return false;
  switch (last.state) {
    case 'due':
      return false;
    case 'done':
      return last.memo !== memo;
    case 'leased':
    case 'parked':
      return last.memo !== memo && last.noticed?.equals(memoHash(memo)) !== true;
  }
}
