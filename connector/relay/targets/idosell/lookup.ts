import type { OrderStatus, Placed, Reply } from '../../../idosell/client.ts';
import type { Outcome } from '../../target.ts';
import type { SupplyPart } from '../../../domain/supply-part.ts';
import { on, refuse, stopAt, wait, type Desk, type Step } from './desk.ts';
import { lookupMs, placed } from './ordering.ts';

/** Clocks of two companies differ. */
const MARGIN_MS = 15 * 60_000;

/** Times are told in seconds. */
const SHORTEST_MS = 4000;

/** No call is carried out later than that; a longer range may hold more orders than one answer tells. */
const LATEST_MS = 24 * 3_600_000;

/**
 * Looks for an order whose answer was lost, by our reference among the orders since it was about to be sent (5.4). It is
 * never sent again by itself: what cannot be found is for a person to decide.
 */
export async function lookFor(desk: Desk, part: SupplyPart): Promise<Outcome> {
  const { profile, book } = desk;
  const look = await lookAmongOrders(desk, part);
  if (look.kind === 'on' && look.value) return placed(desk, part, look.value);
  if (look.kind !== 'on' && look.kind !== 'refused') return look;
  // Who refuses to tell is asked as often as who does not know it.
  const why =
    look.kind === 'refused' ? look.reason : `order ${part.reference} is not among those at ${profile.name} yet`;
  const lookups = part.lookups + 1;
  if (lookups < profile.lookup.tries) {
    await book.change(part, { lookups });
    return wait(why, lookupMs(desk));
  }
  return refuse(desk, await book.change(part, { lookups }), 'unknown', question(desk, part));
}

/**
 * What a person gave up may have come to the wholesaler after all: then it is the order. Undefined when it has not, or
 * when that cannot be seen: the person has decided.
 */
export async function lookForGivenUp(desk: Desk, part: SupplyPart): Promise<Outcome | undefined> {
  for (const earlier of await desk.book.givenUp(part)) {
    const look = await lookAmongOrders(desk, earlier);
    if (look.kind === 'on' && look.value) return placed(desk, part, look.value);
    if (look.kind !== 'on' && look.kind !== 'refused') return look;
  }
  return undefined;
}

/** Why it could not be looked says nothing of the order: the part stays what it is. */
async function lookAmongOrders(desk: Desk, part: SupplyPart): Promise<Step<Placed | undefined>> {
  const sentAt = (part.sentAt ?? desk.now()).getTime();
  const begin = new Date(sentAt - MARGIN_MS);
  const end = new Date(Math.min(desk.now().getTime(), sentAt + LATEST_MS) + MARGIN_MS);
  const reply = await findBetween(desk, part.reference, begin, end);
  if (reply.kind === 'trouble') {
    return stopAt({ ...desk, book: unchanged(desk) }, part, reply, 'the look for the order');
  }
  return on(reply.value && { ...reply.value, status: reply.value.symbol });
}

/** An answer as long as answers may be was cut, and may hide the order: then the two halves of the time are asked for. */
async function findBetween(
  desk: Desk,
  wanted: string,
  begin: Date,
  end: Date,
): Promise<Reply<OrderStatus | undefined>> {
  const reply = await desk.client.getOrderStatuses({ between: { begin, end } }, desk.signal);
  if (reply.kind === 'trouble') return reply;
  const found = reply.value.find((one) => one.reference === wanted && isNamed(one));
  const spanMs = end.getTime() - begin.getTime();
  if (found || reply.value.length < desk.profile.maxElements || spanMs < SHORTEST_MS) {
    return { kind: 'done', value: found };
  }
  const middle = new Date(begin.getTime() + spanMs / 2);
  const early = await findBetween(desk, wanted, begin, middle);
  return early.kind === 'trouble' || early.value ? early : findBetween(desk, wanted, middle, end);
}

/** Both choices of the operator (5.4). */
function question({ profile: { name } }: Desk, { reference, orderId }: SupplyPart): string {
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
