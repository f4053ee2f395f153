import assert from 'node:assert/strict';
import { nativeShop } from '../../connector/shops/native/index.ts';
import { testDatabase } from '../support/database.ts';
import { nativeFixtures } from './native-fixtures.ts';

describe('an order of the native shop', () => {
  beforeEach(nativeFixtures.empty);

  it("knows its customer by the shop's own id, and guests by none", async () => {
    const { db } = testDatabase();
    const [guest, customer] = [await nativeFixtures.order({}), await nativeFixtures.order({})];
    await db('shop_orders').where({ id: customer }).update({ customer_id: 7 });
    const shop = nativeShop(db, {
      currency: 'PLN',
      removedProductsDays: 30,
      now: () => new Date('2027-03-10T12:00:00Z'),
    });
    const orders = await shop.orders([guest, customer]);
    assert.deepEqual(
      orders.map(({ customerId }) => customerId),
      [undefined, '7'],
    );
  });
});
