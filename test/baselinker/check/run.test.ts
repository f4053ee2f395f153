import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runCheck } from '../../../connector/baselinker/check/run.ts';
import { KEY, littleConnector, ORDER, type Fault } from './little-connector.ts';
import { littleShop, type LittleShop } from './little-shop.ts';

const TIMEOUT_MS = 300;

type FaultOf = (action: string, form: Readonly<Record<string, string>>, shop: LittleShop) => Fault | undefined;

interface Checked {
  readonly conforms: boolean;
  readonly report: string;
  readonly lines: string[];
  /** As the check has left it. */
  readonly shop: LittleShop;
}

/** Checks the connector with these faults; the report as one text without line breaks. */
async function check(faultOf?: FaultOf, options: { readonly writes?: boolean } = {}): Promise<Checked> {
  const connector = await littleConnector(faultOf);
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const now = (): Date => new Date('2026-01-02T00:00:00Z');
  try {
    const conforms = await runCheck({ url: connector.url, key: KEY, print, timeoutMs: TIMEOUT_MS, now, ...options });
    return { conforms, report: lines.join(' ').replace(/\s+/g, ' '), lines, shop: connector.shop };
  } finally {
    await connector.stop();
  }
}

/** All that a check says that cannot even begin. */
async function sentences({ url, key = KEY }: { readonly url: string; readonly key?: string }): Promise<string[]> {
  const lines: string[] = [];
  assert.equal(await runCheck({ url, key, print: (line) => void lines.push(line), timeoutMs: TIMEOUT_MS }), false);
  return lines;
}

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

/** The same for what writes. */
const WRITING_FAULTS: typeof FAULTS = [
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
  [
    'bad input that is taken',
    'ProductsPriceUpdate',
    '{"counter":1}',
    'an error (invalid_parameter) is due, but there is an answer',
  ],
];

