import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';

/** The number in E.164, read as from the country where it has no prefix; '' when it is no phone number. */
export function e164(phone: string, countryCode: string): string {
  const country = /^[A-Z]{2}$/.test(countryCode) ? (countryCode as CountryCode) : 'PL';
  try {
    const parsed = parsePhoneNumberFromString(phone, country);
    return parsed?.isPossible() === true ? parsed.number : '';
  } catch {
    // The package throws for a country that it has never heard of; then there is nothing to normalise.
    return '';
  }
}
