import { absolute, add, formatMoney, parseMoney, subtract, times, type Money } from './money.ts';

/** The amounts of an order: decimal text, gross. */
interface Amounts {
  readonly total: string;
  readonly lines: readonly { readonly quantity: number; readonly price: string }[];
  readonly adjustments: readonly { readonly amount: string }[];
  readonly deliveryMethod: { readonly price: string };
}

/** Beyond this a difference is no rounding: something is missing, and no line of ours should hide it. */
const MOST_ROUNDING = parseMoney('1.00');

/**
 * What the shop's own total has over the sum of its parts. Lines and delivery that do not add up to what the buyer
 * paid are shown as over- or underpaid by BaseLinker (protocol/baselinker.md 2.14), so a small difference becomes a line.
 */
export function roundingOf(order: Amounts): { readonly amount: string; readonly isRounding: boolean } | undefined {
  const difference = subtract(parseMoney(order.total), sumOf(order));
  if (difference === 0n) return undefined;
  return { amount: formatMoney(difference), isRounding: absolute(difference) <= MOST_ROUNDING };
}

function sumOf({ lines, adjustments, deliveryMethod }: Amounts): Money {
  return add(
    parseMoney(deliveryMethod.price),
    ...lines.map(({ price, quantity }) => times(parseMoney(price), quantity)),
    ...adjustments.map(({ amount }) => parseMoney(amount)),
  );
}

/**
 * Paid means that what was captured covers the total. Cash on delivery with nothing captured is unpaid even when there
 * is nothing to pay (protocol/baselinker.md 2.14: `paid` is 0 together with cash on delivery).
 */
export function isPaid(order: {
  readonly total: string;
  readonly payment: { readonly paidAmount: string; readonly cashOnDelivery: boolean };
}): boolean {
  const paid = parseMoney(order.payment.paidAmount);
  return paid >= parseMoney(order.total) && !(order.payment.cashOnDelivery && paid === 0n);
}
