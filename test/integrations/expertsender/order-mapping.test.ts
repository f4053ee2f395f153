import assert from 'node:assert/strict';
import fc from 'fast-check';
import { orderWriter } from '../../../connector/integrations/expertsender/order-mapping.ts';
import type { ExpertSenderSettings } from '../../../connector/integrations/expertsender/settings.ts';
import type { OrderLine } from '../../../connector/domain/order.ts';
import { anOrder, aRelayedOrder } from '../../relay/an-order.ts';
import { aStatus, ourSettings } from './our-settings.ts';
import { aLine, LINE, unfit, wire, write } from './written.ts';

describe('an order for ExpertSender', () => {
  it('is written as the fact sheet composes it', () => {
    const relayed = aRelayedOrder(
      {
        ...{ id: '77', placedAt: new Date('2031-03-04T08:15:30.120Z'), currency: 'pln', customerId: '4410' },
        ...{ total: '184.48', email: ' Ola.Lis@Example.test ', phone: '600 100 200' },
        deliveryMethod: { id: '1', name: 'parcel-locker', price: '14.48' },
        lines: [aLine({ sku: 'KB-9-RED', name: 'Mug, red, 0.4 l', price: '42.50', quantity: 4 })],
      },
      aStatus('paid'),
    );
    const settings: Partial<ExpertSenderSettings> = {
      ...{ orderIdPrefix: 'PL-2031-', customerIdPrefix: 'C-', websiteId: 3, productId: 'sku' },
      orderAttributes: new Map([['DeliveryMethod', 'delivery_method']]),
    };
    assert.equal(
      JSON.stringify(write(relayed, settings)),
      JSON.stringify({
        wire: {
          ...{ id: 'PL-2031-77', date: '2031-03-04T08:15:30Z', timeZone: 'UTC', websiteId: 3, status: 'paid' },
          ...{ currency: 'PLN', totalValue: 184.48 },
          customer: { email: 'ola.lis@example.test', phone: '+48600100200', crmId: 'C-4410' },
          products: [{ id: 'KB-9-RED', name: 'Mug, red, 0.4 l', price: 42.5, quantity: 4 }],
          orderAttributes: [{ name: 'DeliveryMethod', value: 'parcel-locker' }],
        },
        notes: [],
      }),
    );
  });

  it('has no field that it has nothing for', () => {
    assert.deepEqual(Object.keys(wire({ email: '', phone: '' })), [
      ...['id', 'date', 'timeZone', 'status', 'currency', 'totalValue', 'customer', 'products'],
    ]);
    assert.deepEqual(wire({ email: '', phone: '' }).customer, {});
  });

  it('is dated by the moment it was placed, in a zone that the platform knows by its Windows name', () => {
    const placedAt = new Date('2031-07-04T22:15:30Z');
    const dated = (timeZone: string) => [
      wire({ placedAt }, { timeZone }).date,
      wire({ placedAt }, { timeZone }).timeZone,
    ];
    assert.deepEqual(dated('UTC'), ['2031-07-04T22:15:30Z', 'UTC']);
    assert.deepEqual(dated('Europe/Warsaw'), ['2031-07-05T00:15:30+02:00', 'Central European Standard Time']);
    assert.deepEqual(dated('Central Europe Standard Time'), [
      ...['2031-07-05T00:15:30+02:00', 'Central Europe Standard Time'],
    ]);
    assert.deepEqual(dated('Atlantic/Reykjavik'), ['2031-07-04T22:15:30+00:00', 'Greenwich Standard Time']);
    assert.throws(() => orderWriter(ourSettings({ timeZone: 'Mars/Olympus' })), /EXPERTSENDER_TIME_ZONE/);
    assert.match(unfit({ placedAt: new Date(NaN) }), /no date/);
  });

  it('names the same moment in every zone', () => {
    const zones = ['UTC', 'Europe/London', 'Europe/Warsaw', 'Europe/Kyiv', 'Turkey Standard Time', 'Europe/Moscow'];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
        (timeZone, placedAt) => {
          const { date } = wire({ placedAt }, { timeZone });
          return new Date(date).getTime() === Math.floor(placedAt.getTime() / 1000) * 1000;
        },
      ),
    );
  });

  describe('keeps to the limits', () => {
    it('of ids, which are refused rather than cut', () => {
      assert.equal(wire({ id: 'x'.repeat(128) }).id.length, 128);
      assert.match(unfit({ id: 'x'.repeat(129) }), /128/);
      assert.match(unfit({ id: 'x'.repeat(120) }, { orderIdPrefix: 'PL-234567-' }), /128/);
      assert.match(unfit({ id: '..' }), /dots/);
      assert.equal(wire({ lines: [aLine({ productId: '9'.repeat(128) })] }).products[0]?.id.length, 128);
      assert.match(unfit({ lines: [aLine(), aLine({ productId: '9'.repeat(129) })] }), /products\[1\]/);
    });

    it('of names, which are cut between characters with a note', () => {
      const long = write(aRelayedOrder({ lines: [aLine({ name: 'ż'.repeat(2049) })] }));
      assert.equal(long.wire.products[0]?.name, 'ż'.repeat(2048));
      assert.deepEqual(long.notes, ['products[0].name is cut to 2048 characters']);
      const faces = wire({ lines: [aLine({ name: `x${'🐢'.repeat(1024)}` })] }).products[0]?.name ?? '';
      assert.equal(faces, `x${'🐢'.repeat(1023)}`);
      assert.equal(wire({ lines: [aLine({ name: ' ' })] }).products[0]?.name, '501');
    });

    it('of quantities, which are whole and at least 1', () => {
      const mapped = write(aRelayedOrder({ lines: [aLine({ quantity: 0 }), aLine({ quantity: 2_147_483_647 })] }));
      assert.deepEqual(
        mapped.wire.products.map(({ quantity }) => quantity),
        [2_147_483_647],
      );
      assert.match(mapped.notes.join(), /products\[0\] is left out/);
      assert.match(unfit({ lines: [aLine({ quantity: 2_147_483_648 })] }), /quantity/);
    });

    it('of the customer’s fields, which are left out rather than cut', () => {
      assert.equal(wire({ email: `${'e'.repeat(307)}@example.test` }).customer.email?.length, 320);
      assert.equal(wire({ email: `${'e'.repeat(308)}@example.test` }).customer.email, undefined);
      for (const email of ['ala', 'ala@', 'a la@example.test']) assert.equal(wire({ email }).customer.email, undefined);
      for (const phone of ['12', 'brak', '1'.repeat(30)]) assert.equal(wire({ phone }).customer.phone, undefined);
      assert.equal(wire({ phone: '0048 600-100-200' }).customer.phone, '+48600100200');
      for (const customerId of [undefined, '', '0', 'c'.repeat(129)]) {
        assert.equal(wire({ customerId }).customer.crmId, undefined);
      }
      assert.equal(wire({ customerId: 'c'.repeat(128) }).customer.crmId?.length, 128);
    });

    it('of the phone, which is read as from the country of the order, and never as from a country that is not known', () => {
      const from = (delivery: object, invoice: object = {}, phone = '030 901820') => {
        const order = anOrder();
        return wire({
          phone,
          delivery: { ...order.delivery, country: '', countryCode: '', ...delivery },
          invoice: { ...order.invoice, country: '', countryCode: '', ...invoice },
        }).customer.phone;
      };
      assert.equal(from({ country: 'Deutschland' }), '+4930901820');
      assert.equal(from({}, { countryCode: 'DE' }), '+4930901820');
      assert.equal(from({ countryCode: 'UK' }, {}, '07911 123456'), '+447911123456');
      assert.equal(from({}, {}, '600 100 200'), '+48600100200');
      assert.equal(from({ country: 'Atlantyda' }, {}, '600 100 200'), undefined);
      assert.equal(from({}, {}, '000000000'), undefined);
    });

    it('of attributes, whose values are cut', () => {
      const orderAttributes = new Map([['Number', 'number']] as const);
      const mapped = write(aRelayedOrder({ number: 'n'.repeat(300) }), { orderAttributes });
      assert.equal(mapped.wire.orderAttributes?.[0]?.value.length, 255);
      assert.deepEqual(mapped.notes, ['order, attribute Number is cut to 255 characters']);
    });

    it('of the currency, three letters, and without one there is none', () => {
      assert.equal(wire({ currency: '' }).currency, undefined);
      assert.match(unfit({ currency: 'zł' }), /currency/);
    });
  });

  it('names a country by its code, whatever the shop calls it, and one that is not known as the shop does', () => {
    const orderAttributes = new Map([['Country', 'country']] as const);
    const country = (countryCode: string, country: string) => {
      const delivery = { ...anOrder().delivery, country, countryCode };
      return write(aRelayedOrder({ delivery }), { orderAttributes }).wire.orderAttributes?.[0]?.value;
    };
    assert.equal(country('UK', ''), 'GB');
    assert.equal(country('', 'Niderlandy'), 'NL');
    assert.equal(country('', 'Atlantyda'), 'Atlantyda');
    assert.equal(country('PL', 'Polska'), 'PL');
  });

  it('names a product by the id of the setting', () => {
    const variant = aLine({ variantId: '12', ean: '' });
    const ids = (['product', 'variant', 'product-variant', 'sku', 'ean'] as const).map((productId) =>
      wire({ lines: [variant, LINE] }, { productId }).products.map(({ id }) => id),
    );
    assert.deepEqual(ids, [
      ['501', '501'],
      ['12', '501'],
      ['501-12', '501'],
      ['KUB', 'KUB'],
      ['KUB', '5900000000012'],
    ]);
    const freeText = aLine({ productId: undefined, sku: '', ean: '' });
    assert.equal(wire({ lines: [freeText] }).products[0]?.id, 'free-text');
  });

  it('says that everything came back when it did', () => {
    const lines = [aLine({ quantity: 3, price: '10.10' }), aLine({ price: '2.00' })];
    const returned = aRelayedOrder({ lines, total: '44.29' }, aStatus('returned'));
    const { products, returnsValue, status } = write(returned).wire;
    assert.deepEqual([status, returnsValue, ...products.map((one) => one.returned)], ['completed', 32.3, 3, 1]);
    assert.equal(write({ ...returned, order: { ...returned.order, total: '30.00' } }).wire.returnsValue, 30);
    const canceled = write(returned, { returnedAs: 'canceled' }).wire;
    assert.deepEqual(
      [canceled.status, canceled.returnsValue, canceled.products[0]?.returned],
      [...['canceled', undefined, undefined]],
    );
  });

  it('gives back what the units came to where their stored price is a rounded one', () => {
    const deliveryMethod = { id: '2', name: 'Kurier', price: '10.00' };
    const returnsOf = (total: string, lines: readonly OrderLine[]) => {
      const relayed = aRelayedOrder({ total, lines, deliveryMethod }, aStatus('returned'));
      return write(relayed).wire.returnsValue;
    };
    assert.equal(returnsOf('55.50', [aLine({ price: '0.05', quantity: 1000 })]), 45.5);
    assert.equal(returnsOf('39.27', [aLine({ price: '14.63', quantity: 2 })]), 29.27);
    assert.equal(returnsOf('55.50', [aLine({ price: '0.0455', quantity: 1000 })]), 45.5);
    assert.equal(returnsOf('49.00', [aLine({ price: '20.00', quantity: 2 })]), 40, 'a discount that nobody named');
  });

  it('leaves "returned" out when nothing was, or sends 0 where the setting says so', () => {
    assert.equal('returned' in (wire().products[0] ?? {}), false);
    assert.equal(wire({}, { sendsZeroReturned: true }).products[0]?.returned, 0);
  });

  it('carries the attributes that the settings name, and none that is empty', () => {
    const relayed = aRelayedOrder(
      {
        lines: [aLine({ attributes: [{ name: 'Grawer', value: 'Ala', price: '0.00' }] })],
        adjustments: [
          { kind: 'discount', name: 'Rabat', amount: '-5.00', vat: 23 },
          { kind: 'discount', name: 'Kod', amount: '-1.50', vat: 23 },
          { kind: 'fee', name: 'Pakowanie', amount: '3.00', vat: 23 },
        ],
      },
      { origin: '9001' },
    );
    const { orderAttributes, products } = write(relayed, {
      orderAttributes: new Map([
        ...([
          ['A', 'source'],
          ['B', 'discount'],
          ['C', 'carrier'],
          ['D', 'cash_on_delivery'],
          ['E', 'status'],
        ] as const),
        ...([
          ['F', 'delivery_price'],
          ['G', 'country'],
          ['H', 'payment_method'],
          ['I', 'wants_invoice'],
        ] as const),
      ]),
      productAttributes: new Map([
        ['X', 'attribute:Grawer'],
        ['Y', 'attribute:Kolor'],
        ['Z', 'variant_id'],
        ['V', 'vat'],
      ]),
    }).wire;
    assert.deepEqual(
      orderAttributes?.map(({ name, value }) => `${name}=${value}`),
      [...['A=baselinker', 'B=6.50', 'D=false', 'E=Nowe', 'F=11.99', 'G=PL', 'H=BLIK', 'I=false']],
    );
    assert.deepEqual(products[0]?.productAttributes, [
      { name: 'X', value: 'Ala' },
      { name: 'V', value: '23' },
    ]);
  });
});
