/** An exact decimal number: `digits` divided by ten to the power of `places`. */
export interface Decimal {
  readonly digits: bigint;
  readonly places: number;
}

/** Nobody writes a number in more characters; a text without end must not cost more than a glance. */
const MAX_LENGTH = 100;

/** As long as `formatDecimal` writes what `readDecimal` has read. */
export const MAX_WRITTEN_LENGTH = 1200;

/** Three digits hold every exponent of a double. */
const FORM = /^([+-]?)(\d+)(?:[.,](\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Reads a number as any sender writes it ("24.9", "24,90", "-3.55e-15", "1.0E+2"); undefined when it is none. */
export function readDecimal(text: string, maxLength = MAX_LENGTH): Decimal | undefined {
  const match = text.length <= maxLength ? FORM.exec(text) : null;
  if (!match) return undefined;
  const [, sign, whole = '', decimals = '', exponent = '0'] = match;
  const written = BigInt(whole + decimals);
  const places = decimals.length - Number(exponent);
  const size = places < 0 ? written * 10n ** BigInt(-places) : written;
  return { digits: sign === '-' ? 0n - size : size, places: Math.max(places, 0) };
}

/** So many units of ten to the power of minus `places`, rounded half away from zero, as accountants do. */
export function roundTo({ digits, places: given }: Decimal, places: number): bigint {
  if (given <= places) return digits * 10n ** BigInt(places - given);
  const unit = 10n ** BigInt(given - places);
  const size = ((digits < 0n ? 0n - digits : digits) + unit / 2n) / unit;
  return digits < 0n ? 0n - size : size;
}

/** With a dot, without exponent, and with no more zeros at the end than make `leastPlaces`. */
export function formatDecimal({ digits, places }: Decimal, leastPlaces = 0): string {
  const size = (digits < 0n ? 0n - digits : digits).toString().padStart(places + 1, '0');
  const whole = size.slice(0, size.length - places);
  const decimals = size
    .slice(size.length - places)
    .replace(/0+$/, '')
    .padEnd(leastPlaces, '0');
  return `${digits < 0n ? '-' : ''}${whole}${decimals === '' ? '' : `.${decimals}`}`;
}
