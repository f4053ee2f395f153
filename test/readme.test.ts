import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import type { Knex } from 'knex';
import { connect } from '../connector/db/connect.ts';
import { insertCallRows } from '../connector/storage/call-log.ts';
import { storeMessage } from '../connector/storage/inbox.ts';
import { migrate, pendingMigrations } from '../connector/db/migrations.ts';
import { backlogs } from '../connector/storage/outbox-admin.ts';
import { claim, settle } from '../connector/storage/outbox.ts';
import { changeHealth } from '../connector/storage/target-health.ts';
import { createLog } from '../connector/lib/log.ts';
import { Profile } from '../connector/integrations/idosell/client/profile.ts';
import { openShop } from '../connector/compose/shop.ts';
import { openWholesalers, supplyWarnings } from '../connector/compose/wholesalers.ts';
import { relayWarning } from '../connector/compose/relay.ts';
import { backfill } from '../connector/relay/feed/catch-up.ts';
import { decidePart } from '../connector/operator/decide-part.ts';
import { detectChanges } from '../connector/relay/feed/detect-changes.ts';
import { relayedOrders } from '../connector/relay/feed/relayed-order.ts';
import { runTask, sweepLeases, type MaintenanceTask } from '../connector/relay/housekeeping.ts';
import { idoSellTarget } from '../connector/integrations/idosell/ordering/index.ts';
import { readInbox } from '../connector/supply/inbox-reader.ts';
import { pollOnce } from '../connector/supply/poller.ts';
import { startIdoSell } from '../simulators/idosell/index.ts';
import { aProfile, DROPSHIPPING_KEY, PASSWORD } from './integrations/idosell/ordering/a-wholesaler.ts';
import { KEY, openApp, type TestApp } from './support/app.ts';
import { emptyTables, ownSchema, testDatabase } from './support/database.ts';
import { memoryStream } from './support/memory-stream.ts';

const run = promisify(execFile);

