import assert from 'node:assert/strict';

import { aWholesaler, DONE, fault, PATIENCE, type Format } from '../a-wholesaler.ts';
import { PLACE, trouble, value } from '../requests.ts';

for (const format of ['soap', 'json'] satisfies Format[]) {
  describe(`couriers (${format})`, () => {
    const simulator = aWholesaler(format);
    const COURIERS = [
      {
        courierId: 100149,
        courierName: 'Kurier Demo',
        hasPickupPoints: 'n',
        paymentTypes: ['prepaid', 'cash_on_delivery', 'gold'],
        deliveryCost: '12.50',
      },
      {
        courierId: '100150',
        courierName: 'Paczkopunkt',
        hasPickupPoints: 'y',
        paymentTypes: [],
        trackingUrlTemplate: 'https://t.example.test/{number}',
      },
    ];

    it('are all that are offered', async () => {
      simulator.says('listCouriers', { errors: DONE, results: { couriers: COURIERS } });
      assert.deepEqual(value(await simulator.client().listCouriers('PL', PATIENCE())), [
        {
          ...{ id: '100149', name: 'Kurier Demo', hasPickupPoints: false, paymentTypes: ['prepaid', 'cashOnDelivery'] },
          ...{ trackingUrlTemplate: '', deliveryCost: '12.5' },
        },
        {
          ...{ id: '100150', name: 'Paczkopunkt', hasPickupPoints: true, paymentTypes: [] },
          ...{ trackingUrlTemplate: 'https://t.example.test/{number}', deliveryCost: undefined },
        },
      ]);
    });

    it('are none for an empty result, and for an empty list', async () => {
      for (const said of [
        fault(2, 'pusto'),
        { errors: DONE, results: { couriers: [] } },
        { errors: [], results: { couriers: '' } },
      ]) {
        simulator.says('listCouriers', said);
        assert.deepEqual(value(await simulator.client().listCouriers('', PATIENCE())), []);
      }
    });

    it('of an order depend on basket and address', async () => {
      simulator.says(
        'listCouriersForOrder',
        { errors: DONE, Results: { Couriers: COURIERS.slice(0, 1) } },
        fault(20, 'koszyk pusty'),
      );
      const wanted = { address: PLACE.address, paymentType: 'prepaid' } as const;
      const client = simulator.client();
      assert.equal(value(await client.listCouriersForOrder(wanted, PATIENCE())).length, 1);
      assert.match(simulator.received('listCouriersForOrder')[0]?.body ?? '', /00-950/);
      assert.equal(trouble(await client.listCouriersForOrder(wanted, PATIENCE())).class, 'basket-empty');
    });

    it('are a trouble of the protocol when the answer holds none', async () => {
      simulator.says('listCouriers', { errors: DONE, results: { carriers: [] } });
      assert.equal(trouble(await simulator.client().listCouriers('PL', PATIENCE())).class, 'protocol');
    });
  });

  describe(`addresses and the supplier (${format})`, () => {
    const simulator = aWholesaler(format);

    it('are read, by ids or all of them', async () => {
      const addresses = [
        {
          deliveryAddressId: 5,
          firstName: 'Anna',
          lastName: 'P',
          zipCode: '00-950',
          countryId: 'PL',
          phone: 600000001,
        },
      ];
      simulator.says('getAddresses', { errors: DONE, results: { addresses } });
      const [found] = value(await simulator.client().getAddresses(['5', 'x-6'], PATIENCE()));
      assert.deepEqual([found?.id, found?.firstName, found?.street, found?.phone], ['5', 'Anna', '', '600000001']);
      assert.match(simulator.received('getAddresses')[0]?.body ?? '', /x-6/);
      simulator.says('getAddresses', fault(2));
      assert.deepEqual(value(await simulator.client().getAddresses([], PATIENCE())), []);
      assert.doesNotMatch(simulator.received('getAddresses')[1]?.body ?? '', /deliveryAddressIds/);
    });

    it('are changed field by field, and emptied for an erasure', async () => {
      simulator.says(
        'updateAddress',
        { errors: DONE, results: { resultStatus: 'true' } },
        { errors: DONE, results: { resultStatus: 'n' } },
      );
      const client = simulator.client();
      assert.equal((await client.updateAddress('5', { street: '', city: 'Łódź' }, PATIENCE())).kind, 'done');
      const body = simulator.received('updateAddress')[0]?.body ?? '';
      assert.match(body, format === 'soap' ? /<street xsi:type="xsd:string"\/>.*Łódź/ : /"street":"","city":"Łódź"/);
      assert.doesNotMatch(body, /zipCode/);
      assert.equal(trouble(await client.updateAddress('5', { city: 'Łódź' }, PATIENCE())).class, 'rejected');
    });

    it('tell who the wholesaler is', async () => {
      simulator.says('getSupplierData', {
        errors: DONE,
        results: {
          ...{ name: 'Hurt', email: 'h@example.test', phone: '910000000' },
          averageDeliveryTime: { value: 2, unit: 'days' },
          orderCompletionTime: { unit: 'immediately' },
          workDays: [{ day: 1, type: 'deliverer_open_hours', from: '08:00', to: '16:00' }],
        },
      });
      const supplier = value(await simulator.client().getSupplierData(PATIENCE()));
      assert.deepEqual(
        [supplier.name, supplier.averageDeliveryTime, supplier.orderCompletionTime, supplier.city],
        ['Hurt', '2 days', 'immediately', ''],
      );
      assert.deepEqual(supplier.workDays, [{ day: '1', type: 'deliverer_open_hours', from: '08:00', to: '16:00' }]);
      const operations = { getSupplierData: null, getAddresses: null, updateAddress: null };
      const without = simulator.client({ operations });
      const before = simulator.received().length;
      assert.equal(trouble(await without.getSupplierData(PATIENCE())).class, 'not-supported');
      assert.equal(trouble(await without.getAddresses([], PATIENCE())).class, 'not-supported');
      assert.equal(trouble(await without.updateAddress('5', {}, PATIENCE())).class, 'not-supported');
      assert.equal(simulator.received().length, before);
    });
  });
}
