import assert from 'node:assert/strict';
import { ordersGet, totalOf } from '../../../connector/baselinker/check/response-schemas.ts';
import { parseMoney } from '../../../connector/domain/money.ts';
import { openApp, type TestApp } from '../../support/app.ts';
import { emptyTables, testDatabase } from '../../support/database.ts';
import { addOrder, changeProducts } from '../../support/shop-rows.ts';
import {
  added,
  aLine,
  anOrder,
  aShop,
  columns,
  lines,
  linesOf,
  rowOf,
  STATUS,
  stockOf,
  wholeDatabase,
  type Fields,
} from '../../orders/a-shop.ts';
import { aConnector, conforming, errorCode, NOW } from './a-connector.ts';

/** A point whose name is for humans. */
const NAMED = { delivery_point_name: 'UP Łódź 1' };

describe('OrderAdd', () => {
  const connector = aConnector();
  beforeEach(aShop);

  async function shown(orderId: string): Promise<Record<string, unknown>> {
    const answer = await connector.call('OrdersGet', { order_id: orderId });
    conforming(answer, ordersGet);
    const order = answer.body[orderId];
    assert.ok(order);
    return order as Record<string, unknown>;
  }

  const EVERY_FIELD = {
    baselinker_id: '70001',
    previous_order_id: '',
    delivery_fullname: 'Ala Żółć',
    delivery_company: 'Sąsiad',
    delivery_address: 'Długa 1/2',
    delivery_postcode: '90-001',
    delivery_city: 'Łódź',
    delivery_state_code: 'LD',
    delivery_country: 'Polska',
    delivery_country_code: 'PL',
    invoice_fullname: 'Jan Żółć',
    invoice_company: 'Żółć sp. z o.o.',
    invoice_nip: '5260250274',
    invoice_address: 'Krótka 3',
    invoice_postcode: '10115',
    invoice_city: 'Berlin',
    invoice_state_code: 'BE',
    invoice_country: 'Niemcy',
    invoice_country_code: 'DE',
    email: 'ala@example.test',
    phone: '500 600 700',
    delivery_method: 'Kurier',
    delivery_method_id: '2',
    delivery_price: '11.99',
    delivery_point_id: 'LOD01A',
    delivery_point_name: 'Paczkomat LOD01A',
    delivery_point_address: 'Krótka 1',
    delivery_point_postcode: '90-002',
    delivery_point_city: 'Łódź',
    payment_method: 'BLIK',
    payment_method_id: '4',
    payment_method_cod: '0',
    user_comments: '(Allegro ala_ma_kota) proszę dzwonić',
    status_id: STATUS.sent,
    currency: 'PLN',
    want_invoice: '1',
    paid: '1',
    change_products_quantity: '1',
    transaction_id: 'T-1',
    service: 'allegro',
    service_account: 'moje-konto',
    client_login: 'ala_ma_kota',
    date_add: '1799014530',
  };

  it('stores every field of the protocol, and OrdersGet serves it back', async () => {
    const attributes = [{ name: 'Kolor', value: 'niebieski', price: '2.50' }];
    const sent = aLine({ variant_id: '9001', attributes });
    const id = await added(connector, { ...EVERY_FIELD, ...lines(sent) });
    assert.deepEqual(await shown(id), {
      date_add: 1799014530,
      email: 'ala@example.test',
      phone: '500 600 700',
      delivery_fullname: 'Ala Żółć',
      delivery_company: 'Sąsiad',
      delivery_address: 'Długa 1/2',
      delivery_city: 'Łódź',
      delivery_postcode: '90-001',
      delivery_state_code: 'LD',
      delivery_country: 'Polska',
      delivery_country_code: 'PL',
      invoice_fullname: 'Jan Żółć',
      invoice_company: 'Żółć sp. z o.o.',
      invoice_nip: '5260250274',
      invoice_address: 'Krótka 3',
      invoice_city: 'Berlin',
      invoice_postcode: '10115',
      invoice_state_code: 'BE',
      invoice_country: 'Niemcy',
      invoice_country_code: 'DE',
      delivery_point_id: 'LOD01A',
      delivery_point_name: 'Paczkomat LOD01A',
      delivery_point_address: 'Krótka 1',
      delivery_point_postcode: '90-002',
      delivery_point_city: 'Łódź',
      payment_method_id: '4',
      payment_method: 'BLIK',
      payment_method_cod: 0,
      payment_external_id: '',
      payment_operator: '',
      currency: 'PLN',
      user_comments: '(Allegro ala_ma_kota) proszę dzwonić',
      user_comments_long: '(Allegro ala_ma_kota) proszę dzwonić',
      admin_comments: '',
      status_id: STATUS.sent,
      delivery_method_id: '2',
      delivery_method: 'Kurier',
      delivery_price: '11.99',
      paid: 1,
      paid_time: 1799053200,
      want_invoice: 1,
      extra_field_1: '',
      extra_field_2: '',
      transaction_id: 'T-1',
      delivery_package_nr: '',
      delivery_package_module: '',
      tracking_url: '',
      products: [
        {
          id: '501',
          variant_id: '9001',
          name: 'Kubek z oferty',
          quantity: 2,
          price: '24.90',
          tax: 23,
          weight: 0.3,
          sku: 'KUB-N',
          ean: '',
          location: '',
          attributes: [{ name: 'Kolor', value: 'niebieski', price: '2.50' }],
        },
      ],
    });
    const row = await rowOf(id);
    assert.deepEqual(columns(row, 'service', 'service_account', 'client_login', 'source', 'source_reference'), [
      'allegro',
      'moje-konto',
      'ala_ma_kota',
      'baselinker',
      '70001',
    ]);
    assert.deepEqual(columns(row, 'phone_e164', 'total', 'paid_amount'), ['+48500600700', '61.79', '61.79']);
    assert.equal((await linesOf(id))[0]?.['auction_id'], '111');
  });

  it('is hidden from the scan for orders, and served by its number', async () => {
    const id = await added(connector, anOrder());
    const own = await addOrder();
    assert.deepEqual(Object.keys((await connector.call('OrdersGet', { id_from: 0 })).body), [own, 'pages']);
    assert.equal((await shown(id))['email'], 'kim@example.test');
  });

  it('is shown in the scan where the shop owner wants it', async () => {
    const app = await connector.open({ ORDERS_FROM_BASELINKER: 'shown' });
    const id = await added(app, anOrder());
    assert.deepEqual(Object.keys((await app.call('OrdersGet')).body), [id, 'pages']);
  });

  it('makes do with the number of the order and one line', async () => {
    const id = await added(connector, { baselinker_id: '70001', products: '[{"price":"5","quantity":1}]' });
    const row = await rowOf(id);
    assert.deepEqual(columns(row, 'total', 'currency', 'status_id', 'paid_amount'), ['5.00', 'PLN', 1, '0.00']);
    assert.equal((row['created_at'] as Date).toISOString(), '2027-01-04T09:00:00.000Z');
  });

  it('takes the currency of the shop where none is named, and writes the code in capitals', async () => {
    const app = await connector.open({ SHOP_CURRENCY: 'EUR' });
    assert.equal((await rowOf(await added(app, anOrder({ currency: '' }))))['currency'], 'EUR');
    const named = await added(app, anOrder({ baselinker_id: '70002', currency: 'czk' }));
    assert.equal((await rowOf(named))['currency'], 'CZK');
  });

  describe('reads its lines', () => {
    const one = { id: '501', name: 'Kubek', price: '24.90', quantity: '2' };
    const two = { id: '502', name: 'Książka', price: '39.00', quantity: '1' };

    async function isBoth(fields: Fields): Promise<void> {
      const others = Object.entries(anOrder()).filter(([name]) => name !== 'products');
      const id = await added(connector, { ...Object.fromEntries(others), ...fields });
      const stored = (await linesOf(id)).map((line) => columns(line, 'product_id', 'name', 'price', 'quantity'));
      assert.deepEqual(stored, [
        [501, 'Kubek', '24.90', 2],
        [502, 'Książka', '39.00', 1],
      ]);
      assert.equal((await rowOf(id))['total'], '100.79');
    }

    it('from a JSON list', () => isBoth({ products: JSON.stringify([one, two]) }));

    it('from a JSON object, as PHP writes a list with gaps', () =>
      isBoth({ products: JSON.stringify({ 0: one, 2: two }) }));

    it('from JSON numbers', () =>
      isBoth({
        products:
          '[{"id":501,"name":"Kubek","price":24.9,"quantity":2},{"id":502,"name":"Książka","price":39,"quantity":1}]',
      }));

    it('from decimal commas', () =>
      isBoth({
        products: JSON.stringify([
          { ...one, price: '24,90' },
          { ...two, price: '39,0' },
        ]),
      }));

    it('from brackets', () => {
      const fields = [one, two].flatMap((line, n) =>
        Object.entries(line).map(([name, value]) => [`products[${n}][${name}]`, value] as const),
      );
      return isBoth(Object.fromEntries(fields));
    });

    it('and rounds prices of more decimals half up', async () => {
      const prices = ['1.005', '1.0049', '0.995', '-1.005', '24.899999999999999', '0.30000000000000004'];
      const list = prices.map((price) => aLine({ price, quantity: 1 }));
      const id = await added(connector, anOrder({ delivery_price: '0.005', ...lines(...list) }));
      const stored = (await linesOf(id)).map(({ price }) => price);
      assert.deepEqual(stored, ['1.01', '1.00', '1.00', '-1.01', '24.90', '0.30']);
      assert.deepEqual(columns(await rowOf(id), 'delivery_price', 'total'), ['0.01', '27.21']);
    });
  });

  it('multiplies a price of many decimals before it rounds: total, payment and parts agree', async () => {
    const fine = aLine({ price: 0.0455, quantity: 1000, variant_id: '9001' });
    const sent = { ...anOrder(lines(fine)), delivery_price: '1.0E-15', paid: 1 };
    const id = await added(connector, sent);
    assert.deepEqual(columns(await rowOf(id), 'delivery_price', 'total', 'paid_amount'), ['0.00', '45.50', '45.50']);
    const answer = conforming(await connector.call('OrdersGet', { order_id: id }), ordersGet).rows.get(id);
    assert.ok(answer);
    assert.equal(totalOf(answer), parseMoney('45.50'));
    assert.match(answer.admin_comments, /^line 1: 0\.0455 a piece is stored as 0\.05; 1000 pieces come to 45\.50/);
    const changed = { ...sent, ...lines({ ...fine, price: '14.634', quantity: 2 }) };
    assert.equal(await added(connector, changed), id);
    assert.equal((await rowOf(id))['total'], '29.27');
  });

  it('takes a gift, whose price is null, for 0.00 and says so', async () => {
    const id = await added(
      connector,
      anOrder(lines(aLine({ variant_id: '9001' }), aLine({ name: 'Gratis', id: '502', price: null }))),
    );
    assert.deepEqual(columns(await rowOf(id), 'total', 'admin_comments'), [
      '61.79',
      'Sent without a price, taken as 0.00: Gratis (KSI)',
    ]);
    assert.deepEqual([await stockOf(501, 9001), await stockOf(502)], [98, 98]);
  });

  it('says in the notes when a line names no variant of a product that has some', async () => {
    const id = await added(connector, anOrder(lines(aLine(), aLine({ id: '502' }))));
    assert.deepEqual(
      (await rowOf(id))['admin_comments'],
      'No variant was named of a product that has variants: Kubek z oferty (KUB); their stock was not lowered',
    );
    assert.deepEqual([await stockOf(501), await stockOf(501, 9001)], [98, 100]);
  });

  it('keeps the digits of numbers that stand in its JSON', async () => {
    const sent =
      '[{"id":501.0,"variant_id":9001,"sku":12345678901234567890,"name":1.50,"price":-3.5527136788005009e-15,' +
      '"quantity":2.0,"auction_id":1729384256789012345},{"id":"","sku":1.50,"name":"x","price":"1.0E+2","quantity":1}]';
    const id = await added(connector, { ...anOrder(), delivery_price: '0', products: sent });
    assert.deepEqual(
      (await linesOf(id)).map((line) => columns(line, 'product_id', 'sku', 'name', 'price', 'quantity', 'auction_id')),
      [
        [501, 'KUB-N', '1.50', '0.00', 2, '1729384256789012345'],
        [null, '1.50', 'x', '100.00', 1, ''],
      ],
    );
    assert.equal((await rowOf(id))['total'], '100.00');
  });

  describe('links its lines', () => {
    const PARTS = ['product_id', 'variant_id', 'sku', 'name', 'vat_rate'] as const;

    it('to products and variants, with VAT from the product', async () => {
      const id = await added(
        connector,
        anOrder(
          lines(
            aLine({ variant_id: '9002', sku: 'X' }),
            aLine({ id: 502, variant_id: 0, name: '' }),
            aLine({ id: '503', variant_id: '' }),
          ),
        ),
      );
      assert.deepEqual(
        (await linesOf(id)).map((line) => columns(line, ...PARTS)),
        [
          [501, 9002, 'KUB-Z', 'Kubek z oferty', '23.00'],
          [502, 0, 'KSI', 'Książka', '5.00'],
          [503, 0, 'KUR', 'Kubek z oferty', null],
        ],
      );
      assert.deepEqual([await stockOf(501), await stockOf(501, 9002), await stockOf(502)], [100, 98, 98]);
    });

    it('and keeps what it does not know as free text with a note, without any stock', async () => {
      const unknown = [
        aLine({ id: '999', name: 'Nieznany', sku: '' }),
        aLine({ id: '', name: 'Z oferty', sku: 'ABC' }),
        aLine({ id: '0', variant_id: '9001', name: 'Zero', sku: '' }),
        aLine({ id: '502', variant_id: '9001', name: 'Wariant innego', sku: '' }),
        aLine({ id: 'uuid-x', name: 'Tekst', sku: '' }),
      ];
      const app = await connector.open({ DEFAULT_VAT: '8' });
      const id = await added(app, anOrder(lines(...unknown)));
      assert.deepEqual(
        (await linesOf(id)).map((line) => columns(line, ...PARTS)),
        [
          [null, 0, '', 'Nieznany', '8.00'],
          [null, 0, 'ABC', 'Z oferty', '8.00'],
          [null, 0, '', 'Zero', '8.00'],
          [null, 0, '', 'Wariant innego', '8.00'],
          [null, 0, '', 'Tekst', '8.00'],
        ],
      );
      assert.equal(
        (await rowOf(id))['admin_comments'],
        [
          'Not a product of the shop: Nieznany',
          'Not a product of the shop: Z oferty (ABC)',
          'Not a product of the shop: Zero',
          'Not a product of the shop: Wariant innego',
          'Not a product of the shop: Tekst',
        ].join('\n'),
      );
      assert.deepEqual([await stockOf(501), await stockOf(501, 9001), await stockOf(502)], [100, 100, 100]);
    });

    it('or refuses the order whole where the shop owner wants that', async () => {
      const app = await connector.open({ UNKNOWN_PRODUCTS: 'refused' });
      const before = await wholeDatabase();
      const answer = await app.call('OrderAdd', anOrder(lines(aLine(), aLine({ id: '999' }))));
      assert.equal(errorCode(answer), 'unknown_product');
      assert.match(String(answer.body['error_text']), /999/);
      assert.equal(await wholeDatabase(), before);
      await added(app, anOrder());
    });

    it('to a product that is switched off, but not to one that was removed', async () => {
      await changeProducts([501], { active: 0 });
      await changeProducts([502], { removed_at: new Date('2027-01-01T00:00:00Z') });
      const id = await added(connector, anOrder(lines(aLine(), aLine({ id: '502' }))));
      assert.deepEqual(
        (await linesOf(id)).map(({ product_id: product }) => product),
        [501, null],
      );
    });
  });

  describe('reads status and payment', () => {
    it('and gives an order without a status the first one of the shop', async () => {
      for (const [n, status] of ['', '0'].entries()) {
        const book = lines(aLine({ id: '502' }));
        const id = await added(connector, anOrder({ baselinker_id: `7000${n}`, status_id: status, ...book }));
        assert.equal((await shown(id))['status_id'], STATUS.new);
      }
    });

    it('and notes a status that the shop does not have', async () => {
      for (const [n, status] of ['99', 'nowe', 'x'.repeat(60)].entries()) {
        const book = lines(aLine({ id: '502' }));
        const id = await added(connector, anOrder({ baselinker_id: `7000${n}`, status_id: status, ...book }));
        const { status_id: given, admin_comments: note } = await shown(id);
        assert.deepEqual([given, note], [STATUS.new, `Not a status of the shop: ${status}`]);
      }
    });

    it('and takes a status that was retired', async () => {
      const id = await added(connector, anOrder({ status_id: STATUS.retired }));
      assert.equal((await shown(id))['status_id'], STATUS.retired);
    });

    for (const [title, fields, paid, captured] of [
      ['paid', { paid: '1' }, 1, '61.79'],
      ['unpaid', { paid: '0' }, 0, '0.00'],
      ['without a word of it', {}, 0, '0.00'],
      ['paid on delivery', { payment_method_cod: '1', paid: '0' }, 0, '0.00'],
      ['paid before, although on delivery', { payment_method_cod: '1', paid: '1' }, 1, '61.79'],
    ] as const) {
      it(`of an order ${title}`, async () => {
        const id = await added(connector, anOrder(fields));
        const order = await shown(id);
        assert.equal(order['paid'], paid);
        assert.equal(order['payment_method_cod'], 'payment_method_cod' in fields ? 1 : 0);
        assert.equal((await rowOf(id))['paid_amount'], captured);
      });
    }
  });

  describe('keeps what is odd, and says so beside it:', () => {
    async function noted(fields: Fields): Promise<Record<string, unknown>> {
      return rowOf(await added(connector, anOrder({ ...lines(aLine({ id: '502' })), ...fields })));
    }

    it('a tax number with a wrong check digit', async () => {
      const none = await noted({ baselinker_id: '70009', invoice_nip: '-' });
      assert.deepEqual(columns(none, 'invoice_nip', 'admin_comments'), ['', '']);
      const row = await noted({ invoice_nip: '526-025-02-75' });
      assert.deepEqual(columns(row, 'invoice_nip', 'admin_comments'), [
        '526-025-02-75',
        'Not a valid Polish tax number: 526-025-02-75',
      ]);
    });

    it('not a foreign tax number', async () => {
      const row = await noted({ invoice_nip: 'DE123', invoice_country: 'Deutschland', invoice_country_code: 'DE' });
      assert.deepEqual(columns(row, 'invoice_nip', 'admin_comments'), ['DE123', '']);
    });

    it('an invalid tax number that comes without a country, but not one that names another one itself', async () => {
      const nowhere = { delivery_country_code: '', invoice_country: '', invoice_country_code: '' };
      const odd = await noted({ ...nowhere, invoice_nip: '123' });
      assert.equal(odd['admin_comments'], 'Not a valid Polish tax number: 123');
      const greek = await noted({ ...nowhere, baselinker_id: '70002', invoice_nip: 'EL094019245' });
      assert.equal(greek['admin_comments'], '');
    });

    it('not a tax number of a buyer in a country that is not known, or that only the delivery names', async () => {
      const unknown = await noted({ invoice_nip: '094019245', invoice_country: 'Atlantyda' });
      assert.equal(unknown['admin_comments'], 'Not a known country: Atlantyda');
      const greek = await noted({ baselinker_id: '70002', invoice_nip: '094019245', delivery_country_code: 'EL' });
      assert.equal(greek['admin_comments'], '');
    });

    it('a NIP with its name before it is none of them, ten zeros are', async () => {
      const right = await noted({ invoice_nip: 'NIP: 521-301-72-28' });
      assert.deepEqual(columns(right, 'invoice_nip', 'admin_comments'), ['NIP: 521-301-72-28', '']);
      const zeros = await noted({ baselinker_id: '70002', invoice_nip: '0000000000' });
      assert.equal(zeros['admin_comments'], 'Not a valid Polish tax number: 0000000000');
    });

    it('a country that is not known, by its name and its code, and reads no phone number as Polish there', async () => {
      const row = await noted({
        ...{ delivery_country: 'Atlantyda', delivery_country_code: 'XX', phone: '600100200' },
        ...{ invoice_country: '', invoice_country_code: 'ZZ' },
      });
      assert.deepEqual(columns(row, 'delivery_country', 'delivery_country_code'), ['Atlantyda', '']);
      assert.deepEqual(columns(row, 'invoice_country', 'invoice_country_code'), ['ZZ', '']);
      assert.equal(row['phone_e164'], '');
      assert.equal(row['admin_comments'], 'Not a known country: Atlantyda (XX)\nNot a known country: ZZ');
    });

    it('a country that is not known, though the form has a dash for its name', async () => {
      const row = await noted({ delivery_country: '-', delivery_country_code: 'ZZ' });
      assert.deepEqual(columns(row, 'delivery_country', 'delivery_country_code'), ['ZZ', '']);
    });

    it('a country that is not known once, where both addresses name it', async () => {
      const both = { delivery_country: 'Atlantyda', delivery_country_code: '', invoice_country: 'Atlantyda' };
      assert.equal((await noted(both))['admin_comments'], 'Not a known country: Atlantyda');
    });

    it('no country at all: then Poland is meant, and nothing is to be said', async () => {
      const row = await noted({ delivery_country_code: '', phone: '600 100 200' });
      assert.deepEqual(columns(row, 'phone_e164', 'delivery_country_code', 'admin_comments'), ['+48600100200', '', '']);
    });

    it('ids of deliveries and payments that are no numbers', async () => {
      const row = await noted({
        delivery_method: 'Gołąb',
        delivery_method_id: 'pigeon',
        payment_method: 'Muszle',
        payment_method_id: '99999999999',
      });
      const names = ['delivery_name', 'delivery_id', 'payment_name', 'payment_id'];
      assert.deepEqual(columns(row, ...names), ['Gołąb', null, 'Muszle', null]);
    });

    it('ids of deliveries and payments that the shop does not have', async () => {
      const row = await noted({ delivery_method: 'Gołąb', delivery_method_id: '77', payment_method: 'Muszle' });
      assert.deepEqual(columns(row, 'delivery_name', 'payment_name'), ['Gołąb', 'Muszle']);
    });

    it('texts that are too long, cut between two characters', async () => {
      const row = await noted({
        delivery_fullname: `${'a'.repeat(199)}🙂🙂`,
        delivery_city: '🙂'.repeat(101),
        phone: '5'.repeat(101),
        delivery_country_code: 'Polska',
        invoice_country_code: 'XYZ',
        ...lines(aLine({ name: `${'ż'.repeat(299)}🙂x` })),
      });
      assert.equal(row['delivery_fullname'], `${'a'.repeat(199)}🙂`);
      assert.equal(row['delivery_city'], '🙂'.repeat(100));
      assert.equal(row['phone'], '5'.repeat(100));
      assert.equal((await linesOf(String(row['id'])))[0]?.['name'], `${'ż'.repeat(299)}🙂`);
      const notes = String(row['admin_comments']).split('\n');
      assert.deepEqual(notes.filter((note) => note.includes('was cut')).sort(), [
        'delivery_city was cut at 100 characters',
        'delivery_fullname was cut at 200 characters',
        'line 1: name was cut at 300 characters',
        'phone was cut at 100 characters',
      ]);
    });

    it('a comment of 5,000 characters with emoji, which is served whole', async () => {
      const comment = 'Proszę 🙂 '.repeat(555) + 'konie';
      const id = await added(connector, anOrder({ user_comments: comment }));
      const order = await shown(id);
      assert.equal(order['user_comments_long'], comment);
      assert.equal(order['user_comments'], Array.from(comment).slice(0, 510).join(''));
    });

    it('a comment longer than the column', async () => {
      const row = await noted({ user_comments: '🙂'.repeat(20_000) });
      assert.equal(row['user_comments'], '🙂'.repeat(16_383));
      assert.equal(row['admin_comments'], 'user_comments was cut at 65535 bytes');
    });
  });

  it('writes phone number and countries in their normal form beside the original', async () => {
    const german = { phone: '030 901820', delivery_country: 'Niemcy', delivery_country_code: '', invoice_country: 'x' };
    const row = await rowOf(await added(connector, anOrder(german)));
    assert.deepEqual(columns(row, 'phone', 'phone_e164'), ['030 901820', '+4930901820']);
    assert.deepEqual(columns(row, 'delivery_country', 'delivery_country_code'), ['Niemcy', 'DE']);
    assert.deepEqual(columns(row, 'invoice_country', 'invoice_country_code'), ['x', '']);
    const odd = await added(
      connector,
      anOrder({ baselinker_id: '70002', phone: 'zadzwoń', delivery_country_code: 'zz' }),
    );
    assert.deepEqual(columns(await rowOf(odd), 'phone', 'phone_e164', 'delivery_country_code'), ['zadzwoń', '', '']);
  });

  describe('knows a country', () => {
    for (const [title, fields, code] of [
      ['by the code that is usual for Great Britain', { delivery_country_code: 'UK' }, 'GB'],
      ['by the code of the European Union for Greece', { delivery_country_code: 'EL' }, 'GR'],
      ['by the code of its customs for Northern Ireland', { delivery_country_code: 'XI' }, 'GB'],
      ['by its Polish name', { delivery_country: 'Niderlandy', delivery_country_code: '' }, 'NL'],
      ['by its own name', { delivery_country: 'Slovensko', delivery_country_code: '' }, 'SK'],
      ['by its name where the code belongs', { delivery_country_code: 'Deutschland' }, 'DE'],
    ] as const) {
      it(title, async () => {
        const id = await added(connector, anOrder({ ...lines(aLine({ id: '502' })), ...fields }));
        const row = await rowOf(id);
        assert.deepEqual(columns(row, 'delivery_country_code', 'admin_comments'), [code, '']);
        assert.equal((await shown(id))['delivery_country_code'], code);
      });
    }
  });

  describe('reads a phone number', () => {
    for (const [phone, expected] of [
      ['000000000', ''],
      ['+48 (0) 600 100 200', '+48600100200'],
      ['022 1234567', '+48221234567'],
      ['0600100200', '+48600100200'],
    ] as const) {
      it(`${phone} as ${expected || 'none'}`, async () => {
        const row = await rowOf(await added(connector, anOrder({ phone })));
        assert.deepEqual(columns(row, 'phone', 'phone_e164'), [phone, expected]);
      });
    }

    it('as from the country of the invoice where the delivery names none', async () => {
      const order = anOrder({ phone: '030 901820', delivery_country_code: '', invoice_country_code: 'DE' });
      assert.equal((await rowOf(await added(connector, order)))['phone_e164'], '+4930901820');
    });
  });

  describe('takes the pick-up point', () => {
    for (const [title, fields, id] of [
      ['not from a 0, which is none', { delivery_point_id: '0', delivery_point_name: 'Paczkomat' }, ''],
      ['from the name, past a 0', { delivery_point_id: '0', delivery_point_name: 'LOD01A' }, 'LOD01A'],
      ['from the post office, past a 0', { delivery_point_id: '0', delivery_point_pni: '259001', ...NAMED }, '259001'],
      ['from within the name', { delivery_point_name: 'Paczkomat KRA010' }, 'KRA010'],
      ['from the name with its address', { delivery_point_name: 'InPost WAW123M, ul. Długa 5, 00-238' }, 'WAW123M'],
      ['from the name of a point of partners', { delivery_point_name: 'PaczkoPunkt POP-KRA14' }, 'POP-KRA14'],
      ['from the name with a dash', { delivery_point_name: 'InPost - LOD24H- centrum' }, 'LOD24H'],
      ['not from the name of a shop', { delivery_point_name: 'LIDL' }, ''],
      ['not from the name of a filling station', { delivery_point_name: 'ORLEN' }, ''],
      ['not from its number', { delivery_point_name: 'ORLEN Stacja 123, DK92' }, ''],
      ['not from one of two', { delivery_point_name: 'KRA010 lub KRA011' }, ''],
      ['from its own field', { delivery_point_id: 'LOD01A', delivery_point_name: 'Paczkomat' }, 'LOD01A'],
      ['from the name, as older callers write it', { delivery_point_name: 'LOD01A' }, 'LOD01A'],
      ['of a post office', { delivery_point_pni: '259001', delivery_point_name: 'UP Łódź 1' }, '259001'],
      ['whose name is for humans', { delivery_point_name: 'Sklep przy rynku' }, ''],
    ] as const) {
      it(title, async () => {
        const order = await shown(await added(connector, anOrder(fields)));
        assert.equal(order['delivery_point_id'], id);
        assert.equal(order['delivery_point_name'], fields.delivery_point_name);
      });
    }
  });

  for (const [flag, shownAs] of [
    ['1', 1],
    ['0', 0],
  ] as const) {
    it(`tells whether an invoice is wanted: ${flag}`, async () => {
      const id = await added(connector, anOrder({ want_invoice: flag }));
      assert.equal((await shown(id))['want_invoice'], shownAs);
    });
  }

  it('takes prices and quantities up to the border of what a shop can hold', async () => {
    const id = await added(connector, anOrder(lines(aLine({ price: '999999999.99', quantity: 9 }))));
    assert.equal((await rowOf(id))['total'], '9000000011.90');
    assert.equal((await testDatabase().db('shop_orders').count({ n: '*' }))[0]?.['n'], 1);
  });
});

