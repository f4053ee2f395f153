import { isConnectionError } from '../db/connect.ts';
import type { Lease } from '../db/outbox.ts';
import type { RelayParts } from './parts.ts';
import type { Delivery, RelayedOrder, Target } from './target.ts';

/** A leased row with what its target is to be told. */
export interface ToTell {
  readonly lease: Lease;
  readonly delivery: Delivery;
}

/** A leased row that needs no call. */
export type NoCall =
  | { readonly kind: 'nothing-to-tell'; readonly lease: Lease; readonly note: string }
  | { readonly kind: 'our-fault'; readonly lease: Lease; readonly error: unknown };

/** Reads the newest state of the leased orders, and tells apart what is to be delivered from what is not. */
export async function sift(
  readOrders: RelayParts['readOrders'],
  target: Target,
  leases: readonly Lease[],
): Promise<{ readonly toTell: readonly ToTell[]; readonly noCall: readonly NoCall[] }> {
  const orders = await readEach(readOrders, leases);
  const toTell: ToTell[] = [];
  const noCall: NoCall[] = [];
  for (const lease of leases) {
    const sifted = siftOne(target, lease, orders.get(lease.orderId));
    if ('delivery' in sifted) toTell.push(sifted);
    else noCall.push(sifted);
  }
  return { toTell, noCall };
}

function siftOne(
  target: Target,
  lease: Lease,
  read: RelayedOrder | { readonly error: unknown } | undefined,
): ToTell | NoCall {
  if (!read) return nothing(lease, 'the order is no longer in the shop');
  if ('error' in read) return { kind: 'our-fault', lease, error: read.error } as const;
  // An empty memo means that the party was never told; an unsure one, that it may have been told otherwise since.
  const memo = lease.isUnsure ? '' : lease.memo;
  try {
    const wasTold = lease.memo !== '' || lease.isUnsure;
    if (!target.wants(read, wasTold)) return nothing(lease, 'not for this party');
    const made = memo === '' ? undefined : (target.map?.(read) ?? { memo: target.memo(read) });
    if (made?.memo === memo) return nothing(lease, '');
    const carried = made && 'mapped' in made ? { mapped: made.mapped } : {};
    return { lease, delivery: { ...read, memo, attempt: lease.attempt, ...carried } };
  } catch (error) {
    return { kind: 'our-fault', lease, error } as const;
  }
}

function nothing(lease: Lease, note: string) {
  return { kind: 'nothing-to-tell', lease, note } as const;
}

/** One order that cannot be read must not hold up the others: then they are read one by one. */
async function readEach(
  readOrders: RelayParts['readOrders'],
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
