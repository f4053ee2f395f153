import assert from 'node:assert/strict';
import { ORDER } from './little-connector.ts';
import { checkGroup, type FaultOf, type GroupName } from './one-group.ts';

/** [what is wrong, action, what is answered, the sentence] */
const FAULTS: readonly (readonly [string, string, string, string])[] = [
  [
    'a key that is not found in a multipart body',
    'a multipart body',
    '{"platform":"Little","version":"1.0.0","standard":4}',
    'an error (incorrect_password or no_password or invalid_parameter) is due, but there is an answer',
  ],
  [
    'a list instead of an object',
    'ProductsCategories',
    '[]',
    'must be an object {…}, even when it is empty, but is an empty list []',
  ],
  [
    'a list inside',
    'ProductsPrices',
    '{"7":["24.90"],"pages":1}',
    '7: must be an object {…}, even when it is empty, but is a list […]',
  ],
  ['an object instead of a list', 'SupportedMethods', '{}', 'must be a list […]'],
  [
    'a price as a number',
    'ProductsPrices',
    '{"7":{"0":24.9},"pages":1}',
    '7 › 0: must be text with exactly two decimals, such as "24.90", but is 24.9',
  ],
  [
    'a price of one decimal',
    'ProductsPrices',
    '{"7":{"0":"24.9"},"pages":1}',
    '7 › 0: must be text with exactly two decimals, such as "24.90", but is "24.9"',
  ],
  [
    'a price of 0',
    'ProductsPrices',
    '{"7":{"0":"0.00"},"pages":1}',
    '7 › 0: must not be 0.00: a price that is not known is left out',
  ],
  [
    'a stock as text',
    'ProductsQuantity',
    '{"7":{"0":"14"},"pages":1}',
    '7 › 0: must be a whole number of pieces, not text, but is "14"',
  ],
  ['a stock below 0', 'ProductsQuantity', '{"7":{"0":-1},"pages":1}', '7 › 0: must not be below 0, but is -1'],
  [
    'variants before the main product',
    'ProductsQuantity',
    '{"7":{"70":4,"0":14},"pages":1}',
    '7: must begin with the main product, the key "0"',
  ],
  [
    'a product missing from the dump',
    'ProductsQuantity',
    '{"7":{"0":14},"8":{"0":0},"pages":1}',
    'lacks 9, which the list shows: to BaseLinker they are gone',
  ],
  [
    'a product on two pages',
    'ProductsQuantity',
    '{"7":{"0":14},"8":{"0":0},"9":{"0":1},"pages":2}',
    '7, 8, 9 stood on an earlier page already',
  ],
  ['no number of pages', 'ProductsList', '{}', 'pages: is missing'],
  ['0 pages', 'ProductsList', '{"pages":0}', 'pages: must be at least 1, also when nothing was found, but is 0'],
  [
    'categories in disorder',
    'ProductsCategories',
    '{"31":"Ogród","12":"Kuchnia"}',
    '12: must stand before "Ogród": categories are sorted by path',
  ],
  [
    'categories in JavaScript’s order',
    'ProductsCategories',
    '{"1":"Żwir","2":"Łopaty"}',
    '2: must stand before "Żwir": categories are sorted by path',
  ],
  ['a repeated key', 'ProductsCategories', '{"1":"Kuchnia","1":"Ogród"}', 'the key "1" occurs twice in one object'],
  ['null', 'StatusesList', '{"1":null}', '1: must be text ("" when there is none), but is null'],
  [
    'null for a missing phone',
    'OrdersGet',
    JSON.stringify({ '10': { ...ORDER, phone: null }, pages: 1 }),
    '10 › phone: must be text ("" when there is none), but is null',
  ],
  [
    'an order number of letters',
    'OrdersGet',
    JSON.stringify({ A10: ORDER, pages: 1 }),
    'A10: is not an order number from 1 to 2147483648',
  ],
  [
    'an order below 0',
    'OrdersGet',
    JSON.stringify({ '10': { ...ORDER, products: [{ ...ORDER.products[0], price: '-1.00' }] }, pages: 1 }),
    '10: must not come to less than 0: the lines and the delivery together',
  ],
  [
    'an order that is too old',
    'OrdersGet',
    JSON.stringify({ '10': { ...ORDER, date_add: 86_400 }, pages: 1 }),
    'order 10: older than asked for',
  ],
  [
    'an unknown field',
    'ProductsList',
    '{"7":{"name":"Kubek","quantity":1,"shortDescription":""},"pages":1}',
    '7: shortDescription is not a field that the protocol knows here',
  ],
  [
    'a page past the end that repeats',
    'ProductsPrices',
    '{"7":{"0":"24.90"},"pages":1}',
    'holds 1 product: BaseLinker would read them again',
  ],
  [
    'a filter without effect',
    'ProductsList',
    '{"7":{"name":"Kubek","quantity":1},"8":{"name":"Talerz","quantity":1},"pages":1}',
    'shows 8, which the filter excludes',
  ],
  [
    'a web page',
    'DeliveryMethodsList',
    '<!DOCTYPE html><title>Oops</title>',
    'the answer is a web page (HTML), not JSON: "<!DOCTYPE html>',
  ],
  ['half an answer', 'PaymentMethodsList', '{"4":"Prz', 'the answer is not JSON'],
  ['nothing', 'PaymentMethodsList', '', 'the answer is empty'],
  [
    'a byte order mark',
    'PaymentMethodsList',
    '\uFEFF{}',
    'begins with a byte order mark, which BaseLinker cannot read',
  ],
  ['half a character', 'PaymentMethodsList', '{"4":"\\ud800"}', 'a text holds half a character'],
  [
    'an error',
    'StatusesList',
    '{"error":true,"error_code":"db_query","error_text":"SQL"}',
    'the connector refused: db_query: SQL',
  ],
];

