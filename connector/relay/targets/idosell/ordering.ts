import { articleKey } from '../../../domain/articles.ts';
import { mayBeOrdered } from '../../../domain/supply.ts';
import type { Placed, PlaceRequest, Trouble, WireAddress } from '../../../idosell/client.ts';
import type { Outcome, RelayedOrder } from '../../target.ts';
import { askFor, fillBasket, mustWaitUnasked, type Wanted } from './basket.ts';
import { basketLines } from './basket-owner.ts';
import type { SupplyPart } from '../../../domain/supply-part.ts';
import { consumerOf } from './consumer.ts';
import { chooseCourier, noCourierAmong, type CourierWish } from './courier.ts';
import { on, refuse, retry, stopAt, unheard, wait, withLines, type Desk, type Step } from './desk.ts';
import { leaveBasket } from './leave-basket.ts';
import type { Part } from './part.ts';

/** A session must last longer than basket, couriers and order take together (P16). */
const SESSION_LASTS_MS = 300_000;

const DAY_MS = 86_400_000;

/**
 * Orders the part at the wholesaler (section 5.1). Every step is written down before it is taken, so that a process that
 * dies leaves behind what it may have done. The account must be ours.
 */
export async function orderPart(desk: Desk, known: SupplyPart, relayed: RelayedOrder, part: Part): Promise<Outcome> {
  const address = consumerOf(relayed.order, desk.profile);
  const problem = 'unfit' in address ? address.unfit : await obstacle(desk, relayed, part);
  if (problem !== undefined || 'unfit' in address) return unheard(await refuse(desk, known, 'rejected', problem ?? ''));
  const waits = await mustWaitUnasked(desk, known, part);
  if (waits) return waits;
  const wanted = { part, address };
  const verified = await verify(desk, known, relayed, wanted);
  const basketed = verified.kind === 'on' ? await fillBasket(desk, verified.value, wanted) : verified;
  const outcome = basketed.kind === 'on' ? await place(desk, basketed.value, relayed, wanted) : basketed;
  if (outcome.kind === 'refused') await leaveBasket(desk, known.orderId);
  return outcome;
}

/** What the profile or an earlier order stands in the way with. */
async function obstacle(
  { profile, book, now }: Desk,
  { order }: RelayedOrder,
  { lines, isWhole, paymentType }: Part,
): Promise<string | undefined> {
  const ageDays = (now().getTime() - order.placedAt.getTime()) / DAY_MS;
  if (ageDays > profile.maxOrderAgeDays) {
    return `the order is older than ${profile.maxOrderAgeDays} days (maxOrderAgeDays): order it by hand`;
  }
  if (paymentType === 'cashOnDelivery') {
    if (profile.cashOnDelivery === 'rejected') {
      return `${profile.name} does not take cash on delivery (cashOnDelivery of its profile)`;
    }
    if (!isWhole) return 'an order with cash on delivery cannot be split: the amount belongs to one parcel';
  }
  const ours = new Set(lines.map(articleKey));
  const others = (await book.ofOrder(order.id)).filter(
    ({ wholesaler, state, lines: theirs }) =>
      wholesaler !== profile.name &&
      mayBeOrdered(state) &&
      state !== 'cancelled' &&
      theirs.some((line) => ours.has(articleKey(line))),
  );
  const [other] = others;
  return other && `some of its articles were ordered at ${other.wholesaler} already (${other.reference})`;
}

/** What can be known before the basket is filled is decided before: its lines would lie in the way of other orders. */
async function verify(desk: Desk, known: SupplyPart, relayed: RelayedOrder, wanted: Wanted): Promise<Step<SupplyPart>> {
  const session = await desk.client.ensureSession(SESSION_LASTS_MS, desk.signal);
  if (session.kind === 'trouble') return noLogin(await stopAt(desk, known, session, 'the login'));
  return (await withoutCourier(desk, known, relayed, wanted)) ?? verifyStock(desk, known, wanted.part);
}

/** So old a list of couriers may be that has one for an order; one that has none is asked for anew sooner. */
const LIST_MS = DAY_MS;
const LIST_WITHOUT_MS = 60_000;

/** Undefined unless the wholesaler offers no courier that could ever be chosen for the order. */
async function withoutCourier(
  desk: Desk,
  known: SupplyPart,
  relayed: RelayedOrder,
  { part, address }: Wanted,
): Promise<Outcome | undefined> {
  let missing: string | undefined;
  for (const maxAgeMs of [LIST_MS, LIST_WITHOUT_MS]) {
    const offered = await desk.couriers.to(address.countryId, maxAgeMs, desk.signal);
    if (offered.kind === 'trouble') return stopAt(desk, known, offered, 'the list of couriers');
    missing = offered.value && noCourierAmong(offered.value, wishOf(relayed, part), desk.profile);
    if (missing === undefined) return undefined;
  }
  // By a list that is kept, so nothing of this order was asked.
  return unheard(await refuse(desk, known, 'no_courier', missing ?? ''));
}

