import type { Shop } from '../../connector/contracts/shop.ts';
import type {
  VariantRef,
  LinkedOrderDraft,
  LinkedOrderDraftLine,
  ShopWriting,
  UnitOfWork,
} from '../../connector/contracts/shop-writing.ts';
import { inTransaction } from '../../connector/db/transaction.ts';
import { testDatabase } from '../support/database.ts';
import { keepsTheVariantContract } from './variant-battery.ts';
import { keepsTheOrderWritingContract } from './order-writing-battery.ts';
import { keepsTheProductWritingContract } from './product-writing-battery.ts';
import type { ShopFixtures } from './shop-fixtures.ts';

/** How the battery fills a shop, writes into it, and looks at what became of it. */
export interface WritingBench {
  readonly fixtures: ShopFixtures;
  readonly shop: () => Shop;
  readonly writing: () => ShopWriting;
}

/** What every shop schema owes the connector that writes, asked through the contract only. */
export function keepsTheWritingContract(
  name: string,
  open: () => { shop: Shop; writing: ShopWriting },
  fixtures: ShopFixtures,
): void {
  describe(`${name} keeps the writing contract`, () => {
    const bench: WritingBench = { fixtures, shop: () => open().shop, writing: () => open().writing };
    beforeEach(fixtures.empty);
    keepsTheVariantContract(bench);
    keepsTheOrderWritingContract(bench);
    keepsTheProductWritingContract(bench);
  });
}

/** One unit of work, as the use cases do it. */
export function unitOfWork<T>(work: (unit: UnitOfWork) => Promise<T>): Promise<T> {
  return inTransaction(testDatabase().db, work);
}

export const main = (productId: string): VariantRef => ({ productId, variantId: '0' });

/** What no shop has among its ids. */
export const NO_IDS = ['', 'abc', '4294967296', '99999999999999999999', '-1', '1.5', '999999999'];

const NOWHERE = {
  fullname: '',
  company: '',
  address: '',
  postcode: '',
  city: '',
  stateCode: '',
  country: '',
  countryCode: '',
};

export const aLine = (changes: Partial<LinkedOrderDraftLine> = {}): LinkedOrderDraftLine => ({
  productId: undefined,
  variantId: '0',
  sku: 'KUB-1',
  ean: '5901234123457',
  name: 'Kubek',
  quantity: 2,
  price: '24.90',
  vat: 23,
  weight: 0.35,
  location: 'A-1',
  attributes: [],
  auctionId: '111',
  ...changes,
});

export const anOrder = (changes: Partial<LinkedOrderDraft> = {}): LinkedOrderDraft => ({
  source: 'main',
  sourceReference: '70001',
  email: 'ala@example.test',
  phone: '500 100 200',
  phoneE164: '+48500100200',
  delivery: { ...NOWHERE, fullname: 'Ala Kowalska', city: 'Łódź', country: 'Polska', countryCode: 'PL' },
  invoice: { ...NOWHERE, company: 'Ala sp. z o.o.', taxNumber: '5260001246' },
  wantsInvoice: true,
  pickupPoint: { id: 'LOD01M', name: 'Paczkomat', address: 'Piotrkowska 1', postcode: '90-001', city: 'Łódź' },
  deliveryMethod: { id: '1', name: 'Kurier', price: '11.99' },
  payment: { methodId: '2', method: 'Przelew', cashOnDelivery: false },
  currency: 'PLN',
  total: '61.79',
  userComments: 'Proszę dzwonić',
  notes: [],
  transactionId: 'T-1',
  marketplace: { service: 'allegro', account: 'sklep', buyerLogin: 'ala1' },
  lines: [aLine()],
  ...changes,
});
