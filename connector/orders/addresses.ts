import { countryCode, countryOf, isHome, saysCountry } from '../domain/country.ts';
import { excerpt } from '../domain/cut-text.ts';
import type { OrderDraft } from '../domain/incoming-order.ts';
import type { Address } from '../domain/order.ts';
import { isPolishTaxNumber, namesOtherCountry } from '../domain/tax-number.ts';

/** With the code of its country; of one that is not known, what was sent stands where its name belongs. */
export function withCountry(address: Address): Address {
  const code = countryCode(address.countryCode, address.country);
  const isUnnamed = code === '' && saysCountry(address.countryCode) && !saysCountry(address.country);
  const country = isUnnamed ? address.countryCode : address.country;
  return { ...address, country, countryCode: code };
}

/** What the shop's people should know of the addresses. */
export function addressNotes({ delivery, invoice }: OrderDraft): string[] {
  const unknown = [delivery, invoice].filter((address) => countryOf(address) === undefined);
  return [
    ...(isOddTaxNumber(invoice, delivery) ? [`Not a valid Polish tax number: ${excerpt(invoice.taxNumber)}`] : []),
    ...new Set(unknown.map((address) => `Not a known country: ${titleOf(address)}`)),
  ];
}

function titleOf({ country, countryCode: code }: Address): string {
  if (country === '' || code === '') return excerpt(country || code);
  return `${excerpt(country)} (${excerpt(code)})`;
}

/** A tax number is Polish where the payer is, and, where no country was sent with it, when it names no other one itself. */
function isOddTaxNumber(invoice: OrderDraft['invoice'], delivery: Address): boolean {
  const { taxNumber } = invoice;
  if (taxNumber === '' || !isHome(countryOf(invoice, delivery))) return false;
  if (countryOf(invoice) === '' && namesOtherCountry(taxNumber)) return false;
  return !isPolishTaxNumber(taxNumber);
}
