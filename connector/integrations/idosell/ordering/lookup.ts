import type { OrderStatus, PlacedOrder, Result } from '../client/client.ts';
import type { Outcome } from '../../../contracts/target.ts';
import type { SupplyPart } from '../../../domain/supply-part.ts';
import { proceed, refuse, stopAt, wait, type OrderingContext, type Step } from './context.ts';
import { lookupMs, placed } from './order-part.ts';

/** Clocks of two companies differ. */
const MARGIN_MS = 15 * 60_000;

/** Times are told in seconds. */
const MIN_MS = 4000;

/** No call is carried out later than that; a longer range may hold more orders than one answer tells. */
const MAX_MS = 24 * 3_600_000;

/**
 * Looks for an order whose answer was lost, by our reference among the orders since it was about to be sent (5.4). It is
 * never sent again by itself: what cannot be found is for a person to decide.
 */
export async function findLostOrder(context: OrderingContext, part: SupplyPart): Promise<Outcome> {
  const { profile, repository } = context;
  const search = await findAmongOrders(context, part);
  if (search.kind === 'proceed' && search.value) return placed(context, part, search.value);
  if (search.kind !== 'proceed' && search.kind !== 'refused') return search;
  // Who refuses to tell is asked as often as who does not know it.
  const why =
    search.kind === 'refused' ? search.reason : `order ${part.reference} is not among those at ${profile.name} yet`;
  const lookups = part.lookups + 1;
  if (lookups < profile.lookup.tries) {
    await repository.change(part, { lookups });
    return wait(why, lookupMs(context));
  }
  return refuse(context, await repository.change(part, { lookups }), 'unknown', question(context, part));
}

/**
 * What a person gave up may have come to the wholesaler after all: then it is the order. Undefined when it has not, or
 * when that cannot be seen: the person has decided.
 */
export async function findAbandonedOrder(context: OrderingContext, part: SupplyPart): Promise<Outcome | undefined> {
  for (const earlier of await context.repository.abandonedAttempts(part)) {
    const search = await findAmongOrders(context, earlier);
    if (search.kind === 'proceed' && search.value) return placed(context, part, search.value);
    if (search.kind !== 'proceed' && search.kind !== 'refused') return search;
  }
  return undefined;
}

/** Why it could not be looked says nothing of the order: the part stays what it is. */
async function findAmongOrders(context: OrderingContext, part: SupplyPart): Promise<Step<PlacedOrder | undefined>> {
  const sentAt = (part.sentAt ?? context.now()).getTime();
  const begin = new Date(sentAt - MARGIN_MS);
  const end = new Date(Math.min(context.now().getTime(), sentAt + MAX_MS) + MARGIN_MS);
  const result = await findBetween(context, part.reference, begin, end);
  if (result.kind === 'error') {
    return stopAt({ ...context, repository: unchanged(context) }, part, result, 'the look for the order');
  }
  return proceed(result.value && { ...result.value, status: result.value.symbol });
}

/** An answer as long as answers may be was cut, and may hide the order: then the two halves of the time are asked for. */
async function findBetween(
  context: OrderingContext,
  wanted: string,
  begin: Date,
  end: Date,
): Promise<Result<OrderStatus | undefined>> {
  const result = await context.client.getOrderStatuses({ between: { begin, end } }, context.signal);
  if (result.kind === 'error') return result;
  const found = result.value.find((one) => one.reference === wanted && isNamed(one));
  const spanMs = end.getTime() - begin.getTime();
  if (found || result.value.length < context.profile.maxElements || spanMs < MIN_MS) {
    return { kind: 'done', value: found };
  }
  const middle = new Date(begin.getTime() + spanMs / 2);
  const early = await findBetween(context, wanted, begin, middle);
  return early.kind === 'error' || early.value ? early : findBetween(context, wanted, middle, end);
}

/** Both choices of the operator (5.4). */
function question({ profile: { name } }: OrderingContext, { reference, orderId }: SupplyPart): string {
  return (
    `it is not known whether ${name} has order ${reference}: look into the account there. ` +
    `If it has: connector idosell placed ${name} ${orderId} NUMBER. If it has not: connector idosell resend ${name} ${orderId}`
  );
}

function isNamed({ orderId, orderSerialNumber }: OrderStatus): boolean {
  return orderId !== '' || orderSerialNumber !== '';
}

function unchanged({ repository }: OrderingContext): OrderingContext['repository'] {
  return { ...repository, change: (part) => Promise.resolve(part) };
}