/** The group of cases that makes the call. */
const GROUP_OF: Readonly<Record<string, GroupName>> = {
  'a multipart body': 'connection',
  SupportedMethods: 'connection',
  ProductsCategories: 'categories',
  ProductsList: 'list',
  ProductsPrices: 'dumps',
  ProductsQuantity: 'dumps',
  OrdersGet: 'orders',
  StatusesList: 'orders',
  DeliveryMethodsList: 'orders',
  PaymentMethodsList: 'orders',
};

describe('the check of what is read', () => {
  for (const [wrong, action, answer, sentence] of FAULTS) {
    it(`says what is wrong with ${wrong}`, async () => {
      const faultOf: FaultOf = (asked) => (asked === action ? { text: answer } : undefined);
      const { conforms, report } = await checkGroup(GROUP_OF[action]!, faultOf);
      assert.equal(conforms, false);
      assert.ok(report.includes(sentence), report);
    });
  }

  it('waits for an answer only so long', async () => {
    const { conforms, report } = await checkGroup(
      'orders',
      (action) => (action === 'StatusesList' ? 'silence' : undefined),
      50,
    );
    assert.equal(conforms, false);
    assert.ok(report.includes(`no answer within 0.05 s`), report);
  });

  it('says that a line was cut', async () => {
    const { conforms, report } = await checkGroup('orders', (action) =>
      action === 'StatusesList' ? 'drop' : undefined,
    );
    assert.equal(conforms, false);
    assert.match(report, /the line was cut before the answer was complete/);
  });

  it('says when bad input ends in an internal error', async () => {
    const { conforms, report } = await checkGroup('bad input', (_, form) =>
      'page[]' in form ? { text: '{"error":true,"error_code":"internal_error","error_text":""}' } : undefined,
    );
    assert.equal(conforms, false);
    assert.match(report, /1 of \d+ checks failed/);
  });

  it('calls a category that is not listed a fault', async () => {
    const { report } = await checkGroup('catalogue', (action) =>
      action === 'ProductsCategories' ? { text: '{}' } : undefined,
    );
    assert.match(report, /the category of 7, 8, 9 is not among the categories/);
  });

  it('calls a status that is not listed a fault, however the order was asked for', async () => {
    const { conforms, report } = await checkGroup('orders', (action) =>
      action === 'StatusesList' ? { text: '{}' } : undefined,
    );
    assert.equal(conforms, false);
    assert.equal(report.split('status 1 stands on orders, but not in its list').length, 3);
  });

  it('takes a method that is not listed for a retired one', async () => {
    const { conforms, report } = await checkGroup('orders', (action) =>
      action === 'DeliveryMethodsList' || action === 'PaymentMethodsList' ? { text: '{}' } : undefined,
    );
    assert.equal(conforms, true);
    assert.match(report, /delivery method 2 stands on orders, but not in its list: retired\?/);
    assert.match(report, /payment method 4 stands on orders, but not in its list: retired\?/);
  });

  it('looks for every product under the category that its card names, in each of several categories', async () => {
    const filed = { '9': { name: 'Talerz', quantity: 3, price: '31.50', ean: '5900000000029', sku: 'PLATE' } };
    const faultOf = (underGarden: object): FaultOf => {
      return (action, form, shop) => {
        shop.filed.set('9', '31');
        return action === 'ProductsList' && form['category_id'] === '31'
          ? { text: JSON.stringify({ ...underGarden, pages: 1 }) }
          : undefined;
      };
    };
    const honest = await checkGroup('catalogue', faultOf(filed));
    assert.match(honest.report, /category_id=31/);
    assert.doesNotMatch(honest.report, /does not show product 9/);
    const { conforms, report } = await checkGroup('catalogue', faultOf({}));
    assert.equal(conforms, false);
    assert.match(report, /does not show product 9, which the filter admits/);
  });

  it('leaves out the cards of a shop without products', async () => {
    const empty = new Map<string, string>([
      ['ProductsList', '{"pages":1}'],
      ['ProductsPrices', '{"pages":1}'],
      ['ProductsQuantity', '{"pages":1}'],
    ]);
    const { conforms, report } = await checkGroup('catalogue and dumps', (action) => {
      const text = empty.get(action);
      return text === undefined ? undefined : { text };
    });
    assert.equal(conforms, true, report);
    assert.match(report, /skipped ProductsData, only_images=1 the shop has no products/);
  });
});
