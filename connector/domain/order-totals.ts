import { absolute, add, formatMoney, parseMoney, roundMoney, subtract, times, type Money } from './money.ts';

/** The amounts of an order: decimal text, gross. */
interface Amounts {
  readonly total: string;
  readonly lines: readonly { readonly quantity: number; readonly price: string }[];
  readonly adjustments: readonly { readonly amount: string }[];
  readonly deliveryMethod: { readonly price: string };
}

/** Beyond this a difference is no rounding: something is missing, or stands there twice. */
const MAX_ROUNDING = parseMoney('1.00');

const NOTHING = parseMoney('0.00');

/** Where the parts of an order do not make its total. */
export interface Difference {
  /** What the total has over the parts: decimal text. */
  readonly amount: string;
  /** What the parts come to. */
  readonly parts: string;
  readonly isRounding: boolean;
}

/**
 * What the shop's own total has over the sum of its parts, each with the two decimals that BaseLinker is shown. Lines and
 * delivery that do not add up to what the buyer paid are shown as over- or underpaid there (docs/protocol/baselinker.md 2.14),
 * so the difference becomes a line.
 */
export function differenceOf(order: Amounts): Difference | undefined {
  const parts = sumOf(order);
  const difference = subtract(roundMoney(order.total), parts);
  if (difference === 0n) return undefined;
  const isRounding = absolute(difference) <= MAX_ROUNDING;
  return { amount: formatMoney(difference), parts: formatMoney(parts), isRounding };
}

/**
 * The same where it is no more than what storing prices of one piece with two decimals makes: half a cent a piece. A
 * price that was sent with more is multiplied before it is rounded, so the total is right and the prices are not quite.
 */
export function unitRoundingOf(order: Amounts): Money {
  const difference = parseMoney(differenceOf(order)?.amount ?? '0.00');
  const pieces = order.lines.reduce((sum, { quantity }) => sum + BigInt(quantity), 0n);
  return absolute(difference) * 2n <= pieces ? difference : NOTHING;
}

function sumOf({ lines, adjustments, deliveryMethod }: Amounts): Money {
  return add(
    roundMoney(deliveryMethod.price),
    ...lines.map(({ price, quantity }) => times(roundMoney(price), quantity)),
    ...adjustments.map(({ amount }) => roundMoney(amount)),
  );
}

/**
 * Paid means that what was captured covers the total. Cash on delivery with nothing captured is unpaid even when there
 * is nothing to pay (docs/protocol/baselinker.md 2.14: `paid` is 0 together with cash on delivery).
 */
export function isPaid(order: {
  readonly total: string;
  readonly payment: { readonly paidAmount: string; readonly cashOnDelivery: boolean };
}): boolean {
  const paid = roundMoney(order.payment.paidAmount);
  return paid >= roundMoney(order.total) && !(order.payment.cashOnDelivery && paid === 0n);
}
