import assert from 'node:assert/strict';
import { ORDER } from './little-connector.ts';
import { checkGroup, type FaultOf, type GroupName } from './one-group.ts';

/** [what is wrong, action, what is answered, the sentence] */
const FAULTS: readonly (readonly [string, string, string, string])[] = [
  [
    'a counter as text',
    'ProductsQuantityUpdate',
    '{"counter":"1"}',
    'counter: must be a whole number, not text, but is "1"',
  ],
  ['no counter', 'ProductsPriceUpdate', '{}', 'counter: is missing'],
  [
    'a list for a counter',
    'OrderUpdate',
    '[]',
    'must be an object {…}, even when it is empty, but is an empty list []',
  ],
  ['an order that is not counted', 'OrderUpdate', '{"counter":0}', 'the counter is 0 where 1 is due'],
  [
    'an order number of null',
    'OrderAdd',
    '{"order_id":null}',
    'order_id: must be an order number from 1 to 2147483648, but is null',
  ],
  ['no order number', 'OrderAdd', '{}', 'order_id: is missing'],
  [
    'an order number of letters',
    'OrderAdd',
    '{"order_id":"A10"}',
    'order_id: must be an order number from 1 to 2147483648, but is "A10"',
  ],
  [
    'an order number that is too large',
    'OrderAdd',
    '{"order_id":2147483649}',
    'order_id: must be an order number from 1 to 2147483648, but is 2147483649',
  ],
  [
    'more than an order number',
    'OrderAdd',
    '{"order_id":10,"status":"ok"}',
    'status is not a field that the protocol knows here',
  ],
  ['an order that was not written', 'OrderAdd', '{"order_id":"77"}', 'order 77 is not there'],
  ['an order that was written otherwise', 'OrderAdd', '{"order_id":10}', 'the product is "7" where "9" was sent'],
  [
    'a product id as a number',
    'ProductAdd',
    '{"product_id":777}',
    'product_id: must be an id of 1 to 30 characters, as text, but is 777',
  ],
  [
    'a category id of 0',
    'CategoryAdd',
    '{"category_id":"0"}',
    'category_id: must be an id of 1 to 30 characters, as text, but is "0"',
  ],
  [
    'a category that was not written',
    'CategoryAdd',
    '{"category_id":"31"}',
    'its name is "Ogród" where "BaseLinker check"',
  ],
  ['a product that was not written', 'ProductAdd', '{"product_id":"777"}', 'product 777 is not there'],
  ['a stock that was not written', 'ProductsQuantityUpdate', '{"counter":1}', 'product 9 has 3 pieces where 4 are due'],
  ['a status that was not written', 'OrderUpdate', '{"counter":1}', 'status_id is "1" where "5" was sent'],
  ['a payment that was not written', 'OrderUpdate', '{"counter":1}', 'paid is "0" where "1" was sent'],
  ['a parcel that was not written', 'OrderUpdate', '{"counter":1}', 'no field holds the parcel number TEST'],
];

/** The group of cases that makes the call. */
const GROUP_OF: Readonly<Record<string, GroupName>> = {
  ProductsQuantityUpdate: 'stock and prices',
  ProductsPriceUpdate: 'stock and prices',
  OrderAdd: 'order writes',
  OrderUpdate: 'order writes',
  ProductAdd: 'new products',
  CategoryAdd: 'new products',
};

describe('the check of what is written', () => {
  for (const [wrong, action, answer, sentence] of FAULTS) {
    it(`says what is wrong with ${wrong}, when it writes`, async () => {
      const faultOf: FaultOf = (asked) => (asked === action ? { text: answer } : undefined);
      const { conforms, report } = await checkGroup(GROUP_OF[action]!, faultOf);
      assert.equal(conforms, false);
      assert.ok(report.includes(sentence), report);
    });
  }

  it('says what is wrong with bad input that is taken, when it writes', async () => {
    const { conforms, report } = await checkGroup('bad writes', (action) =>
      action === 'ProductsPriceUpdate' ? { text: '{"counter":1}' } : undefined,
    );
    assert.equal(conforms, false);
    assert.ok(report.includes('an error (invalid_parameter) is due, but there is an answer'), report);
  });

  it('says that a country was not understood', async () => {
    const order = { ...ORDER, invoice_country_code: 'EL' };
    const { report } = await checkGroup('order writes', (action, { order_id }) =>
      action === 'OrdersGet' && order_id !== undefined
        ? { text: JSON.stringify({ [order_id]: order, pages: 1 }) }
        : undefined,
    );
    assert.ok(report.includes('invoice_country_code is "EL" where "GR" is due'), report);
  });

  it('says that an order stands twice', async () => {
    const numbers = new Set<string>();
    const { report } = await checkGroup('order writes', (action, form) => {
      const number = form['baselinker_id'] ?? '';
      if (action !== 'OrderAdd' || !form['products']?.includes('"9"')) return undefined;
      if (numbers.has(number)) return { text: '{"order_id":11}' };
      numbers.add(number);
      return undefined;
    });
    assert.match(report, /is order 11, but before it was \d+: the order stands twice/);
  });

  it('says that an order does not come to what a price of three decimals makes', async () => {
    const { report } = await checkGroup('order writes', (action, form) =>
      action === 'OrderAdd' && form['products']?.includes('"14.634"') === true
        ? { text: '{"order_id":101}' }
        : undefined,
    );
    assert.match(report, /the total of lines and delivery is "74\.99" where "41\.26" was sent/);
  });

  it('does not undo a sale while it puts the stock back', async () => {
    let sold = false;
    const { conforms, report, shop } = await checkGroup('order writes', (action, form, { products }) => {
      if (action !== 'OrderUpdate' || form['update_type'] !== 'paid' || sold) return undefined;
      sold = true;
      const product = products.get('9')!;
      products.set('9', { ...product, quantity: product.quantity - 1 });
      return undefined;
    });
    assert.equal(conforms, true, report);
    assert.equal(shop.products.get('9')?.quantity, 2);
  });

  it('gives nothing back that the shop itself gave back for the cancelled order', async () => {
    const { conforms, report, shop } = await checkGroup('order writes', (action, form, { products }) => {
      if (action !== 'OrderUpdate' || form['update_value'] !== '5') return undefined;
      const product = products.get('9')!;
      products.set('9', { ...product, quantity: 3 });
      return undefined;
    });
    assert.equal(conforms, true, report);
    assert.equal(shop.products.get('9')?.quantity, 3);
  });
});
