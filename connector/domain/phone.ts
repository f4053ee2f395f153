import { parsePhoneNumberFromString, type CountryCode, type PhoneNumber } from 'libphonenumber-js/max';
import { countryCode, HOME_COUNTRY, isHome } from './country.ts';

/**
 * Polish mobile numbers: most buyers of a Polish shop. The package takes a hundred times as long for the same result.
 */
const MOBILE = /^(\+48)?((?:45|5[0137]|6[069]|7[2389]|88)\d{7})$/;

/**
 * The number in E.164, '' when no such number can exist. `country` is where it is read as from without a prefix: a code,
 * '' for the home country, undefined for a country that is not known, where only a number with its prefix is one.
 */
export function e164(phone: string, country: string | undefined): string {
  const [, prefix, mobile] = MOBILE.exec(phone.replace(/[ -]/g, '')) ?? [];
  if (mobile !== undefined && (prefix !== undefined || isHome(country))) return `+48${mobile}`;
  return numberIn(phone, country) || numberIn(phone.replace(/^\D*00/, '+'), country);
}

function numberIn(phone: string, country: string | undefined): string {
  const parsed = parse(phone, country);
  if (!parsed) return '';
  if (parsed.isValid()) return parsed.number;
  // "(0)" and the 0 of old are no part of a number where the country dials none; of countries that do, the package knows it.
  const { countryCallingCode, nationalNumber } = parsed;
  if (!nationalNumber.startsWith('0')) return '';
  const withoutZero = parse(`+${countryCallingCode}${nationalNumber.slice(1)}`, undefined);
  return withoutZero?.isValid() === true ? withoutZero.number : '';
}

function parse(phone: string, country: string | undefined): PhoneNumber | undefined {
  const code = country === '' ? HOME_COUNTRY : countryCode(country ?? '', '') || undefined;
  try {
    // The cast: the package throws for an unknown country.
    return parsePhoneNumberFromString(phone, code as CountryCode | undefined);
  } catch {
    return undefined;
  }
}
