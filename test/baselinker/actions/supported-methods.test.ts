import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Answer, TestApp } from '../../support/app.ts';
import { testDatabase } from '../../support/database.ts';
import { anOrder, aShop, wholeDatabase, type Fields } from '../../orders/a-shop.ts';
import { aConnector, errorCode } from './a-connector.ts';

const CALLS: Readonly<Record<string, Fields>> = {
  ProductsQuantityUpdate: { products: '[{"product_id":"501","operation":"set","quantity":1}]' },
  ProductsPriceUpdate: { products: '[{"product_id":"501","price":"1.00"}]' },
  ProductAdd: { sku: 'X', name: 'X' },
  CategoryAdd: { name: 'X' },
  OrderAdd: anOrder(),
  OrderUpdate: { orders_ids: '1', update_type: 'status', update_value: '3' },
};
const WRITING = Object.keys(CALLS);

describe('the writing half of SupportedMethods', () => {
  const connector = aConnector();
  beforeEach(aShop);

  async function listed(app: Pick<TestApp, 'call'>): Promise<string[]> {
    const { body } = await app.call('SupportedMethods');
    return (body as unknown as string[]).filter((name) => WRITING.includes(name));
  }

  const tried = (app: Pick<TestApp, 'call'>, name: string): Promise<Answer> => app.call(name, CALLS[name]);

  it('names every writing action unless the shop owner says otherwise', async () => {
    assert.deepEqual(await listed(connector), WRITING);
  });

  for (const [accept, expected] of [
    ['orders', ['OrderAdd']],
    ['status', ['OrderUpdate']],
    ['paid', ['OrderUpdate']],
    ['delivery_number', ['OrderUpdate']],
    ['stock', ['ProductsQuantityUpdate']],
    ['prices', ['ProductsPriceUpdate']],
    ['products', ['ProductAdd', 'CategoryAdd']],
    ['stock, orders', ['ProductsQuantityUpdate', 'OrderAdd']],
    ['nothing', []],
  ] as const) {
    it(`names what ACCEPT=${accept} leaves, and answers nothing else`, async () => {
      const app = await connector.open({ ACCEPT: accept });
      assert.deepEqual(await listed(app), expected);
      const refused = WRITING.filter((name) => !(expected as readonly string[]).includes(name));
      const before = await wholeDatabase();
      for (const name of refused) assert.equal(errorCode(await tried(app, name)), 'unsupported_action', name);
      assert.equal(await wholeDatabase(), before);
      for (const name of expected) assert.equal((await tried(app, name)).body['error'], undefined, name);
    });
  }

  describe('follows the rights of our account in the database:', () => {
    const name = `bl_test_${randomBytes(4).toString('hex')}`;
    let url: string;

    before(async function () {
      const { db, url: ours } = testDatabase();
      const account = new URL(ours);
      account.username = name;
      account.password = 'lesen-und-fertig';
      url = account.href;
      try {
        await db.raw(`CREATE USER '${name}'@'%' IDENTIFIED BY 'lesen-und-fertig'`);
        await grant('SELECT');
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

    const grant = (rights: string, table = '*') => {
      const schema = new URL(url).pathname.slice(1);
      return testDatabase().db.raw(`GRANT ${rights} ON \`${schema}\`.${table} TO '${name}'@'%'`);
    };

    it('one that may only SELECT is offered no writing action, and none is carried out', async () => {
      await grant('SELECT');
      const app = await connector.open({}, { databaseUrl: url });
      assert.deepEqual(await listed(app), []);
      assert.ok(((await app.call('SupportedMethods')).body as unknown as string[]).includes('OrdersGet'));
      const before = await wholeDatabase();
      for (const action of WRITING) assert.equal(errorCode(await tried(app, action)), 'unsupported_action', action);
      assert.equal(await wholeDatabase(), before);
    });

    it('one that may write variants is offered stock and prices', async () => {
      await grant('SELECT');
      await grant('UPDATE', 'shop_products');
      await grant('UPDATE', 'shop_variants');
      await grant('INSERT', 'bl_changes');
      const app = await connector.open({}, { databaseUrl: url });
      assert.deepEqual(await listed(app), ['ProductsQuantityUpdate', 'ProductsPriceUpdate']);
      for (const action of await listed(app)) assert.deepEqual((await tried(app, action)).body, { counter: 1 });
    });

    it('one that may do everything is offered everything', async () => {
      await grant('SELECT, INSERT, UPDATE, DELETE');
      const app = await connector.open({}, { databaseUrl: url });
      assert.deepEqual(await listed(app), WRITING);
      for (const action of WRITING) assert.equal((await tried(app, action)).body['error'], undefined, action);
    });
  });
});
