import assert from 'node:assert/strict';
import { aConnector, NOW } from '../baselinker/actions/a-connector.ts';
import { testDatabase } from '../support/database.ts';
import { addOrder, addProducts } from '../support/shop-rows.ts';
import {
  added,
  aLine,
  anOrder,
  aShop,
  changeRows,
  columns,
  lines,
  linesOf,
  rowOf,
  STATUS,
  stockOf,
  wholeDatabase,
} from './a-shop.ts';

describe('placing an order', () => {
  const connector = aConnector();
  beforeEach(aShop);

  async function orderCount(): Promise<number> {
    return Number((await testDatabase().db('shop_orders').count({ n: '*' }))[0]?.['n']);
  }

  describe('that comes again', () => {
    it('because its answer was lost, changes nothing and gives the same number', async () => {
      const id = await added(connector, anOrder({ paid: '1', status_id: STATUS.sent }));
      const before = await wholeDatabase();
      assert.equal(await added(connector, anOrder({ paid: '1', status_id: STATUS.sent })), id);
      assert.equal(await added(connector, anOrder({ paid: '1', status_id: STATUS.sent, previous_order_id: id })), id);
      assert.equal(await wholeDatabase(), before);
    });

    it('in 20 parallel calls, is one order, one movement of stock and one answer', async () => {
      const ids = await Promise.all(Array.from({ length: 20 }, () => added(connector, anOrder())));
      assert.equal(new Set(ids).size, 1);
      assert.equal(await orderCount(), 1);
      assert.equal((await linesOf(ids[0]!)).length, 1);
      assert.equal(await stockOf(501), 98);
      assert.equal((await changeRows()).length, 1);
    });

    it('through two connectors at once, is one order', async () => {
      const others = await Promise.all([connector.open(), connector.open()]);
      const ids = await Promise.all([...others, ...others].map((app) => added(app, anOrder())));
      assert.equal(new Set(ids).size, 1);
      assert.equal(await stockOf(501), 98);
    });

    it('with its number written another way, is the same order', async () => {
      const id = await added(connector, anOrder());
      assert.equal(await added(connector, anOrder({ baselinker_id: '0070001' })), id);
      assert.equal(await orderCount(), 1);
    });
  });

  it('takes 20 parallel orders on the same variants in opposite orders, and no deadlock reaches the caller', async () => {
    await addProducts(601, 620, () => ({ quantity: 100 }));
    const basket = Array.from({ length: 20 }, (_, n) => aLine({ id: String(601 + n), quantity: 1 }));
    const mixed = [...basket, aLine({ variant_id: '9001', quantity: 1 }), aLine({ quantity: 1 })];
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        added(
          connector,
          anOrder({ baselinker_id: String(70001 + n), ...lines(...(n % 2 ? mixed : mixed.toReversed())) }),
        ),
      ),
    );
    assert.equal(new Set(ids).size, 20);
    assert.equal(await orderCount(), 20);
    const stock = [await stockOf(601), await stockOf(620), await stockOf(501), await stockOf(501, 9001)];
    assert.deepEqual(stock, [80, 80, 80, 80]);
  });

  describe('that was added before, under its previous number,', () => {
    /** Adds an order, then adds it again with these changes; tells the stock of the mug and the book. */
    async function stockAfter(changes: Parameters<typeof anOrder>[0]): Promise<[mug: number, book: number]> {
      const id = await added(connector, anOrder());
      assert.equal(await stockOf(501), 98);
      assert.equal(await added(connector, anOrder({ previous_order_id: id, ...changes })), id);
      assert.equal(await orderCount(), 1);
      return [await stockOf(501), await stockOf(502)];
    }

    it('brings it to the new content in place', async () => {
      const id = await added(connector, anOrder(lines(aLine(), aLine({ id: '502' }))));
      const [first] = await linesOf(id);
      const changed = anOrder({
        previous_order_id: id,
        email: 'nowy@example.test',
        delivery_city: 'Kraków',
        delivery_price: '0',
        ...lines(aLine({ price: '20.00', quantity: 3 })),
      });
      assert.equal(await added(connector, changed), id);
      assert.deepEqual(columns(await rowOf(id), 'email', 'delivery_city', 'total', 'delivery_fullname'), [
        'nowy@example.test',
        'Kraków',
        '60.00',
        'Kim Nowak',
      ]);
      const stored = await linesOf(id);
      assert.deepEqual(
        stored.map((line) => columns(line, 'id', 'product_id', 'price', 'quantity')),
        [[first?.['id'], 501, '20.00', 3]],
      );
      assert.deepEqual([await stockOf(501), await stockOf(502)], [97, 100]);
    });

    it('takes more units by the difference', async () => {
      assert.deepEqual(await stockAfter(lines(aLine({ quantity: 5 }))), [95, 100]);
    });

    it('gives back fewer units by the difference', async () => {
      assert.deepEqual(await stockAfter(lines(aLine({ quantity: 1 }))), [99, 100]);
    });

    it('moves the units to another variant', async () => {
      assert.deepEqual(await stockAfter(lines(aLine({ id: '502' }))), [100, 98]);
    });

    it('moves the units to a variant', async () => {
      assert.deepEqual(await stockAfter(lines(aLine({ variant_id: '9001' }))), [100, 100]);
      assert.equal(await stockOf(501, 9001), 98);
    });

    it('adds up two lines of one variant', async () => {
      assert.deepEqual(await stockAfter(lines(aLine(), aLine({ price: '0', quantity: 1 }))), [97, 100]);
    });

    it('gives back what stands on a line that is gone', async () => {
      assert.deepEqual(await stockAfter(lines(aLine({ id: '' }))), [100, 100]);
    });

    it('moves no stock when only texts change', async () => {
      assert.deepEqual(await stockAfter({ user_comments: 'proszę dzwonić' }), [98, 100]);
      assert.equal((await changeRows()).length, 1);
    });

    it('moves stock only in calls that say so, and never twice', async () => {
      const call = (flag: string, quantity: number) =>
        added(connector, anOrder({ change_products_quantity: flag, ...lines(aLine({ quantity })) }));
      const seen: number[] = [];
      for (const [flag, quantity] of [
        ['0', 2],
        ['1', 2],
        ['0', 2],
        ['0', 4],
        ['1', 4],
        ['1', 3],
      ] as const) {
        await call(flag, quantity);
        seen.push(await stockOf(501));
      }
      assert.deepEqual(seen, [100, 98, 98, 98, 96, 97]);
      assert.equal(await orderCount(), 1);
    });

    it('leaves an audit row for each movement, with the order and the call', async () => {
      const app = await connector.open();
      const id = await added(app, anOrder());
      await added(app, anOrder(lines(aLine({ quantity: 1 }), aLine({ id: '502', quantity: 3 }))));
      const rows = await changeRows();
      assert.deepEqual(
        rows.map((row) => columns({ ...row }, 'product_id', 'before_value', 'after_value', 'action', 'order_id')),
        [
          ['501', '100', '98', 'OrderAdd', id],
          ['501', '98', '99', 'OrderAdd', id],
          ['502', '100', '97', 'OrderAdd', id],
        ],
      );
      const calls = new Set(rows.map(({ call_id: call }) => call));
      assert.equal(calls.size, 2);
      for (const call of calls) assert.ok(app.log().includes(`"requestId":"${call}"`));
    });

    it('makes a new order when that one no longer exists', async () => {
      const id = await added(connector, anOrder());
      await testDatabase().db('shop_orders').where({ id }).delete();
      const next = await added(connector, anOrder({ previous_order_id: id }));
      assert.notEqual(next, id);
      assert.equal(await added(connector, anOrder({ previous_order_id: id })), next);
      assert.equal(await orderCount(), 1);
      assert.equal(await stockOf(501), 98, 'what was taken for the order that is gone is not taken again');
    });

    for (const previous of ['4000000', '99999999999', '0', 'abc']) {
      it(`makes a new order when the number ${previous} was never one`, async () => {
        const id = await added(connector, anOrder({ previous_order_id: previous }));
        assert.equal(await added(connector, anOrder({ previous_order_id: id })), id);
      });
    }

    it("never overwrites a customer's own order", async () => {
      const own = await addOrder({ email: 'klient@example.test' });
      const id = await added(connector, anOrder({ previous_order_id: own }));
      assert.notEqual(id, own);
      assert.equal((await rowOf(own))['email'], 'klient@example.test');
      assert.equal((await linesOf(own)).length, 1);
      assert.equal(await added(connector, anOrder({ previous_order_id: own })), id);
    });

    it('never overwrites the order of another number of BaseLinker', async () => {
      const first = await added(connector, anOrder());
      const other = anOrder({ baselinker_id: '70002', previous_order_id: first, email: 'inny@example.test' });
      const second = await added(connector, other);
      assert.notEqual(second, first);
      assert.equal((await rowOf(first))['email'], 'kim@example.test');
      assert.equal(await stockOf(501), 96);
    });

    it('finds an order of ours whose number was not written down, as after a move from another database', async () => {
      const id = await added(connector, anOrder());
      await testDatabase().db('bl_orders').delete();
      assert.equal(await added(connector, anOrder({ previous_order_id: id, email: 'nowy@example.test' })), id);
      assert.equal((await rowOf(id))['email'], 'nowy@example.test');
    });

    it('finds it by its own number when our books of orders are lost, and writes it down again', async () => {
      const id = await added(connector, anOrder());
      await testDatabase().db('bl_orders').delete();
      const changed = anOrder({ email: 'nowy@example.test', ...lines(aLine({ quantity: 3 })) });
      assert.equal(await added(connector, changed), id);
      assert.equal(await added(connector, changed), id);
      assert.equal(await orderCount(), 1);
      assert.equal((await rowOf(id))['email'], 'nowy@example.test');
      assert.equal(await stockOf(501), 97);
      const [bound] = await testDatabase().db('bl_orders').select('order_id', 'baselinker_id');
      assert.deepEqual({ ...bound }, { order_id: id, baselinker_id: '70001' });
    });

    it('finds one that came with a backup, and leaves the order of another source with that number alone', async () => {
      const other = await addOrder({ source: 'shop', source_reference: '70001' });
      const id = await addOrder({ source: 'baselinker', source_reference: '70001' });
      assert.notEqual(id, other);
      assert.equal(await added(connector, anOrder({ paid: '1' })), id);
      assert.deepEqual(columns(await rowOf(id), 'email', 'paid_amount'), ['kim@example.test', '61.79']);
      assert.equal((await rowOf(other))['email'], 'ala@example.test');
    });
  });

  describe("that is added again leaves the shop's own work alone:", () => {
    const changed = (fields: Parameters<typeof anOrder>[0]) => anOrder({ user_comments: 'nowy', ...fields });
    const shopSets = (id: string, columnsSet: object) =>
      testDatabase().db('shop_orders').where({ id }).update(columnsSet);

    it('a status that the shop has set since', async () => {
      const id = await added(connector, anOrder({ status_id: STATUS.new }));
      await shopSets(id, { status_id: STATUS.sent });
      for (const status of [STATUS.new, '', '99', STATUS.new]) {
        await added(connector, changed({ status_id: status, delivery_city: `miasto ${status}` }));
        assert.equal(String((await rowOf(id))['status_id']), STATUS.sent);
      }
    });

    it('but a status that says something new counts', async () => {
      const id = await added(connector, anOrder({ status_id: STATUS.new }));
      await added(connector, changed({ status_id: STATUS.sent }));
      assert.equal(String((await rowOf(id))['status_id']), STATUS.sent);
    });

    it('a payment that the shop has taken', async () => {
      const id = await added(connector, anOrder({ paid: '0' }));
      await shopSets(id, { paid_amount: '61.79', paid_at: NOW });
      await added(connector, changed({ paid: '0' }));
      assert.equal((await rowOf(id))['paid_amount'], '61.79');
      await added(connector, anOrder());
      assert.equal((await rowOf(id))['paid_amount'], '61.79');
    });

    it('but a payment that is new counts, and covers the new total', async () => {
      const id = await added(connector, anOrder({ paid: '0' }));
      await added(connector, anOrder({ paid: '1' }));
      assert.equal((await rowOf(id))['paid_amount'], '61.79');
      await added(connector, anOrder({ paid: '1', ...lines(aLine({ quantity: 3 })) }));
      assert.equal((await rowOf(id))['paid_amount'], '86.69');
    });

    it('and a payment that is taken back is taken back, though a call between did not speak of it', async () => {
      const id = await added(connector, anOrder({ paid: '1' }));
      await added(connector, changed({}));
      await added(connector, changed({ paid: '0' }));
      assert.deepEqual(columns(await rowOf(id), 'paid_amount', 'paid_at'), ['0.00', null]);
    });

    it('comments, parcels, the number and the customer', async () => {
      const book = lines(aLine({ id: '502' }));
      const id = await added(connector, anOrder(book));
      await shopSets(id, { admin_comments: 'stały klient', number: 'ZAM/1', customer_id: 7, extra_field_1: 'x' });
      await testDatabase().db('shop_parcels').insert({ order_id: id, tracking_number: 'P-1' });
      await added(connector, changed({ invoice_nip: '1', ...book }));
      const names = ['admin_comments', 'number', 'customer_id', 'extra_field_1', 'user_comments'];
      const notes = 'stały klient\nNot a valid Polish tax number: 1';
      assert.deepEqual(columns(await rowOf(id), ...names), [notes, 'ZAM/1', 7, 'x', 'nowy']);
      assert.equal((await testDatabase().db('shop_parcels').where({ order_id: id })).length, 1);
    });

    it('and says a note only once', async () => {
      const odd = { invoice_nip: '1', ...lines(aLine({ id: '999', sku: '' })) };
      const id = await added(connector, anOrder(odd));
      await added(connector, changed(odd));
      const notes = 'Not a product of the shop: Kubek z oferty\nNot a valid Polish tax number: 1';
      assert.equal((await rowOf(id))['admin_comments'], notes);
    });
  });

  describe('that is cancelled holds no stock where cancelling puts it back', () => {
    it('when it is added cancelled, and takes it when it comes back', async () => {
      const app = await connector.open({ RESTOCK_CANCELLED: 'ours' });
      const id = await added(app, anOrder({ status_id: STATUS.cancelled }));
      assert.equal(await stockOf(501), 100);
      await app.call('OrderUpdate', { orders_ids: id, update_type: 'status', update_value: STATUS.new });
      assert.equal(await stockOf(501), 98);
    });

    it('when it is added again with other lines', async () => {
      const app = await connector.open({ RESTOCK_CANCELLED: 'ours' });
      const id = await added(app, anOrder());
      await app.call('OrderUpdate', { orders_ids: id, update_type: 'status', update_value: STATUS.cancelled });
      await added(app, anOrder(lines(aLine({ id: '502', quantity: 3 }))));
      assert.deepEqual([await stockOf(501), await stockOf(502)], [100, 100]);
      await app.call('OrderUpdate', { orders_ids: id, update_type: 'status', update_value: STATUS.new });
      assert.deepEqual([await stockOf(501), await stockOf(502)], [100, 97]);
    });

    it('but keeps it where the setting says never', async () => {
      await added(connector, anOrder({ status_id: STATUS.cancelled }));
      assert.equal(await stockOf(501), 98);
    });
  });
});