function wishOf({ order: { pickupPoint, deliveryMethod } }: RelayedOrder, { paymentType }: Part): CourierWish {
  return { deliveryMethod, needsPickupPoint: pickupPoint.id !== '', paymentType };
}

/** Right before ordering, too: stock that was there at the checkout may be gone (P1). */
async function verifyStock(desk: Desk, known: SupplyPart, { lines }: Part): Promise<Step<SupplyPart>> {
  const { client, signal, book } = desk;
  const reply = await client.checkAvailability(basketLines(lines), signal);
  if (reply.kind === 'trouble') return stopAt(desk, known, reply, 'the availability check');
  switch (reply.value.verdict) {
    case 'available':
      // Lines in the basket keep their state: it says how far they have come.
      return on(known.basketAt ? known : await book.change(known, { state: 'verified', note: '', alert: false }));
    case 'missing': {
      const note = withLines(`${desk.profile.name} cannot supply everything`, reply.value.lines);
      return refuse(desk, known, 'out_of_stock', note);
    }
    case 'unknown':
      return refuse(desk, known, 'rejected', 'the availability check was answered in a way that is not understood');
  }
}

/** A no to the login is a no to every order. */
function noLogin(outcome: Outcome): Outcome {
  return outcome.kind === 'refused' ? { kind: 'halted', reason: outcome.reason } : outcome;
}

async function place(desk: Desk, basketed: SupplyPart, relayed: RelayedOrder, wanted: Wanted): Promise<Outcome> {
  const { client, book, signal, profile, now } = desk;
  const allowed = await client.listCouriersForOrder(askFor(wanted), signal);
  if (allowed.kind === 'trouble') return stopAt(desk, basketed, allowed, 'the question for couriers');
  const courier = chooseCourier(allowed.value, wishOf(relayed, wanted.part), profile);
  if ('missing' in courier) return refuse(desk, basketed, 'no_courier', courier.missing);

  if (!(await desk.renew())) return wait('the account went to another process meanwhile');
  const sending = await book.change(basketed, {
    ...{ state: 'sending', sentAt: now(), lookups: 0, note: '' },
    ...{ courierId: courier.id, trackingTemplate: courier.trackingUrlTemplate },
  });
  const request = requestOf(relayed, wanted, sending.reference, courier.id);
  const reply = await client.placeOrder(request, signal);
  if (reply.kind === 'done') return placed(desk, sending, reply.value);
  if (!reply.mayBeDone) return notTaken(desk, sending, reply);
  const note = `it is not known whether the order was taken: ${reply.reason}`;
  await book.change(sending, { note });
  return retry(`${note}; it is looked for`, lookupMs(desk));
}

/** Nothing was ordered, and the basket holds what it held, but where it has ended with its session. */
async function notTaken(desk: Desk, sending: SupplyPart, trouble: Trouble): Promise<Outcome> {
  const { book, profile } = desk;
  if (trouble.class === 'auth' && profile.basketScope === 'session') {
    await book.change(sending, { state: 'draft', sentAt: null, basketAt: null });
    return wait(`the order: ${trouble.reason}`);
  }
  return stopAt(desk, await book.change(sending, { state: 'basketed', sentAt: null }), trouble, 'the order');
}

/** Notes what the wholesaler has given: from here on only its own word moves the part. */
export async function placed(
  { book, now, profile, memo }: Desk,
  part: SupplyPart,
  { orderId, orderSerialNumber, status, refusedLines = [] }: Placed,
): Promise<Outcome> {
  const isShort = refusedLines.length > 0;
  const dispute = isShort ? withLines(`${profile.name} took the order without some of its lines`, refusedLines) : '';
  await book.change(part, {
    ...{ state: 'submitted', supplierOrderId: orderId, supplierSerial: orderSerialNumber, symbol: status },
    ...{ placedAt: now(), basketAt: null, note: '', alert: false, dispute },
    askAt: new Date(now().getTime() + profile.polling.workMinutes * 60_000),
  });
  return { kind: 'delivered', reference: orderId || orderSerialNumber, memo };
}

/** Between two looks for an order of which nothing was heard. */
export function lookupMs({ profile: { lookup } }: Pick<Desk, 'profile'>): number {
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
