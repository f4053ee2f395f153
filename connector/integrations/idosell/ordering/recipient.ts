import { countryOf, HOME_COUNTRY } from '../../../domain/country.ts';
import { excerpt } from '../../../domain/cut-text.ts';
import { e164 } from '../../../domain/phone.ts';
import type { Order } from '../../../domain/order.ts';
import type { WireAddress } from '../client/client.ts';
import type { Profile } from '../client/profile.ts';

/** The consumer as the wholesaler is told of them, or what is missing for a courier to find them. */
export function recipientOf(order: Order, { sendConsumerEmail }: Profile): WireAddress | { readonly unfit: string } {
  const { delivery, invoice, pickupPoint } = order;
  const country = countryOf(delivery);
  if (country === undefined)
    return unfit([`the country ${excerpt(delivery.country || delivery.countryCode)} is not known`]);
  const countryId = country || HOME_COUNTRY;
  const [firstName, lastName] = names(delivery.fullname || invoice.fullname || delivery.company);
  const sendsEmail = sendConsumerEmail === 'always' || (sendConsumerEmail === 'pickup-points' && pickupPoint.id !== '');
  const address: WireAddress = {
    firstName,
    lastName,
    firm: delivery.company,
    street: delivery.address,
    zipCode: zipCodeOf(delivery.postcode, countryId),
    city: delivery.city,
    countryId,
    phone: e164(order.phone, countryOf(delivery, invoice)),
    email: sendsEmail ? order.email : '',
  };
  const problems = problemsOf(address, { toDoor: pickupPoint.id === '', sentPhone: order.phone });
  return problems.length === 0 ? address : unfit(problems);
}

function unfit(problems: readonly string[]): { readonly unfit: string } {
  return { unfit: `the delivery address: ${problems.join(', ')}` };
}

/** The last word is the family name; a name of one word stands for both, since both are due. */
function names(fullname: string): [first: string, last: string] {
  const words = fullname.split(/\s+/).filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  return words.length < 2 ? [last, last] : [words.slice(0, -1).join(' '), last];
}

/** Polish couriers refuse later what the wholesaler accepts now (4.6); what others want is not known. */
function problemsOf(
  { lastName, street, zipCode, city, countryId, phone }: WireAddress,
  { toDoor, sentPhone }: { readonly toDoor: boolean; readonly sentPhone: string },
): string[] {
  const isPolish = countryId === HOME_COUNTRY;
  return [
    ...(lastName === '' ? ['the name is missing'] : []),
    ...(street === '' ? ['the street is missing'] : []),
    ...(isPolish && toDoor && street !== '' && !/\d/.test(street) ? ['the street has no house number'] : []),
    ...(city === '' ? ['the city is missing'] : []),
    ...(isPolish && !/^\d\d-\d{3}$/.test(zipCode) ? ['the postcode is not of the form NN-NNN'] : []),
    ...(isPolish && phone === '' ? [`the phone number ${wrongWith(sentPhone)}`] : []),
  ];
}

function wrongWith(phone: string): string {
  return /^(48)?\d{9}$/.test(phone.replace(/\D/g, '')) ? 'does not exist' : 'has not nine digits';
}

function zipCodeOf(postcode: string, countryId: string): string {
  const digits = postcode.replaceAll(/[\s-]/g, '');
  return countryId === HOME_COUNTRY && /^\d{5}$/.test(digits) ? `${digits.slice(0, 2)}-${digits.slice(2)}` : postcode;
}
