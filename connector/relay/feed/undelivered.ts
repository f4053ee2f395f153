import type { Knex } from 'knex';
import { enqueue } from '../../storage/outbox.ts';
import { lastDeliveries, digestHash, rememberDetected, type LastDelivery } from '../../storage/outbox-digests.ts';
import type { Target } from '../../contracts/target.ts';
import type { UnitOfWork } from '../../contracts/shop-writing.ts';
import { relayedOrders, type RelayedOrderDeps } from './relayed-order.ts';

/** What the comparison needs of a target. */
export type Listener = Pick<Target, 'name' | 'wants' | 'digest'>;

/** An order of which a target does not know the newest state. */
export interface Undelivered {
  readonly target: string;
  readonly orderId: string;
  /** What its delivery would leave behind. */
  readonly digest: string;
}

/**
 * Compares these orders with what the targets received last. At most a page of orders at once. Orders unchanged since
 * before the target was switched on are included only with `fromBefore`.
 */
export async function findUndelivered(
  deps: RelayedOrderDeps,
  listeners: readonly Listener[],
  orderIds: readonly string[],
  { fromBefore }: { readonly fromBefore: boolean },
): Promise<readonly Undelivered[]> {
  const orders = await relayedOrders(deps, orderIds);
  const known = await lastKnown(deps.db, listeners, orderIds);
  return listeners.flatMap((listener) =>
    orders
      .filter((order) => listener.wants(order, wasDelivered(known.get(`${listener.name} ${order.order.id}`))))
      .map((order) => ({ target: listener.name, orderId: order.order.id, digest: listener.digest(order) }))
      .filter((one) => needsDelivery(known.get(keyOf(one)), one.digest, fromBefore)),
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
    await rememberDetected(unit, target, ofTarget);
  }
}

async function lastKnown(db: Knex, listeners: readonly Listener[], orderIds: readonly string[]) {
  const names = listeners.map(({ name }) => name);
  const rows = await lastDeliveries(db, names, orderIds);
  return new Map(rows.map((row) => [keyOf(row), row]));
}

function wasDelivered(last: LastDelivery | undefined): boolean {
  return last !== undefined && (last.digest !== '' || last.inDoubt === 1);
}

function keyOf({ target, orderId }: { readonly target: string; readonly orderId: string }): string {
  return `${target} ${orderId}`;
}

/**
 * The same order is looked at again and again. So what was refused, or is just being delivered, counts only when the
 * order is not in the state for which a look made it due before.
 */
function needsDelivery(last: LastDelivery | undefined, digest: string, fromBefore: boolean): boolean {
  if (!last) return true;
  if (last.isFromBefore === 1 && !fromBefore && last.detectedDigest?.equals(digestHash(digest)) === true) return false;
  switch (last.state) {
    case 'due':
      return false;
    case 'done':
      return last.digest !== digest;
    case 'leased':
    case 'parked':
      return last.digest !== digest && last.detectedDigest?.equals(digestHash(digest)) !== true;
  }
}
