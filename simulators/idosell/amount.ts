/** A quantity, a weight or a price: whole ten-thousandths, because a stock may be fractional and floats are not exact. */
export type Amount = bigint;

const UNIT = 10_000n;

/** Undefined for text that is no decimal number with at most four digits after its dot. */
export function readAmount(text: string): Amount | undefined {
  const match = /^(-?)(\d{1,15})(?:\.(\d{1,4})0*)?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '0', rest = ''] = match;
  const amount = BigInt(whole) * UNIT + BigInt(rest.padEnd(4, '0'));
  return sign ? -amount : amount;
}

/** For what somebody has set up, which must be right. */
export function amountOf(text: string): Amount {
  const amount = readAmount(text);
  if (amount === undefined) throw new RangeError(`not a decimal number: ${JSON.stringify(text)}`);
  return amount;
}

/** With no more digits than it needs: `2`, `2.5`, `-1`. */
export function writeAmount(amount: Amount): string {
  const size = amount < 0n ? -amount : amount;
  const rest = (size % UNIT).toString().padStart(4, '0').replace(/0+$/, '');
  return `${amount < 0n ? '-' : ''}${size / UNIT}${rest && `.${rest}`}`;
}

export const times = (one: Amount, other: Amount): Amount => (one * other) / UNIT;
