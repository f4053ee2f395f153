import assert from 'node:assert/strict';
import { ordersGet, totalOf, type Order } from '../../../connector/baselinker/check/response-schemas.ts';
import { orderedKeys } from '../../../connector/baselinker/check/ordered-json.ts';
import { parseMoney } from '../../../connector/domain/money.ts';
import type { TestApp } from '../../support/app.ts';
import { addOrder, type Columns, type OrderParts } from '../../support/shop-rows.ts';
import { aConnector, conforming, errorCode, NOW } from './a-connector.ts';

const seconds = (at: Date) => Math.floor(at.getTime() / 1000);
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

describe('OrdersGet', () => {
  const connector = aConnector();

  type Fields = Readonly<Record<string, string | number>>;

  /** The orders of one answer, in the order of its text. */
  async function scan(fields: Fields = {}, of: Pick<TestApp, 'call'> = connector): Promise<string[]> {
    const answer = await of.call('OrdersGet', fields);
    conforming(answer, ordersGet);
    const keys = orderedKeys(answer.text);
    assert.equal(keys.pop(), 'pages');
    return keys;
  }

  /** One order of the shop as BaseLinker sees it. */
  async function shown(columns: Columns, parts: OrderParts = {}, settings: Readonly<Record<string, string>> = {}) {
    const id = await addOrder(columns, parts);
    const app = await connector.open(settings);
    const { rows } = conforming(await app.call('OrdersGet', { order_id: id }), ordersGet);
    const order = rows.get(id);
    assert.ok(order);
    return order;
  }

  const prices = (order: Order) => order.products.map(({ name, quantity, price }) => [name, quantity, price]);

  it('shows a whole order, in the words of the protocol', async () => {
    const id = await addOrder(
      {
        created_at: new Date('2027-01-03T22:15:30.900Z'),
        status_id: 4,
        email: 'ala@example.test',
        phone: '+48 500 000 000',
        delivery_fullname: 'Ala Żółć',
        delivery_company: 'Sąsiad',
        delivery_address: 'Długa 1/2',
        delivery_postcode: '90-001',
        delivery_city: 'Łódź',
        delivery_state_code: 'LD',
        delivery_country: 'Polska',
        delivery_country_code: 'PL',
        invoice_fullname: 'Jan Żółć',
        invoice_company: '',
        invoice_address: 'Krótka 3',
        invoice_postcode: '10115',
        invoice_city: 'Berlin',
        invoice_country: 'Niemcy',
        invoice_country_code: 'DE',
        delivery_id: 2,
        delivery_name: 'Paczkomat InPost',
        delivery_price: '11.99',
        payment_id: 3,
        payment_name: 'BLIK',
        payment_external_id: 'PAY-7',
        payment_operator: 'PayU',
        paid_amount: '65.79',
        paid_at: new Date('2027-01-03T22:17:00Z'),
        user_comments: 'proszę dzwonić',
        admin_comments: 'stały klient',
        extra_field_1: 'jeden',
        extra_field_2: 'dwa',
        transaction_id: 'T-1',
      },
      {
        lines: [
          {
            product_id: 501,
            variant_id: 9002,
            sku: 'KUB-Z',
            ean: '5900000000036',
            name: 'Kubek zielony',
            quantity: 2,
            price: '26.90',
            vat_rate: 8,
            weight: '0.350',
            location: 'A-1',
            attributes: '[{"name":"Grawer","value":"Ala","price":"2.5"}]',
          },
        ],
      },
    );
    const answer = await connector.call('OrdersGet');
    conforming(answer, ordersGet);
    assert.deepEqual(answer.body, {
      [id]: {
        date_add: 1799014530,
        email: 'ala@example.test',
        phone: '+48 500 000 000',
        delivery_fullname: 'Ala Żółć',
        delivery_company: 'Sąsiad',
        delivery_address: 'Długa 1/2',
        delivery_city: 'Łódź',
        delivery_postcode: '90-001',
        delivery_state_code: 'LD',
        delivery_country: 'Polska',
        delivery_country_code: 'PL',
        invoice_fullname: 'Jan Żółć',
        invoice_company: '',
        invoice_nip: '',
        invoice_address: 'Krótka 3',
        invoice_city: 'Berlin',
        invoice_postcode: '10115',
        invoice_state_code: '',
        invoice_country: 'Niemcy',
        invoice_country_code: 'DE',
        delivery_point_id: '',
        delivery_point_name: '',
        delivery_point_address: '',
        delivery_point_postcode: '',
        delivery_point_city: '',
        payment_method_id: '3',
        payment_method: 'BLIK',
        payment_method_cod: 0,
        payment_external_id: 'PAY-7',
        payment_operator: 'PayU',
        currency: 'PLN',
        user_comments: 'proszę dzwonić',
        user_comments_long: 'proszę dzwonić',
        admin_comments: 'stały klient',
        status_id: '4',
        delivery_method_id: '2',
        delivery_method: 'Paczkomat InPost',
        delivery_price: '11.99',
        paid: 1,
        paid_time: 1799014620,
        want_invoice: 0,
        extra_field_1: 'jeden',
        extra_field_2: 'dwa',
        transaction_id: 'T-1',
        delivery_package_nr: '',
        delivery_package_module: '',
        tracking_url: '',
        products: [
          {
            id: '501',
            variant_id: '9002',
            name: 'Kubek zielony',
            quantity: 2,
            price: '26.90',
            tax: 8,
            weight: 0.35,
            sku: 'KUB-Z',
            ean: '5900000000036',
            location: 'A-1',
            attributes: [{ name: 'Grawer', value: 'Ala', price: '2.50' }],
          },
        ],
      },
      pages: 1,
    });
  });

  it('shows a guest without phone, address, delivery and payment with empty texts, never null', async () => {
    await addOrder({ email: '' }, { lines: [] });
    const answer = await connector.call('OrdersGet');
    conforming(answer, ordersGet);
    assert.ok(!answer.text.includes('null'), answer.text);
  });

  it('wants an invoice when the buyer said so or is a company with a tax number', async () => {
    assert.equal((await shown({ invoice_company: 'Firma', invoice_nip: '5260001246' })).want_invoice, 1);
    assert.equal((await shown({ want_invoice: 1 })).want_invoice, 1);
    assert.equal((await shown({ invoice_company: 'Firma' })).want_invoice, 0);
  });

  it('names a country by its code, whatever the shop calls it; one that is not known as the shop does', async () => {
    const codes = async (columns: Columns) => {
      const { delivery_country_code: delivery, invoice_country_code: invoice } = await shown(columns);
      return [delivery, invoice];
    };
    assert.deepEqual(await codes({ delivery_country_code: 'UK', invoice_country: 'Niderlandy' }), ['GB', 'NL']);
    assert.deepEqual(await codes({ delivery_country_code: 'pl', invoice_country: 'Atlantyda' }), ['PL', '']);
    assert.deepEqual(await codes({ delivery_country_code: 'ZZ' }), ['ZZ', '']);
  });

  it('has no pick-up point where the shop has 0 for it', async () => {
    assert.equal((await shown({ delivery_point_id: '0' })).delivery_point_id, '');
  });

  it('names the pick-up point with its code and address', async () => {
    const { delivery_point_id, delivery_point_name, delivery_point_address, delivery_point_postcode } = await shown({
      delivery_point_id: 'LOD01A',
      delivery_point_name: 'Paczkomat LOD01A',
      delivery_point_address: 'Długa 1',
      delivery_point_postcode: '90-001',
      delivery_point_city: 'Łódź',
    });
    assert.deepEqual(
      [delivery_point_id, delivery_point_name, delivery_point_address, delivery_point_postcode],
      ['LOD01A', 'Paczkomat LOD01A', 'Długa 1', '90-001'],
    );
  });

  describe('lines', () => {
    it('have a line of their own for each discount and fee, after the products', async () => {
      const order = await shown(
        { delivery_price: '10.00' },
        {
          lines: [{ name: 'Kubek', quantity: 3, price: '20.00' }],
          adjustments: [
            { kind: 'discount', name: 'Rabat', amount: '-6.00', vat_rate: '23.00' },
            { kind: 'fee', name: 'Pakowanie', amount: '3.50', vat_rate: '8.00' },
          ],
        },
      );
      assert.deepEqual(prices(order), [
        ['Kubek', 3, '20.00'],
        ['Rabat', 1, '-6.00'],
        ['Pakowanie', 1, '3.50'],
      ]);
      assert.deepEqual(order.products[1], {
        id: '0',
        variant_id: '0',
        name: 'Rabat',
        quantity: 1,
        price: '-6.00',
        tax: 23,
        weight: 0,
        sku: '',
        ean: '',
        location: '',
        attributes: [],
      });
      assert.equal(totalOf(order), parseMoney('67.50'));
    });

    for (const [total, cent] of [
      ['30.01', '0.01'],
      ['29.00', '-1.00'],
    ] as const) {
      it(`have a rounding line when the shop’s total is ${total} and the parts make 30.00`, async () => {
        const order = await shown({ total }, { lines: [{ quantity: 3, price: '10.00', vat_rate: '8.00' }] });
        assert.deepEqual(prices(order).at(-1), ['Rounding', 1, cent]);
        assert.equal(order.products.at(-1)?.tax, 8);
        assert.equal(totalOf(order), parseMoney(total));
      });
    }

    for (const [total, missing] of [
      ['45.50', '-4.50'],
      ['51.01', '1.01'],
      ['0.00', '-50.00'],
    ] as const) {
      it(`name a difference that is more than rounding: the total is ${total}, the parts make 50.00`, async () => {
        const lines = [{ quantity: 1000, price: '0.05', vat_rate: '8.00' }];
        const order = await shown({ total, paid_amount: total, admin_comments: 'pilne' }, { lines });
        assert.deepEqual(prices(order), [
          ['Kubek', 1000, '0.05'],
          ['Difference to the total', 1, missing],
        ]);
        assert.equal(order.products.at(-1)?.tax, 8);
        assert.equal(totalOf(order), parseMoney(total));
        assert.equal(order.paid, 1);
        assert.equal(
          order.admin_comments,
          `pilne\nThe parts of this order come to 50.00, its total is ${total}: the difference is a line of its own`,
        );
      });
    }

    it('that differ from the total are logged once for every order, and rounding is not', async () => {
      const first = await addOrder({ total: '45.50' }, { lines: [{ quantity: 1000, price: '0.05' }] });
      const second = await addOrder({ total: '45.50' }, { lines: [{ quantity: 1000, price: '0.05' }] });
      await addOrder({ total: '30.01' }, { lines: [{ quantity: 3, price: '10.00' }] });
      const app = await connector.open();
      await scan({}, app);
      await scan({}, app);
      await scan({ order_id: first }, app);
      const told = app
        .log()
        .split('\n')
        .filter((line) => line.includes('order does not add up'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      assert.deepEqual(
        told.map(({ level, orderId, total, parts }) => [level, orderId, total, parts]),
        [
          ['warn', first, '45.50', '50.00'],
          ['warn', second, '45.50', '50.00'],
        ],
      );
    });

    it('without a product have id 0, and exempt ones the VAT of the setting', async () => {
      const lines = [{ product_id: null, name: 'Usługa', vat_rate: null }];
      const [line] = (await shown({}, { lines }, { VAT_EXEMPT_AS: '-1' })).products;
      assert.deepEqual([line?.id, line?.variant_id, line?.tax], ['0', '0', -1]);
      assert.equal((await shown({}, { lines })).products[0]?.tax, 0);
    });

    it('stand as the shop orders them, and damaged attributes do not keep the order back', async () => {
      const { products } = await shown(
        {},
        {
          lines: [
            { name: 'pierwszy', attributes: '{broken' },
            { name: 'drugi', attributes: '"text"' },
          ],
        },
      );
      assert.deepEqual(
        products.map(({ name, attributes }) => [name, attributes]),
        [
          ['pierwszy', []],
          ['drugi', []],
        ],
      );
    });
  });

  describe('payment', () => {
    const lines = [{ quantity: 1, price: '100.00' }];
    const paidAt = minutesAgo(5);
    for (const [what, columns, expected] of [
      ['nothing captured', { paid_amount: '0.00' }, { paid: 0, paid_time: 0 }],
      ['a part captured', { paid_amount: '99.99', paid_at: paidAt }, { paid: 0, paid_time: 0 }],
      ['all captured', { paid_amount: '100.00', paid_at: paidAt }, { paid: 1, paid_time: seconds(paidAt) }],
      ['more captured', { paid_amount: '120.00', paid_at: paidAt }, { paid: 1, paid_time: seconds(paidAt) }],
      ['all captured, nobody knows when', { paid_amount: '100.00' }, { paid: 1, paid_time: 0 }],
    ] as const) {
      it(`with ${what} is ${expected.paid === 1 ? 'paid' : 'not paid'}`, async () => {
        const { paid, paid_time } = await shown(columns, { lines });
        assert.deepEqual({ paid, paid_time }, expected);
      });
    }

    it('on delivery is not paid, even with nothing to pay, until the money is there', async () => {
      const cod = { cash_on_delivery: 1 };
      const unpaid = await shown(cod, { lines });
      assert.deepEqual([unpaid.payment_method_cod, unpaid.paid], [1, 0]);
      const free = await shown(cod, { lines: [{ price: '0.00' }] });
      assert.deepEqual([free.payment_method_cod, free.paid], [1, 0]);
      const collected = await shown({ ...cod, paid_amount: '100.00' }, { lines });
      assert.deepEqual([collected.payment_method_cod, collected.paid], [1, 1]);
    });

    it('of an order that costs nothing is done', async () => {
      assert.equal((await shown({}, { lines: [{ price: '0.00' }] })).paid, 1);
    });

    it('decides what only_paid shows', async () => {
      const paid = await addOrder({ paid_amount: '100.00' }, { lines });
      await addOrder({ paid_amount: '99.99' }, { lines });
      await addOrder({ cash_on_delivery: 1 }, { lines: [{ price: '0.00' }] });
      const free = await addOrder({}, { lines: [{ price: '0.00' }] });
      assert.deepEqual(await scan({ only_paid: 1 }), [paid, free]);
      assert.equal((await scan({ only_paid: 0 })).length, 4);
    });
  });

  describe('parcels', () => {
    const parcels = [
      { carrier: 'InPost', tracking_number: 'NEW', tracking_url: 'https://t.example/NEW', created_at: minutesAgo(1) },
      { carrier: 'DPD', tracking_number: 'OLD', tracking_url: 'https://t.example/OLD', created_at: minutesAgo(60) },
    ];

    it('are told by the newest one', async () => {
      const order = (await shown({}, { parcels })) as unknown as Record<string, string>;
      assert.deepEqual(
        [order['delivery_package_nr'], order['delivery_package_module'], order['tracking_url']],
        ['NEW', 'InPost', 'https://t.example/NEW'],
      );
      assert.equal(order['admin_comments'], '');
    });

    it('stand in the fields that PARCEL_FIELDS names', async () => {
      const settings = { PARCEL_FIELDS: 'parcel,carrier,link' };
      const order = (await shown({}, { parcels }, settings)) as unknown as Record<string, string>;
      assert.deepEqual([order['parcel'], order['carrier'], order['link']], ['NEW', 'InPost', 'https://t.example/NEW']);
      assert.ok(!('delivery_package_nr' in order) && !('tracking_url' in order));
    });

    it('are added to the comments with PARCEL_IN_COMMENTS', async () => {
      const settings = { PARCEL_IN_COMMENTS: 'yes' };
      const order = await shown({ admin_comments: 'pilne' }, { parcels }, settings);
      assert.equal(order.admin_comments, 'pilne\nDPD OLD\nInPost NEW');
      assert.equal((await shown({}, { parcels }, settings)).admin_comments, 'DPD OLD\nInPost NEW');
      assert.equal((await shown({ admin_comments: 'pilne' }, {}, settings)).admin_comments, 'pilne');
    });
  });

  describe('comments', () => {
    it('are cut after 510 characters, not bytes and never inside one; the whole stands beside', async () => {
      const comment = `${'ż'.repeat(508)}🐢🐢🐢`;
      const { user_comments, user_comments_long } = await shown({ user_comments: comment });
      assert.equal(user_comments, `${'ż'.repeat(508)}🐢🐢`);
      assert.equal(user_comments_long, comment);
    });

    it('of 510 characters stay whole', async () => {
      const comment = 'x'.repeat(510);
      assert.equal((await shown({ user_comments: comment })).user_comments, comment);
    });

    it('keep line breaks, quotes and signs of control', async () => {
      const comment = 'raz\r\n"dwa"\\\t\u0001</script>';
      assert.equal((await shown({ user_comments: comment })).user_comments, comment);
    });
  });

  describe('orders that were born in BaseLinker', () => {
    it('are hidden in the scan, and served when asked for by number', async () => {
      const own = await addOrder();
      const born = await addOrder({ source: 'baselinker', source_reference: '70001' });
      const other = await addOrder({ source: 'allegro', source_reference: '70001' });
      assert.deepEqual(await scan(), [own, other]);
      assert.deepEqual(await scan({ id_from: born }), [other]);
      assert.deepEqual(await scan({ order_id: born }), [born]);
    });

    it('are shown with ORDERS_FROM_BASELINKER=shown', async () => {
      const own = await addOrder();
      const born = await addOrder({ source: 'baselinker' });
      const app = await connector.open({ ORDERS_FROM_BASELINKER: 'shown' });
      assert.deepEqual(await scan({}, app), [own, born]);
    });
  });

  it('shows drafts to nobody', async () => {
    const draft = await addOrder({ is_draft: 1 });
    assert.deepEqual(await scan(), []);
    assert.deepEqual(await scan({ order_id: draft }), []);
    const generous = await connector.open({ ORDERS_FROM_BASELINKER: 'shown' });
    assert.deepEqual(await scan({ time_from: 0, id_from: 0 }, generous), []);
  });

  describe('the window', () => {
    it('begins at the second of time_from', async () => {
      const before = await addOrder({ created_at: new Date('2027-01-03T11:59:59.999Z') });
      const at = await addOrder({ created_at: new Date('2027-01-03T12:00:00Z') });
      const after = await addOrder({ created_at: new Date('2027-01-03T12:00:01Z') });
      assert.deepEqual(await scan({ time_from: seconds(new Date('2027-01-03T12:00:00Z')) }), [at, after]);
      assert.deepEqual(await scan({ time_from: 0 }), [before, at, after]);
      assert.deepEqual(await scan({ time_from: '' }), [before, at, after]);
      assert.deepEqual(await scan({ time_from: seconds(NOW) }), []);
      assert.deepEqual(await scan({ time_from: 999_999_999_999 }), []);
    });

    it('begins with the order id_from, or after it with ORDERS_ID_FROM=exclusive', async () => {
      const ids = [await addOrder({ id: 71 }), await addOrder({ id: 72 }), await addOrder({ id: 73 })];
      assert.deepEqual(await scan({ id_from: 72 }), ['72', '73']);
      assert.deepEqual(await scan({ id_from: 0 }), ids);
      assert.deepEqual(await scan({ id_from: -1 }), ids);
      assert.deepEqual(await scan({ id_from: 74 }), []);
      assert.deepEqual(await scan({ id_from: 9_999_999_999 }), []);
      const app = await connector.open({ ORDERS_ID_FROM: 'exclusive' });
      assert.deepEqual(await scan({ id_from: 72 }, app), ['73']);
      assert.deepEqual(await scan({ id_from: 0 }, app), ids);
      assert.deepEqual(await scan({ id_from: -1 }, app), ids);
    });

    it('meets every condition at once', async () => {
      const lines = [{ price: '10.00' }];
      const paid = { paid_amount: '10.00' };
      await addOrder({ id: 81, created_at: minutesAgo(10), ...paid }, { lines });
      await addOrder({ id: 82, created_at: minutesAgo(60), ...paid }, { lines });
      await addOrder({ id: 83, created_at: minutesAgo(10) }, { lines });
      await addOrder({ id: 84, created_at: minutesAgo(10), ...paid }, { lines });
      assert.deepEqual(await scan({ time_from: seconds(minutesAgo(30)), id_from: 82, only_paid: 1 }), ['84']);
    });

    it('leaves orders alone for as long as ORDERS_MIN_AGE_SECONDS says, unless one is asked for', async () => {
      const old = await addOrder({ created_at: minutesAgo(2) });
      const young = await addOrder({ created_at: minutesAgo(1.9) });
      const app = await connector.open({ ORDERS_MIN_AGE_SECONDS: '120' });
      assert.deepEqual(await scan({}, app), [old]);
      assert.deepEqual(await scan({ order_id: young }, app), [young]);
      app.at(new Date(NOW.getTime() + 60_000));
      assert.deepEqual(await scan({}, app), [old, young]);
      assert.deepEqual(await scan(), [old, young]);
    });
  });

  describe('order_id', () => {
    it('serves one order whatever else is asked', async () => {
      const id = await addOrder({ created_at: minutesAgo(600) });
      await addOrder();
      const fields = { order_id: ` ${id} `, time_from: seconds(NOW), id_from: 4_000_000, only_paid: 1, page: 7 };
      assert.deepEqual(await scan(fields), [id]);
    });

    it('that nobody knows, or that is none, gives an empty page', async () => {
      await addOrder({ id: 5 });
      for (const order_id of ['4000000', '5abc', '0x5', '5.0', '-5', '05', '5 OR 1=1', '5,6', '99999999999999999999']) {
        const { text } = await connector.call('OrdersGet', { order_id });
        assert.equal(text, '{"pages":1}', order_id);
      }
    });
  });

  describe('pages', () => {
    it('are one and empty in a shop without orders', async () => {
      assert.equal((await connector.call('OrdersGet')).text, '{"pages":1}');
    });

    it('show every order once, by ascending id, whatever is placed meanwhile', async () => {
      for (let id = 101; id <= 105; id += 1) await addOrder({ id });
      const app = await connector.open({ ORDERS_PER_PAGE: '2' });
      const seen = await scan({ page: 1 }, app);
      await addOrder({ id: 99 });
      seen.push(...(await scan({ page: 2 }, app)), ...(await scan({ page: 3 }, app)));
      assert.deepEqual(seen, ['101', '102', '103', '104', '105']);
      assert.deepEqual(await scan({}, app), ['99', '101']);
    });

    it('past the end are empty and tell the true number', async () => {
      for (let id = 101; id <= 105; id += 1) await addOrder({ id });
      const app = await connector.open({ ORDERS_PER_PAGE: '2' });
      for (const page of [4, 999_999_999]) {
        assert.equal((await app.call('OrdersGet', { page })).text, '{"pages":3}');
      }
    });
  });

  it('refuses a time and flags that are none', async () => {
    assert.equal(errorCode(await connector.call('OrdersGet', { time_from: 'yesterday' })), 'invalid_parameter');
    assert.equal(errorCode(await connector.call('OrdersGet', { only_paid: 'maybe' })), 'invalid_parameter');
    assert.equal(errorCode(await connector.call('OrdersGet', { id_from: '1e9' })), 'invalid_parameter');
  });
});
