import { nip } from './check-digits.ts';
import { STREAM } from './products.ts';
import { randomOf, type Random } from './random.ts';
import { plain } from './words.ts';

export interface Address {
  readonly fullname: string;
  readonly company: string;
  readonly street: string;
  readonly postcode: string;
  readonly city: string;
  readonly country: string;
  readonly countryCode: string;
}

export interface Buyer {
  readonly email: string;
  readonly phone: string;
  /** Empty for private persons. */
  readonly nip: string;
  readonly address: Address;
}

/** The buyer of this number, always the same for a shop: customers and guests are numbered alike. */
export function buyerAt(shop: number, number: number): Buyer {
  const random = randomOf(shop, STREAM.buyer, number);
  const place = random.chance(0.9) ? POLAND : random.pick(ABROAD);
  const [first, last] = random.pick(place.names).split(' ') as [string, string];
  const company = random.chance(0.2) ? random.pick(COMPANIES).replace('*', last) : '';
  const [postcode, city] = random.pick(place.cities);
  return {
    email: `${plain(first)}.${plain(last)}${String(number)}@example.com`,
    phone: phone(random, place),
    nip: company !== '' && place === POLAND ? nip(random.int(0, 999_999)) : '',
    address: {
      fullname: `${first} ${last}`,
      company,
      street: `${random.pick(place.streets)} ${houseNumber(random)}`,
      postcode,
      city,
      country: place.country,
      countryCode: place.countryCode,
    },
  };
}

/** Another address of the same person: a delivery to the office, an invoice for home. */
export function otherAddress(address: Address, random: Random): Address {
  const place = [POLAND, ...ABROAD].find(({ countryCode }) => countryCode === address.countryCode) ?? POLAND;
  const [postcode, city] = random.pick(place.cities);
  return { ...address, street: `${random.pick(place.streets)} ${houseNumber(random)}`, postcode, city };
}

export interface PickupPoint {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly postcode: string;
  readonly city: string;
}

/** A parcel locker in the buyer's city, with the kind of code that lockers have: LOD01A. */
export function lockerNear({ city, postcode }: Address, random: Random): PickupPoint {
  const code = plain(city).replaceAll('-', '').slice(0, 3).toUpperCase();
  const id = `${code}${String(random.int(1, 40)).padStart(2, '0')}${random.pick(['A', 'B', 'M'])}`;
  const address = `${random.pick(POLAND.streets)} ${String(random.int(1, 80))}`;
  return { id, name: `Paczkomat ${id}`, address, postcode, city };
}

function houseNumber(random: Random): string {
  const house = String(random.int(1, 140));
  return random.chance(0.4)
    ? `${house}/${String(random.int(1, 60))}`
    : `${house}${random.pick(['', '', '', 'A', 'B'])}`;
}

/** As people type them; the shop does not tidy up. */
function phone(random: Random, { prefix, numbers: [start, digits] }: Place): string {
  const number = start + String(random.int(0, 99_999)).padStart(5, '0').slice(0, digits);
  if (prefix === '+48' && random.chance(0.4)) return number;
  if (random.chance(0.3)) return `${prefix} ${number.slice(0, 3)} ${number.slice(3, 6)} ${number.slice(6)}`;
  return prefix + number;
}

interface Place {
  readonly country: string;
  readonly countryCode: string;
  readonly prefix: string;
  /** How phone numbers begin that can exist, and how many digits follow. */
  readonly numbers: readonly [start: string, digits: number];
  readonly names: readonly string[];
  readonly streets: readonly string[];
  readonly cities: readonly (readonly [postcode: string, city: string])[];
}

const POLAND: Place = {
  country: 'Polska',
  countryCode: 'PL',
  prefix: '+48',
  numbers: ['5000', 5],
  names: [
    ...['Żaneta Dąbrowska', 'Łukasz Świątek', 'Grażyna Żółkowska', 'Michał Gęsicki', 'Zofia Źrebiec', 'Jan Kowalski'],
    ...['Agnieszka Wójcik', 'Błażej Śliwiński', 'Józef Kaźmierczak', 'Małgorzata Pająk', 'Stanisław Bąk', 'Ewa Nowak'],
    ...['Róża Ćwiklińska', 'Paweł Szczęsny', 'Krystyna Głowacka-Zięba', 'Tomasz Jabłoński', 'Iga Kłos', 'Wacław Żyła'],
    ...["Anna O'Hara", 'Kinga Leśniewska', 'Bogusław Mróz', 'Cecylia Zając', 'Radosław Kędzierski', 'Ola Sęk'],
  ],
  streets: [
    ...['ul. Długa', 'ul. Źródlana', 'ul. Świętego Jana', 'al. Niepodległości', 'ul. Łąkowa', 'ul. Księdza Brzóski'],
    ...['pl. Wolności', 'os. Piastów', 'ul. Gęsia', 'ul. Żeromskiego', 'ul. 3 Maja', 'ul. Późna'],
  ],
  cities: [
    ['90-001', 'Łódź'],
    ['00-020', 'Warszawa'],
    ['30-002', 'Kraków'],
    ['50-101', 'Wrocław'],
    ['61-001', 'Poznań'],
    ['80-001', 'Gdańsk'],
    ['70-002', 'Szczecin'],
    ['85-003', 'Bydgoszcz'],
    ['20-001', 'Lublin'],
    ['42-200', 'Częstochowa'],
    ['25-001', 'Kielce'],
    ['33-300', 'Nowy Sącz'],
    ['65-001', 'Zielona Góra'],
    ['87-100', 'Toruń'],
  ],
};

const ABROAD: readonly Place[] = [
  {
    country: 'Niemcy',
    countryCode: 'DE',
    prefix: '+49',
    numbers: ['3023125', 3],
    names: ['Jürgen Müller', 'Käthe Weiß', 'Jörg Schäfer', 'Ayşe Yılmaz'],
    streets: ['Straße der Einheit', 'Lindenallee', 'Große Gasse'],
    cities: [
      ['10115', 'Berlin'],
      ['02826', 'Görlitz'],
      ['80331', 'München'],
    ],
  },
  {
    country: 'Czechy',
    countryCode: 'CZ',
    prefix: '+420',
    numbers: ['6010', 5],
    names: ['Jiří Dvořák', 'Žofie Řezníčková', 'Božena Nováková'],
    streets: ['Náměstí Míru', 'Příčná', 'Hlavní třída'],
    cities: [
      ['110 00', 'Praha'],
      ['602 00', 'Brno'],
      ['702 00', 'Ostrava'],
    ],
  },
];

const COMPANIES = [
  'Usługi Księgowe * s.c.',
  'PHU „*”',
  'Gospodarstwo Rolne *',
  'Kancelaria * i Wspólnicy',
  'Kwiaciarnia Pod Dębem *',
  '* & Synowie sp. z o.o.',
];