const ROOT = join(import.meta.dirname, '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const SETTINGS = readFileSync(join(ROOT, 'docs/settings.md'), 'utf8');
const DATABASE = readFileSync(join(ROOT, 'docs/database.md'), 'utf8');

describe('the README', () => {
  it('is short enough to be read', () => assert.ok(README.split('\n').length <= 140));

  it('leaves every setting with its default to docs/settings.md', () => {
    const table = Array.from(SETTINGS.matchAll(/^\| `([A-Z_]+)` +\| (?:`([^`|]*)`|(required)|) +\|/gm));
    const defaults = table.map(([, name, value = '', required]) => [name, required === undefined ? value : undefined]);
    const example = parseEnv(readFileSync(join(ROOT, 'config/example.env'), 'utf8'));
    const expected = { ...example, DATABASE_URL: undefined, BASELINKER_KEY: undefined };
    assert.deepEqual(Object.fromEntries(defaults), expected);
  });

  it('shows a call that answers', async function () {
    const shown = /^curl .*$/m.exec(README)?.[0] ?? '';
    await emptyTables();
    const app = await openApp();
    const server = createServer(app.app).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as AddressInfo;
      const command = shown.replace('the-key-that-the-panel-shows', KEY).replace(':8080/', `:${port}/`);
      const { stdout } = await run('sh', ['-c', command]).catch((error: unknown) => {
        // 127: the shell knows no curl.
        if ((error as { code?: unknown }).code === 127) this.skip();
        throw error;
      });
      assert.deepEqual(JSON.parse(stdout), { pages: 1 });
    } finally {
      server.close();
      await app.close();
    }
  });
});

describe('the privileges that docs/database.md grants', function () {
  const suffix = randomBytes(4).toString('hex');
  let schema: Awaited<ReturnType<typeof ownSchema>> | undefined;
  let setup: Knex | undefined;
  const users = [`setup_${suffix}`, `reads_${suffix}`, `writes_${suffix}`] as const;
  const [setupUser, readingUser, writingUser] = users;

  /** Runs a block of docs/database.md for another account, from anywhere, in another schema. */
  async function grant(name: string, user: string): Promise<void> {
    for (const statement of granted(name)) {
      if (statement.startsWith('CREATE DATABASE')) continue;
      await testDatabase().db.raw(
        statement
          .replaceAll(/'connector(_setup)?'@'localhost'/g, `'${user}'@'%'`)
          .replace('ON shop.', `ON ${new URL(schema?.url ?? '').pathname.slice(1)}.`),
      );
    }
  }

  function urlOf(user: string): string {
    const url = new URL(schema?.url ?? '');
    return Object.assign(url, { username: user, password: 'change-me' }).href;
  }

  async function opened(user: string, settings: Record<string, string>, look: (app: TestApp) => Promise<void>) {
    const app = await openApp({ databaseUrl: urlOf(user), settings });
    try {
      await look(app);
    } finally {
      await app.close();
    }
  }

  before(async function () {
    try {
      schema = await ownSchema();
      await grant('setup', setupUser);
    } catch (error) {
      if (!/denied/.test(String(error))) throw error;
      for (const test of this.test?.parent?.tests ?? []) test.title += ' (the test account may make no accounts)';
      this.skip();
    }
    setup = connect(urlOf(setupUser));
    await migrate(setup, { shop: 'native' });
    await fill(schema.db);
    await grant('reading', readingUser);
    await grant('reading', writingUser);
    await grant('writing', writingUser);
  });

  after(async () => {
    if (!schema) return;
    await setup?.destroy();
    for (const user of users) await testDatabase().db.raw(`DROP USER IF EXISTS '${user}'@'%'`);
    await schema.drop();
  });

  it('are enough to create the tables', async () => {
    assert.deepEqual(await pendingMigrations(setup!, { shop: 'native' }), []);
  });

  it('are enough to start, and to ask the stock guard', async function () {
    this.timeout(60_000);
    const env = { ...process.env, DATABASE_URL: urlOf(readingUser), BASELINKER_KEY: KEY, ACCEPT: 'nothing', PORT: '0' };
    const cli = ['--import', 'tsx', 'connector/cli.ts', 'guard', 'status'];
    const { stdout } = await run(process.execPath, cli, { cwd: ROOT, env });
    assert.equal(stdout, 'No stock dump is held back.\n');
    const child = spawn(process.execPath, ['--import', 'tsx', 'connector/main.ts'], { cwd: ROOT, env });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    let said = '';
    for await (const chunk of child.stderr) {
      said += String(chunk);
      const [url = ''] = /http:[^"]+/.exec(said) ?? [];
      if (url === '' || child.killed) continue;
      assert.equal((await fetch(new URL('/health', url))).status, 200);
      child.kill('SIGTERM');
    }
    assert.equal(await ended, 0, said);
    assert.doesNotMatch(said, /denied/);
  });

  it('are enough to read everything, and for nothing else', async () => {
    await opened(readingUser, { ACCEPT: 'nothing' }, async (app) => {
      assert.deepEqual(await methods(app), READING);
      for (const [action, fields] of Object.entries(READING_CALLS)) await answered(app, action, fields);
    });
    await opened(readingUser, {}, async (app) => assert.deepEqual(await methods(app), READING));
    const db = connect(urlOf(readingUser));
    try {
      assert.deepEqual(await pendingMigrations(db, { shop: 'native' }), [], 'the connector would not start');
      await assert.rejects(db('shop_products').update({ quantity: 0 }), /denied/);
      await assert.rejects(db('shop_customers').select('email'), /denied/);
    } finally {
      await db.destroy();
    }
  });

  it('are enough to write down calls, and to keep house', async () => {
    const db = connect(urlOf(readingUser));
    try {
      const row = {
        kind: 'call',
        name: 'OrdersGet',
        result: 'ok',
        detail: '',
        bytes: 1,
        ms: 1,
        requestId: '',
      } as const;
      await insertCallRows(db, [{ ...row, at: new Date('2020-01-01') }]);
      await backlogs(db);
    } finally {
      await db.destroy();
    }
    const change = { kind: 'stock', product_id: '1', variant_id: '0', action: 'OrderAdd', call_id: '' };
    await schema!.db('bl_changes').insert({ ...change, at: new Date('2020-01-01') });
    // Of a wholesaler that was switched off since.
    const message = { source: 'idosell-hurt', contentType: '', body: Buffer.from('{}'), isReadable: false };
    await storeMessage(schema!.db, message, new Date('2020-01-01'));
    assert.deepEqual(await keptHouse(urlOf(readingUser)), [
      ['calls', 1],
      ['changes', 1],
      ['notifications', 1],
    ]);
  });

  it('are enough to pass orders on', async () => {
    await grant('relaying', readingUser);
    const db = connect(urlOf(readingUser));
    try {
      assert.equal(await relayWarning(db, ['told']), undefined);
      const now = () => new Date();
      const shop = openShop({ currency: 'PLN', removedProductsDays: 90, changesOverlapMs: 600_000 }, db, now);
      const parts = {
        db,
        shop,
        connection: 'baselinker',
        wholesalers: [],
        owner: 'test',
        now,
        log: createLog('error'),
      };
      const target = { name: 'told', wants: () => true, digest: () => 'memo' };
      for (let round = 0; round < 2; round += 1) await detectChanges(parts, [target]);
      const { progress } = await backfill(parts, target, { since: new Date('2020-01-01'), until: undefined });
      for await (const step of progress) assert.ok(step.enqueued <= 1);
      const until = new Date(Date.now() + 60_000);
      const [lease] = await claim(db, { target: 'told', owner: 'test', now: now(), until, limit: 1 });
      const delivered = { reference: '', digest: 'memo' };
      assert.ok(await settle(db, lease!, { state: 'done', reason: '', delivered }, now()));
      await changeHealth(db, 'told', now(), (health) => health);
      await schema!.db('bl_outbox').update({ due_at: new Date('2020-01-01') });
    } finally {
      await db.destroy();
    }
    assert.deepEqual(await keptHouse(urlOf(readingUser)), [['delivered rows', 1]]);
  });

  it('are enough to order at wholesalers, to hear of it and to write it down', async () => {
    const supplied = await aSuppliedOrder(schema!.db);
    const simulator = await startIdoSell({
      profile: Profile.parse(aProfile()),
      ...{ password: PASSWORD, dropshippingKey: DROPSHIPPING_KEY },
      products: [{ codes: { internal: 'MUG-uniw' }, stock: '10' }],
    });
    const db = connect(urlOf(readingUser));
    try {
      const now = () => new Date();
      const log = createLog('error');
      const shop = openShop({ currency: 'PLN', removedProductsDays: 90, changesOverlapMs: 600_000 }, db, now);
      const lacking = (await supplyWarnings(db, shop, ['hurt'])).join('\n');
      for (const table of SUPPLYING_TABLES) assert.match(lacking, new RegExp(`\\b${table}\\b`));
      await grant('supplying', readingUser);
      assert.deepEqual(await supplyWarnings(db, shop, ['hurt']), []);

      const given = { path: '', json: simulator.profile, password: PASSWORD, dropshippingKey: DROPSHIPPING_KEY };
      const [supplier] = openWholesalers([given], { db, owner: 'test', now, log });
      const target = idoSellTarget({ ...supplier!, now });
      const [relayed] = await relayedOrders({ db, shop, connection: 'baselinker', wholesalers: ['hurt'] }, [supplied]);
      const delivery = { ...relayed!, lastDigest: '', attempt: 1 };
      const [outcome] = await target.deliver([delivery], AbortSignal.timeout(15_000));
      assert.equal(outcome?.kind, 'delivered', JSON.stringify(outcome));
      await simulator.dispatch('sklep-demo-1', { numbers: ['DEMO0001'], notify: false });

      const listener = { ...supplier!, db, shop, targets: ['told'], now, log, onUpdate: () => undefined };
      const message = { source: supplier!.tracker.name, contentType: 'application/json', isReadable: true };
      await storeMessage(db, { ...message, body: Buffer.from('{"orderId":"sklep-demo-1"}') }, now());
      await storeMessage(db, { ...message, body: Buffer.from('{}') }, new Date('2020-01-01'));
      assert.equal(await readInbox(listener), 2);
      await schema!.db('bl_supply_parts').update({ ask_at: new Date('2020-01-01') });
      assert.equal(await pollOnce(listener, AbortSignal.timeout(15_000)), 1);
      const [order] = await shop.orders([supplied]);
      assert.deepEqual([order?.statusId, order?.parcels[0]?.trackingNumber], ['3', 'DEMO0001']);
      assert.equal((await schema!.db('bl_outbox').where({ target: 'told', order_id: supplied })).length, 1);

      await schema!.db('bl_supply_parts').update({ state: 'unknown' });
      const decision = { kind: 'resend', orderId: supplied } as const;
      assert.ok((await decidePart({ db, now }, 'hurt', target.name, decision)).isDone);
    } finally {
      await db.destroy();
      await simulator.close();
    }
    assert.deepEqual(await keptHouse(urlOf(readingUser)), [['notifications', 1]]);
  });

  it('are enough to write what BaseLinker sends', async () => {
    await opened(writingUser, { RESTOCK_CANCELLED: 'all' }, async (app) => {
      assert.deepEqual(await methods(app), [...READING, ...WRITING].sort());
      const { category_id } = await answered(app, 'CategoryAdd', { name: 'Kubki' });
      const card = { ...CARD, category_id: String(category_id) };
      const { product_id } = await answered(app, 'ProductAdd', card);
      assert.equal((await answered(app, 'ProductAdd', { ...card, price: '26.00' }))['product_id'], product_id);
      const variant = { product_id, variant_id: '0' };
      const stock = JSON.stringify([{ ...variant, operation: 'change', quantity: -1 }]);
      assert.deepEqual(await answered(app, 'ProductsQuantityUpdate', { products: stock }), { counter: 1 });
      const price = JSON.stringify([{ ...variant, price: '25.50' }]);
      assert.deepEqual(await answered(app, 'ProductsPriceUpdate', { products: price }), { counter: 1 });

      const order = await answered(app, 'OrderAdd', { ...ORDER, products: lines(String(product_id), 2) });
      const again = await answered(app, 'OrderAdd', { ...ORDER, products: lines(String(product_id), 3) });
      assert.deepEqual(again, order);
      const update = { orders_ids: String(order['order_id']) };
      for (const [update_type, update_value] of [...UPDATES, ['status', '2']] as const) {
        assert.deepEqual(await answered(app, 'OrderUpdate', { ...update, update_type, update_value }), { counter: 1 });
      }
      assert.doesNotMatch(app.log(), /denied/);
    });
  });
});

type Did = readonly (readonly [MaintenanceTask, number])[];

/** What housekeeping does with the rows of `age()`, by an account. */
async function keptHouse(url: string): Promise<Did> {
  const db = connect(url);
  const stream = memoryStream();
  const did: [MaintenanceTask, number][] = [];
  const parts = {
    db,
    now: () => new Date(),
    log: createLog('info', stream),
    retention: { deliveredDays: 1, callsDays: 1, changesDays: 1 },
    onDeleted: (what: MaintenanceTask, rows: number) => void did.push([what, rows]),
  };
  try {
    await sweepLeases(parts);
    await runTask(parts);
    assert.doesNotMatch(stream.text(), /denied|failed/);
    return did;
  } finally {
    await db.destroy();
  }
}

const READING_CALLS: Readonly<Record<string, Record<string, string>>> = {
  FileVersion: {},
  ProductsCategories: {},
  ProductsList: { include_variants: '1', filter_sku: 'MUG', filter_name: 'k', filter_sort: 'quantity' },
  ProductsData: { products_id: '1' },
  ProductsPrices: {},
  ProductsQuantity: {},
  OrdersGet: { time_from: '0' },
  StatusesList: {},
  DeliveryMethodsList: {},
  PaymentMethodsList: {},
};
const READING = ['SupportedMethods', ...Object.keys(READING_CALLS)].sort();
const WRITING = [
  'CategoryAdd',
  'OrderAdd',
  'OrderUpdate',
  'ProductAdd',
  'ProductsPriceUpdate',
  'ProductsQuantityUpdate',
];

const CARD = {
  sku: 'MUG-B',
  name: 'Kubek',
  price: '24.90',
  tax: '23',
  quantity: '9',
  description: 'Kamionka',
  man_name: 'Acme',
  images: '["https://shop.example/1.jpg"]',
  features: '[["Kolor","niebieski"]]',
};
const ORDER = { baselinker_id: '70001', currency: 'PLN', delivery_price: '11.99', change_products_quantity: '1' };
const UPDATES = [
  ['status', '2'],
  ['paid', '1'],
  ['delivery_number', '6200001'],
  ['delivery_number', '6200001'],
  ['status', '1'],
] as const;

const lines = (id: string, quantity: number) =>
  JSON.stringify([
    { id, variant_id: '0', name: 'Kubek', price: '25.50', quantity },
    { id: '', name: 'Torba', price: '1.00', quantity: 1 },
  ]);

async function methods(app: TestApp): Promise<string[]> {
  return [...((await app.call('SupportedMethods')).body as unknown as string[])].sort();
}

async function answered(app: TestApp, action: string, fields: Record<string, string>) {
  const { body, text } = await app.call(action, fields);
  assert.equal(body['error'], undefined, `${action}: ${text}\n`);
  return body;
}

/** A little of everything, written by an account that may. */
async function fill(db: Knex): Promise<void> {
  await db('shop_statuses').insert([
    { id: 1, name: 'Nowe', meaning: 'new' },
    { id: 2, name: 'Anulowane', meaning: 'cancelled' },
  ]);
  await db('shop_products').insert({ id: 1, sku: 'MUG', name: 'Kubek', price: '24.90', vat_rate: 23, quantity: 5 });
  await db('shop_variants').insert({ product_id: 1, name: 'zielony', quantity: 3 });
  await db('shop_orders').insert({ status_id: 1, user_comments: '', admin_comments: '' });
}

const SUPPLYING_TABLES = [
  ...['shop_product_supplies', 'bl_supply_parts', 'bl_inbox'],
  ...['shop_orders', 'shop_order_lines', 'shop_parcels'],
];

/** A paid order of a mug that a wholesaler supplies. */
async function aSuppliedOrder(db: Knex): Promise<string> {
  const supply = { product_id: 1, variant_id: 0, wholesaler: 'hurt', code: 'MUG-uniw', code_type: 'internal' };
  await db('shop_product_supplies').insert(supply);
  await db('shop_statuses').insert({ id: 3, name: 'Wysłane', meaning: 'shipped' });
  const [id = 0] = await db('shop_orders').insert({
    ...{ status_id: 1, user_comments: '', admin_comments: '', total: '24.90', paid_amount: '24.90' },
    ...{ delivery_fullname: 'Anna Nowak', delivery_address: 'Lipowa 7', delivery_city: 'Warszawa' },
    ...{ delivery_postcode: '00-950', delivery_country_code: 'PL', phone: '600000001' },
  });
  await db('shop_order_lines').insert({ order_id: id, product_id: 1, name: 'Kubek', quantity: 1, price: '24.90' });
  return String(id);
}

/** The statements of the block behind this mark. */
function granted(name: string): string[] {
  const [, block = ''] = new RegExp(`<!-- grants: ${name} -->\\s+\`\`\`sql\\n([^\`]*)\`\`\``).exec(DATABASE) ?? [];
  const statements = block.split(';').map((one) => one.trim());
  assert.ok(statements.length > 1, `no grants for ${name}`);
  return statements.filter((one) => one !== '');
}
