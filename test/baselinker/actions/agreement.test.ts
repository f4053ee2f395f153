import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  categories,
  dictionary,
  ordersGet,
  productsData,
  productsList,
} from '../../../connector/baselinker/check/response-schemas.ts';
import { emptyTables } from '../../support/database.ts';
import { addCategory, addEntry, addOrder, addProduct } from '../../support/shop-rows.ts';
import { aConnector, conforming, NOW } from './a-connector.ts';

describe('An id that one action shows', () => {
  const connector = aConnector();

  /** All products of a category, page by page; no page but the last may be short. */
  async function inCategory(id: string, perPage: number, app: Awaited<ReturnType<typeof connector.open>>) {
    const found: string[] = [];
    for (let page = 1; ; page += 1) {
      const { rows, pages } = conforming(await app.call('ProductsList', { category_id: id, page }), productsList);
      assert.ok(page === pages || rows.size === perPage, `page ${page} of ${pages} holds ${rows.size}`);
      found.push(...rows.keys());
      if (page >= pages) return found;
    }
  }

  it('is a category under which the list finds the very products whose cards name it', async function () {
    this.timeout(120_000);
    const PER_PAGE = 2;
    await fc.assert(
      fc.asyncProperty(someCategories, fc.array(fc.nat({ max: 9 }), { maxLength: 12 }), async (tree, filed) => {
        await emptyTables();
        const ids: string[] = [];
        for (const [n, { above, active }] of tree.entries()) {
          const parent = above === undefined ? undefined : ids[above % Math.max(n, 1)];
          ids.push(await addCategory(`Dział ${n}`, { parent_id: parent ?? 0, active: Number(active) }));
        }
        for (const at of filed) await addProduct({ category_id: ids[at] ?? (at === 9 ? 4_000_000 : 0) });
        const app = await connector.open({ PRODUCTS_PER_PAGE: String(PER_PAGE) });
        const paths = conforming(await app.call('ProductsCategories'), categories);
        const all = await inCategory('all', PER_PAGE, app);
        const cards = conforming(await app.call('ProductsData', { products_id: all.join() || '1' }), productsData);
        for (const id of new Set([...ids, ...Array.from(cards.values(), (card) => card.category_id)])) {
          if (id === '') continue;
          const due = [...cards].filter(([, card]) => card.category_id === id).map(([product]) => product);
          assert.ok(due.length === 0 || paths.has(id), `category ${id} is on a card and not among the categories`);
          assert.deepEqual(await inCategory(id, PER_PAGE, app), due, `category ${id}`);
        }
      }),
      { numRuns: 25 },
    );
  });

  const LISTS = [
    ['status_id', 'StatusesList', 'shop_statuses', 'status_id'],
    ['delivery_method_id', 'DeliveryMethodsList', 'shop_deliveries', 'delivery_id'],
    ['payment_method_id', 'PaymentMethodsList', 'shop_payments', 'payment_id'],
  ] as const;

  for (const [field, action, table, column] of LISTS) {
    it(`on an order as ${field} is named by ${action}, which offers what is retired to nobody else`, async function () {
      this.timeout(60_000);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
          fc.array(fc.record({ at: fc.nat({ max: 5 }), draft: fc.boolean() }), { maxLength: 5 }),
          async (retired, placed) => {
            await emptyTables();
            const ids: string[] = [];
            for (const [position, gone] of retired.entries()) {
              ids.push(await addEntry(table, `Wpis ${position}`, { position, retired_at: gone ? NOW : null }));
            }
            // The last place stands for an entry that somebody deleted from the shop's own table.
            const created_at = new Date(NOW.getTime() - 3_600_000);
            for (const { at, draft } of placed) {
              await addOrder({ [column]: ids[at] ?? 4_000_000, is_draft: Number(draft), created_at });
            }
            const names = conforming(await connector.call(action), dictionary);
            const { rows } = conforming(await connector.call('OrdersGet', { time_from: 1 }), ordersGet);
            const used = new Set(Array.from(rows.values(), (order) => order[field]));
            const due = ids.filter((id, n) => retired[n] !== true || used.has(id));
            if (used.has('4000000')) due.push('4000000');
            assert.deepEqual([...names.keys()].sort(), due.sort());
            for (const [id, name] of names) assert.equal(name, id === '4000000' ? id : `Wpis ${ids.indexOf(id)}`);
          },
        ),
        { numRuns: 25 },
      );
    });
  }

  it('is none where an order says that it has no method of delivery or payment', async () => {
    await addOrder({ delivery_id: 0, payment_id: 0 });
    await addOrder({ delivery_id: null, payment_id: null });
    const { rows } = conforming(await connector.call('OrdersGet', { time_from: 1 }), ordersGet);
    const methods = Array.from(rows.values(), (order) => [order.delivery_method_id, order.payment_method_id]);
    assert.deepEqual(methods, [
      ['', ''],
      ['', ''],
    ]);
    assert.deepEqual((await connector.call('DeliveryMethodsList')).body, {});
    assert.deepEqual((await connector.call('PaymentMethodsList')).body, {});
  });
});

/** Each category stands below an earlier one, or at the top. */
const someCategories = fc.array(
  fc.record({ above: fc.option(fc.nat({ max: 8 }), { nil: undefined, freq: 4 }), active: fc.boolean() }),
  { minLength: 1, maxLength: 8 },
);
