import assert from 'node:assert/strict';
import { renamedProfile } from '../../simulators/idosell/renamed.ts';
import type { IdoSell, IdoSellOptions } from '../../simulators/idosell/server.ts';
import { address, anOrder, aProfile, at, Caller, lines, startParty, textAt, type Read } from './idosell-ask.ts';

describe('the IdoSell simulator', () => {
  let party: IdoSell;
  let caller: Caller;
  const opened: IdoSell[] = [];

  async function open(options: Partial<IdoSellOptions> = {}): Promise<void> {
    party = await startParty(options);
    opened.push(party);
    caller = new Caller(party);
    await caller.login();
  }
  beforeEach(() => open());
  afterEach(async () => {
    assert.deepEqual([...party.unknownFields], []);
    for (const one of opened.splice(0)) await one.close();
  });

  for (const [what, profile] of [
    ['the default profile', aProfile()],
    ['a profile in which everything is called otherwise', renamedProfile(aProfile())],
  ] as const) {
    it(`takes an order from the login to the parcel, with ${what}`, async () => {
      await open({ profile });
      const { names, words } = profile;
      const done = (await caller.ask('getSupplierData'))[0];
      assert.equal(done, Object.entries(profile.faults.common).find(([, means]) => means === 'done')?.[0]);
      const wanted = lines(party, ['1454-03', '2'], ['901-uniw', '0.5']);
      for (const operation of ['checkAvailability', 'importBasket'] as const) {
        const [fault, results] = await caller.ask(operation, wanted);
        assert.deepEqual([fault, at(results, names.basket.status)], [done, words.basketStatus.ok]);
        assert.equal(at(results, names.product.products, 1, names.product.quantity), '0.5');
      }
      const where = { [names.order.deliveryAddress]: address(party) };
      const [, couriers] = await caller.ask('listCouriersForOrder', where);
      assert.equal(at(couriers, names.courier.couriers, 0, names.courier.courierId), '100149');
      const [fault, placed] = await caller.ask('placeOrder', anOrder(party));
      assert.equal(fault, done);
      assert.equal(at(placed, names.order.orderId), 'sklep-demo-1');
      assert.equal(at(placed, names.order.orderSerialNumber), '40211');
      assert.equal(profile.statusMap[textAt(placed, names.order.status)], 'submitted');

      await party.dispatch('sklep-demo-1', { numbers: ['DEMO1'] });
      const [, statuses] = await caller.ask('getOrderStatuses', {
        [names.status.orders]: [{ [names.status.orderId]: 'sklep-demo-1' }],
      });
      const order = at(statuses, names.status.orders, 0) as Readonly<Record<string, Read>>;
      assert.equal(profile.statusMap[textAt(order, names.status.orderStatus)], 'shipped');
      assert.equal(order[profile.referenceField], `${profile.referencePrefix}1001/A`);
      assert.equal(order[names.status.orderDispatchDate], '2026-11-21 12:00:00');
      assert.equal(at(order[names.status.packages], 0, names.package.packageNumber), 'DEMO1');
      assert.equal(party.shop.stock.of('1454-03'), '5');
      assert.equal(party.ordersFor('1001/A').length, 1);
      assert.deepEqual(party.complaints, []);
    });
  }
});
