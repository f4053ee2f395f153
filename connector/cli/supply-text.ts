import { InvalidArgumentError } from 'commander';
import type { SupplyPart } from '../domain/supply-part.ts';
import type { Availability, BasketLine } from '../integrations/idosell/client/client.ts';

/** Reads `CODE`, `CODE:TYPE` or either with `=QUANTITY` behind it; throws InvalidArgumentError for anything else. */
export function basketLine(text: string): BasketLine {
  const match = /^(.+?)(?::(internal|producer|external))?(?:=(\d{1,9}(?:\.\d{1,4})?))?$/.exec(text);
  if (!match) throw new InvalidArgumentError(`${text} is not of the form CODE, CODE:TYPE or CODE:TYPE=QUANTITY`);
  const [, code = '', codeType = 'internal', quantity = '1'] = match;
  return { code, codeType, quantity };
}

/** A line of text for each line that was asked about, and one for all of them. */
export function formatAvailability({ verdict, lines }: Availability): readonly string[] {
  const complete = {
    available: 'All of it can be had.',
    missing: 'Not all of it can be had.',
    unknown: 'It did not say.',
  };
  return [
    ...lines.map(({ code, codeType, available, quantity, faultString }) => {
      const word = available === undefined ? 'not told' : available ? 'yes' : 'no';
      const more = [
        ...(quantity === undefined ? [] : [`${quantity} there`]),
        ...(faultString === '' ? [] : [faultString]),
      ];
      return `${code} (${codeType}): ${[word, ...more].join(', ')}`;
    }),
    complete[verdict],
  ];
}

/** One part on one line: where it stands, its references, and what a person should know. */
export function formatPart({
  orderId,
  wholesaler,
  state,
  reference,
  symbol,
  note,
  dispute,
  ...part
}: SupplyPart): string {
  const number = part.supplierOrderId || part.supplierSerial;
  const theirs = number === '' ? '' : `, there ${number}${symbol === '' ? '' : ` (${symbol})`}`;
  const about = [dispute, note].filter((text) => text !== '').join('; ');
  return `Order ${orderId} at ${wholesaler}: ${state}, reference ${reference}${theirs}${about === '' ? '' : `: ${about}`}`;
}

const FIELDS = ['firstName', 'lastName', 'firm', 'street', 'zipCode', 'city', 'countryId', 'phone', 'email'] as const;

/** Reads `field=value` pairs; throws InvalidArgumentError for a field that an address does not have. */
export function addressChanges(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair): [string, string] => {
      const [field = '', value = ''] = pair.split(/=(.*)/s, 2);
      if (!FIELDS.some((one) => one === field)) {
        throw new InvalidArgumentError(`${field} is none of ${FIELDS.join(', ')}`);
      }
      return [field, value];
    }),
  );
}
