import { countryCode, isHome } from './country.ts';

const WEIGHTS = [6, 5, 7, 2, 3, 4, 5, 6, 7] as const;

/** How a NIP is announced: "NIP: ", "NIP UE: PL", "VAT ID PL". */
const BEGINNING = /^\s*(?:(?:NIP|VAT)(?:[\s-]?(?:UE|EU|ID|No))?(?![a-z])[\s.:]*)?(?:PL)?/i;

/** The first three digits are the tax office that gave it: none has the number 0, and none is below 101. */
const FORM = /^[1-9](?!00)\d{9}$/;

/** Whether this is a Polish tax number (NIP) with a right check digit; dashes, blanks and what stands before it do not matter. */
export function isPolishTaxNumber(text: string): boolean {
  const digits = text.replace(BEGINNING, '').replace(/[\s\p{Pd}]/gu, '');
  if (!FORM.test(digits)) return false;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);
  return sum % 11 === Number(digits[9]);
}

/** Whether the number begins with the code of another country, as in the European Union: EL094019245. */
export function namesOtherCountry(text: string): boolean {
  const compact = text.replace(/[\s.\p{Pd}]/gu, '').toUpperCase();
  const [, prefix] = /^(?!NIP)([A-Z]{2})(?=[A-Z]*\d)[A-Z\d]{5,13}$/.exec(compact) ?? [];
  const country = prefix === undefined ? '' : countryCode(prefix, '');
  return country !== '' && !isHome(country);
}
