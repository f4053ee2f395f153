/**
 * The floor of every figure: what hand-written code needs for the same answers and the same rows, that of each call in
 * bl_calls included, with nothing around it. No framework, no checks, no log; prepared statements over a pool of eight,
 * rows as arrays, text put together by hand, and what does not change during a run (page borders, category paths) read
 * once.
 */

import { createServer, type IncomingMessage } from 'node:http';
import { openCalls } from './calls.ts';
import { cards, readPlaces } from './cards.ts';
import { openDatabase } from './database.ts';
import { orders } from './orders.ts';
import { list, prices, quantities, readPages } from './pages.ts';
import { updateStock } from './stock.ts';
import { addOrder, readStatuses, updateOrders } from './writes.ts';

const { DATABASE_URL = '', BASELINKER_KEY: key, PORT } = process.env;
const { ask, inTransaction } = openDatabase(DATABASE_URL);
const [pages, places, statuses] = await Promise.all([readPages(ask), readPlaces(ask), readStatuses(ask)]);

const writeDown = openCalls(ask);

type Fields = Readonly<Record<string, string>>;

const ACTIONS: Readonly<Record<string, (fields: Fields, body: string) => Promise<string>>> = {
  ProductsQuantity: ({ page }) => quantities(ask, pages, Number(page ?? 1)),
  ProductsPrices: ({ page }) => prices(ask, pages, Number(page ?? 1)),
  ProductsList: ({ page }) => list(ask, pages, Number(page ?? 1)),
  ProductsData: ({ products_id = '' }) => cards(ask, places, products_id.split(',').map(Number)),
  OrdersGet: ({ id_from }) => orders(ask, Number(id_from ?? 0)),
  OrderAdd: (fields) => addOrder(inTransaction, statuses, fields),
  OrderUpdate: (fields) => updateOrders(inTransaction, statuses, fields),
  ProductsQuantityUpdate: (fields, body) => updateStock(inTransaction, fields, body),
};

createServer((request, response) => {
  const startedAt = performance.now();
  answer(request).then(
    ({ name, text }) => {
      const body = Buffer.from(text);
      response.writeHead(200, {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Length': body.length,
        'Cache-Control': 'no-store',
      });
      response.end(body);
      writeDown(name, body.length, performance.now() - startedAt);
    },
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      response.writeHead(500).end();
    },
  );
}).listen(Number(PORT), '127.0.0.1');

async function answer(request: IncomingMessage): Promise<{ name: string; text: string }> {
  const body = await bodyOf(request);
  const fields = read(body);
  const { action: name = '' } = fields;
  const action = ACTIONS[name];
  if (fields['bl_pass'] !== key || !action) throw new Error('not a call that the floor knows');
  return { name, text: await action(fields, body) };
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => resolve(body));
    request.on('error', reject);
  });
}

function read(body: string): Fields {
  const fields: Record<string, string> = {};
  for (const pair of body.split('&')) {
    const equals = pair.indexOf('=');
    const value = pair.slice(equals + 1);
    fields[pair.slice(0, equals)] = /[%+]/.test(value) ? decodeURIComponent(value.replaceAll('+', ' ')) : value;
  }
  return fields;
}
