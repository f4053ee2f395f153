import type { OrderStatus } from '../../../idosell/client.ts';
import type { Outcome } from '../../target.ts';
import type { BookedPart } from './book.ts';
import { refuse, retry, stopAt, type Desk } from './desk.ts';
import { lookupMs, placed } from './ordering.ts';

/** Clocks of two companies differ. */
const MARGIN_MS = 15 * 60_000;

/**
 * Looks for an order whose answer was lost, by our reference among the orders since it was about to be sent (5.4). It is
 * never sent again by itself: what cannot be found is for a person to decide.
 */
export async function lookFor(desk: Desk, part: BookedPart): Promise<Outcome> {
  const { client, signal, now, profile, book } = desk;
  const begin = new Date((part.sentAt ?? now()).getTime() - MARGIN_MS);
  const end = new Date(now().getTime() + MARGIN_MS);
  const reply = await client.getOrderStatuses({ between: { begin, end } }, signal);
  if (reply.kind === 'trouble') {
    // Whatever the trouble is, it says nothing of the order: the part stays what it is.
    const outcome = await stopAt({ ...desk, book: unchanged(desk) }, part, reply, 'the look for the order');
    return outcome.kind === 'refused' ? retry(outcome.reason, lookupMs(desk)) : outcome;
  }
  const found = reply.value.find(({ reference }) => reference === part.reference);
  if (found && isNamed(found)) return placed(desk, part, { ...found, status: found.symbol });
  const lookups = part.lookups + 1;
  if (lookups < profile.lookup.tries) {
    await book.change(part, { lookups });
    return retry(`order ${part.reference} is not among those at ${profile.name} yet`, lookupMs(desk));
  }
  return refuse(desk, await book.change(part, { lookups }), 'unknown', question(desk, part));
}

/** Both choices of the operator (5.4). */
function question({ profile: { name } }: Desk, { reference, orderId }: BookedPart): string {
  return (
    `it is not known whether ${name} has order ${reference}: look into the account there. ` +
    `If it has: connector idosell placed ${name} ${orderId} NUMBER. If it has not: connector idosell resend ${name} ${orderId}`
  );
}

function isNamed({ orderId, orderSerialNumber }: OrderStatus): boolean {
  return orderId !== '' || orderSerialNumber !== '';
}

function unchanged({ book }: Desk): Desk['book'] {
  return { ...book, change: (part) => Promise.resolve(part) };
}
