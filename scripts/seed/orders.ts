import { add, type Money } from '../../connector/domain/money.ts';
import { buyerAt, lockerNear, otherAddress, type Address, type Buyer, type PickupPoint } from './buyers.ts';
import {
  DELIVERY,
  PAYMENT,
  RETIRED_DAYS_AGO,
  STATUS,
  type Delivery,
  type Payment,
  type Status,
} from './dictionaries.ts';
import { adjustmentsOf, linesOf, sumOf, type Adjustment, type Goods, type Line } from './order-lines.ts';
import { STREAM } from './products.ts';
import { randomOf, type Random } from './random.ts';

/** What all orders of one shop have in common. */
export interface OrderBook extends Goods {
  readonly orders: number;
  readonly customers: number;
  readonly now: Date;
}

export interface Parcel {
  readonly carrier: string;
  readonly number: string;
  readonly at: Date;
}

export interface Order {
  readonly id: number;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly isDraft: boolean;
  /** The number at BaseLinker, for orders that were born there. */
  readonly baselinkerId: string | undefined;
  readonly status: Status;
  /** Undefined for guests. */
  readonly customerId: number | undefined;
  readonly buyer: Buyer;
  readonly deliverTo: Address;
  readonly wantInvoice: boolean;
  readonly point: PickupPoint | undefined;
  readonly delivery: Delivery;
  readonly deliveryPrice: Money;
  readonly payment: Payment;
  /** The operator's number of the payment; empty where nothing was paid through one. */
  readonly paymentReference: string;
  readonly lines: readonly Line[];
  readonly adjustments: readonly Adjustment[];
  readonly total: Money;
  readonly paidAmount: Money;
  readonly paidAt: Date | undefined;
  readonly parcels: readonly Parcel[];
  readonly userComments: string;
  readonly adminComments: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Nothing younger: a connector may hide orders that the shop could still be writing. */
const YOUNGEST_MS = 5 * MINUTE_MS;
const OLDEST_MS = 150 * DAY_MS;

/** The order of this 0-based number, always the same for a shop and a `now`. Later numbers are younger orders. */
export function orderAt(book: OrderBook, number: number): Order {
  const random = randomOf(book.shop, STREAM.order, number);
  const createdAt = timeOf(book, number, random);
  const isDraft = number % 41 === 17;
  const status = isDraft ? STATUS.fresh : statusOf(number, book.now.getTime() - createdAt.getTime());
  const guest = random.chance(0.4);
  const buyerNumber = guest ? book.customers + number : random.int(0, book.customers - 1);
  const buyer = buyerAt(book.shop, buyerNumber);
  const delivery = deliveryOf(buyer, status, book.now.getTime() - createdAt.getTime(), random);
  const payment = paymentOf(buyer, delivery, status, random);
  const lines = linesOf(book, random);
  const adjustments = adjustmentsOf(lines, payment.cashOnDelivery, random);
  const goods = add(sumOf(lines), ...adjustments.map(({ amount }) => amount));
  // Free delivery above 300 zl, as shops have it.
  const deliveryPrice = (goods >= 30_000n && delivery !== DELIVERY.abroad ? 0n : delivery.price) as Money;
  const total = add(goods, deliveryPrice);
  const paid = paymentDone({ status, payment, total, createdAt, now: book.now, isDraft }, random);
  const parcels = parcelsOf({ status, delivery, createdAt, now: book.now }, number, random);
  return {
    id: 5001 + number + 3 * Math.floor(number / 8),
    createdAt,
    changedAt: latest(createdAt, paid.at, ...parcels.map(({ at }) => at)),
    isDraft,
    baselinkerId: number % 29 === 11 ? String(71_000_000 + 13 * number) : undefined,
    status,
    customerId: guest ? undefined : customerId(buyerNumber),
    buyer,
    deliverTo: random.chance(0.12) ? otherAddress(buyer.address, random) : buyer.address,
    wantInvoice: buyer.nip !== '' || random.chance(0.05),
    point: delivery === DELIVERY.locker ? lockerNear(buyer.address, random) : undefined,
    delivery,
    deliveryPrice,
    payment,
    paymentReference: payment.operator === '' || paid.at === undefined ? '' : `PAYU-${String(900_000 + number)}`,
    lines,
    adjustments,
    total,
    paidAmount: paid.amount,
    paidAt: paid.at,
    parcels,
    userComments: random.chance(0.2) ? random.pick(COMMENTS) : '',
    adminComments: random.chance(0.04) ? 'Stały klient – dołożyć krówkę.' : '',
  };
}

export function customerId(number: number): number {
  return 21 + number + Math.floor(number / 6);
}

/** The youngest stand in the last 24 hours, the others before; a later number is never older. */
function timeOf({ orders, now }: OrderBook, number: number, random: Random): Date {
  const recent = Math.min(orders, Math.max(5, Math.ceil(orders / 50)));
  const older = orders - recent;
  const [from, to, share] =
    number < older
      ? [OLDEST_MS, DAY_MS + HOUR_MS, (number + random.next()) / older]
      : [DAY_MS - HOUR_MS, YOUNGEST_MS, (number - older + random.next()) / recent];
  return new Date(now.getTime() - Math.round(from + (to - from) * share));
}

/** By the number, so that every status occurs in a shop of some dozen orders. */
function statusOf(number: number, ageMs: number): Status {
  const { fresh, paid, awaitingPapers, inProgress, toBeCollected, shipped, completed, cancelled, returned } = STATUS;
  const young = [fresh, paid, fresh, inProgress, paid];
  const old = [completed, shipped, completed, cancelled, completed, fresh, completed, paid, completed, returned];
  const rare = [inProgress, shipped, toBeCollected, completed, inProgress];
  if (ageMs < DAY_MS) return young[number % 5] ?? fresh;
  if (number % 23 === 4 && ageMs > (RETIRED_DAYS_AGO + 1) * DAY_MS) return awaitingPapers;
  if (number % 3 === 1) return rare[Math.floor(number / 3) % 5] ?? fresh;
  return old[number % 10] ?? fresh;
}

function deliveryOf({ address }: Buyer, status: Status, ageMs: number, random: Random): Delivery {
  if (status === STATUS.toBeCollected) return DELIVERY.collection;
  if (address.countryCode !== 'PL') return DELIVERY.abroad;
  if (ageMs > (RETIRED_DAYS_AGO + 1) * DAY_MS && random.chance(0.1)) return DELIVERY.siodemka;
  const { locker, dpd, post, collection } = DELIVERY;
  return random.pick([locker, locker, locker, locker, dpd, dpd, dpd, post, collection]);
}

function paymentOf({ address }: Buyer, delivery: Delivery, status: Status, random: Random): Payment {
  const { transfer, blik, card, onDelivery } = PAYMENT;
  const onArrival = delivery.carrier !== '' && address.countryCode === 'PL' && status !== STATUS.paid;
  return random.pick(onArrival ? [transfer, blik, blik, blik, card, onDelivery] : [transfer, blik, card]);
}

/** Paid is paid in full; what came in part has an amount and no date. */
function paymentDone(
  order: { status: Status; payment: Payment; total: Money; createdAt: Date; now: Date; isDraft: boolean },
  random: Random,
): { amount: Money; at: Date | undefined } {
  const { status, payment, total, createdAt, now, isDraft } = order;
  const delivered = status === STATUS.completed || status === STATUS.returned;
  const open = status === STATUS.fresh || status === STATUS.cancelled || status === STATUS.awaitingPapers;
  if (payment.cashOnDelivery ? delivered : !open) {
    const afterMs = payment.cashOnDelivery ? random.int(2 * DAY_MS, 5 * DAY_MS) : random.int(MINUTE_MS, 20 * HOUR_MS);
    return { amount: total, at: earliest(now, new Date(createdAt.getTime() + afterMs)) };
  }
  const inPart = open && !isDraft && !payment.cashOnDelivery && random.chance(0.3);
  return { amount: (inPart ? total / 2n : 0n) as Money, at: undefined };
}

function parcelsOf(
  order: { status: Status; delivery: Delivery; createdAt: Date; now: Date },
  number: number,
  random: Random,
): readonly Parcel[] {
  const { status, delivery, createdAt, now } = order;
  const sent = status === STATUS.shipped || status === STATUS.completed || status === STATUS.returned;
  if (!sent || delivery.carrier === '') return [];
  return Array.from({ length: random.chance(0.06) ? 2 : 1 }, (_, n) => ({
    carrier: delivery.carrier,
    number: `6200${String(number).padStart(9, '0')}${String(n)}${String(random.int(10, 99))}`,
    at: earliest(now, new Date(createdAt.getTime() + random.int(3 * HOUR_MS, 3 * DAY_MS))),
  }));
}

const COMMENTS = [
  'Proszę o kontakt przed dostawą.',
  'Proszę zapakować osobno – to prezent 🎁, bez paragonu w środku!',
  'Kod do furtki: 1234#\nZostawić u sąsiadki (p. Żółć, m. 5).',
  'Czy dałoby się dołożyć "zapasową" przykrywkę? Z góry dziękuję & pozdrawiam',
  "Dzwonek nie działa, proszę pukać <głośno>; pies ma na imię Łajka i nie gryzie. 'Serio.'",
];

function earliest(a: Date, b: Date): Date {
  return a < b ? a : b;
}

function latest(first: Date, ...others: readonly (Date | undefined)[]): Date {
  return others.reduce<Date>((last, at) => (at !== undefined && at > last ? at : last), first);
}
