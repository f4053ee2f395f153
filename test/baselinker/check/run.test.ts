import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runCheck } from '../../../connector/baselinker/check/run.ts';
import { KEY, littleConnector } from './little-connector.ts';
import { littleShop } from './little-shop.ts';
import { NOW, type Checked, type FaultOf } from './one-group.ts';

const TIMEOUT_MS = 10_000;

/** Checks the connector with these faults; the report as one text without line breaks. */
async function check(faultOf?: FaultOf, options: { readonly writes?: boolean } = {}): Promise<Checked> {
  const connector = await littleConnector(faultOf);
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const now = (): Date => NOW;
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

/** Of every group: one that a whole check left out would not be missed otherwise. */
const HEADINGS = [
  'Connection',
  'Catalogue',
  'Filters and sorting of the product list',
  'Prices and stock',
  'Lists of the panel',
  'Orders',
  'Bad input',
  'Bad input to what writes',
  'Writing: stock and prices',
  'Writing: orders',
  'Writing: categories and products',
];

describe('the check', () => {
  it('finds nothing to say against a connector that conforms', async () => {
    const { conforms, report, lines } = await check();
    assert.equal(conforms, true, lines.join('\n'));
    assert.match(report, /All \d+ checks passed\./);
    for (const line of lines) assert.ok(line.length <= 100, line);
  });

  it('sends a connector that writes nothing but what it must refuse', async () => {
    const { conforms, report, shop } = await check();
    assert.equal(conforms, true, report);
    assert.match(report, /OrderAdd, nothing sent refused: invalid_parameter/);
    assert.deepEqual(shop, littleShop());
  });

  it('writes when it is told to, and says what it leaves behind', async () => {
    const { conforms, report, lines, shop } = await check(undefined, { writes: true });
    assert.equal(conforms, true, lines.join('\n'));
    assert.deepEqual(
      lines.filter((line) => HEADINGS.includes(line)),
      HEADINGS,
    );
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
});
