import assert from 'node:assert/strict';
import { testDatabase } from '../../support/database.ts';
import type { TestApp } from '../../support/app.ts';
import { addOrder } from '../../support/shop-rows.ts';
import {
  added,
  aLine,
  anOrder,
  aShop,
  changeRows,
  columns,
  counterIn,
  lines,
  rowOf,
  STATUS,
  stockOf,
  wholeDatabase,
  type Fields,
} from '../../orders/a-shop.ts';
import { aConnector, errorCode } from './a-connector.ts';

describe('OrderUpdate', () => {
  const connector = aConnector();
  beforeEach(aShop);

  const update = async (
    ids: string,
    type: string,
    value: string,
    more: Fields = {},
    app: Pick<TestApp, 'call'> = connector,
  ) => counterIn(await app.call('OrderUpdate', { orders_ids: ids, update_type: type, update_value: value, ...more }));

  const statusOf = async (id: string) => String((await rowOf(id))['status_id']);

  describe('of the status', () => {
    it('counts the orders that have it now, those that had it before included', async () => {
      const [a, b] = [await added(connector, anOrder()), await addOrder({ status_id: STATUS.sent })];
      assert.equal(await update(`${a},${b}`, 'status', STATUS.sent), 2);
      assert.deepEqual([await statusOf(a), await statusOf(b)], [STATUS.sent, STATUS.sent]);
      assert.equal(await update(`${a},${b}`, 'status', STATUS.sent), 2);
    });

    for (const field of ['orders_ids', 'order_ids', 'order_id']) {
      it(`takes the orders from ${field}`, async () => {
        const id = await addOrder();
        const fields = { [field]: id, update_type: 'status', update_value: STATUS.sent };
        assert.equal(counterIn(await connector.call('OrderUpdate', fields)), 1);
        assert.equal(await statusOf(id), STATUS.sent);
      });
    }

    it('skips what is no order, does not count it, and logs it', async () => {
      const app = await connector.open();
      const [id, draft] = [await addOrder(), await addOrder({ is_draft: 1 })];
      const ids = `${id}, 4000000 ,abc,,-1,99999999999,${draft},${id}`;
      assert.equal(await update(ids, 'status', STATUS.sent, {}, app), 1);
      assert.equal(await statusOf(id), STATUS.sent);
      assert.equal(await statusOf(draft), '1');
      assert.match(app.log(), /no such order.*4000000/);
    });

    it('takes many orders in one call', async () => {
      const ids: string[] = [];
      for (let n = 0; n < 30; n += 1) ids.push(await addOrder());
      assert.equal(await update(ids.join(), 'status', STATUS.sent), 30);
    });

    it('takes a status that was retired, and counts nothing for one that the shop never had', async () => {
      const app = await connector.open();
      const id = await addOrder();
      assert.equal(await update(id, 'status', STATUS.retired), 1);
      const before = await wholeDatabase();
      for (const status of ['99', 'nowe', '0', '-1', 'x'.repeat(900)])
        assert.equal(await update(id, 'status', status, {}, app), 0);
      assert.equal(await wholeDatabase(), before);
      assert.match(app.log(), /no such status/);
    });
  });

  describe('of the payment', () => {
    it('marks an order as paid in full, and takes that back', async () => {
      const id = await addOrder({ delivery_price: '10.00' });
      assert.equal(await update(id, 'paid', '1'), 1);
      const [amount, at] = columns(await rowOf(id), 'paid_amount', 'paid_at');
      assert.deepEqual([amount, (at as Date).toISOString()], ['34.90', '2027-01-04T09:00:00.000Z']);
      assert.equal(await update(id, 'paid', '0'), 1);
      assert.deepEqual(columns(await rowOf(id), 'paid_amount', 'paid_at'), ['0.00', null]);
    });

    it('repeated, keeps the time of the first and counts the order', async () => {
      const app = await connector.open();
      const id = await addOrder();
      await update(id, 'paid', '1', {}, app);
      const before = await wholeDatabase();
      app.at(new Date('2027-01-05T10:00:00Z'));
      assert.equal(await update(id, 'paid', '1', {}, app), 1);
      assert.equal(await wholeDatabase(), before);
    });

    it('is shown by OrdersGet', async () => {
      const id = await addOrder();
      await update(id, 'paid', '1');
      const order = (await connector.call('OrdersGet', { order_id: id })).body[id] as Record<string, unknown>;
      assert.deepEqual([order['paid'], order['paid_time']], [1, 1799053200]);
    });
  });

  describe('of the parcel', () => {
    const parcels = async (id: string): Promise<unknown[][]> => {
      const rows = await testDatabase().db('shop_parcels').where({ order_id: id }).orderBy('id').select();
      return rows.map((row: Record<string, unknown>) => columns(row, 'tracking_number', 'carrier', 'tracking_url'));
    };

    it('stores number, carrier and link, and OrdersGet shows them', async () => {
      const id = await added(connector, anOrder());
      const more = { delivery_method_name: 'InPost', tracking_url: 'https://inpost.test/P-1' };
      assert.equal(await update(id, 'delivery_number', 'P-1', more), 1);
      assert.deepEqual(await parcels(id), [['P-1', 'InPost', 'https://inpost.test/P-1']]);
      const order = (await connector.call('OrdersGet', { order_id: id })).body[id] as Record<string, unknown>;
      const fields = ['delivery_package_nr', 'delivery_package_module', 'tracking_url'];
      assert.deepEqual(columns(order, ...fields), ['P-1', 'InPost', 'https://inpost.test/P-1']);
    });

    it('repeated, makes no second parcel, also in parallel', async () => {
      const id = await addOrder();
      const counters = await Promise.all(Array.from({ length: 10 }, () => update(id, 'delivery_number', 'P-1')));
      assert.deepEqual(counters, new Array(10).fill(1));
      assert.deepEqual(await parcels(id), [['P-1', '', '']]);
      const before = await wholeDatabase();
      assert.equal(await update(id, 'delivery_number', 'P-1'), 1);
      assert.equal(await wholeDatabase(), before);
    });

    it('fills in carrier and link later, and does not take them away', async () => {
      const id = await addOrder();
      await update(id, 'delivery_number', 'P-1');
      await update(id, 'delivery_number', 'P-1', { delivery_method_name: 'DPD' });
      await update(id, 'delivery_number', 'P-1', { tracking_url: 'https://dpd.test/P-1' });
      await update(id, 'delivery_number', 'P-1');
      assert.deepEqual(await parcels(id), [['P-1', 'DPD', 'https://dpd.test/P-1']]);
    });

    it('takes a second parcel of one order', async () => {
      const id = await addOrder();
      await update(id, 'delivery_number', 'P-1');
      await update(id, 'delivery_number', 'P-2');
      assert.deepEqual(await parcels(id), [
        ['P-1', '', ''],
        ['P-2', '', ''],
      ]);
    });

    it('cuts what is too long, notes it, and still knows it again', async () => {
      const id = await addOrder();
      const more = { delivery_method_name: 'c'.repeat(200), tracking_url: `https://${'x'.repeat(600)}` };
      for (const fields of [more, more]) assert.equal(await update(id, 'delivery_number', 'P'.repeat(150), fields), 1);
      assert.deepEqual(await parcels(id), [['P'.repeat(100), 'c'.repeat(100), '']]);
      assert.match(String((await rowOf(id))['admin_comments']), /tracking_number was cut at 100/);
    });
  });

  describe('that the shop owner does not want', () => {
    for (const [accept, type, value] of [
      ['paid,delivery_number', 'status', STATUS.sent],
      ['status,delivery_number', 'paid', '1'],
      ['status,paid', 'delivery_number', 'P-1'],
    ] as const) {
      it(`changes nothing and counts nothing: ${type}`, async () => {
        const app = await connector.open({ ACCEPT: accept });
        const id = await addOrder();
        const before = await wholeDatabase();
        assert.equal(await update(id, type, value, {}, app), 0);
        assert.equal(await wholeDatabase(), before);
      });
    }
  });

  it('refuses what is no update, and writes nothing', async () => {
    const id = await addOrder();
    const before = await wholeDatabase();
    for (const [fields, named] of [
      [{ update_type: 'status', update_value: '3' }, /^orders_ids /],
      [{ orders_ids: id, update_value: '3' }, /^update_type /],
      [{ orders_ids: id, update_type: 'kolor', update_value: '3' }, /^update_type /],
      [{ orders_ids: id, update_type: 'status' }, /^update_value /],
      [{ orders_ids: id, update_type: 'delivery_number', update_value: ' ' }, /^update_value /],
      [{ orders_ids: id, update_type: 'paid', update_value: '2' }, /^update_value /],
      [{ 'orders_ids[]': id, update_type: 'paid', update_value: '1' }, /^orders_ids /],
      [{ orders_ids: '7'.repeat(31), update_type: 'paid', update_value: '1' }, /^orders_ids /],
    ] as [Fields, RegExp][]) {
      const answer = await connector.call('OrderUpdate', fields);
      assert.equal(errorCode(answer), 'invalid_parameter', JSON.stringify(fields));
      assert.match(String(answer.body['error_text']), named);
    }
    assert.equal(await wholeDatabase(), before);
  });

  describe('that cancels', () => {
    const TWO_LINES = lines(aLine(), aLine({ variant_id: '9001', quantity: 3 }));

    /** Stock of the mug and of its blue variant. */
    const stock = async () => [await stockOf(501), await stockOf(501, 9001)];

    /** The stock after each of: cancelled, cancelled again, back, back again, cancelled, sent. */
    async function there(id: string, app: Pick<TestApp, 'call'>): Promise<unknown[]> {
      const seen: unknown[] = [];
      const { cancelled, new: fresh, sent } = STATUS;
      for (const status of [cancelled, cancelled, fresh, fresh, cancelled, sent]) {
        assert.equal(await update(id, 'status', status, {}, app), 1);
        seen.push(await stock());
      }
      return seen;
    }

    const [held, free] = [
      [98, 97],
      [100, 100],
    ];

    for (const [setting, expected] of [
      ['never', [held, held, held, held, held, held]],
      ['ours', [free, free, held, held, free, held]],
      ['all', [free, free, held, held, free, held]],
    ] as const) {
      it(`an order of BaseLinker, with RESTOCK_CANCELLED=${setting}`, async () => {
        const app = await connector.open({ RESTOCK_CANCELLED: setting });
        const id = await added(app, anOrder(TWO_LINES));
        assert.deepEqual(await stock(), held);
        assert.deepEqual(await there(id, app), expected);
      });
    }

    const [sold, back] = [
      [100, 100],
      [102, 103],
    ];
    for (const [setting, expected] of [
      ['never', [sold, sold, sold, sold, sold, sold]],
      ['ours', [sold, sold, sold, sold, sold, sold]],
      ['all', [back, back, sold, sold, back, sold]],
    ] as const) {
      it(`an order of the shop's own, with RESTOCK_CANCELLED=${setting}`, async () => {
        const app = await connector.open({ RESTOCK_CANCELLED: setting });
        const id = await addOrder(
          {},
          { lines: [{ product_id: 501, quantity: 2 }, { product_id: 501, variant_id: 9001, quantity: 3 }, {}] },
        );
        assert.deepEqual(await there(id, app), expected);
      });
    }

    it('an order for which no stock was taken, gives none back', async () => {
      const app = await connector.open({ RESTOCK_CANCELLED: 'all' });
      const id = await added(app, anOrder({ change_products_quantity: '0', ...TWO_LINES }));
      assert.deepEqual(await there(id, app), new Array(6).fill([100, 100]));
    });

    it('in parallel calls, puts the stock back once', async () => {
      const app = await connector.open({ RESTOCK_CANCELLED: 'ours' });
      const id = await added(app, anOrder(TWO_LINES));
      await Promise.all(Array.from({ length: 10 }, () => update(id, 'status', STATUS.cancelled, {}, app)));
      assert.deepEqual(await stock(), free);
    });

    it('leaves audit rows, and ProductsQuantity shows the result', async () => {
      const app = await connector.open({ RESTOCK_CANCELLED: 'ours' });
      const id = await added(app, anOrder());
      const shown = async () => ((await app.call('ProductsQuantity')).body['501'] as Record<string, number>)['0'];
      assert.equal(await shown(), 98);
      await update(id, 'status', STATUS.cancelled, {}, app);
      assert.equal(await shown(), 100);
      const rows = (await changeRows()).map((row) =>
        columns({ ...row }, 'before_value', 'after_value', 'action', 'order_id'),
      );
      assert.deepEqual(rows, [
        ['100', '98', 'OrderAdd', id],
        ['98', '100', 'OrderUpdate', id],
      ]);
    });
  });
});
