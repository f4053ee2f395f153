import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';

/** The number in E.164, read as from the country where it has no prefix; '' when it is no phone number. */
export function e164(phone: string, countryCode: string): string {
  // Most buyers of a Polish shop; the package takes a hundred times as long to say the same.
  const polish = /^(?:\+48)?([1-9]\d{8})$/.exec(phone.replace(/[ -]/g, ''));
  if (polish && (countryCode === 'PL' || phone.startsWith('+'))) return `+48${polish[1] ?? ''}`;
  const country = /^[A-Z]{2}$/.test(countryCode) ? (countryCode as CountryCode) : 'PL';
  try {
    const parsed = parsePhoneNumberFromString(phone, country);
    return parsed?.isPossible() === true ? parsed.number : '';
  } catch {
    // The package throws for a country that it has never heard of; then there is nothing to normalise.
    return '';
  }
}
