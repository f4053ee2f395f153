import assert from 'node:assert/strict';
import type { Account } from '../../simulators/expertsender/account.ts';
import { startExpertSender, type ExpertSender } from '../../simulators/expertsender/server.ts';
import { aLine, anOrder, API_KEY, ask, post } from './ask.ts';

describe('the ExpertSender simulator', () => {
  let simulator: ExpertSender;
  const opened: ExpertSender[] = [];

  async function open(account: Partial<Account> = {}): Promise<ExpertSender> {
    simulator = await startExpertSender({ apiKey: API_KEY, account });
    opened.push(simulator);
    return simulator;
  }
  beforeEach(() => open());
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  /** The order with these changes is refused, and the place is named. */
  async function refuses(changes: Readonly<Record<string, unknown>>, ...places: string[]): Promise<void> {
    const { status, json } = await post(simulator, [anOrder(changes)]);
    assert.equal(status, 400, JSON.stringify(changes).slice(0, 200));
    const errors = json['errors'] as string[];
    assert.deepEqual(
      errors.map((error) => error.split(': ')[0]),
      places.map((place) => `data[0].${place}`),
    );
    assert.equal(simulator.store.orders.size, 0);
  }
  async function takes(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const { status, text } = await post(simulator, [anOrder(changes)]);
    assert.equal(status, 201, text);
  }

  describe('who may ask', () => {
    for (const [what, key] of [
      ['no key', ''],
      ['another key', 'simulated-keY'],
    ] as const) {
      it(`answers ${what} with 401 and a problem`, async () => {
        const { status, json } = await ask(simulator, 'GET /orderattributes', { headers: { 'x-api-key': key } });
        assert.equal(status, 401);
        assert.deepEqual(Object.keys(json), ['type', 'title', 'status', 'substatus', 'detail', 'instance']);
      });
    }
    it('wants JSON, and says so', async () => {
      const body = { mode: 'AddOrReplace', data: [anOrder()] };
      assert.equal(
        (await ask(simulator, 'POST /orders', { body, headers: { 'content-type': 'text/plain' } })).status,
        400,
      );
      assert.equal((await ask(simulator, 'POST /orders', { raw: '{"mode":' })).status, 400);
      assert.equal((await ask(simulator, 'POST /orders', { raw: '[]' })).status, 400);
      const charset = { 'content-type': 'application/json; charset=utf-8' };
      assert.equal((await ask(simulator, 'POST /orders', { body, headers: charset })).status, 201);
    });
    it('has nothing else to offer', async () => {
      for (const request of [
        'GET /',
        'GET /orders',
        'POST /orders/1',
        'GET /orders/%E0',
        'PUT /orders',
        'GET /toString',
      ]) {
        const { status } = await ask(simulator, request, request.startsWith('P') ? { body: {} } : {});
        assert.ok(status === 404 || status === 400, request);
      }
    });
  });

  describe('fields of an order', () => {
    it('are taken as the documents show them', async () => {
      await takes({ id: 'x'.repeat(128), date: '2031-03-04T08:15:30.123Z', returnsValue: 0, websiteId: 3 });
      await takes({
        id: '2',
        date: '2031-03-04T08:15:30+01:00',
        timeZone: undefined,
        products: [aLine({ returned: 0 })],
      });
      await takes({ id: '3', products: [aLine({ quantity: 2_147_483_647, category: null })], orderAttributes: [] });
    });
    it('are needed', async () => {
      for (const field of ['id', 'date', 'totalValue', 'customer', 'products'])
        await refuses({ [field]: undefined }, field);
      for (const field of ['id', 'name', 'price', 'quantity']) {
        await refuses({ products: [aLine(), aLine({ [field]: undefined })] }, `products[1].${field}`);
      }
      await refuses({ customer: { crmId: '7' } }, 'customer.email');
    });
    it('are of their type: a number is no text', async () => {
      await refuses({ id: 1001 }, 'id');
      await refuses({ totalValue: '24.90' }, 'totalValue');
      await refuses(
        { products: [aLine({ price: '12.45', quantity: '2' })] },
        'products[0].price',
        'products[0].quantity',
      );
      await refuses({ products: {} }, 'products');
      await refuses({ websiteId: '3' }, 'websiteId');
      await refuses({ orderAttributes: [{ name: 'A', value: 1 }] }, 'orderAttributes[0].value');
    });
    it('are neither too long nor too small nor too large', async () => {
      await refuses({ id: '' }, 'id');
      await refuses({ id: 'x'.repeat(129) }, 'id');
      await refuses({ totalValue: -1 }, 'totalValue');
      await refuses({ currency: 'PL' }, 'currency');
      await refuses({ websiteId: 2 ** 31 }, 'websiteId');
      for (const quantity of [0, -1, 1.5, 2 ** 31])
        await refuses({ products: [aLine({ quantity })] }, 'products[0].quantity');
      for (const field of ['name', 'url', 'imageUrl', 'category']) {
        await refuses({ products: [aLine({ [field]: 'x'.repeat(2049) })] }, `products[0].${field}`);
      }
      await refuses({ products: [aLine({ returned: 3 })] }, 'products[0].returned');
      await refuses({ customer: { email: `${'x'.repeat(320)}@` } }, 'customer.email');
      await refuses({ customer: { email: 'a@b', phone: '+48 600 100 200' } }, 'customer.phone');
      await refuses({ customer: { email: 'a@b', phone: '1'.repeat(21) } }, 'customer.phone');
      await refuses({ customer: { email: 'a@b', crmId: '1'.repeat(129) } }, 'customer.crmId');
    });
    it('name a moment and a zone that is known', async () => {
      for (const date of ['2027-01-04', '2027-01-04T09:00:00', '2027-13-04T09:00:00Z', 'now'])
        await refuses({ date }, 'date');
      for (const timeZone of ['Europe/Warsaw', 'CET']) await refuses({ timeZone }, 'timeZone');
      await takes({ timeZone: 'Central European Standard Time', date: '2027-01-04T10:00:00+01:00' });
    });
    it('that are not known are let through and remembered', async () => {
      await takes({ note: 1, customer: { email: 'a@b', consentsData: {} }, products: [aLine({ vat: 23 })] });
      assert.deepEqual([...simulator.unknownFields].sort(), [
        'data[].customer.consentsData',
        'data[].note',
        'data[].products[].vat',
      ]);
    });
  });

  describe('the status', () => {
    it('is one of four words, in letters of either case', async () => {
      for (const [word, kept] of [
        ['placed', 'Placed'],
        ['PAID', 'Paid'],
        ['Completed', 'Completed'],
        ['canceled', 'Canceled'],
      ] as const) {
        await takes({ status: word });
        assert.equal(simulator.store.orders.get('1001')?.status, kept);
      }
    });
    it('is no other word', () => refuses({ status: 'shipped' }, 'status'));
    it('is understood in the spelling that the account knows', async () => {
      await refuses({ status: 'cancelled' }, 'status');
      await open({ cancelled: 'cancelled' });
      await refuses({ status: 'canceled' }, 'status');
      await takes({ status: 'Cancelled' });
      await open({ cancelled: 'both' });
      await takes({ status: 'canceled' });
      await takes({ status: 'cancelled' });
    });
  });

  describe('attributes', () => {
    const account: Partial<Account> = {
      orderAttributes: [
        { name: 'Delivery', type: 'SingleSelect', options: ['courier', 'locker'], required: true },
        { name: 'Fee', type: 'Money' },
      ],
      productAttributes: [{ name: 'Made', type: 'Date' }],
    };
    const delivery = { name: 'Delivery', value: 'locker' };

    it('must exist, fit their type and be there when they are required', async () => {
      await open(account);
      await refuses({ orderAttributes: [delivery, { name: 'Colour', value: 'red' }] }, 'orderAttributes[1].name');
      await refuses({ orderAttributes: [delivery, { name: 'Fee', value: '1,50' }] }, 'orderAttributes[1].value');
      await refuses({ orderAttributes: [delivery, delivery] }, 'orderAttributes[1].name');
      await refuses({}, 'orderAttributes');
      const made = (value: string) => [aLine({ productAttributes: [{ name: 'Made', value }] })];
      await refuses({ orderAttributes: [delivery], products: made('soon') }, 'products[0].productAttributes[0].value');
      await takes({ orderAttributes: [delivery, { name: 'Fee', value: '1.50' }], products: made('2027-01-04') });
    });
    it('are ten at most in an account', async () => {
      const orderAttributes = Array.from({ length: 11 }, (_, n) => ({ name: `A${n}`, type: 'String' as const }));
      await assert.rejects(open({ orderAttributes }), /10 at most/);
    });
    it('and consents are listed', async () => {
      await open({ ...account, consents: [{ name: 'News', type: 'Email' }] });
      const list = async (name: string) => (await ask(simulator, `GET /${name}`)).json;
      assert.deepEqual(await list('orderattributes'), {
        status: 0,
        data: [
          { id: 1, name: 'Delivery', type: 'SingleSelect' },
          { id: 2, name: 'Fee', type: 'Money' },
        ],
      });
      assert.deepEqual(await list('productattributes'), { status: 0, data: [{ id: 1, name: 'Made', type: 'Date' }] });
      assert.deepEqual(await list('customerattributes'), { status: 0, data: [] });
      assert.deepEqual(await list('customerconsents'), { status: 0, data: [{ id: 1, name: 'News', type: 'Email' }] });
    });
  });

  describe('modes', () => {
    it('add what is not there, and refuse it when it is', async () => {
      assert.equal((await post(simulator, [anOrder()], 'Add')).status, 201);
      assert.equal((await post(simulator, [anOrder()], 'Add')).status, 400);
    });
    it('replace what is there, and refuse it when it is not', async () => {
      assert.equal((await post(simulator, [anOrder()], 'Replace')).status, 400);
      await takes({});
      assert.equal((await post(simulator, [anOrder({ totalValue: 1 })], 'Replace')).status, 201);
      assert.equal(simulator.store.orders.get('1001')?.order.totalValue, 1);
    });
    it('replace wholly: what is left out is gone', async () => {
      await takes({ websiteId: 3 });
      await takes({ status: undefined });
      const { order, status } = simulator.store.orders.get('1001') ?? {};
      assert.equal(order?.websiteId, undefined);
      assert.equal(status, undefined);
      assert.deepEqual(simulator.complaints, ['request 2: data[0].status: is left out and lost']);
    });
    it('are no other words', async () => {
      for (const mode of ['add', 'AddOrUpdate', ''])
        assert.equal((await post(simulator, [anOrder()], mode)).status, 400);
    });
  });

  describe('a batch', () => {
    it('is taken as a whole or not at all, and every fault has its place', async () => {
      const orders = Array.from({ length: 5 }, (_, n) => anOrder({ id: String(n) }));
      orders[3] = anOrder({ id: '3', products: [aLine({ quantity: 0 })], currency: 'EURO' });
      const { status, json } = await post(simulator, orders);
      assert.equal(status, 400);
      const places = (json['errors'] as string[]).map((error) => error.split(': ')[0]);
      assert.deepEqual(places.sort(), ['data[3].currency', 'data[3].products[0].quantity']);
      assert.equal(simulator.store.orders.size, 0);
    });
    it('has a size', async () => {
      const orders = (count: number) => Array.from({ length: count }, (_, n) => anOrder({ id: String(n) }));
      assert.equal((await post(simulator, orders(50))).status, 201);
      assert.equal((await post(simulator, orders(51))).status, 400);
      assert.equal((await post(simulator, [])).status, 400);
      await open({ maxBytes: 1000 });
      assert.equal((await post(simulator, orders(10))).status, 413);
    });
  });

  describe('one order', () => {
    it('is shown under its percent-encoded id', async () => {
      const id = 'PL/31 #7?ż';
      await takes({ id });
      const { status, json } = await ask(simulator, `GET /orders/${encodeURIComponent(id)}`);
      assert.equal(status, 200);
      assert.equal(json['status'], 0);
      const data = json['data'] as Record<string, unknown>;
      assert.equal(data['id'], id);
      assert.equal(data['status'], 'Placed');
      assert.deepEqual(data['customer'], { id: 90_001, email: 'ala@example.test', phone: null, crmId: null });
      assert.equal((await ask(simulator, 'GET /orders/pl')).status, 404);
    });
    it('changes its status alone', async () => {
      await takes({});
      const body = { orderId: '1001', orderStatus: 'paid' };
      assert.equal((await ask(simulator, 'PUT /orders/status', { body })).status, 200);
      assert.equal(simulator.store.orders.get('1001')?.status, 'Paid');
      assert.equal(simulator.store.orders.get('1001')?.order.totalValue, 24.9);
      for (const wrong of [{ orderId: '1001' }, { ...body, orderId: 1001 }, { ...body, orderStatus: 'sent' }]) {
        assert.equal((await ask(simulator, 'PUT /orders/status', { body: wrong })).status, 400);
      }
    });
    it('has no status before it is there itself', async () => {
      const body = { orderId: '1001', orderStatus: 'paid' };
      assert.equal((await ask(simulator, 'PUT /orders/status', { body })).status, 404);
      assert.match(simulator.complaints[0] ?? '', /its status comes before the order itself/);
      await open({ unknownOrder: 400 });
      assert.equal((await ask(simulator, 'PUT /orders/status', { body })).status, 400);
    });
    it('is deleted once, softly', async () => {
      await takes({});
      assert.equal((await ask(simulator, 'DELETE /orders/1001')).status, 200);
      assert.equal((await ask(simulator, 'DELETE /orders/1001')).status, 404);
      assert.equal((await ask(simulator, 'GET /orders/1001')).status, 404);
      assert.equal(simulator.store.orders.get('1001')?.isDeleted, true);
    });
    it('belongs to a website that exists', async () => {
      await open({ websites: [3] });
      await refuses({ websiteId: 4 }, 'websiteId');
      await takes({ websiteId: 3 });
      const body = { orderId: '1001', orderStatus: 'paid', websiteId: 4 };
      assert.equal((await ask(simulator, 'PUT /orders/status', { body })).status, 400);
    });
  });

  describe('customers', () => {
    const customers = (mode: string, changes = {}, matchBy = 'Email') =>
      ask(simulator, 'POST /customers', { body: { mode, matchBy, data: [{ email: 'Ala@example.test', ...changes }] } });

    it('are added and updated', async () => {
      assert.equal((await customers('Update')).status, 400);
      assert.equal((await customers('Add', { firstName: 'Ala' })).status, 201);
      assert.equal((await customers('Add')).status, 400);
      assert.equal((await customers('AddOrUpdate', { lastName: 'Lis' })).status, 201);
      const { json } = await ask(simulator, 'GET /customers/email/ala%40example.test');
      const { id, firstName, lastName } = json['data'] as Record<string, unknown>;
      assert.deepEqual([firstName, lastName], ['Ala', 'Lis']);
      assert.equal((await ask(simulator, `GET /customers/id/${String(id)}`)).status, 200);
      assert.equal((await ask(simulator, 'GET /customers/email/nobody')).status, 404);
    });
    it('are matched as the account says, with consents that exist and are text', async () => {
      await open({ consents: [{ name: 'News', type: 'Email' }] });
      assert.equal((await customers('Add', {}, 'CrmId')).status, 400);
      assert.equal((await customers('Replace')).status, 400);
      const consent = (id: number, value: unknown) => ({ consentsData: { consents: [{ id, value }], force: false } });
      assert.equal((await customers('Add', consent(1, true))).status, 400);
      assert.equal((await customers('Add', consent(2, 'True'))).status, 400);
      assert.equal((await customers('Add', consent(1, 'AwaitingConfirmation'))).status, 201);
      assert.equal((await customers('AddOrUpdate', { gender: 'F' })).status, 400);
    });
    it('must be known before their order where the account wants it so', async () => {
      await open({ knownCustomersOnly: true });
      await refuses({}, 'customer');
      await customers('AddOrUpdate');
      await takes({});
    });
  });

  describe('the memory', () => {
    it('keeps every state and tells doubles from changes', async () => {
      await takes({});
      await takes({});
      await ask(simulator, 'PUT /orders/status', { body: { orderId: '1001', orderStatus: 'paid' } });
      await ask(simulator, 'PUT /orders/status', { body: { orderId: '1001', orderStatus: 'PAID' } });
      await takes({ status: 'paid' });
      await takes({ status: 'paid', totalValue: 30 });
      assert.deepEqual(
        simulator.store.history('1001').map(({ request, by, status, isDouble }) => [request, by, status, isDouble]),
        [
          [1, 'POST AddOrReplace', 'Placed', false],
          [2, 'POST AddOrReplace', 'Placed', true],
          [3, 'PUT', 'Paid', false],
          [4, 'PUT', 'Paid', true],
          [5, 'POST AddOrReplace', 'Paid', true],
          [6, 'POST AddOrReplace', 'Paid', false],
        ],
      );
      assert.equal(simulator.store.doubles.length, 3);
    });
    it('complains of what a real platform would take in silence', async () => {
      await takes({});
      await takes({ date: '2027-01-05T09:00:00Z' });
      await takes({
        date: '2027-01-05T09:00:00Z',
        totalValue: 0.1 + 0.2,
        customer: { email: 'Ala@example.test', crmId: '0' },
      });
      assert.deepEqual(
        simulator.complaints.map((complaint) => /^request \d: data\[0\]\.([^:]+)/.exec(complaint)?.[1]),
        ['date', 'customer.email', 'customer.crmId', 'totalValue'],
      );
    });
  });
});
