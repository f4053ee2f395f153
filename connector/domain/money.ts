import { MAX_WRITTEN_LENGTH, readDecimal, roundTo, type Decimal } from './decimal.ts';

/** An amount in hundredths of the currency's unit: exact, and never a float. */
export type Money = bigint & { readonly unit: 'hundredths' };

/** As the database writes it; an answer with a hundred orders has a thousand amounts. */
const TWO_PLACES = /^-?\d+\.\d\d$/;

/** Reads decimal text with at most two decimal places that matter ("24.9", "24,90", "-3.500"). Throws RangeError on anything else. */
export function parseMoney(text: string): Money {
  if (TWO_PLACES.test(text)) return BigInt(text.replace('.', '')) as Money;
  const match = /^(-?)(\d+)(?:[.,](\d{1,2})0*)?$/.exec(text.trim());
  if (!match) throw new RangeError(`not an amount of money: ${JSON.stringify(text)}`);
  const [, sign, whole = '0', cents = ''] = match;
  const hundredths = BigInt(whole) * 100n + BigInt(cents.padEnd(2, '0'));
  return (sign ? -hundredths : hundredths) as Money;
}

/** Reads a decimal of any precision, as any sender writes it, and rounds it to hundredths. Throws RangeError on anything else. */
export function roundMoney(text: string): Money {
  if (TWO_PLACES.test(text)) return BigInt(text.replace('.', '')) as Money;
  return roundTo(decimalOf(text), 2) as Money;
}

/** What so many units come to: the price of one as it stands, multiplied before it is rounded. */
export function lineValue(price: string, count: number): Money {
  if (TWO_PLACES.test(price)) return times(BigInt(price.replace('.', '')) as Money, count);
  const { digits, places } = decimalOf(price);
  return roundTo({ digits: digits * BigInt(count), places }, 2) as Money;
}

function decimalOf(text: string): Decimal {
  const decimal = readDecimal(text.trim(), MAX_WRITTEN_LENGTH);
  if (!decimal) throw new RangeError(`not an amount of money: ${JSON.stringify(text)}`);
  return decimal;
}

/** Dot, two decimals, no thousands separator: what BaseLinker reads. */
export function formatMoney(money: Money): string {
  const digits = absolute(money).toString().padStart(3, '0');
  return `${money < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Any decimal as it is shown: rounded to two decimals. */
export function shownMoney(text: string): string {
  return TWO_PLACES.test(text) ? text : formatMoney(roundMoney(text));
}

export function absolute(amount: Money): Money {
  return (amount < 0n ? 0n - amount : amount) as Money;
}

export function add(...amounts: readonly Money[]): Money {
  return amounts.reduce((sum, amount) => sum + amount, 0n) as Money;
}

export function subtract(a: Money, b: Money): Money {
  return (a - b) as Money;
}

export function times(amount: Money, count: number): Money {
  return (amount * BigInt(count)) as Money;
}
