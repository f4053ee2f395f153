import { text, type Struct } from './raw.ts';

const COUNTRIES = new Set(
  'AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK UA'.split(' '),
);

const FIELDS = ['firstName', 'lastName', 'firm', 'street', 'zipCode', 'city', 'countryId', 'phone'] as const;
const CONSUMER_FIELDS = [...FIELDS, 'provinceId', 'email'] as const;
const PAYER_FIELDS = [...FIELDS, 'nip'] as const;

/** In the profile's own words for us; what was not sent is ''. */
export type Address = Readonly<Record<(typeof CONSUMER_FIELDS)[number], string>>;
export type Payer = Readonly<Record<(typeof PAYER_FIELDS)[number], string>>;

const fieldsOf = <Name extends string>(from: Struct, names: readonly Name[]) =>
  // The cast: every name gets its text.
  Object.fromEntries(names.map((name) => [name, text(from, name)])) as Record<Name, string>;

export const readAddress = (from: Struct): Address => fieldsOf(from, CONSUMER_FIELDS);
export const readPayer = (from: Struct): Payer => fieldsOf(from, PAYER_FIELDS);

/** A change names only what it changes. */
export const changed = (address: Address, change: Struct): Address => ({
  ...address,
  ...Object.fromEntries(CONSUMER_FIELDS.flatMap((name) => (name in change ? [[name, text(change, name)]] : []))),
});

/** What a courier would not take, or undefined (4.6). Houses abroad have names, too, and a parcel locker has no house. */
export function problemOf(address: Address, to: 'door' | 'point'): string | undefined {
  if (address.firstName.trim() === '' || address.lastName.trim() === '') return 'brak imienia lub nazwiska';
  const street = address.countryId === 'PL' && to === 'door' ? /\p{L}.*\d|\d.*\p{L}/u : /\p{L}/u;
  if (!street.test(address.street)) return 'brak ulicy z numerem domu';
  if (!/^(\d{9}|\+[1-9]\d{7,14})$/.test(address.phone)) return 'błędny numer telefonu';
  if (address.email !== '' && !/^\S+@\S+\.\S+$/.test(address.email)) return 'błędny adres e-mail';
  return placeProblem(address);
}

export function payerProblem(payer: Payer): string | undefined {
  if (payer.firm === '' && (payer.firstName === '' || payer.lastName === '')) return 'brak nazwy płatnika';
  if (payer.street === '') return 'brak ulicy płatnika';
  return placeProblem(payer);
}

function placeProblem({ countryId, zipCode, city }: Pick<Address, 'countryId' | 'zipCode' | 'city'>) {
  if (!COUNTRIES.has(countryId)) return 'nieznany kraj';
  if (!(countryId === 'PL' ? /^\d\d-\d{3}$/ : /^[A-Za-z0-9][A-Za-z0-9 -]{1,9}$/).test(zipCode)) {
    return 'błędny kod pocztowy';
  }
  return city.trim() === '' ? 'brak miejscowości' : undefined;
}

export interface AddressRecord {
  readonly id: string;
  readonly login: string;
  address: Address;
}

/** Consumers' addresses stay here, under the account of whoever has handed them over (4.8). */
export interface AddressBook {
  add(login: string, address: Address): AddressRecord;
  of(login: string): readonly AddressRecord[];
  find(login: string, id: string): AddressRecord | undefined;
}

const FIRST_ID = 7001;

export function openAddressBook(): AddressBook {
  const records: AddressRecord[] = [];
  const of = (login: string) => records.filter((record) => record.login === login);
  return {
    add: (login, address) => {
      const record = { id: String(FIRST_ID + records.length), login, address };
      records.push(record);
      return record;
    },
    of,
    find: (login, id) => of(login).find((record) => record.id === id),
  };
}
