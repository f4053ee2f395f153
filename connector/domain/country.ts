import countries from 'i18n-iso-countries';
import { countryNamed } from './country-names.ts';
import type { Address } from './order.ts';

/** Where the shop sells, and where an order goes that names no country (docs/protocol/baselinker.md 2.12). */
export const HOME_COUNTRY = 'PL';

/** What the European Union and the post write instead: Great Britain, Greece, Northern Ireland, the Canaries, Kosovo. */
const OTHER_CODES = { UK: 'GB', EL: 'GR', XI: 'GB', IC: 'ES', XKX: 'XK' };

/** Two letters, three letters, or three digits → two letters. */
const BY_CODE: ReadonlyMap<string, string> = new Map([
  ...Object.entries(countries.getAlpha2Codes()).flatMap(([two, three]): [string, string][] => [
    [two, two],
    [three, two],
  ]),
  ...Object.entries(countries.getNumericCodes()),
  ...Object.entries(OTHER_CODES),
]);

/** Two capital letters, from the code that was sent, else from the country's name; '' if neither is understood. */
export function countryCode(code: string, name: string): string {
  return readCountry(code) ?? readCountry(name) ?? '';
}

/** No name of a country is longer; a text that is would take long to compare. */
const MAX_NAME_LENGTH = 200;

/** A code may stand where the name belongs, a name where the code does, and the same country twice: "PL - Polska". */
function readCountry(text: string): string | undefined {
  if (text === '' || text.length > MAX_NAME_LENGTH) return undefined;
  const found = readOne(text);
  if (found !== undefined) return found;
  const parts = text.split(/[,;/|]|\s[-–]\s/);
  const [first, ...others] = new Set(parts.map(readOne));
  return parts.length > 1 && others.length === 0 ? first : undefined;
}

const readOne = (text: string): string | undefined => BY_CODE.get(lettersOf(text)) ?? countryNamed(text);

/** Capitals; a flag is two letters of an alphabet of its own. */
function lettersOf(text: string): string {
  return text
    .trim()
    .toUpperCase()
    .replaceAll(/\p{Regional_Indicator}/gu, (letter) =>
      String.fromCharCode((letter.codePointAt(0) ?? 0) - FLAG_LETTER_A + 65),
    );
}

const FLAG_LETTER_A = 0x1f1e6;

/**
 * The code of the first address that names a country: '' where none does, undefined where the name is not understood.
 * Only the former may be taken for the home country.
 */
export function countryOf(...addresses: readonly Pick<Address, 'country' | 'countryCode'>[]): string | undefined {
  const first = addresses.find(({ country, countryCode: code }) => saysCountry(country) || saysCountry(code));
  return first ? countryCode(first.countryCode, first.country) || undefined : '';
}

/** Whether it is more than the dashes and zeros that stand for none. */
export function saysCountry(text: string): boolean {
  return /[\p{L}\p{S}1-9]/u.test(text);
}

/** Whether Polish rules apply: for Poland, and where no country was given. */
export function isHome(country: string | undefined): boolean {
  return country === '' || country === HOME_COUNTRY;
}
