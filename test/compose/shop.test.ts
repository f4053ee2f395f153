import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { loadConfig } from '../../config/index.ts';
import { connect } from '../../connector/db/connect.ts';
import { pendingMigrations } from '../../connector/db/migrations.ts';
import { createLog } from '../../connector/lib/log.ts';
import { composeApp } from '../../connector/compose/shop.ts';
import { relayWarning } from '../../connector/compose/relay.ts';
import { KEY } from '../support/app.ts';
import { memoryStream } from '../support/memory-stream.ts';
import { testDatabase } from '../support/database.ts';

describe('an account that lacks rights on our own tables', () => {
  const name = `bl_test_${randomBytes(4).toString('hex')}`;
  let url: URL;

  const grant = (rights: string, table: string) =>
    testDatabase().db.raw(`GRANT ${rights} ON \`${url.pathname.slice(1)}\`.${table} TO '${name}'@'%'`);

  before(async function () {
    url = new URL(testDatabase().url);
    Object.assign(url, { username: name, password: 'change-me' });
    const [tables] = (await testDatabase().db.raw("SHOW TABLES LIKE 'shop\\_%'")) as [Record<string, string>[]];
    try {
      await testDatabase().db.raw(`CREATE USER '${name}'@'%' IDENTIFIED BY 'change-me'`);
      for (const table of tables.flatMap(Object.values<string>)) await grant('SELECT, INSERT, UPDATE, DELETE', table);
    } catch {
      // A server that was handed to us may not let us make accounts, or hand rights on.
      this.skip();
    }
  });
  after(() =>
    testDatabase()
      .db.raw(`DROP USER IF EXISTS '${name}'@'%'`)
      .catch(() => undefined),
  );

  async function probe(ACCEPT: string, targets: readonly string[] = []) {
    const db = connect(url.href);
    try {
      const config = loadConfig({ DATABASE_URL: url.href, BASELINKER_KEY: KEY, ACCEPT });
      const deps = await composeApp(config, db, createLog('error', memoryStream()), () => new Date(), targets);
      const { capabilities, warnings } = deps.probe;
      return { capabilities: [...capabilities], warnings: warnings.join('\n') };
    } finally {
      await db.destroy();
    }
  }

  it('is told that it may not read the list of migrations, not that some are pending', async () => {
    const db = connect(url.href);
    try {
      await assert.rejects(
        pendingMigrations(db, { shop: 'native' }),
        /the account may not read bl_migrations: see the GRANT statements in docs\/database\.md/,
      );
    } finally {
      await db.destroy();
    }
  });

  it('is offered nothing that would write there, and told what is missing', async () => {
    const { capabilities, warnings } = await probe('orders,stock,prices,products');
    assert.deepEqual(capabilities, ['read-products', 'read-orders', 'update-orders', 'read-supplies']);
    assert.match(warnings, /^write-stock: our account lacks INSERT on bl_changes$/m);
    assert.match(warnings, /^write-prices: our account lacks INSERT on bl_changes$/m);
    assert.match(warnings, /^write-products: .* on bl_added_products, INSERT on bl_changes$/m);
    assert.match(warnings, /^create-orders: .* on bl_orders, .* on bl_booked_stock, INSERT on bl_changes$/m);
    assert.match(warnings, /stock guard: our account lacks SELECT and INSERT and UPDATE on bl_stock_guard$/m);
  });

  it('is warned only of what ACCEPT wants', async () => {
    await grant('SELECT, INSERT, UPDATE', 'bl_stock_guard');
    assert.equal((await probe('nothing')).warnings, '');
    assert.equal((await probe('status')).warnings, '');
    assert.equal((await probe('stock')).warnings, 'write-stock: our account lacks INSERT on bl_changes');
  });

  it('can do what its rights are complete for', async () => {
    await grant('INSERT', 'bl_changes');
    const { capabilities } = await probe('stock');
    assert.ok(capabilities.includes('write-stock') && !capabilities.includes('create-orders'), String(capabilities));
  });

  describe('when orders travel on', () => {
    const warning = async () => {
      const db = connect(url.href);
      try {
        return [await relayWarning(db, ['shelf', 'attic']), await relayWarning(db, [])];
      } finally {
        await db.destroy();
      }
    };

    it('is told what the relay misses, table by table', async () => {
      assert.deepEqual(await warning(), [
        'orders will not travel on to shelf, attic: our account lacks SELECT and INSERT and UPDATE and DELETE on bl_outbox, ' +
          'SELECT and INSERT and UPDATE on bl_targets, SELECT and INSERT and UPDATE and DELETE on bl_cursors, ' +
          'SELECT on bl_orders',
        undefined,
      ]);
    });

    it('is not offered to write orders that could not be written together with their letter', async () => {
      for (const table of ['bl_orders', 'bl_booked_stock']) await grant('SELECT, INSERT, UPDATE', table);
      assert.ok((await probe('orders,status')).capabilities.includes('create-orders'));
      const { capabilities, warnings } = await probe('orders,status', ['shelf']);
      assert.deepEqual(
        capabilities.filter((one) => one.endsWith('-orders')),
        ['read-orders'],
      );
      assert.match(warnings, /^create-orders: our account lacks SELECT and INSERT and UPDATE on bl_outbox$/m);
      assert.match(warnings, /^update-orders: our account lacks SELECT and INSERT and UPDATE on bl_outbox$/m);
    });

    it('hears nothing when its rights are complete', async () => {
      await grant('SELECT, INSERT, UPDATE, DELETE', 'bl_outbox');
      await grant('SELECT, INSERT, UPDATE', 'bl_targets');
      await grant('SELECT, INSERT, UPDATE, DELETE', 'bl_cursors');
      assert.deepEqual(await warning(), [undefined, undefined]);
      assert.ok((await probe('orders,status', ['shelf'])).capabilities.includes('create-orders'));
    });
  });
});
