/** An amount in hundredths of the currency's unit: exact, and never a float. */
export type Money = bigint & { readonly unit: 'hundredths' };

/** Reads decimal text with at most two decimal places that matter ("24.9", "24,90", "-3.500"). Throws RangeError on anything else. */
export function parseMoney(text: string): Money {
  // As the database writes it; an answer with a hundred orders has a thousand amounts.
  if (/^-?\d+\.\d\d$/.test(text)) return BigInt(text.replace('.', '')) as Money;
  const match = /^(-?)(\d+)(?:[.,](\d{1,2})0*)?$/.exec(text.trim());
  if (!match) throw new RangeError(`not an amount of money: ${JSON.stringify(text)}`);
  const [, sign, whole = '0', cents = ''] = match;
  const hundredths = BigInt(whole) * 100n + BigInt(cents.padEnd(2, '0'));
  return (sign ? -hundredths : hundredths) as Money;
}

/** Reads decimal text of any precision and rounds half away from zero to hundredths, as accountants do. */
export function roundMoney(text: string): Money {
  const match = /^([+-]?)(\d+)(?:[.,](\d+))?$/.exec(text.trim());
  if (!match) throw new RangeError(`not an amount of money: ${JSON.stringify(text)}`);
  const [, sign, whole = '0', decimals = ''] = match;
  const cents = BigInt(decimals.slice(0, 2).padEnd(2, '0')) + ((decimals[2] ?? '0') >= '5' ? 1n : 0n);
  const size = BigInt(whole) * 100n + cents;
  return (sign === '-' ? 0n - size : size) as Money;
}

/** Dot, two decimals, no thousands separator: what BaseLinker reads. */
export function formatMoney(money: Money): string {
  const digits = absolute(money).toString().padStart(3, '0');
  return `${money < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
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
