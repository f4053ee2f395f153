import type { Outcome, RelayedOrder } from '../../../contracts/target.ts';
import type { SupplyPart } from '../../../domain/supply-part.ts';
import { unheard, type OrderingContext } from './context.ts';
import { isCancelled } from './part.ts';

/** Stands for the content of a cancelled order. */
export const CANCELLED = 'cancelled';

/**
 * The shop's order changed after the wholesaler had it. Nothing but a cancellation can be told there, and only where the
 * profile says so (4.10): the rest is for a person to settle with the wholesaler.
 */
export async function amendOrdered(
  context: OrderingContext,
  part: SupplyPart,
  relayed: RelayedOrder,
  content: string,
): Promise<Outcome> {
  const told: Outcome = {
    kind: 'delivered',
    reference: part.supplierOrderId || part.supplierSerial,
    memo: context.digest,
  };
  if (part.content === content) return unheard(told);
  if (!isCancelled(relayed))
    return unheard(await ask(context, part, 'was changed in the shop after it had been ordered'));
  if (part.state === 'cancelled' || part.state === 'returned') return unheard(told);
  if (context.profile.operations.cancelOrder === null || part.state === 'shipped') {
    return unheard(await ask(context, part, 'was cancelled in the shop after it had been ordered'));
  }
  const { supplierOrderId: orderId, supplierSerial: orderSerialNumber } = part;
  const result = await context.client.cancelOrder({ orderId, orderSerialNumber }, context.signal);
  if (result.kind === 'error') {
    if (result.class === 'lost' || result.class === 'busy' || result.class === 'server') {
      return { kind: 'retry', reason: `the cancellation: ${result.reason}` };
    }
    return ask(context, part, `was cancelled in the shop, but the wholesaler says: ${result.reason}`);
  }
  // What became of it is told by its status.
  await context.repository.change(part, {
    content: CANCELLED,
    note: 'its cancellation was asked for',
    pollAt: context.now(),
  });
  return told;
}

async function ask(
  { repository, profile: { name } }: OrderingContext,
  part: SupplyPart,
  what: string,
): Promise<Outcome> {
  const number = part.supplierOrderId || part.supplierSerial;
  const dispute =
    `the order ${what} (${number} at ${name}): settle it with the wholesaler, ` +
    `then: connector idosell keep ${name} ${part.orderId}`;
  await repository.change(part, { dispute });
  return { kind: 'refused', reason: dispute };
}
