import type { Filled } from './catalogue.ts';
import { timestamp } from './insert.ts';

/** Orders may only use a retired entry when they are older than this. */
export const RETIRED_DAYS_AGO = 60;

interface Entry {
  readonly id: number;
  readonly name: string;
  readonly retired?: true;
}

export interface Status extends Entry {
  /** One of the words of shop_statuses.meaning. */
  readonly meaning: '' | 'new' | 'paid' | 'shipped' | 'completed' | 'cancelled' | 'returned';
}

export interface Delivery extends Entry {
  /** Hundredths, gross. */
  readonly price: bigint;
  /** As it stands in shop_parcels; empty where no parcel is sent. */
  readonly carrier: string;
}

export interface Payment extends Entry {
  readonly cashOnDelivery: boolean;
  /** The company that collects the money; empty for none. */
  readonly operator: string;
}

export const STATUS = {
  fresh: { id: 1, name: 'Nowe', meaning: 'new' },
  paid: { id: 2, name: 'Opłacone', meaning: 'paid' },
  awaitingPapers: { id: 3, name: 'Oczekuje na dokumenty', meaning: '', retired: true },
  inProgress: { id: 4, name: 'W realizacji', meaning: '' },
  toBeCollected: { id: 5, name: 'Gotowe do odbioru', meaning: '' },
  shipped: { id: 6, name: 'Wysłane', meaning: 'shipped' },
  completed: { id: 8, name: 'Zrealizowane', meaning: 'completed' },
  cancelled: { id: 9, name: 'Anulowane', meaning: 'cancelled' },
  returned: { id: 12, name: 'Zwrócone', meaning: 'returned' },
} as const satisfies Record<string, Status>;

export const DELIVERY = {
  dpd: { id: 1, name: 'Kurier DPD', price: 1499n, carrier: 'DPD' },
  locker: { id: 2, name: 'Paczkomat InPost', price: 1199n, carrier: 'InPost' },
  siodemka: { id: 3, name: 'Kurier Siódemka', price: 1350n, carrier: 'Siódemka', retired: true },
  post: { id: 4, name: 'Poczta Polska – Pocztex', price: 1690n, carrier: 'Poczta Polska' },
  collection: { id: 6, name: 'Odbiór osobisty w Łodzi', price: 0n, carrier: '' },
  abroad: { id: 7, name: 'Kurier DPD – zagranica', price: 4900n, carrier: 'DPD' },
} as const satisfies Record<string, Delivery>;

export const PAYMENT = {
  transfer: { id: 1, name: 'Przelew tradycyjny', cashOnDelivery: false, operator: '' },
  blik: { id: 2, name: 'BLIK (PayU)', cashOnDelivery: false, operator: 'PayU' },
  card: { id: 3, name: 'Karta płatnicza', cashOnDelivery: false, operator: 'PayU' },
  onDelivery: { id: 5, name: 'Płatność za pobraniem', cashOnDelivery: true, operator: '' },
} as const satisfies Record<string, Payment>;

export function dictionaryRows(now: Date): Filled {
  const retiredAt = timestamp(new Date(now.getTime() - RETIRED_DAYS_AGO * 86_400_000));
  const retired = (entry: Entry): string | null => (entry.retired ? retiredAt : null);
  return [
    [
      { name: 'shop_statuses', columns: ['id', 'name', 'meaning', 'position', 'retired_at'] },
      Object.values(STATUS).map((entry, i) => [entry.id, entry.name, entry.meaning, i + 1, retired(entry)]),
    ],
    [
      { name: 'shop_deliveries', columns: ['id', 'name', 'position', 'retired_at'] },
      Object.values(DELIVERY).map((entry, i) => [entry.id, entry.name, i + 1, retired(entry)]),
    ],
    [
      { name: 'shop_payments', columns: ['id', 'name', 'cash_on_delivery', 'position', 'retired_at'] },
      Object.values(PAYMENT).map((entry, i) => [
        entry.id,
        entry.name,
        entry.cashOnDelivery ? 1 : 0,
        i + 1,
        retired(entry),
      ]),
    ],
  ];
}
