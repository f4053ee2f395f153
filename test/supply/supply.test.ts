import assert from 'node:assert/strict';
import { newestPart } from '../../connector/storage/supply-parts.ts';
import { aLine, added, lines, rowOf, STATUS } from '../orders/a-shop.ts';
import { outboxRows } from '../orders/a-relaying-connector.ts';
import { aTarget } from '../relay/a-relay.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { aSuppliedShop, supplied, type SuppliedShop } from './a-supplied-shop.ts';

const HOUR = 3600;

describe('an order that a wholesaler supplies', () => {
  let shop: SuppliedShop;
  beforeEach(emptyTables);
  afterEach(() => shop.close());

  const part = (orderId: string) => newestPart(testDatabase().db, 'hurt', orderId);
  const served = async (orderId: string) =>
    (await shop.call('OrdersGet', { order_id: orderId })).body[orderId] as Record<string, unknown>;

  it('goes from BaseLinker to the wholesaler, and the parcel number back to BaseLinker', async () => {
    const others = [aTarget({ name: 'shelf', digest: ({ order, status }) => `${status.id} ${order.parcels.length}` })];
    shop = await aSuppliedShop({}, others);
    const id = await added(shop, supplied());
    await shop.relay();
    assert.equal((await part(id))?.state, 'submitted');
    assert.equal(await shop.poll(), 0);
    await shop.simulator.dispatch('sklep-demo-1', { numbers: ['DEMO0001', 'DEMO0002'], notify: false });
    shop.clock.pass(HOUR);
    assert.equal(await shop.poll(), 1);
    const order = await served(id);
    assert.equal(order['delivery_package_nr'], 'DEMO0002');
    assert.equal(
      order['tracking_url'],
      'https://track.example.test/DEMO0002',
      'as the courier was told with its template',
    );
    assert.equal(order['status_id'], STATUS.sent);
    assert.equal((await part(id))?.state, 'shipped');
    const shelf = (await outboxRows()).find(({ target }) => target === 'shelf');
    assert.equal(shelf?.state, 'due');
    shop.clock.pass(24 * HOUR);
    assert.equal(await shop.poll(), 0);
  });

  it('keeps the shop’s status while the shop has lines of its own to send', async () => {
    shop = await aSuppliedShop();
    const id = await added(shop, supplied(lines(aLine(), aLine({ id: '502', sku: 'KSI' }))));
    await shop.relay();
    await shop.simulator.dispatch('sklep-demo-1', { numbers: ['DEMO0001'], notify: false });
    shop.clock.pass(HOUR);
    await shop.poll();
    assert.equal((await part(id))?.state, 'shipped');
    assert.equal(String((await rowOf(id))['status_id']), STATUS.new);
    assert.equal((await served(id))['delivery_package_nr'], 'DEMO0001');
  });

  it('is for a person when its variant has lost the wholesaler that has the order', async () => {
    shop = await aSuppliedShop();
    const id = await added(shop, supplied());
    await shop.relay();
    await testDatabase().db('shop_product_supplies').delete();
    await shop.call('OrderUpdate', { orders_ids: id, update_type: 'status', update_value: STATUS.sent });
    await shop.relay();
    assert.match((await part(id))?.dispute ?? '', /was changed in the shop after it had been ordered/);
  });

  it('waits for its payment', async () => {
    shop = await aSuppliedShop();
    const id = await added(shop, supplied({ paid: '0' }));
    await shop.relay();
    assert.equal(await part(id), undefined);
    await shop.call('OrderUpdate', { orders_ids: id, update_type: 'paid', update_value: '1' });
    await shop.relay();
    assert.equal((await part(id))?.state, 'submitted');
  });

  it('tells a person what the wholesaler waits for', async () => {
    shop = await aSuppliedShop();
    const id = await added(shop, supplied());
    await shop.relay();
    shop.simulator.setStatus('sklep-demo-1', 'payment_waiting');
    shop.clock.pass(HOUR);
    await shop.poll();
    const found = await part(id);
    assert.deepEqual([found?.state, found?.alert], ['awaiting_supplier_payment', true]);
    assert.match(shop.log(), /needs a person/);
  });

  it('is left alone by a wholesaler that does not answer, and asked about later', async () => {
    shop = await aSuppliedShop();
    const id = await added(shop, supplied());
    await shop.relay();
    await shop.simulator.down();
    shop.clock.pass(HOUR);
    assert.equal(await shop.poll(), 1);
    assert.equal((await part(id))?.state, 'submitted');
    await shop.simulator.up();
    assert.equal(await shop.poll(), 0);
    shop.clock.pass(HOUR);
    assert.equal(await shop.poll(), 1);
  });
});
