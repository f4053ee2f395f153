import assert from 'node:assert/strict';
import type { Availability, Reply } from '../../connector/idosell/client.ts';
import { aWholesaler, DONE, fault, PATIENCE, type Format, type Said } from './a-wholesaler.ts';
import { LINES, PLACE } from './requests.ts';

const line = (changes: Record<string, Said> = {}) => ({
  ...{ code: '1454-03', codeType: 'internal', available: 'y', quantityAvailable: 7, faultCode: 0, faultString: '' },
  ...changes,
});
const SOLD_OUT = line({ available: 'n', quantityAvailable: 0, faultCode: 11, faultString: 'za mało sztuk' });

function value<Value>(reply: Reply<Value>): Value {
  assert.ok(reply.kind === 'done', JSON.stringify(reply));
  return reply.value;
}

function trouble(reply: Reply<unknown>) {
  assert.ok(reply.kind === 'trouble', JSON.stringify(reply));
  return reply;
}

for (const format of ['soap', 'json'] satisfies Format[]) {
  describe(`availability (${format})`, () => {
    const party = aWholesaler(format);
    const verdicts: [what: string, said: Said, verdict: Availability['verdict']][] = [
      ['OK and good lines', { errors: DONE, results: { status: 'OK', products: [line(), line()] } }, 'available'],
      ['OK alone', { errors: DONE, results: { status: 'OK' } }, 'available'],
      ['OK beside the results', { errors: DONE, status: 'OK', results: [] }, 'available'],
      ['OK with lines left empty', { errors: DONE, results: { status: 'OK', products: [] } }, 'available'],
      [
        'OK with a line that is sold out',
        { errors: DONE, results: { status: 'OK', products: [line(), SOLD_OUT] } },
        'missing',
      ],
      [
        'OK with a fault of a line alone',
        { errors: DONE, results: { status: 'OK', products: [line({ faultCode: '12' })] } },
        'missing',
      ],
      [
        'OK with a flag of a line alone',
        { errors: DONE, results: { status: 'OK', products: [line({ available: 'n' })] } },
        'missing',
      ],
      [
        'a fault that nobody knows',
        { errors: DONE, results: { status: 'OK', products: [line({ faultCode: 999 })] } },
        'missing',
      ],
      ['another word', { errors: DONE, results: { status: 'ERROR', products: [line()] } }, 'missing'],
      ['no word', { errors: DONE, results: { products: [line()] } }, 'unknown'],
      ['nothing', { errors: DONE }, 'unknown'],
      ['empty results', { errors: DONE, results: [] }, 'unknown'],
      ['OK with lines that are none', { errors: DONE, results: { status: 'OK', products: ['x', 'y'] } }, 'unknown'],
      ['a fault of the whole that is about goods', { ...fault(11, 'brak'), results: { status: 'OK' } }, 'missing'],
    ];
    for (const [what, said, verdict] of verdicts) {
      it(`is ${verdict} for ${what}`, async () => {
        party.says('checkAvailability', said);
        assert.equal(value(await party.client().checkAvailability(LINES, PATIENCE())).verdict, verdict);
      });
    }

    it('tells of each line what can be had', async () => {
      const products = [line(), SOLD_OUT, line({ quantityAvailable: -1 }), line({ quantityAvailable: '2.500' })];
      party.says('checkAvailability', { errors: DONE, results: { status: 'ERROR', products } });
      const { lines } = value(await party.client().checkAvailability(LINES, PATIENCE()));
      assert.deepEqual(lines[1], {
        ...{ code: '1454-03', codeType: 'internal', available: false, quantity: '0' },
        ...{ fault: 'out-of-stock', faultString: 'za mało sztuk' },
      });
      assert.deepEqual(
        lines.map(({ quantity }) => quantity),
        ['7', '0', undefined, '2.5'],
      );
    });

    it('sends decimals and comments as they are', async () => {
      party.says('checkAvailability', { errors: DONE, results: { status: 'OK' } });
      await party.client().checkAvailability(LINES, PATIENCE());
      const body = party.received('checkAvailability')[0]?.body ?? '';
      const wanted =
        format === 'soap'
          ? 'enc:arrayType="g:productType[2]"'
          : '"params":{"products":[{"code":"1454-03","codeType":"internal","quantity":2},{"code":"5900000000012","codeType":"producer","quantity":0.5,"comment":"mocne opakowanie"}]}}';
      assert.ok(body.includes(wanted), body);
    });

    for (const quantity of ['0', '-1', '', '1e3', '0.0', '01', 'NaN']) {
      it(`never asks for "${quantity}" of something`, async () => {
        const lines = [{ code: 'a', codeType: 'internal', quantity }];
        await assert.rejects(party.client().checkAvailability(lines, PATIENCE()), RangeError);
        await assert.rejects(party.client().importBasket(lines, 'append', PATIENCE()), RangeError);
        assert.equal(party.received().length, 0);
      });
    }
  });

  describe(`the basket (${format})`, () => {
    const party = aWholesaler(format);

    it('is what the answer says it is after the import', async () => {
      const products = [line({ quantity: '3.000' }), { code: '880-uniw', codeType: 'internal', quantity: 1 }];
      party.says('importBasket', { errors: DONE, results: { status: 'OK', products } });
      const { status, lines } = value(await party.client().importBasket(LINES, 'replace', PATIENCE()));
      assert.equal(status, 'OK');
      assert.deepEqual(
        lines?.map(({ code, codeType, quantity, fault: of }) => [code, codeType, quantity, of]),
        [
          ['1454-03', 'internal', '3', 'done'],
          ['880-uniw', 'internal', '1', 'done'],
        ],
      );
    });

    it('is unknown where the answer lists none', async () => {
      party.says('importBasket', { errors: DONE, results: { status: 'OK' } });
      assert.equal(value(await party.client().importBasket(LINES, 'append', PATIENCE())).lines, undefined);
    });

    it('is told to be replaced only where that is understood', async () => {
      const mode = () =>
        /mode[^a-z]*(?:xsi:type="xsd:string">)?(replace|append)/.exec(
          party.received('importBasket').at(-1)?.body ?? '',
        )?.[1];
      await party.client().importBasket(LINES, 'replace', PATIENCE());
      assert.equal(mode(), undefined);
      await party.client({ basketReplaceSupported: true }).importBasket(LINES, 'replace', PATIENCE());
      assert.equal(mode(), 'replace');
    });

    it('is refused with its lines when one failed below a top that is done', async () => {
      party.says('importBasket', {
        errors: DONE,
        results: { status: 'OK', products: [line({ quantity: 2 }), SOLD_OUT] },
      });
      const reply = trouble(await party.client().importBasket(LINES, 'append', PATIENCE()));
      assert.deepEqual([reply.class, reply.mayBeDone], ['out-of-stock', true]);
      assert.match(reply.reason, /1454-03 za mało sztuk/);
      assert.deepEqual(
        reply.lines?.map(({ fault: of }) => of),
        ['out-of-stock'],
      );
      party.says('importBasket', { errors: DONE, results: { products: [SOLD_OUT, SOLD_OUT] } });
      assert.equal(trouble(await party.client().importBasket(LINES, 'append', PATIENCE())).mayBeDone, false);
    });

    it('cannot be emptied unless the profile says how', async () => {
      assert.equal(trouble(await party.client().clearBasket(PATIENCE())).class, 'not-supported');
      assert.equal(party.received().length, 0);
      const operations = { clearBasket: { gate: 'Dropshipping', method: 'basketClear' } };
      assert.equal((await party.client({ operations }).clearBasket(PATIENCE())).kind, 'done');
    });
  });

  describe(`couriers (${format})`, () => {
    const party = aWholesaler(format);
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
      party.says('listCouriers', { errors: DONE, results: { couriers: COURIERS } });
      assert.deepEqual(value(await party.client().listCouriers('PL', PATIENCE())), [
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
        party.says('listCouriers', said);
        assert.deepEqual(value(await party.client().listCouriers('', PATIENCE())), []);
      }
    });

    it('of an order depend on basket and address', async () => {
      party.says(
        'listCouriersForOrder',
        { errors: DONE, Results: { Couriers: COURIERS.slice(0, 1) } },
        fault(20, 'koszyk pusty'),
      );
      const wanted = { address: PLACE.address, paymentType: 'prepaid' } as const;
      const client = party.client();
      assert.equal(value(await client.listCouriersForOrder(wanted, PATIENCE())).length, 1);
      assert.match(party.received('listCouriersForOrder')[0]?.body ?? '', /00-950/);
      assert.equal(trouble(await client.listCouriersForOrder(wanted, PATIENCE())).class, 'basket-empty');
    });

    it('are a trouble of the protocol when the answer holds none', async () => {
      party.says('listCouriers', { errors: DONE, results: { carriers: [] } });
      assert.equal(trouble(await party.client().listCouriers('PL', PATIENCE())).class, 'protocol');
    });
  });

  describe(`an order (${format})`, () => {
    const party = aWholesaler(format);
    const IDS = { orderId: 'sklep-demo-58', orderSerialNumber: '00040211', status: 'new' };

    it('has both its numbers as text', async () => {
      party.says('placeOrder', { errors: DONE, results: IDS });
      assert.deepEqual(value(await party.client().placeOrder(PLACE, PATIENCE())), IDS);
      party.says('placeOrder', { errors: [{ faultCode: '0', faultString: '' }], Results: [{ orderSerialNumber: 7 }] });
      const placed = value(await party.client().placeOrder(PLACE, PATIENCE()));
      assert.deepEqual(placed, { orderId: '', orderSerialNumber: '7', status: '' });
    });

    it('names the lines that it was made without', async () => {
      party.says('placeOrder', { errors: DONE, results: { ...IDS, products: [line(), SOLD_OUT] } });
      const { refusedLines } = value(await party.client().placeOrder(PLACE, PATIENCE()));
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
        party.says('placeOrder', said);
        const reply = trouble(await party.client().placeOrder(PLACE, PATIENCE()));
        assert.deepEqual([reply.class, reply.mayBeDone], [expected, mayBeDone]);
        assert.equal(party.received('placeOrder').length, 1);
      });
    }

    it('is cancelled only where the profile knows how', async () => {
      const order = { orderId: 'sklep-demo-58', orderSerialNumber: '40211' };
      assert.equal(trouble(await party.client().cancelOrder(order, PATIENCE())).class, 'not-supported');
      assert.equal(party.received().length, 0);
      const operations = { cancelOrder: { gate: 'Dropshipping', method: 'cancelOrder' } };
      assert.equal((await party.client({ operations }).cancelOrder(order, PATIENCE())).kind, 'done');
      party.says('cancelOrder', { errors: DONE, results: { resultStatus: false } });
      assert.equal(trouble(await party.client({ operations }).cancelOrder(order, PATIENCE())).class, 'rejected');
    });
  });

  describe(`addresses and the supplier (${format})`, () => {
    const party = aWholesaler(format);

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
      party.says('getAddresses', { errors: DONE, results: { addresses } });
      const [found] = value(await party.client().getAddresses(['5', 'x-6'], PATIENCE()));
      assert.deepEqual([found?.id, found?.firstName, found?.street, found?.phone], ['5', 'Anna', '', '600000001']);
      assert.match(party.received('getAddresses')[0]?.body ?? '', /x-6/);
      party.says('getAddresses', fault(2));
      assert.deepEqual(value(await party.client().getAddresses([], PATIENCE())), []);
      assert.doesNotMatch(party.received('getAddresses')[1]?.body ?? '', /deliveryAddressIds/);
    });

    it('are changed field by field, and emptied for an erasure', async () => {
      party.says(
        'updateAddress',
        { errors: DONE, results: { resultStatus: 'true' } },
        { errors: DONE, results: { resultStatus: 'n' } },
      );
      const client = party.client();
      assert.equal((await client.updateAddress('5', { street: '', city: 'Łódź' }, PATIENCE())).kind, 'done');
      const body = party.received('updateAddress')[0]?.body ?? '';
      assert.match(body, format === 'soap' ? /<street xsi:type="xsd:string"\/>.*Łódź/ : /"street":"","city":"Łódź"/);
      assert.doesNotMatch(body, /zipCode/);
      assert.equal(trouble(await client.updateAddress('5', { city: 'Łódź' }, PATIENCE())).class, 'rejected');
    });

    it('tell who the wholesaler is', async () => {
      party.says('getSupplierData', {
        errors: DONE,
        results: {
          ...{ name: 'Hurt', email: 'h@example.test', phone: '910000000' },
          averageDeliveryTime: { value: 2, unit: 'days' },
          orderCompletionTime: { unit: 'immediately' },
          workDays: [{ day: 1, type: 'deliverer_open_hours', from: '08:00', to: '16:00' }],
        },
      });
      const supplier = value(await party.client().getSupplierData(PATIENCE()));
      assert.deepEqual(
        [supplier.name, supplier.averageDeliveryTime, supplier.orderCompletionTime, supplier.city],
        ['Hurt', '2 days', 'immediately', ''],
      );
      assert.deepEqual(supplier.workDays, [{ day: '1', type: 'deliverer_open_hours', from: '08:00', to: '16:00' }]);
      const operations = { getSupplierData: null, getAddresses: null, updateAddress: null };
      const without = party.client({ operations });
      const before = party.received().length;
      assert.equal(trouble(await without.getSupplierData(PATIENCE())).class, 'not-supported');
      assert.equal(trouble(await without.getAddresses([], PATIENCE())).class, 'not-supported');
      assert.equal(trouble(await without.updateAddress('5', {}, PATIENCE())).class, 'not-supported');
      assert.equal(party.received().length, before);
    });
  });

  describe(`statuses of orders (${format})`, () => {
    const party = aWholesaler(format);
    const ORDERS = [{ orderId: 'sklep-demo-58', orderSerialNumber: '40211' }];
    const told = (changes: Record<string, Said>) => ({
      errors: DONE,
      results: {
        orders: [{ orderId: 'sklep-demo-58', orderSerialNumber: 40211, faultCode: 0, faultString: '', ...changes }],
      },
    });
    const status = async (changes: Record<string, Said>, profile: Record<string, unknown> = {}) => {
      party.says('getOrderStatuses', told(changes));
      const [found = assert.fail()] = value(
        await party.client(profile).getOrderStatuses({ orders: ORDERS }, PATIENCE()),
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
      party.says('getOrderStatuses', fault(2));
      const client = party.client();
      const between = { begin: new Date('2026-11-20T22:59:59Z'), end: new Date('2026-11-21T11:00:00Z') };
      assert.deepEqual(value(await client.getOrderStatuses({ between }, PATIENCE())), []);
      assert.match(party.received('getOrderStatuses')[0]?.body ?? '', /2026-11-20 23:59:59.*2026-11-21 12:00:00/);
      assert.deepEqual(value(await client.getOrderStatuses({ orders: [] }, PATIENCE())), []);
      assert.equal(party.received('getOrderStatuses').length, 1);
    });

    it('are no more than the wholesaler takes at once, and nothing is sent to learn it', async () => {
      const orders = Array.from({ length: 101 }, (_, n) => ({ orderId: `d-${n}`, orderSerialNumber: '' }));
      const client = party.client();
      assert.equal(trouble(await client.getOrderStatuses({ orders }, PATIENCE())).class, 'too-large');
      const lines = Array.from({ length: 101 }, () => ({ code: 'a', codeType: 'internal', quantity: '1' }));
      assert.equal(trouble(await client.importBasket(lines, 'append', PATIENCE())).class, 'too-large');
      const long = [{ code: 'ż'.repeat(600), codeType: 'internal', quantity: '1' }];
      assert.equal(
        trouble(await party.client({ maxRequestBytes: 1200 }).importBasket(long, 'append', PATIENCE())).class,
        'too-large',
      );
      assert.equal(party.received().length, 0);
    });
  });
}
