import assert from 'node:assert/strict';
import type { Knex } from 'knex';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import request from 'supertest';
import { loadConfig } from '../../../config/index.ts';
import { createApp } from '../../../connector/compose/app.ts';
import { connect } from '../../../connector/db/connect.ts';
import { migrate } from '../../../connector/db/migrations.ts';
import { createLog } from '../../../connector/lib/log.ts';
import { composeApp } from '../../../connector/compose/shop.ts';
import { findMariadb } from '../../../scripts/mariadb-binaries.mjs';
import { startPrivateMariadb } from '../../../scripts/private-mariadb.ts';
import { seedShop } from '../../../scripts/seed/shop.ts';
import { KEY, type Answer } from '../../support/app.ts';
import { emptyTables, testDatabase } from '../../support/database.ts';
import { startFaultyProxy, type FaultyProxy } from '../../../simulators/faulty-proxy.ts';
import { memoryStream } from '../../support/memory-stream.ts';
import { addCategory, addEntry, addOrder, addProducts, addVariant } from '../../support/shop-rows.ts';
import { errorCode, NOW } from './a-connector.ts';

/** How long the database may be silent here: less than in earnest, so that a black hole does not cost half a minute. */
const TIMEOUT_MS = 1000;

/** Four seconds until a connection is given up, and twice the timeout. */
const MAX_MS = 8000;

const DUMPS = ['ProductsQuantity', 'ProductsPrices'] as const;

/** One call of every action that reads the database, with the table that it cannot do without. */
const CALLS: readonly (readonly [action: string, fields: Readonly<Record<string, string>>, table: string])[] = [
  ['ProductsQuantity', { page: '2' }, 'shop_variants'],
  ['ProductsQuantity', { page: '1' }, 'shop_products'],
  ['ProductsPrices', { page: '2' }, 'shop_variants'],
  ['ProductsList', { page: '2' }, 'shop_products'],
  ['ProductsList', { page: '1', filter_sort: 'name' }, 'shop_products'],
  ['ProductsList', { include_variants: '1' }, 'shop_product_images'],
  ['ProductsData', { products_id: '1,2,3' }, 'shop_product_texts'],
  ['ProductsData', { products_id: '1' }, 'shop_categories'],
  ['OrdersGet', {}, 'shop_orders'],
  ['OrdersGet', { order_id: '1' }, 'shop_order_adjustments'],
  ['OrdersGet', { time_from: '0' }, 'shop_parcels'],
  ['ProductsCategories', {}, 'shop_categories'],
  ['StatusesList', {}, 'shop_statuses'],
  ['DeliveryMethodsList', {}, 'shop_deliveries'],
  ['PaymentMethodsList', {}, 'shop_payments'],
];

interface ImpatientConnector {
  call(action: string, fields?: Readonly<Record<string, string>>): Promise<Answer>;
  readonly log: () => string;
  close(): Promise<void>;
}

async function openImpatient(databaseUrl: string): Promise<ImpatientConnector> {
  const stream = memoryStream();
  const log = createLog('info', stream);
  const settings = { DATABASE_URL: databaseUrl, BASELINKER_KEY: KEY, PRODUCTS_PER_PAGE: '10' };
  const db = connect(databaseUrl, { log, timeoutMs: TIMEOUT_MS });
  const app = createApp(await composeApp(loadConfig(settings), db, log, () => NOW));
  return {
    async call(action, fields = {}) {
      const started = performance.now();
      const { text, body, status } = await request(app)
        .post('/baselinker')
        .type('form')
        .send({ bl_pass: KEY, action, ...fields });
      assert.equal(status, 200);
      assert.ok(performance.now() - started < MAX_MS, `${action} took ${performance.now() - started} ms`);
      return { text, body: body as Record<string, unknown> };
    },
    log: () => stream.text(),
    close: () => db.destroy(),
  };
}

