import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';

/** As nearly every buyer of a Polish shop writes it. The package takes a tenth of a millisecond to say the same. */
const PLAIN_POLISH = /^(?:\+48)?([1-9]\d{8})$/;

/** The number in E.164, read as from the country where it has no prefix; '' when it is no phone number. */
export function e164(phone: string, countryCode: string): string {
  const [, national] = (countryCode === 'PL' || phone.startsWith('+48') ? PLAIN_POLISH.exec(phone) : null) ?? [];
  if (national !== undefined) return `+48${national}`;
  const country = /^[A-Z]{2}$/.test(countryCode) ? (countryCode as CountryCode) : 'PL';
  try {
    const parsed = parsePhoneNumberFromString(phone, country);
    return parsed?.isPossible() === true ? parsed.number : '';
  } catch {
    // The package throws for a country that it has never heard of; then there is nothing to normalise.
    return '';
  }
}
