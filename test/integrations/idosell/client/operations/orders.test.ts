import assert from 'node:assert/strict';

import { aWholesaler, DONE, fault, PATIENCE, type Format, type Said } from '../a-wholesaler.ts';
import { line, PLACE, SOLD_OUT, trouble, value } from '../requests.ts';

for (const format of ['soap', 'json'] satisfies Format[]) {
  describe(`an order (${format})`, () => {
    const simulator = aWholesaler(format);
    const IDS = { orderId: 'sklep-demo-58', orderSerialNumber: '00040211', status: 'new' };

    it('has both its numbers as text', async () => {
      simulator.says('placeOrder', { errors: DONE, results: IDS });
      assert.deepEqual(value(await simulator.client().placeOrder(PLACE, PATIENCE())), IDS);
      simulator.says('placeOrder', {
        errors: [{ faultCode: '0', faultString: '' }],
        Results: [{ orderSerialNumber: 7 }],
      });
      const placed = value(await simulator.client().placeOrder(PLACE, PATIENCE()));
      assert.deepEqual(placed, { orderId: '', orderSerialNumber: '7', status: '' });
    });

    it('names the lines that it was made without', async () => {
      simulator.says('placeOrder', { errors: DONE, results: { ...IDS, products: [line(), SOLD_OUT] } });
      const { refusedLines } = value(await simulator.client().placeOrder(PLACE, PATIENCE()));
      assert.deepEqual(
        refusedLines?.map(({ fault: of }) => of),
        ['rejected'],
      );
    });

    const refusals: [said: Said, expected: string, mayBeDone: boolean][] = [
      [fault(20), 'basket-empty', false],
      [fault('21'), 'stock-changed', false],
      [fault(22), 'address-invalid', false],
      [fault(23), 'courier-unavailable', false],
      [fault(24), 'customer-blocked', false],
      [fault(25), 'minimum-order', false],
      [fault(5), 'dropshipping-disabled', false],
      [fault(3), 'supplier-unavailable', false],
      [fault(4711, 'coś innego'), 'rejected', false],
      [fault(2), 'rejected', false],
      [{ ...fault(22), results: IDS }, 'address-invalid', true],
      [{ errors: DONE }, 'protocol', true],
      [{ errors: DONE, results: { orderId: '' } }, 'protocol', true],
      [{}, 'protocol', true],
      [{ errors: 'coś nie tak' }, 'protocol', true],
      [{ errors: [{ message: 'coś nie tak' }], results: {} }, 'protocol', true],
    ];
    for (const [said, expected, mayBeDone] of refusals) {
      it(`is ${expected}${mayBeDone ? ' and may be there all the same' : ''} for ${JSON.stringify(said)}`, async () => {
        simulator.says('placeOrder', said);
        const reply = trouble(await simulator.client().placeOrder(PLACE, PATIENCE()));
        assert.deepEqual([reply.class, reply.mayHaveHappened], [expected, mayBeDone]);
        assert.equal(simulator.received('placeOrder').length, 1);
      });
    }

    it('is cancelled only where the profile knows how', async () => {
      const order = { orderId: 'sklep-demo-58', orderSerialNumber: '40211' };
      assert.equal(trouble(await simulator.client().cancelOrder(order, PATIENCE())).class, 'not-supported');
      assert.equal(simulator.received().length, 0);
      const operations = { cancelOrder: { gate: 'Dropshipping', method: 'cancelOrder' } };
      assert.equal((await simulator.client({ operations }).cancelOrder(order, PATIENCE())).kind, 'done');
      simulator.says('cancelOrder', { errors: DONE, results: { resultStatus: false } });
      assert.equal(trouble(await simulator.client({ operations }).cancelOrder(order, PATIENCE())).class, 'rejected');
    });
  });

  describe(`statuses of orders (${format})`, () => {
    const simulator = aWholesaler(format);
    const ORDERS = [{ orderId: 'sklep-demo-58', orderSerialNumber: '40211' }];
    const told = (changes: Record<string, Said>) => ({
      errors: DONE,
      results: {
        orders: [{ orderId: 'sklep-demo-58', orderSerialNumber: 40211, faultCode: 0, faultString: '', ...changes }],
      },
    });
    const status = async (changes: Record<string, Said>, profile: Record<string, unknown> = {}) => {
      simulator.says('getOrderStatuses', told(changes));
      const [found = assert.fail()] = value(
        await simulator.client(profile).getOrderStatuses({ orders: ORDERS }, PATIENCE()),
      );
      return found;
    };

    it('tell symbol, times, parcels and our reference', async () => {
      const packages = [
        {
          courierId: 100149,
          courierName: 'Kurier Demo',
          deliveryPackageNumber: 'DEMO1',
          deliveryShippingNumber: 'S1',
          trackingUrl: '',
        },
        { courierId: 100149, courierName: 'Kurier Demo', deliveryPackageNumber: '', deliveryShippingNumber: 'S2' },
      ];
      const found = await status({
        ...{ orderStatus: 'finished', dropshippingOrderStatus: 'finished', packages },
        ...{ orderDispatchDate: '2026-11-23 14:05:10', orderChangeDate: 0, clientNoteToOrder: 'REF:1001/A' },
      });
      assert.deepEqual(found, {
        ...{ orderId: 'sklep-demo-58', orderSerialNumber: '40211', symbol: 'finished', coarse: 'finished' },
        ...{ reference: '1001/A', changedAt: undefined, dispatchedAt: new Date('2026-11-23T13:05:10Z') },
        packages: [
          { courierId: '100149', courierName: 'Kurier Demo', number: 'DEMO1', trackingUrl: '' },
          { courierId: '100149', courierName: 'Kurier Demo', number: 'S2', trackingUrl: '' },
        ],
        ...{ fault: 'done', faultString: '' },
      });
    });

    it('know the symbol false as a word, numbers by the list, and no parcels in many ways', async () => {
      assert.equal((await status({ orderStatus: false })).symbol, 'false');
      assert.equal((await status({ orderStatus: 'false' })).symbol, 'false');
      assert.equal((await status({ orderStatus: 7 }, { statusIds: { '7': 'packed' } })).symbol, 'packed');
      assert.equal((await status({ orderStatus: 8 }, { statusIds: { '7': 'packed' } })).symbol, '8');
      for (const packages of [[], null, '', {}]) assert.deepEqual((await status({ packages })).packages, []);
      const one = await status({ packages: { deliveryPackageNumber: 'X' } });
      assert.deepEqual(
        one.packages.map(({ number }) => number),
        ['X'],
      );
    });

    it('find our reference in its own field, and in a note that others wrote to', async () => {
      const external = { externalReferenceField: 'externalOrderId' };
      assert.equal((await status({ externalOrderId: '1001/A' }, external)).reference, '1001/A');
      assert.equal((await status({ externalOrderId: 'REF:1001/A' }, external)).reference, '1001/A');
      assert.equal((await status({ clientNoteToOrder: 'REF:1001/B' }, external)).reference, '1001/B');
      assert.equal((await status({ clientNoteToOrder: 'pilne!\nREF:1001/A \ndzięki' })).reference, '1001/A');
      assert.equal((await status({ clientNoteToOrder: 'bez numeru' })).reference, '');
      assert.equal((await status({ clientNoteToOrder: '1001/A' }, { referencePrefix: '' })).reference, '1001/A');
    });

    it('say of each order whether it could be told', async () => {
      const found = await status({ faultCode: 2, faultString: 'nie znaleziono' });
      assert.deepEqual([found.fault, found.faultString], ['empty', 'nie znaleziono']);
    });

    it('are asked for by numbers or by a range in the time of the shop', async () => {
      simulator.says('getOrderStatuses', fault(2));
      const client = simulator.client();
      const between = { begin: new Date('2026-11-20T22:59:59Z'), end: new Date('2026-11-21T11:00:00Z') };
      assert.deepEqual(value(await client.getOrderStatuses({ between }, PATIENCE())), []);
      assert.match(simulator.received('getOrderStatuses')[0]?.body ?? '', /2026-11-20 23:59:59.*2026-11-21 12:00:00/);
      assert.deepEqual(value(await client.getOrderStatuses({ orders: [] }, PATIENCE())), []);
      assert.equal(simulator.received('getOrderStatuses').length, 1);
    });

    it('are no more than the wholesaler takes at once, and nothing is sent to learn it', async () => {
      const orders = Array.from({ length: 101 }, (_, n) => ({ orderId: `d-${n}`, orderSerialNumber: '' }));
      const client = simulator.client();
      assert.equal(trouble(await client.getOrderStatuses({ orders }, PATIENCE())).class, 'too-large');
      const lines = Array.from({ length: 101 }, () => ({ code: 'a', codeType: 'internal', quantity: '1' }));
      assert.equal(trouble(await client.importBasket(lines, 'append', PATIENCE())).class, 'too-large');
      const long = [{ code: 'ż'.repeat(600), codeType: 'internal', quantity: '1' }];
      assert.equal(
        trouble(await simulator.client({ maxRequestBytes: 1200 }).importBasket(long, 'append', PATIENCE())).class,
        'too-large',
      );
      assert.equal(simulator.received().length, 0);
    });
  });
}
