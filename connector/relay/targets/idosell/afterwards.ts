import type { Outcome, RelayedOrder } from '../../target.ts';
import type { SupplyPart } from '../../../domain/supply-part.ts';
import { unheard, type Desk } from './desk.ts';
import { isCancelled } from './part.ts';

/** Stands for the content of a cancelled order. */
export const CANCELLED = 'cancelled';

/**
 * The shop's order changed after the wholesaler had it. Nothing but a cancellation can be told there, and only where the
 * profile says so (4.10): the rest is for a person to settle with the wholesaler.
 */
export async function changedAfterwards(
  desk: Desk,
  part: SupplyPart,
  relayed: RelayedOrder,
  content: string,
): Promise<Outcome> {
  const told: Outcome = { kind: 'delivered', reference: part.supplierOrderId || part.supplierSerial, memo: desk.memo };
  if (part.content === content) return unheard(told);
  if (!isCancelled(relayed)) return unheard(await ask(desk, part, 'was changed in the shop after it had been ordered'));
  if (part.state === 'cancelled' || part.state === 'returned') return unheard(told);
  if (desk.profile.operations.cancelOrder === null || part.state === 'shipped') {
    return unheard(await ask(desk, part, 'was cancelled in the shop after it had been ordered'));
  }
  const { supplierOrderId: orderId, supplierSerial: orderSerialNumber } = part;
  const reply = await desk.client.cancelOrder({ orderId, orderSerialNumber }, desk.signal);
  if (reply.kind === 'trouble') {
    if (reply.class === 'lost' || reply.class === 'busy' || reply.class === 'server') {
      return { kind: 'retry', reason: `the cancellation: ${reply.reason}` };
    }
    return ask(desk, part, `was cancelled in the shop, but the wholesaler says: ${reply.reason}`);
  }
  // What became of it is told by its status.
  await desk.book.change(part, { content: CANCELLED, note: 'its cancellation was asked for', askAt: desk.now() });
  return told;
}

async function ask({ book, profile: { name } }: Desk, part: SupplyPart, what: string): Promise<Outcome> {
  const number = part.supplierOrderId || part.supplierSerial;
  const dispute =
    `the order ${what} (${number} at ${name}): settle it with the wholesaler, ` +
    `then: connector idosell keep ${name} ${part.orderId}`;
  await book.change(part, { dispute });
  return { kind: 'refused', reason: dispute };
}
