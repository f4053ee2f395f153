import { variantKey } from '../../../domain/variant-ref.ts';
import { mayBeOrdered } from '../../../domain/supply.ts';
import type { PlacedOrder, PlaceRequest, CallError, WireAddress } from '../client/client.ts';
import type { Outcome, RelayedOrder } from '../../../contracts/target.ts';
import { courierQuery, fillBasket, mustWaitUnasked, type BasketOrder } from './basket.ts';
import { basketLines } from './basket-owner.ts';
import type { SupplyPart } from '../../../domain/supply-part.ts';
import { recipientOf } from './recipient.ts';
import { chooseCourier, noCourierAmong, type CourierWish } from './courier.ts';
import {
  proceed,
  refuse,
  retry,
  stopAt,
  unheard,
  wait,
  withLines,
  type OrderingContext,
  type Step,
} from './context.ts';
import { leaveBasket } from './leave-basket.ts';
import type { Part } from './part.ts';

/** A session must last longer than basket, couriers and order take together (P16). */
const SESSION_LASTS_MS = 300_000;

const DAY_MS = 86_400_000;

/**
 * Orders the part at the wholesaler (section 5.1). Every step is written down before it is taken, so that a process that
 * dies leaves behind what it may have done. The account must be ours.
 */
export async function orderPart(
  context: OrderingContext,
  known: SupplyPart,
  relayed: RelayedOrder,
  part: Part,
): Promise<Outcome> {
  const address = recipientOf(relayed.order, context.profile);
  const problem = 'unfit' in address ? address.unfit : await preconditionError(context, relayed, part);
  if (problem !== undefined || 'unfit' in address)
    return unheard(await refuse(context, known, 'rejected', problem ?? ''));
  const waits = await mustWaitUnasked(context, known, part);
  if (waits) return waits;
  const wanted = { part, address };
  const verified = await verify(context, known, relayed, wanted);
  const basketed = verified.kind === 'proceed' ? await fillBasket(context, verified.value, wanted) : verified;
  const outcome = basketed.kind === 'proceed' ? await place(context, basketed.value, relayed, wanted) : basketed;
  if (outcome.kind === 'refused') await leaveBasket(context, known.orderId);
  return outcome;
}

/** What the profile or an earlier order stands in the way with. */
async function preconditionError(
  { profile, repository, now }: OrderingContext,
  { order }: RelayedOrder,
  { lines, isComplete, paymentType }: Part,
): Promise<string | undefined> {
  const ageDays = (now().getTime() - order.placedAt.getTime()) / DAY_MS;
  if (ageDays > profile.maxOrderAgeDays) {
    return `the order is older than ${profile.maxOrderAgeDays} days (maxOrderAgeDays): order it by hand`;
  }
  if (paymentType === 'cashOnDelivery') {
    if (profile.cashOnDelivery === 'rejected') {
      return `${profile.name} does not take cash on delivery (cashOnDelivery of its profile)`;
    }
    if (!isComplete) return 'an order with cash on delivery cannot be split: the amount belongs to one parcel';
  }
  const ours = new Set(lines.map(variantKey));
  const others = (await repository.ofOrder(order.id)).filter(
    ({ wholesaler, state, lines: theirs }) =>
      wholesaler !== profile.name &&
      mayBeOrdered(state) &&
      state !== 'cancelled' &&
      theirs.some((line) => ours.has(variantKey(line))),
  );
  const [other] = others;
  return other && `some of its articles were ordered at ${other.wholesaler} already (${other.reference})`;
}

/** What can be known before the basket is filled is decided before: its lines would lie in the way of other orders. */
async function verify(
  context: OrderingContext,
  known: SupplyPart,
  relayed: RelayedOrder,
  wanted: BasketOrder,
): Promise<Step<SupplyPart>> {
  const session = await context.client.ensureSession(SESSION_LASTS_MS, context.signal);
  if (session.kind === 'error') return noLogin(await stopAt(context, known, session, 'the login'));
  return (await withoutCourier(context, known, relayed, wanted)) ?? verifyStock(context, known, wanted.part);
}

/** So old a list of couriers may be that has one for an order; one that has none is asked for anew sooner. */
const LIST_MS = DAY_MS;
const LIST_WITHOUT_MS = 60_000;

/** Undefined unless the wholesaler offers no courier that could ever be chosen for the order. */
async function withoutCourier(
  context: OrderingContext,
  known: SupplyPart,
  relayed: RelayedOrder,
  { part, address }: BasketOrder,
): Promise<Outcome | undefined> {
  let missing: string | undefined;
  for (const maxAgeMs of [LIST_MS, LIST_WITHOUT_MS]) {
    const offered = await context.couriers.to(address.countryId, maxAgeMs, context.signal);
    if (offered.kind === 'error') return stopAt(context, known, offered, 'the list of couriers');
    missing = offered.value && noCourierAmong(offered.value, wishOf(relayed, part), context.profile);
    if (missing === undefined) return undefined;
  }
  // By a list that is kept, so nothing of this order was asked.
  return unheard(await refuse(context, known, 'no_courier', missing ?? ''));
}