describe('an outage of the database', () => {
  let connector: ImpatientConnector;
  let proxy: FaultyProxy;
  const healthy = new Map<string, string>();

  before(async () => {
    await emptyTables();
    await addCategory('Dom');
    await addProducts(1, 30);
    for (const id of [1, 15, 30]) await addVariant(String(id));
    for (const id of [1, 2, 3]) await addOrder({ id });
    for (const table of ['shop_statuses', 'shop_deliveries', 'shop_payments'] as const) await addEntry(table, 'Coś');
    connector = await openImpatient(testDatabase().url);
    for (const [action, fields] of CALLS) healthy.set(keyOf(action, fields), await right(action, fields));
    await connector.close();
  });

  beforeEach(async () => {
    const url = new URL(testDatabase().url);
    proxy = await startFaultyProxy({ host: url.hostname, port: Number(url.port || 3306) });
    url.port = String(proxy.port);
    connector = await openImpatient(url.href);
  });

  afterEach(async () => {
    proxy.forward();
    await connector.close();
    await proxy.close();
  });

  const keyOf = (action: string, fields: object) => `${action} ${JSON.stringify(fields)}`;

  async function right(action: string, fields: Readonly<Record<string, string>>): Promise<string> {
    const { text, body } = await connector.call(action, fields);
    assert.ok(!('error' in body), `${action}: ${text}`);
    return text;
  }

  /** Every call is answered by an error object with this code, which tells nothing of the inside. */
  function allFail(code: string, answers: readonly Answer[]): void {
    for (const answer of answers) {
      assert.equal(errorCode(answer), code, answer.text);
      assert.ok(!/shop_|bl_|select|sql|mysql|mariadb|127\.0\.0\.1|localhost|ECONN|ER_/i.test(answer.text), answer.text);
    }
  }

  async function allAreRightAgain(): Promise<void> {
    for (const [action, fields] of CALLS) {
      assert.equal((await connector.call(action, fields)).text, healthy.get(keyOf(action, fields)), action);
    }
  }

  const callAll = () => Promise.all(CALLS.map(([action, fields]) => connector.call(action, fields)));

  describe('between two pages of a dump', () => {
    for (const what of [
      'that refuses every line',
      'that falls silent',
      'that cuts the line and is silent on the next',
    ]) {
      const happens = () => {
        if (what === 'that refuses every line') proxy.refuse();
        else proxy.blackHole();
        if (what !== 'that falls silent') proxy.cut();
      };
      it(`${what} gives db_connection, and the page after it is whole again`, async () => {
        for (const action of DUMPS) {
          const seen: string[] = [];
          for (const page of ['1', '2', '3']) {
            if (page === '2') {
              happens();
              allFail('db_connection', [await connector.call(action, { page })]);
              proxy.forward();
            }
            seen.push(...Object.keys((await connector.call(action, { page })).body).filter((key) => key !== 'pages'));
          }
          assert.deepEqual(
            seen.map(Number),
            Array.from({ length: 30 }, (_, n) => n + 1),
            action,
          );
        }
      });
    }

    it('that only cuts the line is not even noticed, or told', async () => {
      for (const action of DUMPS) {
        const before = await right(action, { page: '2' });
        proxy.cut();
        const answer = await connector.call(action, { page: '2' });
        if (answer.body['error'] === true) allFail('db_connection', [answer]);
        else assert.equal(answer.text, before);
        assert.equal(await right(action, { page: '2' }), before);
      }
    });
  });

  describe('gives db_connection to everybody who calls at once', () => {
    it('when the database refuses', async () => {
      proxy.refuse();
      proxy.cut();
      allFail('db_connection', await callAll());
      proxy.forward();
      await allAreRightAgain();
    });

    it('when the database is silent', async () => {
      proxy.blackHole();
      allFail('db_connection', await callAll());
      proxy.forward();
      await allAreRightAgain();
    });
  });

  describe('in the middle of a query', () => {
    let locker: Connection;

    /** Nobody can read the shop's tables, so that every query stays under way until something happens. */
    beforeEach(async () => {
      locker = await createConnection(testDatabase().url);
      const [tables] = await locker.query<RowDataPacket[]>("SHOW TABLES LIKE 'shop\\_%'");
      const names = tables.map((row) => `\`${String(Object.values(row)[0])}\` WRITE`);
      await locker.query(`LOCK TABLES ${names.join()}`);
    });

    afterEach(() => {
      locker.destroy();
    });

    const underWay = () => waitingFor(locker, 1);

    for (const [action, fields] of CALLS) {
      it(`of ${action} ${JSON.stringify(fields)}, a cut gives db_connection`, async () => {
        const call = connector.call(action, fields);
        await underWay();
        proxy.cut();
        allFail('db_connection', [await call]);
        locker.destroy();
        assert.equal((await connector.call(action, fields)).text, healthy.get(keyOf(action, fields)));
      });
    }

    it('of a dump, silence gives db_connection', async () => {
      const call = connector.call('ProductsQuantity');
      await underWay();
      proxy.blackHole();
      allFail('db_connection', [await call]);
      locker.destroy();
      proxy.forward();
      await allAreRightAgain();
    });
  });

  describe('that lacks a table', () => {
    async function without(table: string, work: () => Promise<void>): Promise<void> {
      const { db } = testDatabase();
      await db.raw('RENAME TABLE ?? TO ??', [table, `${table}_away`]);
      try {
        await work();
      } finally {
        await db.raw('RENAME TABLE ?? TO ??', [`${table}_away`, table]);
      }
    }

    for (const [action, fields, table] of CALLS) {
      it(`(${table}) gives db_query to ${action} ${JSON.stringify(fields)}, and no SQL`, async () => {
        // The guard has seen a dump, so that it does not itself meet the lack first.
        await right('ProductsQuantity', { page: '1' });
        await without(table, async () => {
          allFail('db_query', [await connector.call(action, fields)]);
        });
        await right(action, fields);
        assert.match(connector.log(), /call failed/);
      });
    }

    it('(bl_stock_guard) gives db_query to a dump that cannot be compared with the last one', async () => {
      await without('bl_stock_guard', async () => {
        allFail('db_query', [await connector.call('ProductsQuantity')]);
        allFail('db_query', [await connector.call('ProductsQuantity', { page: '2' })]);
      });
      await allAreRightAgain();
    });

    it('can be told so for hours without a trace in the process', async () => {
      const warnings: Error[] = [];
      const listener = (warning: Error) => warnings.push(warning);
      process.on('warning', listener);
      try {
        await without('shop_products', async () => {
          for (let n = 0; n < 15; n += 1) await connector.call('ProductsList', { filter_sort: 'name' });
        });
        // Node tells of a warning in the next turn.
        await new Promise((resolve) => setImmediate(resolve));
      } finally {
        process.off('warning', listener);
      }
      assert.deepEqual(warnings, []);
    });
  });

  it('by a killed server fails all ten dumps that are under way, and none after it came back', async function () {
    this.timeout(120_000);
    if (!findMariadb()) {
      // Possible only with TEST_DATABASE_URL: that server is not ours to kill.
      this.test!.title += ' (skipped: there is no MariaDB here to kill)';
      this.skip();
    }
    const server = await startPrivateMariadb({ durable: true });
    const pages = Array.from({ length: 10 }, (_, n) => String(n + 1));
    let db: Knex | undefined;
    let own: ImpatientConnector | undefined;
    let locker: Connection | undefined;
    try {
      db = connect(server.url);
      await migrate(db, { shop: 'native' });
      await seedShop(db, { products: 120, orders: 0, now: NOW });
      const one = (own = await openImpatient(server.url));
      const dump = () => Promise.all(pages.map((page) => one.call('ProductsQuantity', { page })));
      const before = (await dump()).map(({ text }) => text);

      locker = await createConnection(server.url);
      locker.on('error', () => undefined); // it dies with its server
      await locker.query('LOCK TABLES shop_products WRITE, shop_variants WRITE');
      const dumps = dump();
      await waitingFor(locker, 5);
      await server.kill();
      allFail('db_connection', await dumps);
      allFail('db_connection', [await one.call('ProductsQuantity'), await one.call('ProductsList')]);

      await server.restart();
      assert.deepEqual(
        (await dump()).map(({ text }) => text),
        before,
      );
    } finally {
      locker?.destroy();
      await own?.close();
      await db?.destroy();
      await server.remove();
    }
  });
});

/** Resolves once so many queries wait for the locker's tables. */
async function waitingFor(locker: Connection, count: number): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const [threads] = await locker.query<RowDataPacket[]>('SHOW PROCESSLIST');
    if (threads.filter(({ State }) => /waiting for table/i.test(String(State))).length >= count) return;
    assert.ok(Date.now() < deadline, 'no query is under way');
  }
}
