import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { z } from 'zod';
import * as answers from '../../../connector/baselinker/check/response-schemas.ts';
import { KEY, openApp, type TestApp } from '../../support/app.ts';
import { emptyTables } from '../../support/database.ts';
import { addEntry, addOrder, addProducts, addVariant } from '../../support/shop-rows.ts';
import { conforming, errorCode, NOW } from './a-connector.ts';

/** The parameters of every action, from the protocol notes, 2.1 to 2.17. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  FileVersion: [],
  SupportedMethods: [],
  ProductsCategories: [],
  ProductsList: [
    ...['category_id', 'filter_limit', 'filter_sort', 'filter_id', 'filter_ids_list', 'filter_ean', 'filter_sku'],
    ...['filter_name', 'filter_price_from', 'filter_price_to', 'filter_quantity_from', 'filter_quantity_to'],
    ...['filter_available', 'page', 'include_variants'],
  ],
  ProductsData: ['products_id', 'only_images', 'fields'],
  ProductsPrices: ['page'],
  ProductsQuantity: ['page'],
  ProductsQuantityUpdate: ['products'],
  ProductsPriceUpdate: ['products'],
  ProductAdd: [
    ...['product_id', 'sku', 'ean', 'name', 'quantity', 'price', 'tax', 'weight', 'height', 'length', 'width'],
    ...['description', 'man_name', 'category_id', 'images', 'features', 'tags'],
  ],
  CategoryAdd: ['name', 'parent_id'],
  OrderAdd: [
    ...['previous_order_id', 'baselinker_id', 'delivery_fullname', 'delivery_country_code', 'invoice_nip', 'email'],
    ...['phone', 'delivery_method_id', 'delivery_price', 'payment_method_id', 'payment_method_cod', 'user_comments'],
    ...['status_id', 'currency', 'want_invoice', 'paid', 'change_products_quantity', 'products', 'date_add'],
  ],
  OrderUpdate: ['orders_ids', 'update_type', 'update_value', 'tracking_url'],
  OrdersGet: ['time_from', 'id_from', 'only_paid', 'order_id', 'page'],
  StatusesList: [],
  DeliveryMethodsList: [],
  PaymentMethodsList: [],
};

const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  FileVersion: answers.fileVersion,
  SupportedMethods: answers.supportedMethods,
  ProductsCategories: answers.categories,
  ProductsList: answers.productsList,
  ProductsPrices: answers.productsPrices,
  ProductsQuantity: answers.productsQuantity,
  OrdersGet: answers.ordersGet,
  StatusesList: answers.dictionary,
  DeliveryMethodsList: answers.dictionary,
  PaymentMethodsList: answers.dictionary,
};

/** What must stand beside `fields`, so that they are looked at at all. */
const needed = (field: string) => (field === 'fields' || field === 'only_images' ? 'products_id=1,2&' : '');

const CALLERS_FAULT = ['invalid_parameter', 'unsupported_action', 'no_password', 'incorrect_password'];
const SHOPS_NO = ['unknown_product', 'unknown_order'];

const MAX_MS = 5000;