describe('OrderAdd refuses a call that is wrong, names the field and writes nothing:', () => {
  let app: TestApp;
  let untouched: string;

  before(async () => {
    await emptyTables();
    await aShop();
    app = await openApp({ now: NOW });
    untouched = await wholeDatabase();
  });
  after(() => app.close());

  const wrong: readonly (readonly [title: string, fields: Fields, named: RegExp])[] = [
    ['no number', { baselinker_id: '' }, /^baselinker_id /],
    ['number 0, which all orders without a number would share', { baselinker_id: '0' }, /^baselinker_id /],
    ['a text for a number', { baselinker_id: 'A-70001' }, /^baselinker_id /],
    ['a list of numbers', { 'baselinker_id[]': '70001' }, /^baselinker_id /],
    ['too long a number', { baselinker_id: '7'.repeat(31) }, /^baselinker_id /],
    ['too long a previous number', { previous_order_id: '7'.repeat(31) }, /^previous_order_id /],
    ['no products', { products: '' }, /^products /],
    ['an empty list', { products: '[]' }, /^products: /],
    ['an empty object', { products: '{}' }, /^products: /],
    ['broken JSON', { products: '[{"id":"501"' }, /^products /],
    ['a number for products', { products: '5' }, /^products /],
    ['a text for products', { products: '"kubek"' }, /^products /],
    ['null for products', { products: 'null' }, /^products /],
    ['numbers in products', { products: '[1,2]' }, /^products\[0\] /],
    ['lists in products', { products: '[[1]]' }, /^products\[0\] /],
    ['a list for a price', lines(aLine({ price: ['1'] })), /^products\[0\]\.price /],
    ['an attribute without a table', lines(aLine({ attributes: ['x'] })), /^products\[0\]\.attributes\[0\] /],
    ['5,001 lines', { products: JSON.stringify(new Array(5001).fill(aLine())) }, /^products /],
    ...['0', '-1', '1.5', 'abc', '', '1e-3', '99999999999', true, null].map((quantity) => {
      const title = `a quantity of ${JSON.stringify(quantity)}`;
      return [title, lines(aLine(), aLine({ quantity })), /^products\[1\]\.quantity /] as const;
    }),
    ...['abc', '', '1.2.3', '1 000', '9'.repeat(10), 'NaN'].map((price) => {
      return [`a price of "${price}"`, lines(aLine(), aLine({ price })), /^products\[1\]\.price /] as const;
    }),
    ['a delivery price in words', { delivery_price: 'gratis' }, /^delivery_price /],
    ['a delivery price below 0', { delivery_price: '-1' }, /^delivery_price /],
    ['a flag in words', { paid: 'tak' }, /^paid /],
    ['a flag of 2', { change_products_quantity: '2' }, /^change_products_quantity /],
    ['a date in words', { date_add: 'wczoraj' }, /^date_add /],
    ['a list for a text', { 'email[]': 'a' }, /^email /],
    ['more money than any shop takes', lines(aLine({ price: '999999999.99', quantity: 1000 })), /^products: /],
    [
      'more pieces than any shop has',
      lines(aLine({ price: '0', quantity: 2_000_000_000 }), aLine({ price: '0', quantity: 2_000_000_000 })),
      /^products: /,
    ],
  ];

  for (const [title, fields, named] of wrong) {
    it(title, async () => {
      const replaced = new Set(Object.keys(fields).map((name) => name.replace('[]', '')));
      const others = Object.entries(anOrder()).filter(([name]) => !replaced.has(name));
      const answer = await app.call('OrderAdd', { ...Object.fromEntries(others), ...fields });
      assert.equal(errorCode(answer), 'invalid_parameter');
      assert.match(String(answer.body['error_text']), named);
      assert.equal(await wholeDatabase(), untouched);
    });
  }
});
