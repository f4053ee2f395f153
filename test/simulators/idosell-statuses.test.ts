import assert from 'node:assert/strict';
import type { IdoSell, IdoSellOptions } from '../../simulators/idosell/server.ts';
import { aProfile, at, parties, type Caller, type Read, type Tree } from './idosell-ask.ts';
import { anOrder, lines } from './idosell-wants.ts';

describe('the placed orders of the IdoSell simulator', () => {
  const open = parties();
  let simulator: IdoSell;
  let caller: Caller;

  async function start(options: Partial<IdoSellOptions> = {}): Promise<void> {
    ({ simulator, caller } = await open(options));
    await fill();
  }
  const fill = () => caller.ask('importBasket', lines(simulator, ['1454-03', '1']));
  const place = (changes: Parameters<typeof anOrder>[1] = {}) => caller.ask('placeOrder', anOrder(simulator, changes));
  beforeEach(() => start());

  describe('are told', () => {
    const orders = (results: Read | undefined) => (at(results, 'orders') ?? []) as Read[];
    const numbers = (results: Read | undefined) =>
      orders(results).map((order) => `${at(order, 'orderId') as string} ${at(order, 'faultCode') as string}`);
    let seconds: number;
    beforeEach(async () => {
      seconds = 0;
      await start({ now: () => new Date(Date.UTC(2026, 10, 21, 22, 59, 50) + seconds * 1000) });
    });

    it('by either id or both, and each has its own fault', async () => {
      await place();
      const ask = async (...asked: Tree[]) => caller.ask('getOrderStatuses', { orders: asked });
      const both = { orderId: 'sklep-demo-1', orderSerialNumber: '40211' };
      const [fault, results] = await ask(
        ...[both, { orderId: both.orderId }, { orderSerialNumber: 40211 }],
        ...[{ orderId: 'nobody-1' }, { ...both, orderSerialNumber: '40212' }, {}],
      );
      assert.equal(fault, '0');
      assert.deepEqual(numbers(results), [
        ...['sklep-demo-1 0', 'sklep-demo-1 0', 'sklep-demo-1 0', 'nobody-1 2', 'sklep-demo-1 2', ' 2'],
      ]);
    });

    it('by the time at which they were placed, in the time of the shop', async () => {
      await place();
      seconds = 20;
      await fill();
      await place();
      const ask = async (begin: string, end: string) => {
        const [fault, results] = await caller.ask('getOrderStatuses', { dateBegin: begin, dateEnd: end });
        return [fault, ...orders(results).map((order) => at(order, 'orderId'))];
      };
      assert.deepEqual(await ask('2026-11-21 23:59:50', '2026-11-22 00:00:10'), ['0', 'sklep-demo-1', 'sklep-demo-2']);
      assert.deepEqual(await ask('2026-11-21 23:59:51', '2026-11-22 00:00:10'), ['0', 'sklep-demo-2']);
      assert.deepEqual(await ask('2026-11-21 23:59:50', '2026-11-22 00:00:09'), ['0', 'sklep-demo-1']);
      assert.deepEqual(await ask('2026-11-22 00:00:11', '2026-11-23 00:00:00'), ['2']);
      assert.deepEqual(await ask('2026-11-21', '2026-11-22'), ['90']);
      assert.deepEqual(await ask('', ''), ['90']);
    });

    it('at most so many of them', async () => {
      await start({ profile: aProfile({ maxElements: 2 }) });
      for (const more of [true, true, false]) {
        await place();
        if (more) await fill();
      }
      const range = { dateBegin: '2026-11-21 00:00:00', dateEnd: '2026-11-22 00:00:00' };
      assert.deepEqual(numbers((await caller.ask('getOrderStatuses', range))[1]), ['sklep-demo-1 0', 'sklep-demo-2 0']);
    });

    it('as people at the wholesaler change them', async () => {
      await place();
      const ask = async () =>
        orders((await caller.ask('getOrderStatuses', { orders: [{ orderId: 'sklep-demo-1' }] }))[1])[0];
      const fresh = await ask();
      assert.deepEqual(
        [
          at(fresh, 'orderStatus'),
          at(fresh, 'orderDispatchDate'),
          at(fresh, 'packages'),
          at(fresh, 'dropshippingOrderStatus'),
        ],
        ['new', '', [], undefined],
      );
      seconds = 10;
      simulator.setStatus('40211', 'suspended', 'notCanceled');
      const later = await ask();
      assert.deepEqual(
        ['orderStatus', 'orderChangeDate', 'orderDispatchDate', 'dropshippingOrderStatus'].map((name) =>
          at(later, name),
        ),
        ['suspended', '2026-11-22 00:00:00', '', 'notCanceled'],
      );
      seconds = 20;
      await simulator.dispatch('sklep-demo-1', { numbers: ['A1'], shippingNumbers: ['S1', 'S2'], courierId: '100150' });
      const sent = await ask();
      assert.deepEqual(
        ['orderStatus', 'orderDispatchDate', 'dropshippingOrderStatus'].map((name) => at(sent, name)),
        ['finished', '2026-11-22 00:00:10', 'finished'],
      );
      assert.deepEqual(at(sent, 'packages'), [
        {
          ...{ courierId: '100150', courierName: 'Paczkopunkt Demo', deliveryPackageNumber: 'A1' },
          ...{ deliveryShippingNumber: 'S1', trackingUrl: '' },
        },
        {
          ...{ courierId: '100150', courierName: 'Paczkopunkt Demo', deliveryPackageNumber: '' },
          ...{ deliveryShippingNumber: 'S2', trackingUrl: '' },
        },
      ]);
      await simulator.dispatch('sklep-demo-1', { numbers: ['B2'], status: 'finished_ext' });
      assert.deepEqual(
        [at(await ask(), 'orderStatus'), (at(await ask(), 'packages') as Read[]).length],
        ['finished_ext', 3],
      );
      assert.throws(() => simulator.setStatus('nobody-1', 'new'), RangeError);
    });

    it('with less, where it is so', async () => {
      const less = {
        tellsReference: false,
        tellsCoarse: false,
        tellsPackages: false,
        emptyIsFault: false,
        emptyDate: null,
      };
      await start({ habits: less });
      await place();
      simulator.setStatus('sklep-demo-1', 'canceled', 'canceled');
      const range = { dateBegin: '2026-11-21 00:00:00', dateEnd: '2026-11-22 00:00:00' };
      const [, results] = await caller.ask('getOrderStatuses', range);
      const { orderDispatchDate } = orders(results)[0] as { readonly orderDispatchDate: Read };
      assert.equal(orderDispatchDate, null);
      for (const name of ['clientNoteToOrder', 'packages', 'dropshippingOrderStatus']) {
        assert.equal(at(results, 'orders', 0, name), undefined, name);
      }
      assert.deepEqual(await caller.ask('listCouriers', { countryId: 'FR' }), ['0', { couriers: [] }]);
    });

    it('to nobody else', async () => {
      await place();
      const other = { login: 'drugi', password: 'Inne!', dropshippingKey: 'DROPKEY-EXAMPLE-1' };
      await start({ accounts: [other] });
      await place();
      await caller.login('20261121', 'drugi', 'Inne!');
      const [, results] = await caller.ask('getOrderStatuses', { orders: [{ orderSerialNumber: '40211' }] });
      assert.deepEqual(at(results, 'orders', 0, 'faultCode'), '2');
      assert.deepEqual(await caller.ask('getAddresses'), ['2', { addresses: [] }]);
      await fill();
      await place();
      assert.deepEqual(
        simulator.shop.orders.all.map(({ orderId }) => orderId),
        ['sklep-demo-1', 'drugi-1'],
      );
    });
  });

  describe('are cancelled', () => {
    beforeEach(() => start({ profile: aProfile({ operations: { cancelOrder: { gate: 'D', method: 'cancel' } } }) }));

    it('until they are sent, and the goods come back', async () => {
      await place();
      assert.equal(simulator.shop.stock.of('1454-03'), '6');
      assert.deepEqual(await caller.ask('cancelOrder', { orderId: 'sklep-demo-1' }), ['0', { resultStatus: 'true' }]);
      assert.equal(simulator.shop.stock.of('1454-03'), '7');
      const [order] = simulator.shop.orders.all;
      assert.deepEqual([order?.status, order?.coarse], ['canceled', 'canceled']);
      assert.equal((await caller.ask('cancelOrder', { orderId: 'sklep-demo-1' }))[0], '90');
      assert.equal((await caller.ask('cancelOrder', { orderSerialNumber: '1' }))[0], '90');
    });

    it('no longer when they are', async () => {
      await place();
      await simulator.dispatch('sklep-demo-1');
      assert.equal((await caller.ask('cancelOrder', { orderSerialNumber: '40211' }))[0], '90');
      const [order] = simulator.shop.orders.all;
      assert.deepEqual([order?.status, order?.coarse], ['finished', 'notCanceled']);
    });
  });

  describe('leave addresses', () => {
    it('that can be read and changed, while the order keeps the one that it had', async () => {
      await place();
      await fill();
      await place({ address: { lastName: 'Druga' } });
      const [, all] = await caller.ask('getAddresses');
      assert.deepEqual(
        ((at(all, 'addresses') ?? []) as Read[]).map((one) => [at(one, 'deliveryAddressId'), at(one, 'lastName')]),
        [
          ['7001', 'Przykładowa'],
          ['7002', 'Druga'],
        ],
      );
      const change = { deliveryAddressId: '7002', city: 'Kraków', zipCode: '30-001' };
      const [fault, results] = await caller.ask('updateAddress', change);
      assert.deepEqual([fault, results], ['0', { resultStatus: 'true', deliveryAddressId: '7002' }]);
      const [, one] = await caller.ask('getAddresses', { deliveryAddressIds: ['7002', '1'] });
      assert.deepEqual(
        ['lastName', 'city', 'zipCode', 'email'].map((name) => at(one, 'addresses', 0, name)),
        ['Druga', 'Kraków', '30-001', 'anna@example.test'],
      );
      assert.equal(simulator.shop.orders.get('sklep-demo-2').address.city, 'Warszawa');
      assert.equal((await caller.ask('updateAddress', { ...change, zipCode: '30001' }))[0], '22');
      assert.equal((await caller.ask('updateAddress', { ...change, deliveryAddressId: '1' }))[0], '90');
      assert.equal((await caller.ask('getAddresses', { deliveryAddressIds: ['1'] }))[0], '2');
    });

    it('whose change reaches the order, where it is so', async () => {
      await start({ habits: { addressChangesOrders: true } });
      await place();
      await caller.ask('updateAddress', { deliveryAddressId: '7001', city: 'Kraków' });
      assert.equal(simulator.shop.orders.get('sklep-demo-1').address.city, 'Kraków');
    });
  });

  it('come from a wholesaler that tells who it is', async () => {
    const [fault, results] = await caller.ask('getSupplierData');
    assert.equal(fault, '0');
    assert.equal(at(results, 'name'), 'Hurtownia Przykładowa');
    assert.deepEqual(at(results, 'averageDeliveryTime'), { value: '2', unit: 'days' });
    assert.deepEqual(at(results, 'workDays', 1), { day: '7', type: 'deliverer_closed', from: '', to: '' });
  });
});
