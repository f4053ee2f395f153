import assert from 'node:assert/strict';
import type { Profile } from '../../connector/integrations/idosell/client/profile.ts';
import { renamedProfile } from '../../simulators/idosell/renamed.ts';
import { aProfile, at, parties, textAt } from './idosell-ask.ts';
import { address, anOrder, lines } from './idosell-wants.ts';

describe('the IdoSell simulator', () => {
  const open = parties();

  const profiles: [string, Profile][] = [
    ['the default profile', aProfile()],
    ['a profile in which everything is called otherwise', renamedProfile(aProfile())],
    ['keys that stand beside the parameters', aProfile({ authBlock: '' })],
    ['statuses that are told by number', aProfile({ statusIds: { '11': 'new', '12': 'finished' } })],
  ];
  for (const [what, profile] of profiles) {
    it(`takes an order from the login to the parcel, with ${what}`, async () => {
      const { simulator, caller } = await open({ profile });
      const { names, words, statusIds, statusMap } = profile;
      const stateOf = (told: string) => statusMap[statusIds[told] ?? told];
      const done = (await caller.ask('getSupplierData'))[0];
      assert.equal(done, Object.entries(profile.faults.common).find(([, means]) => means === 'done')?.[0]);
      const wanted = lines(simulator, ['1454-03', '2'], ['901-uniw', '0.5']);
      for (const operation of ['checkAvailability', 'importBasket'] as const) {
        const [fault, results] = await caller.ask(operation, wanted);
        assert.deepEqual([fault, at(results, names.basket.status)], [done, words.basketStatus.ok]);
        assert.equal(at(results, names.product.products, 1, names.product.quantity), '0.5');
      }
      const where = { [names.order.deliveryAddress]: address(simulator) };
      const [, couriers] = await caller.ask('listCouriersForOrder', where);
      assert.equal(at(couriers, names.courier.couriers, 0, names.courier.courierId), '100149');
      const [fault, placed] = await caller.ask('placeOrder', anOrder(simulator));
      assert.equal(fault, done);
      assert.equal(at(placed, names.order.orderId), 'sklep-demo-1');
      assert.equal(at(placed, names.order.orderSerialNumber), '40211');
      assert.equal(statusMap[textAt(placed, names.order.status)], 'submitted');

      await simulator.dispatch('sklep-demo-1', { numbers: ['DEMO1'] });
      const [, statuses] = await caller.ask('getOrderStatuses', {
        [names.status.orders]: [{ [names.status.orderId]: 'sklep-demo-1' }],
      });
      const order = at(statuses, names.status.orders, 0);
      assert.equal(stateOf(textAt(order, names.status.orderStatus)), 'shipped');
      assert.equal(
        Object.hasOwn(statusIds, textAt(order, names.status.orderStatus)),
        Object.keys(statusIds).length > 0,
      );
      assert.equal(at(order, profile.referenceField), `${profile.referencePrefix}1001/A`);
      assert.equal(at(order, names.status.orderDispatchDate), '2026-11-21 12:00:00');
      assert.equal(at(order, names.status.packages, 0, names.package.packageNumber), 'DEMO1');
      assert.equal(simulator.shop.stock.of('1454-03'), '5');
      assert.deepEqual(
        simulator.ordersFor('1001/A').map(({ orderId }) => orderId),
        ['sklep-demo-1'],
      );
      assert.deepEqual([simulator.complaints, [...simulator.unknownFields]], [[], []]);
    });
  }

  it('remembers every request, without its keys', async () => {
    const { simulator, caller } = await open();
    await caller.ask('importBasket', lines(simulator, ['1454-03', '2']));
    const [login, basket] = simulator.requests;
    assert.deepEqual(
      [login?.operation, login?.login, basket?.operation, basket?.login, basket?.status, basket?.fault],
      ['authenticate', 'sklep-demo', 'importBasket', 'sklep-demo', 200, '0'],
    );
    assert.deepEqual(basket?.params, { products: [{ code: '1454-03', codeType: 'internal', quantity: '2' }] });
    assert.ok(simulator.requests.every(({ isAnswered }) => isAnswered));
    const kept = simulator.requests.map(({ body }) => body).join('');
    assert.match(kept, /<sessionKey xsi:type="xsd:string">\*\*\*</);
    for (const secret of [caller.sessionKey, 'DROPKEY-EXAMPLE-1', 'Sklep-Demo_2026', '5c9937e6f129']) {
      assert.ok(!kept.includes(secret), secret);
    }
  });
});