describe('the check', () => {
  it('finds nothing to say against a connector that conforms', async () => {
    const { conforms, report, lines } = await check();
    assert.equal(conforms, true, lines.join('\n'));
    assert.match(report, /All \d+ checks passed\./);
    for (const line of lines) assert.ok(line.length <= 100, line);
  });

  for (const [wrong, action, answer, sentence] of FAULTS) {
    it(`says what is wrong with ${wrong}`, async () => {
      const { conforms, report } = await check((asked) => (asked === action ? { text: answer } : undefined));
      assert.equal(conforms, false);
      assert.ok(report.includes(sentence), report);
    });
  }

  it('sends a connector that writes nothing but what it must refuse', async () => {
    const { conforms, report, shop } = await check();
    assert.equal(conforms, true, report);
    assert.match(report, /OrderAdd, nothing sent refused: invalid_parameter/);
    assert.deepEqual(shop, littleShop());
  });

  it('writes when it is told to, and says what it leaves behind', async () => {
    const { conforms, report, lines, shop } = await check(undefined, { writes: true });
    assert.equal(conforms, true, lines.join('\n'));
    for (const line of lines) assert.ok(line.length <= 100, line);
    const { products, categories, orders } = littleShop();
    assert.deepEqual([...shop.products].slice(0, products.size), [...products]);
    assert.deepEqual([...shop.categories.values()].slice(categories.size), ['BaseLinker check']);
    assert.deepEqual(
      [...shop.products.values()].slice(products.size).map(({ sku, quantity }) => [sku, quantity]),
      [['BASELINKER-CHECK', 0]],
    );
    assert.equal(shop.orders.size, orders.size + 1);
    const [id, order] = [...shop.orders].at(-1)!;
    assert.equal(order.status_id, '5');
    assert.ok(report.includes(`Left in the shop by this check: order ${id} (Anulowane);`), report);
    assert.match(report, /Product 9 had 3 pieces and cost 31\.50: its stock and price were moved and put back, unless/);
  });

  for (const [wrong, action, answer, sentence] of WRITING_FAULTS) {
    it(`says what is wrong with ${wrong}, when it writes`, async () => {
      const faultOf: FaultOf = (asked) => (asked === action ? { text: answer } : undefined);
      const { conforms, report } = await check(faultOf, { writes: true });
      assert.equal(conforms, false);
      assert.ok(report.includes(sentence), report);
    });
  }

  it('says that a country was not understood', async () => {
    const order = { ...ORDER, invoice_country_code: 'EL' };
    const { report } = await check(
      (action, { order_id }) =>
        action === 'OrdersGet' && order_id !== undefined
          ? { text: JSON.stringify({ [order_id]: order, pages: 1 }) }
          : undefined,
      { writes: true },
    );
    assert.ok(report.includes('invoice_country_code is "EL" where "GR" is due'), report);
  });

  it('says that an order stands twice', async () => {
    const numbers = new Set<string>();
    const { report } = await check(
      (action, form) => {
        const number = form['baselinker_id'] ?? '';
        if (action !== 'OrderAdd' || !form['products']?.includes('"9"')) return undefined;
        if (numbers.has(number)) return { text: '{"order_id":11}' };
        numbers.add(number);
        return undefined;
      },
      { writes: true },
    );
    assert.match(report, /is order 11, but before it was \d+: the order stands twice/);
  });

  it('says that an order does not come to what a price of three decimals makes', async () => {
    const { report } = await check(
      (action, form) =>
        action === 'OrderAdd' && form['products']?.includes('"14.634"') === true
          ? { text: '{"order_id":101}' }
          : undefined,
      { writes: true },
    );
    assert.match(report, /the total of lines and delivery is "74\.99" where "41\.26" was sent/);
  });

  it('puts the stock back although the order went wrong', async () => {
    const faultOf: FaultOf = (action) => (action === 'OrderUpdate' ? 'drop' : undefined);
    const { conforms, shop } = await check(faultOf, { writes: true });
    assert.equal(conforms, false);
    assert.equal(shop.products.get('9')?.quantity, 3);
  });

  it('writes nothing into a shop that only reads', async () => {
    const methods = ['FileVersion', 'ProductsList', 'ProductsData', 'ProductsQuantity', 'OrdersGet'];
    const faultOf: FaultOf = (action) =>
      action === 'SupportedMethods' ? { text: JSON.stringify(methods) } : undefined;
    const { conforms, report, shop } = await check(faultOf, { writes: true });
    assert.equal(conforms, true, report);
    assert.match(report, /skipped OrderAdd not among the supported methods/);
    assert.doesNotMatch(report, /Left in the shop/);
    assert.deepEqual(shop, littleShop());
  });

  it('waits for an answer only so long', async () => {
    const { conforms, report } = await check((action) => (action === 'StatusesList' ? 'silence' : undefined));
    assert.equal(conforms, false);
    assert.ok(report.includes(`no answer within ${TIMEOUT_MS / 1000} s`), report);
  });

  it('says that a line was cut', async () => {
    const { conforms, report } = await check((action) => (action === 'StatusesList' ? 'drop' : undefined));
    assert.equal(conforms, false);
    assert.match(report, /the line was cut before the answer was complete/);
  });

  it('says when bad input ends in an internal error', async () => {
    const { conforms, report } = await check((_, form) =>
      'page[]' in form ? { text: '{"error":true,"error_code":"internal_error","error_text":""}' } : undefined,
    );
    assert.equal(conforms, false);
    assert.match(report, /1 of \d+ checks failed/);
  });

  it('calls a category that is not listed a fault', async () => {
    const { report } = await check((action) => (action === 'ProductsCategories' ? { text: '{}' } : undefined));
    assert.match(report, /the category of 7, 8, 9 is not among the categories/);
  });

  it('calls a status that is not listed a fault, however the order was asked for', async () => {
    const { conforms, report } = await check((action) => (action === 'StatusesList' ? { text: '{}' } : undefined));
    assert.equal(conforms, false);
    assert.equal(report.split('status 1 stands on orders, but not in its list').length, 3);
  });

  it('takes a method that is not listed for a retired one', async () => {
    const { conforms, report } = await check((action) =>
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
    const honest = await check(faultOf(filed));
    assert.match(honest.report, /category_id=31/);
    assert.doesNotMatch(honest.report, /does not show product 9/);
    const { conforms, report } = await check(faultOf({}));
    assert.equal(conforms, false);
    assert.match(report, /does not show product 9, which the filter admits/);
  });

  it('leaves out what is not supported', async () => {
    const { conforms, report } = await check((action) =>
      action === 'SupportedMethods' ? { text: '["FileVersion"]' } : undefined,
    );
    assert.equal(conforms, true);
    assert.match(report, /skipped OrdersGet not among the supported methods/);
  });

  it('says that nobody listens', async () => {
    const connector = await littleConnector();
    await connector.stop();
    const lines: string[] = [];
    assert.equal(await runCheck({ url: connector.url, key: KEY, print: (line) => void lines.push(line) }), false);
    assert.deepEqual(lines, [`Nothing listens at ${connector.url}`]);
  });

  for (const url of ['localhost:8080/baselinker', '127.0.0.1:8080', 'ftp://shop.example', '']) {
    it(`says that "${url}" is no address`, async () => {
      assert.deepEqual(await sentences({ url }), ['This is no address: begin with http:// or https://']);
    });
  }

  it('says in one sentence that the key is wrong, or missing', async () => {
    const connector = await littleConnector();
    try {
      for (const key of ['another-key-than-the-right-one', '']) {
        assert.deepEqual(await sentences({ url: connector.url, key }), [
          'The key is not the one of this connector (BASELINKER_KEY)',
        ]);
      }
    } finally {
      await connector.stop();
    }
  });

  it('says in one sentence what a redirect does to a call', async () => {
    const server = createServer((_, response) =>
      response.writeHead(301, { Location: 'https://shop.example/baselinker' }).end(),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      assert.deepEqual(await sentences({ url: `http://127.0.0.1:${port}/baselinker` }), [
        'The address redirects (HTTP 301), which turns a POST into a GET: use the one where it ends, https:// as a rule',
      ]);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  for (const [what, status, body] of [
    ['another path', 404, '{"status":"nothing here"}'],
    ['a web page', 200, '<!DOCTYPE html><title>A shop</title>'],
  ] as const) {
    it(`says in one sentence that ${what} answers`, async () => {
      const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
      await once(server, 'listening');
      try {
        const { port } = server.address() as AddressInfo;
        assert.deepEqual(await sentences({ url: `http://127.0.0.1:${port}/` }), [
          'Something answers there, but not at this path: ENDPOINT_PATH is /baselinker unless it was set',
        ]);
      } finally {
        server.close();
        server.closeAllConnections();
      }
    });
  }

  it('leaves out the cards of a shop without products', async () => {
    const empty = new Map<string, string>([
      ['ProductsList', '{"pages":1}'],
      ['ProductsPrices', '{"pages":1}'],
      ['ProductsQuantity', '{"pages":1}'],
    ]);
    const { conforms, report } = await check((action) => {
      const text = empty.get(action);
      return text === undefined ? undefined : { text };
    });
    assert.equal(conforms, true, report);
    assert.match(report, /skipped ProductsData, only_images=1 the shop has no products/);
  });

  it('does not undo a sale while it puts the stock back', async () => {
    let sold = false;
    const { conforms, report, shop } = await check(
      (action, form, { products }) => {
        if (action !== 'OrderUpdate' || form['update_type'] !== 'paid' || sold) return undefined;
        sold = true;
        const product = products.get('9')!;
        products.set('9', { ...product, quantity: product.quantity - 1 });
        return undefined;
      },
      { writes: true },
    );
    assert.equal(conforms, true, report);
    assert.equal(shop.products.get('9')?.quantity, 2);
  });

  it('gives nothing back that the shop itself gave back for the cancelled order', async () => {
    const { conforms, report, shop } = await check(
      (action, form, { products }) => {
        if (action !== 'OrderUpdate' || form['update_value'] !== '5') return undefined;
        const product = products.get('9')!;
        products.set('9', { ...product, quantity: 3 });
        return undefined;
      },
      { writes: true },
    );
    assert.equal(conforms, true, report);
    assert.equal(shop.products.get('9')?.quantity, 3);
  });
});
