import assert from 'node:assert/strict';
import { connect, isConnectionError } from '../../connector/db/connect.ts';
import { nativeShop } from '../../connector/shops/native/index.ts';
import { ownSchema, testDatabase } from '../support/database.ts';
import { nativeFixtures } from './native-fixtures.ts';
import { aListing, everything, keepsTheShopContract } from './shop-battery.ts';

const PROFILE = { currency: 'PLN', removedProductsDays: 30, now: () => new Date('2027-03-10T12:00:00Z') };

keepsTheShopContract('the native shop', (profile) => nativeShop(testDatabase().db, profile), nativeFixtures);

describe('the native shop', () => {
  beforeEach(nativeFixtures.empty);

  it('moves the pages of the whole catalogue at most once a day when removed products are forgotten', async () => {
    const ids = await nativeFixtures.plainProducts(6);
    const [first = ''] = ids;
    await nativeFixtures.changeProduct(first, { removedAt: new Date('2027-02-08T09:00:00Z') });
    let now = new Date('2027-03-10T12:00:00Z');
    const shop = nativeShop(testDatabase().db, { ...PROFILE, now: () => now });
    assert.equal((await shop.products(everything)).length, 6);
    now = new Date('2027-03-10T23:59:59Z');
    assert.equal((await shop.products(everything)).length, 6);
    now = new Date('2027-03-11T00:00:00Z');
    assert.equal((await shop.products(everything)).length, 5);
  });

  it('says which tables it misses, and what it therefore cannot do', async () => {
    const schema = await ownSchema();
    try {
      const { capabilities, warnings } = await nativeShop(schema.db, PROFILE).probe();
      assert.equal(capabilities.size, 0);
      assert.match(warnings.join('\n'), /read-products: .*shop_products/);
      assert.match(warnings.join('\n'), /read-orders: .*shop_orders/);
    } finally {
      await schema.drop();
    }
  });

  it('rejects, and never gives a part, when the database does not answer', async () => {
    const url = new URL(testDatabase().url);
    url.searchParams.set('socket', '/nowhere/mysqld.sock');
    const db = connect(url.href);
    try {
      const shop = nativeShop(db, PROFILE);
      const questions = [
        () => shop.productPages(aListing()),
        () => shop.productPages(aListing({ filter: { name: 'a' } })),
        () => shop.stock(everything),
        () => shop.productsInStock(),
        () => shop.orders(['1']),
      ];
      for (const ask of questions) await assert.rejects(ask, isConnectionError);
    } finally {
      await db.destroy();
    }
  });

  it('rejects when the connection breaks in the middle of a long list, and answers the next question', async () => {
    await nativeFixtures.plainProducts(2000);
    const db = connect(testDatabase().url, { poolSize: 1 });
    try {
      const shop = nativeShop(db, PROFILE);
      const [[row]] = (await db.raw('SELECT CONNECTION_ID() AS id')) as [{ id: number }[]];
      // Long enough to be met in the middle: every pair of products is looked at.
      const slow = aListing({
        filter: { name: 'kubek', quantityFrom: 1 },
        sort: { column: 'quantity', descending: true },
      });
      const asked = Promise.all(Array.from({ length: 20 }, () => shop.productPages(slow)));
      const failure = assert.rejects(asked, isConnectionError);
      await testDatabase().db.raw(`KILL ${row?.id ?? 0}`);
      await failure;
      assert.equal((await shop.productPages(slow)).count, 2);
    } finally {
      await db.destroy();
    }
  });
});
