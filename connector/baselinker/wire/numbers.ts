import { formatDecimal, readDecimal, roundTo } from '../../domain/decimal.ts';
import { formatMoney, roundMoney } from '../../domain/money.ts';

/** Larger amounts fit no shop's columns: nine digits before the point. */
const MAX_HUNDREDTHS = 99_999_999_999n;

/** As nearly every amount is written; then the text is what it would be made into. */
const PLAIN_AMOUNT = /^(?:0|[1-9]\d{0,8})\.\d\d$/;

/** An amount of money, rounded to two decimals; undefined when it is none, or too large. */
export function readMoney(text: string): string | undefined {
  if (PLAIN_AMOUNT.test(text)) return text;
  const decimal = readDecimal(text);
  if (!decimal || !isWithin(roundTo(decimal, 2), MAX_HUNDREDTHS)) return undefined;
  return formatMoney(roundMoney(text));
}

/** The same with every decimal that was sent, and at least two. */
export function readExactMoney(text: string): string | undefined {
  if (PLAIN_AMOUNT.test(text)) return text;
  const decimal = readDecimal(text);
  if (!decimal || !isWithin(roundTo(decimal, 2), MAX_HUNDREDTHS)) return undefined;
  return formatDecimal(decimal, 2);
}

/** Any number with at most twelve digits before the point, as plain exact text. */
export function readPlainDecimal(text: string): string | undefined {
  if (/^[+-]?\d{1,12}(?:[.,]\d{1,30})?$/.test(text)) return text.replace(',', '.').replace('+', '');
  const decimal = readDecimal(text);
  return decimal && isWithin(roundTo(decimal, 0), 10n ** 12n - 1n) ? formatDecimal(decimal) : undefined;
}

/** A whole number, however it is written ("7", "+7,00", "0.7e1"); undefined when it is none, or beyond `most`. */
export function readWhole(text: string, max: number): number | undefined {
  if (/^\d{1,9}$/.test(text)) return withinMost(Number(text), max);
  const decimal = readDecimal(text);
  if (!decimal || decimal.digits % 10n ** BigInt(decimal.places) !== 0n) return undefined;
  // Beyond 2^53 it is not exact any more, and beyond any `most`.
  return withinMost(Number(roundTo(decimal, 0)), max);
}

const withinMost = (number: number, max: number) => (Math.abs(number) <= max ? number : undefined);

const isWithin = (amount: bigint, max: bigint) => amount <= max && amount >= -max;