function wishOf({ order: { pickupPoint, deliveryMethod } }: RelayedOrder, { paymentType }: Part): CourierWish {
  return { deliveryMethod, needsPickupPoint: pickupPoint.id !== '', paymentType };
}

/** Right before ordering, too: stock that was there at the checkout may be gone (P1). */
async function verifyStock(context: OrderingContext, known: SupplyPart, { lines }: Part): Promise<Step<SupplyPart>> {
  const { client, signal, repository } = context;
  const result = await client.checkAvailability(basketLines(lines), signal);
  if (result.kind === 'error') return stopAt(context, known, result, 'the availability check');
  switch (result.value.verdict) {
    case 'available':
      // Lines in the basket keep their state: it says how far they have come.
      return proceed(
        known.basketAt ? known : await repository.change(known, { state: 'verified', note: '', alert: false }),
      );
    case 'missing': {
      const note = withLines(`${context.profile.name} cannot supply everything`, result.value.lines);
      return refuse(context, known, 'out_of_stock', note);
    }
    case 'unknown':
      return refuse(context, known, 'rejected', 'the availability check was answered in a way that is not understood');
  }
}

/** A no to the login is a no to every order. */
function noLogin(outcome: Outcome): Outcome {
  return outcome.kind === 'refused' ? { kind: 'halted', reason: outcome.reason } : outcome;
}

async function place(
  context: OrderingContext,
  basketed: SupplyPart,
  relayed: RelayedOrder,
  wanted: BasketOrder,
): Promise<Outcome> {
  const { client, repository, signal, profile, now } = context;
  const allowed = await client.listCouriersForOrder(courierQuery(wanted), signal);
  if (allowed.kind === 'error') return stopAt(context, basketed, allowed, 'the question for couriers');
  const courier = chooseCourier(allowed.value, wishOf(relayed, wanted.part), profile);
  if ('missing' in courier) return refuse(context, basketed, 'no_courier', courier.missing);

  if (!(await context.renew())) return wait('the account went to another process meanwhile');
  const sending = await repository.change(basketed, {
    ...{ state: 'sending', sentAt: now(), lookups: 0, note: '' },
    ...{ courierId: courier.id, trackingTemplate: courier.trackingUrlTemplate },
  });
  const request = requestOf(relayed, wanted, sending.reference, courier.id);
  const result = await client.placeOrder(request, signal);
  if (result.kind === 'done') return placed(context, sending, result.value);
  if (!result.mayHaveHappened) return notTaken(context, sending, result);
  const note = `it is not known whether the order was taken: ${result.reason}`;
  await repository.change(sending, { note });
  return retry(`${note}; it is looked for`, lookupMs(context));
}

/** Nothing was ordered, and the basket holds what it held, but where it has ended with its session. */
async function notTaken(context: OrderingContext, sending: SupplyPart, error: CallError): Promise<Outcome> {
  const { repository, profile } = context;
  if (error.class === 'auth' && profile.basketScope === 'session') {
    await repository.change(sending, { state: 'draft', sentAt: null, basketAt: null });
    return wait(`the order: ${error.reason}`);
  }
  return stopAt(context, await repository.change(sending, { state: 'basketed', sentAt: null }), error, 'the order');
}

/** Notes what the wholesaler has given: from here on only its own word moves the part. */
export async function placed(
  { repository, now, profile, digest }: OrderingContext,
  part: SupplyPart,
  { orderId, orderSerialNumber, status, refusedLines = [] }: PlacedOrder,
): Promise<Outcome> {
  const isShort = refusedLines.length > 0;
  const dispute = isShort ? withLines(`${profile.name} took the order without some of its lines`, refusedLines) : '';
  await repository.change(part, {
    ...{ state: 'submitted', supplierOrderId: orderId, supplierSerial: orderSerialNumber, symbol: status },
    ...{ placedAt: now(), basketAt: null, note: '', alert: false, dispute },
    pollAt: new Date(now().getTime() + profile.polling.workMinutes * 60_000),
  });
  return { kind: 'delivered', reference: orderId || orderSerialNumber, memo: digest };
}

/** Between two looks for an order of which nothing was heard. */
export function lookupMs({ profile: { lookup } }: Pick<OrderingContext, 'profile'>): number {
  return (lookup.withinMinutes * 60_000) / lookup.tries;
}

function requestOf(
  { order }: RelayedOrder,
  { part, address }: { readonly part: Part; readonly address: WireAddress },
  reference: string,
  courierId: string,
): PlaceRequest {
  return {
    ...{ reference, courierId, address },
    pickupPointId: order.pickupPoint.id,
    paymentType: part.paymentType,
    cashOnDelivery:
      part.paymentType === 'cashOnDelivery' ? { amount: order.total, currency: order.currency } : undefined,
    noteToCourier: '',
  };
}
