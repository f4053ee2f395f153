import assert from 'node:assert/strict';
import type { IdoSell, IdoSellOptions } from '../../simulators/idosell/server.ts';
import { aProfile, at, parties, type Caller, type Read } from './idosell-ask.ts';
import { address, anOrder, lines } from './idosell-wants.ts';

describe('couriers and new orders of the IdoSell simulator', () => {
  const open = parties();
  let simulator: IdoSell;
  let caller: Caller;

  async function start(options: Partial<IdoSellOptions> = {}): Promise<void> {
    ({ simulator, caller } = await open(options));
    await fill();
  }
  const fill = (...wanted: Parameters<typeof lines>[1][]) =>
    caller.ask('importBasket', lines(simulator, ...(wanted.length > 0 ? wanted : [['1454-03', '1'] as const])));
  beforeEach(() => start());

  /** The number of the fault, and that nothing became of it. */
  async function refused(changes: Parameters<typeof anOrder>[1]): Promise<Read | undefined> {
    const [fault] = await caller.ask('placeOrder', anOrder(simulator, changes));
    assert.equal(simulator.shop.orders.all.length, 0, JSON.stringify(changes));
    assert.equal(simulator.shop.stock.of('1454-03'), '7');
    assert.equal(simulator.shop.baskets.all.get('sklep-demo')?.lines.length, 1);
    return fault;
  }
  const place = (changes: Parameters<typeof anOrder>[1] = {}) => caller.ask('placeOrder', anOrder(simulator, changes));

  describe('couriers', () => {
    const ids = (results: Read | undefined) =>
      ((at(results, 'couriers') ?? []) as Read[]).map((courier) => at(courier, 'courierId'));
    const forOrder = async (changes: Readonly<Record<string, string>> = {}, more: object = {}) =>
      ids((await caller.ask('listCouriersForOrder', { deliveryAddress: address(simulator, changes), ...more }))[1]);

    it('are listed with everything that is known of them, by country where one is named', async () => {
      const [fault, results] = await caller.ask('listCouriers');
      assert.equal(fault, '0');
      assert.deepEqual(at(results, 'couriers', 1), {
        ...{ courierId: '100150', courierName: 'Paczkopunkt Demo', companyKey: 'demopoint', hasPickupPoints: 'y' },
        paymentTypes: ['prepaid', 'tradecredit'],
      });
      assert.equal(at(results, 'couriers', 0, 'trackingUrlTemplate'), 'https://track.example.test/{number}');
      assert.deepEqual(ids((await caller.ask('listCouriers', { countryId: 'DE' }))[1]), ['100149']);
      assert.deepEqual(await caller.ask('listCouriers', { countryId: 'FR' }), ['2', { couriers: [] }]);
    });

    it('depend on country, weight and payment, and cost something', async () => {
      assert.deepEqual(await forOrder(), ['100149', '100150']);
      assert.deepEqual(await forOrder({ countryId: 'DE' }), ['100149']);
      assert.deepEqual(await forOrder({ countryId: '' }), []);
      assert.deepEqual(await forOrder({}, { paymentType: 'cash_on_delivery' }), ['100149']);
      assert.deepEqual(await forOrder({}, { paymentType: 'barter' }), []);
      const [, results] = await caller.ask('listCouriersForOrder', { deliveryAddress: address(simulator) });
      assert.deepEqual(
        ['deliveryCost', 'currencyId', 'estimatedDeliveryDate'].map((name) => at(results, 'couriers', 1, name)),
        ['9.5', 'PLN', '2026-11-23'],
      );
      await fill(['901-uniw', '1']);
      assert.deepEqual(await forOrder(), ['100149', '100150'], '5 kg');
      await fill(['901-uniw', '0.01']);
      assert.deepEqual(await forOrder(), ['100149'], '5.04 kg');
      await fill(['901-uniw', '10']);
      assert.deepEqual(await forOrder(), [], '45 kg');
    });

    it('are not told for an empty basket', async () => {
      await place();
      assert.equal((await caller.ask('listCouriersForOrder', { deliveryAddress: address(simulator) }))[0], '20');
    });
  });

  describe('orders are placed', () => {
    it('with ids, costs and lines, and empty the basket', async () => {
      await fill(['901-uniw', '2']);
      const [fault, results] = await place({ order: { courierId: '100149', clientNoteToCourier: 'dzwonić' } });
      assert.equal(fault, '0');
      assert.deepEqual(results, {
        ...{ orderId: 'sklep-demo-1', orderSerialNumber: '40211', status: 'new', total: '82.9', deliveryCost: '12.9' },
        currencyId: 'PLN',
        products: [
          { code: '1454-03', codeType: 'internal', quantity: '1', faultCode: '0', faultString: '' },
          { code: '901-uniw', codeType: 'internal', quantity: '2', faultCode: '0', faultString: '' },
        ],
      });
      assert.equal((await place())[0], '20');
      const [order] = simulator.ordersFor('1001/A');
      assert.deepEqual(
        [order?.note, order?.noteToCourier, order?.address.city, order?.payer.nip, order?.paymentType],
        ['REF:1001/A', 'dzwonić', 'Warszawa', '1111111111', 'prepaid'],
      );
    });

    it('as often as somebody asks, and it is counted by reference', async () => {
      await place();
      await fill();
      await place();
      await fill();
      await place({ reference: '1001/B' });
      assert.deepEqual(
        [simulator.ordersFor('1001/A').length, simulator.ordersFor('1001/B').length, simulator.ordersFor('x').length],
        [2, 1, 0],
      );
      assert.deepEqual(
        simulator.shop.orders.all.map(({ orderId, serialNumber }) => `${orderId} ${serialNumber}`),
        ['sklep-demo-1 40211', 'sklep-demo-2 40212', 'sklep-demo-3 40213'],
      );
    });

    it('with a reference that stands within a note, or in a field of its own', async () => {
      const profile = aProfile({ externalReferenceField: 'externalOrderId' });
      await start({ profile });
      await caller.ask('placeOrder', {
        ...(anOrder(simulator) as object),
        ...{ clientNoteToOrder: 'Pilne! REF:77/A proszę', externalOrderId: '78/A' },
      });
      await fill();
      await caller.ask('placeOrder', {
        ...(anOrder(simulator) as object),
        ...{ clientNoteToOrder: 'bez numeru', externalOrderId: '78/A' },
      });
      assert.deepEqual([simulator.ordersFor('77/A').length, simulator.ordersFor('78/A').length], [1, 1]);
      const [, results] = await caller.ask('getOrderStatuses', { orders: [{ orderId: 'sklep-demo-1' }] });
      assert.equal(at(results, 'orders', 0, 'externalOrderId'), '78/A');
    });

    const wrong: [what: string, changes: Parameters<typeof anOrder>[1], fault: string][] = [
      ...['00950', '0-950', '00-95', ''].map((zipCode): [string, object, string] => [
        `a postcode ${zipCode}`,
        { address: { zipCode } },
        '22',
      ]),
      ...['60000000', '+', '0048600000001', '600 000 001', ''].map((phone): [string, object, string] => [
        `a phone ${phone}`,
        { address: { phone } },
        '22',
      ]),
      ['no house number', { address: { street: 'Lipowa' } }, '22'],
      ['no street', { address: { street: '7' } }, '22'],
      ['no first name', { address: { firstName: ' ' } }, '22'],
      ['no last name', { address: { lastName: '' } }, '22'],
      ['no city', { address: { city: '' } }, '22'],
      ['a country by its name', { address: { countryId: 'Polska' } }, '22'],
      ['an e-mail address that is none', { address: { email: 'anna@' } }, '22'],
      ['nobody who pays', { payer: { firm: '' } }, '22'],
      ['a payer without a postcode', { payer: { zipCode: '' } }, '22'],
      ['no courier', { order: { courierId: '' } }, '23'],
      ['a courier that nobody knows', { order: { courierId: '1' } }, '23'],
      ['a courier that does not go there', { address: { countryId: 'CZ', zipCode: '110 00' } }, '23'],
      ['a courier that takes no COD', cod({ courierId: '100150', pickupPointId: 'WAW01' }), '23'],
      ['no pick-up point', { order: { courierId: '100150' } }, '23'],
      ['a pick-up point that is not there', { order: { courierId: '100150', pickupPointId: 'KRK01' } }, '23'],
      ['a way to pay that nobody knows', { order: { paymentType: 'barter' } }, '90'],
      ['COD without an amount', cod({ cashOnDeliveryAmount: '' }), '90'],
      ['COD with nothing to collect', cod({ cashOnDeliveryAmount: '0.00' }), '90'],
      ['COD with a comma', cod({ cashOnDeliveryAmount: '12,50' }), '90'],
      ['COD without a currency', cod({ currencyId: '' }), '90'],
      ['a day that is none', { order: { deliveryDate: '21.11.2026' } }, '90'],
    ];
    for (const [what, changes, fault] of wrong) {
      it(`not with ${what}`, async () => assert.equal(await refused(changes), fault));
    }

    const right: [what: string, changes: Parameters<typeof anOrder>[1]][] = [
      ['a phone of the whole world', { address: { phone: '+48600000001' } }],
      ['another country', { address: { countryId: 'DE', zipCode: '10115', phone: '+4930123456' } }],
      ['a house without a number abroad', { address: { countryId: 'DE', zipCode: '10115', street: 'Schloss' } }],
      ['a pick-up point', { order: { courierId: '100150', pickupPointId: 'WAW01' } }],
      [
        'a house without a number, as a pick-up point is where it goes',
        { order: { courierId: '100150', pickupPointId: 'WAW01' }, address: { street: 'Lipowa' } },
      ],
      ['cash on delivery', cod({})],
      ['trade credit and a wished day', { order: { paymentType: 'tradecredit', deliveryDate: '2026-11-24' } }],
      ['no e-mail address', { address: { email: '' } }],
      ['a person who pays', { payer: { firm: '', firstName: 'Jan', lastName: 'Nowak' } }],
    ];
    for (const [what, changes] of right) {
      it(`with ${what}`, async () => {
        assert.equal((await place(changes))[0], '0');
        assert.deepEqual(simulator.complaints, []);
      });
    }

    it('not when the stock went after the basket was filled', async () => {
      await fill(['901-uniw', '1']);
      simulator.shop.stock.set('1454-03', '0.5');
      const [fault, results] = await place();
      assert.equal(fault, '21');
      assert.deepEqual(
        ((at(results, 'products') ?? []) as Read[]).map(
          (line) => `${at(line, 'code') as string} ${at(line, 'faultCode') as string}`,
        ),
        ['1454-03 21', '901-uniw 0'],
      );
      assert.equal(simulator.shop.stock.of('901-uniw'), '12.5');
    });

    it('not when a product is no longer sold', async () => {
      simulator.shop.stock.put({ codes: { internal: '1454-03' }, stock: '5' });
      assert.equal((await place())[0], '21');
    });

    it('not below the least value', async () => {
      await start({ minimumOrder: '39.80' });
      assert.equal((await place())[0], '25');
      await fill();
      assert.equal((await place())[0], '0');
    });

    it('with oddities that nobody refuses, and of which it complains', async () => {
      await place({
        order: { cashOnDeliveryAmount: '5', currencyId: 'PLN', pickupPointId: 'WAW01', clientRequestInvoice: 'yes' },
      });
      assert.equal(simulator.complaints.length, 3);
    });
  });
});

function cod(order: Readonly<Record<string, string>>): Parameters<typeof anOrder>[1] {
  const usual = { paymentType: 'cash_on_delivery', cashOnDeliveryAmount: '120.50', currencyId: 'PLN' };
  return { order: { ...usual, ...order } };
}
