import type { Parameters } from '../client.ts';
import type { Report } from '../report.ts';

interface BadWrite {
  readonly action: string;
  /** What is wrong with it. */
  readonly wrong: string;
  readonly parameters: Parameters;
}

/** Named by every entry, so that a connector that refuses nothing has nothing to change. */
const NOBODY = { product_id: 'no-such-product', operation: 'change', quantity: 0, price: '1.00' };

const list = (...entries: readonly object[]): Parameters => ({ products: JSON.stringify(entries) });

/** BaseLinker sends at most 1000 entries (1.6). */
const TOO_MANY = list(...Array.from({ length: 1001 }, () => NOBODY));

const variants = (action: string): BadWrite[] => [
  { action, wrong: 'nothing sent', parameters: {} },
  { action, wrong: 'products not JSON', parameters: { products: '[{"product_id":"no-such-product",' } },
  { action, wrong: 'products a number', parameters: { products: '7' } },
  { action, wrong: 'a list for a value', parameters: list({ ...NOBODY, product_id: ['7'] }) },
  { action, wrong: '1001 entries', parameters: TOO_MANY },
];

const REQUESTS: readonly BadWrite[] = [
  ...variants('ProductsQuantityUpdate'),
  { action: 'ProductsQuantityUpdate', wrong: 'quantity abc', parameters: list({ ...NOBODY, quantity: 'abc' }) },
  { action: 'ProductsQuantityUpdate', wrong: 'no quantity', parameters: list({ ...NOBODY, quantity: '' }) },
  // A flag is no quantity, and must not count as 1 (1.1).
  { action: 'ProductsQuantityUpdate', wrong: 'quantity true', parameters: list({ ...NOBODY, quantity: true }) },
  ...variants('ProductsPriceUpdate'),
  { action: 'ProductsPriceUpdate', wrong: 'price cheap', parameters: list({ ...NOBODY, price: 'cheap' }) },
  { action: 'ProductsPriceUpdate', wrong: 'price -1', parameters: list({ ...NOBODY, price: '-1.00' }) },
  { action: 'ProductAdd', wrong: 'nothing sent', parameters: {} },
  { action: 'ProductAdd', wrong: 'a list for a value', parameters: { 'name[]': 'Test', 'sku[]': 'TEST' } },
  { action: 'ProductAdd', wrong: 'price cheap', parameters: { product_id: 'no-such-product', price: 'cheap' } },
  { action: 'CategoryAdd', wrong: 'nothing sent', parameters: {} },
  { action: 'CategoryAdd', wrong: 'a list for a value', parameters: { 'name[]': 'Test' } },
  { action: 'OrderAdd', wrong: 'nothing sent', parameters: {} },
  { action: 'OrderAdd', wrong: 'a list for a value', parameters: { 'baselinker_id[]': 1 } },
  { action: 'OrderUpdate', wrong: 'nothing sent', parameters: {} },
  { action: 'OrderUpdate', wrong: 'no orders', parameters: { update_type: 'paid', update_value: 1 } },
  {
    action: 'OrderUpdate',
    wrong: 'an unknown update_type',
    parameters: { orders_ids: 2_147_483_647, update_type: 'colour', update_value: 'red' },
  },
  {
    action: 'OrderUpdate',
    wrong: 'paid=maybe',
    parameters: { orders_ids: 2_147_483_647, update_type: 'paid', update_value: 'maybe' },
  },
  {
    action: 'OrderUpdate',
    wrong: 'a list for a value',
    parameters: { orders_ids: 2_147_483_647, 'update_type[]': 'paid', update_value: 1 },
  },
];

/** What writes is sent only what it must refuse: whoever runs the check, the shop stays as it is. */
export async function checkBadWrites(report: Report, offered: ReadonlySet<string>): Promise<void> {
  const requests = REQUESTS.filter(({ action }) => offered.has(action));
  if (requests.length === 0) return;
  report.heading('Bad input to what writes');
  for (const { action, wrong, parameters } of requests) {
    const response = report.baseLinker.call(action, parameters);
    await report.apiError(`${action}, ${wrong}`, ['invalid_parameter'], response);
  }
}
