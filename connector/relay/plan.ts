import { isConnectionError } from '../db/connect.ts';
import type { Lease } from '../storage/outbox.ts';
import type { RelayDeps } from './deps.ts';
import type { Delivery, RelayedOrder, Target } from '../contracts/target.ts';

/** A leased row with what is to be sent to its target. */
export interface Send {
  readonly lease: Lease;
  readonly delivery: Delivery;
}

/** A leased row that needs no call. */
export type Skip =
  | { readonly kind: 'nothing-to-send'; readonly lease: Lease; readonly note: string }
  | { readonly kind: 'internal-error'; readonly lease: Lease; readonly error: unknown };

/** Reads the newest state of the leased orders, and separates what must be sent from what needs no request. */
export async function planDeliveries(
  readOrders: RelayDeps['readOrders'],
  target: Target,
  leases: readonly Lease[],
): Promise<{ readonly toSend: readonly Send[]; readonly toSkip: readonly Skip[] }> {
  const orders = await readEach(readOrders, leases);
  const toSend: Send[] = [];
  const toSkip: Skip[] = [];
  for (const lease of leases) {
    const planned = planOne(target, lease, orders.get(lease.orderId));
    if ('delivery' in planned) toSend.push(planned);
    else toSkip.push(planned);
  }
  return { toSend, toSkip };
}

function planOne(
  target: Target,
  lease: Lease,
  read: RelayedOrder | { readonly error: unknown } | undefined,
): Send | Skip {
  if (!read) return nothing(lease, 'the order is no longer in the shop');
  if ('error' in read) return { kind: 'internal-error', lease, error: read.error } as const;
  // An empty digest means that nothing was ever delivered; in doubt, something else may have been delivered since.
  const lastDigest = lease.isInDoubt ? '' : lease.digest;
  try {
    const wasDelivered = lease.digest !== '' || lease.isInDoubt;
    if (!target.wants(read, wasDelivered)) return nothing(lease, 'not for this party');
    const made = lastDigest === '' ? undefined : (target.map?.(read) ?? { digest: target.digest(read) });
    if (made?.digest === lastDigest) return nothing(lease, '');
    const carried = made && 'mapped' in made ? { mapped: made.mapped } : {};
    return { lease, delivery: { ...read, lastDigest, attempt: lease.attempt, ...carried } };
  } catch (error) {
    return { kind: 'internal-error', lease, error } as const;
  }
}

function nothing(lease: Lease, note: string) {
  return { kind: 'nothing-to-send', lease, note } as const;
}

/** One order that cannot be read must not hold up the others: then they are read one by one. */
async function readEach(
  readOrders: RelayDeps['readOrders'],
  leases: readonly Lease[],
): Promise<ReadonlyMap<string, RelayedOrder | { readonly error: unknown }>> {
  try {
    return byId(await readOrders(leases.map(({ orderId }) => orderId)));
  } catch (error) {
    if (isConnectionError(error)) throw error;
    const read = new Map<string, RelayedOrder | { readonly error: unknown }>();
    for (const { orderId } of leases) {
      try {
        for (const [id, order] of byId(await readOrders([orderId]))) read.set(id, order);
      } catch (cause) {
        if (isConnectionError(cause)) throw cause;
        read.set(orderId, { error: cause });
      }
    }
    return read;
  }
}

function byId(orders: readonly RelayedOrder[]): Map<string, RelayedOrder> {
  return new Map(orders.map((one) => [one.order.id, one]));
}