describe('bad input', () => {
  let app: TestApp;
  let server: Server;
  let url: string;
  let names: readonly string[];

  before(async () => {
    await emptyTables();
    await addProducts(1, 3);
    await addVariant('1');
    await addOrder({ id: 1 });
    await addEntry('shop_statuses', 'Nowe');
    app = await openApp({ now: NOW });
    server = createServer(app.app).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/baselinker`;
    names = (await sendForm('SupportedMethods', '')).body as unknown as string[];
  });

  after(async () => {
    server.close();
    server.closeAllConnections();
    await app.close();
  });

  async function send(body: string | Buffer | null, headers: Record<string, string> = {}, method = 'POST') {
    const started = performance.now();
    const response = await fetch(url, { method, body, headers, signal: AbortSignal.timeout(MAX_MS) });
    const text = await response.text();
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
    assert.ok(performance.now() - started < MAX_MS, 'took too long');
    return { text, body: JSON.parse(text) as Record<string, unknown> };
  }

  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
  const JSON_BODY = { 'content-type': 'application/json' };
  const sendForm = (action: string, fields: string) => send(`bl_pass=${KEY}&action=${action}&${fields}`, FORM);
  const sendJson = (action: string, fields: string) =>
    send(`{"bl_pass":"${KEY}","action":"${action}",${fields}}`, JSON_BODY);

  type Sent = Awaited<ReturnType<typeof send>>;

  /** An answer as good as any other, or the caller's fault; never ours and never the database's. */
  function isFine(answer: Sent, action: string): void {
    if (answer.body['error'] === true) {
      assert.ok([...CALLERS_FAULT, ...SHOPS_NO].includes(errorCode(answer)), answer.text);
      return;
    }
    const schema = SCHEMAS[action];
    if (schema) conforming(answer, schema);
    else assert.ok(answer.text.startsWith('{'), answer.text);
  }

  /** All fields of one action at once: BaseLinker's calls overlap too. */
  async function tryEverywhere(sendField: (action: string, field: string) => Promise<Sent>): Promise<void> {
    for (const name of names) {
      await Promise.all(
        (FIELDS[name] ?? []).map(async (field) => {
          try {
            isFine(await sendField(name, field), name);
          } catch (error) {
            throw new Error(`${name}, ${field}`, { cause: error });
          }
        }),
      );
    }
  }

  it('is tried on every action that the connector says it answers', () => {
    assert.ok(names.includes('ProductsList'));
    for (const name of names) assert.ok(FIELDS[name], name);
  });

  describe('in any field of any action, as form field:', () => {
    const forms: readonly (readonly [title: string, fieldOf: (name: string) => string])[] = [
      ['a list', (name) => `${name}[]=1&${name}[]=2`],
      ['a table in a table', (name) => `${name}[a][b]=1`],
      ['a table with __proto__', (name) => `${name}[__proto__]=1&${name}[constructor]=2`],
      ['a table nested too deep', (name) => `${name}${'[a]'.repeat(2000)}=1`],
      ['first a value, then a table', (name) => `${name}=1&${name}[x]=2`],
      ['a bracket that never closes', (name) => `${name}[=1`],
      ['a code that is not UTF-8', (name) => `${name}=%B3%F1`],
      ['half a surrogate in UTF-8', (name) => `${name}=%ED%A0%80`],
      ['a broken percent code', (name) => `${name}=%zz`],
    ];
    for (const [title, fieldOf] of forms) {
      it(title, () => tryEverywhere((action, field) => sendForm(action, `${needed(field)}${fieldOf(field)}`)));
    }

    const values: readonly (readonly [title: string, value: string])[] = [
      ['SQL', '1 OR 1=1'],
      ['a quote and an end of statement', `'; DROP TABLE shop_products; -- `],
      ['a quote behind a backslash', `\\' OR 1=1 #`],
      ['a hexadecimal number', '0x10'],
      ['a number behind a blank', ' 5'],
      ['a number before letters', '5abc'],
      ['a number in Arabic digits', '٥'],
      ['a number with an exponent', '1e999'],
      ['no number', 'NaN'],
      ['a number of 400 digits', '9'.repeat(400)],
      ['a number of 400 decimals', `1.${'9'.repeat(400)}`],
      ['2^31', '2147483648'],
      ['2^32', '4294967296'],
      ['2^63', '9223372036854775808'],
      ['-1', '-1'],
      ['999999999', '999999999'],
      ['a negative price', '-24.90'],
      ['NUL', '\0'],
      ['NUL within', 'a\0b'],
      ['emoji', '🐢👨‍👩‍👧'],
      ['signs of LIKE', '%_|\\'],
      ['a name that JavaScript knows', '__proto__'],
      ['commas', ',,,1,,'],
      ['broken JSON', '[{"a":'],
      ['JSON null', 'null'],
      ['a JSON list of nothing', '[null,[],{},1,"x"]'],
      ['deep JSON', '['.repeat(20_000) + ']'.repeat(20_000)],
      ['100,000 characters', 'x'.repeat(100_000)],
      ['20,000 ids', Array.from({ length: 20_000 }, (_, n) => n).join()],
    ];
    for (const [title, value] of values) {
      it(title, () =>
        tryEverywhere((action, field) => sendForm(action, `${needed(field)}${field}=${encodeURIComponent(value)}`)),
      );
    }
  });

  describe('in any field of any action, as JSON:', () => {
    for (const [title, value] of [
      ['null', 'null'],
      ['true', 'true'],
      ['a fraction', '1.5'],
      ['a huge number', '1e300'],
      ['-1', '-1'],
      ['an empty list', '[]'],
      ['a list', '[1,"2"]'],
      ['an empty object', '{}'],
      ['an object with __proto__', '{"__proto__":{"a":1},"constructor":null,"toString":1}'],
      ['half a surrogate', '"\\ud83d"'],
      ['NUL', '"\\u0000"'],
      ['a list nested 20,000 times', '['.repeat(20_000) + ']'.repeat(20_000)],
      ['an object nested 20,000 times', '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000)],
    ] as const) {
      it(title, () =>
        tryEverywhere((action, field) =>
          sendJson(action, `${field === 'products_id' ? '' : '"products_id":"1",'}"${field}":${value}`),
        ),
      );
    }
  });

  it('in fields named __proto__, constructor and the like is passed over', async () => {
    const odd = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'pages', 'error', 'secret', ''];
    const asForm = odd.map((field) => `${field}=1&${field}[x]=2&${field}[]=3`).join('&');
    const asJson = odd.map((field) => `"${field}":{"x":1}`).join();
    for (const name of names) {
      const plain = await sendForm(name, '');
      assert.equal((await sendForm(name, asForm)).text, plain.text);
      assert.equal((await sendJson(name, asJson)).text, plain.text);
    }
    assert.equal(({} as Record<string, unknown>)['x'], undefined);
  });

  it('in a body of 10 MB is refused', async () => {
    const megabytes = 'x'.repeat(10 * 1024 * 1024);
    for (const name of names) {
      assert.equal(errorCode(await sendForm(name, `products=${megabytes}`)), 'invalid_parameter');
    }
    assert.equal(errorCode(await sendJson('ProductsList', `"a":"${megabytes}"`)), 'invalid_parameter');
  });

  it('packed so that a small body becomes a large one is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, 'x'));
    const answer = await send(bomb, { ...FORM, 'content-encoding': 'gzip' });
    assert.equal(errorCode(answer), 'invalid_parameter');
  });

  it('in more fields than anybody sends is refused', async () => {
    const fields = Array.from({ length: 60_000 }, (_, n) => `f${n}=1`).join('&');
    assert.equal(errorCode(await sendForm('ProductsList', fields)), 'invalid_parameter');
  });

  describe('as a whole body:', () => {
    const call = `bl_pass=${KEY}&action=ProductsList`;
    const bodies: readonly (readonly [title: string, type: string, body: string | Buffer, code: string])[] = [
      ['JSON null', 'application/json', 'null', 'no_password'],
      ['a JSON list', 'application/json', '[1,2]', 'no_password'],
      ['a JSON text', 'application/json', '"bl_pass"', 'no_password'],
      ['broken JSON', 'application/json', `{"bl_pass":"${KEY}"`, 'invalid_parameter'],
      ['nothing, said to be JSON', 'application/json', ' ', 'no_password'],
      ['JSON nested 1,000,000 times', 'application/json', '['.repeat(1_000_000), 'no_password'],
      ['a form said to be XML', 'application/xml', call, 'invalid_parameter'],
      ['a form said to be multipart', 'multipart/form-data', call, 'invalid_parameter'],
      ['multipart that breaks off', 'multipart/form-data; boundary=b', '--b\r\nContent-Disp', 'no_password'],
      ['ISO-8859-2', 'application/x-www-form-urlencoded; charset=iso-8859-2', call, 'invalid_parameter'],
      ['UTF-16', 'application/x-www-form-urlencoded; charset=utf-16', call, 'invalid_parameter'],
      ['UTF-16 that says nothing', 'application/x-www-form-urlencoded', Buffer.from(call, 'utf16le'), 'no_password'],
      [
        'bytes that are no UTF-8',
        'application/x-www-form-urlencoded',
        Buffer.from(`${call}&a=\xb3`, 'latin1'),
        'invalid_parameter',
      ],
      [
        'bytes that are no UTF-8, and no key',
        'application/x-www-form-urlencoded',
        Buffer.from('a=\xb3', 'latin1'),
        'no_password',
      ],
      ['an empty JSON object', 'application/json', '{}', 'no_password'],
      ['signs between no fields', 'application/x-www-form-urlencoded', '&&&', 'no_password'],
      ['signs only', 'application/x-www-form-urlencoded', '=&=x&[]=1&[=2', 'no_password'],
      ['no key', 'application/x-www-form-urlencoded', 'action=ProductsList', 'no_password'],
      ['an empty key', 'application/x-www-form-urlencoded', 'bl_pass=&action=ProductsList', 'no_password'],
      ['a list of keys', 'application/x-www-form-urlencoded', `bl_pass[]=${KEY}&action=X`, 'incorrect_password'],
      ['a key and more', 'application/x-www-form-urlencoded', `bl_pass=${KEY}%00&action=X`, 'incorrect_password'],
      ['no action', 'application/x-www-form-urlencoded', `bl_pass=${KEY}`, 'unsupported_action'],
      ['a list of actions', 'application/x-www-form-urlencoded', `bl_pass=${KEY}&action[]=X`, 'unsupported_action'],
      [
        'an inherited action',
        'application/x-www-form-urlencoded',
        `bl_pass=${KEY}&action=__proto__`,
        'unsupported_action',
      ],
    ];
    for (const [title, type, body, code] of bodies) {
      it(`${title}: ${code}`, async () => {
        assert.equal(errorCode(await send(body, { 'content-type': type })), code);
      });
    }

    it('nothing at all is the connection test', async () => {
      conforming(await send(null), answers.fileVersion);
      conforming(await send('', FORM), answers.fileVersion);
    });

    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      it(`${method}: no_password`, async () => {
        assert.equal(
          errorCode(await send(method === 'GET' ? null : call, method === 'GET' ? {} : FORM, method)),
          'no_password',
        );
      });
    }
  });

  it('never reached the log as a fault of ours', () => {
    assert.ok(
      !app.log().includes('call failed'),
      app
        .log()
        .split('\n')
        .find((line) => line.includes('call failed')),
    );
  });
});
