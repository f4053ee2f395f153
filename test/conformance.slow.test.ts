import assert from 'node:assert/strict';
import type { z } from 'zod';
import * as answers from '../connector/baselinker/check/response-schemas.ts';
import { orderedKeys } from '../connector/baselinker/check/ordered-json.ts';
import { seedShop } from '../scripts/seed/shop.ts';
import { conforming } from './baselinker/actions/a-connector.ts';
import { openApp, type TestApp } from './support/app.ts';
import { emptyTables, testDatabase } from './support/database.ts';

const NOW = new Date('2027-01-04T09:00:00Z');
const PRODUCTS = 1200;
const ORDERS = 300;

/** What was removed before that day is shown no more; 90 days is the setting's default. */
const SHOWN_SINCE = '2026-10-06 00:00:00';

type Row = Readonly<Record<string, string | number | null>>;

async function rows(sql: string, ...values: string[]): Promise<readonly Row[]> {
  const [found] = (await testDatabase().db.raw(sql, values)) as [Row[]];
  return found;
}

const money = (value: Row[string] | undefined) => (value === null || value === undefined ? undefined : String(value));

/** Whole hundredths, small enough for a plain number. */
const cents = (text: string) => Number(text.replace('.', ''));

/** Everything that BaseLinker may ask of a made-up shop, compared with what the database says by SQL of the test's own. */
describe('a whole shop, read by BaseLinker', function () {
  this.timeout(60_000);
  let app: TestApp;

  before(async () => {
    await emptyTables();
    await seedShop(testDatabase().db, { products: PRODUCTS, orders: ORDERS, now: NOW });
    app = await openApp({ now: NOW, settings: { PRODUCTS_PER_PAGE: '250', ORDERS_PER_PAGE: '70' } });
  });

  after(async () => {
    await app.close();
    await emptyTables();
  });

  const read = async <T>(action: string, schema: z.ZodType<T>, fields = {}): Promise<T> =>
    conforming(await app.call(action, fields), schema);

  /** All pages, each of which conforms; no id stands on two of them. */
  async function allPages<V>(
    action: string,
    schema: z.ZodType<{ readonly rows: ReadonlyMap<string, V>; readonly pages: number }>,
    fields: Readonly<Record<string, string | number>> = {},
  ): Promise<ReadonlyMap<string, V>> {
    const all = new Map<string, V>();
    let last = 1;
    for (let page = 1; page <= last; page += 1) {
      const { rows: found, pages } = await read(action, schema, { ...fields, page });
      assert.ok(page === 1 || pages === last, `${action}: page ${page} speaks of ${pages} pages, page 1 of ${last}`);
      last = pages;
      for (const [id, value] of found) {
        assert.ok(!all.has(id), `${action}: ${id} stands on two pages`);
        all.set(id, value);
      }
      assert.ok(found.size > 0 || last === 1, `${action}: page ${page} of ${last} is empty`);
    }
    assert.ok(last > 1, `${action} has one page only`);
    const beyond = await read(action, schema, { ...fields, page: last + 1 });
    assert.deepEqual([beyond.rows.size, beyond.pages], [0, last]);
    return all;
  }

  const shownProducts = () =>
    rows(
      `SELECT p.*, m.name AS manufacturer FROM shop_products p LEFT JOIN shop_manufacturers m ON m.id = p.manufacturer_id
       WHERE p.removed_at IS NULL OR p.removed_at >= ? ORDER BY p.id`,
      SHOWN_SINCE,
    );

  const shownVariants = () =>
    rows(
      `SELECT v.*, p.price AS product_price, p.active AS product_active, p.removed_at AS product_removed_at,
         p.weight AS product_weight
       FROM shop_variants v JOIN shop_products p ON p.id = v.product_id
       WHERE (v.removed_at IS NULL OR v.removed_at >= ?) AND (p.removed_at IS NULL OR p.removed_at >= ?)
       ORDER BY v.product_id, v.position, v.id`,
      SHOWN_SINCE,
      SHOWN_SINCE,
    );

  const isOn = ({ active, removed_at: removedAt }: Row) => active === 1 && removedAt === null;

  function variantStock(variant: Row): number {
    const productIsOn = variant['product_active'] === 1 && variant['product_removed_at'] === null;
    return isOn(variant) && productIsOn ? Math.max(Number(variant['quantity']), 0) : 0;
  }

  /** What each product must show, reckoned from plain rows. */
  function productStock(product: Row, variants: readonly Row[]): number {
    if (!isOn(product)) return 0;
    const own = Number(product['quantity']);
    if (own > 0) return own;
    return variants
      .filter((variant) => variant['product_id'] === product['id'])
      .reduce((sum, variant) => sum + variantStock(variant), 0);
  }

  it('has every oddity that the comparison is about', async () => {
    const [count] = await rows(`SELECT
      SUM(active = 0) AS off, SUM(removed_at IS NOT NULL AND removed_at >= '${SHOWN_SINCE}') AS removed,
      SUM(removed_at < '${SHOWN_SINCE}') AS gone, SUM(quantity < 0) AS oversold, SUM(vat_rate IS NULL) AS exempt
      FROM shop_products`);
    for (const [oddity, found] of Object.entries(count ?? {})) {
      if (oddity !== 'exempt') assert.ok(Number(found) > 0, oddity);
    }
  });

  it('says who it is and what it can do', async () => {
    await read('FileVersion', answers.fileVersion);
    const names = await read('SupportedMethods', answers.supportedMethods);
    assert.equal(new Set(names).size, names.length);
  });

  it('shows each category by the names on its way down the tree, sorted', async () => {
    const paths = await read('ProductsCategories', answers.categories);
    const tree = await rows('SELECT id, parent_id, name, active FROM shop_categories');
    const byId = new Map(tree.map((row) => [row['id'], row]));
    const expected = new Map<string, string>();
    for (const leaf of tree) {
      const names: string[] = [];
      let reachable = true;
      for (let at: Row | undefined = leaf; at; at = byId.get(at['parent_id'] ?? 0)) {
        names.unshift(String(at['name']));
        reachable &&= at['active'] === 1;
      }
      if (reachable) expected.set(String(leaf['id']), names.join('/'));
    }
    assert.ok(expected.size > 10 && expected.size < tree.length);
    assert.deepEqual(new Map([...paths].sort()), new Map([...expected].sort()));
  });

  it('lists every product that must be shown on exactly one page, as it stands in its row', async () => {
    const listed = await allPages('ProductsList', answers.productsList);
    const [products, variants] = await Promise.all([shownProducts(), shownVariants()]);
    assert.deepEqual(
      [...listed.keys()],
      products.map(({ id }) => String(id)),
    );
    for (const product of products) {
      const { name, sku, ean, location } = product;
      assert.deepEqual(
        listed.get(String(product['id'])),
        {
          name,
          sku,
          ean,
          location,
          currency: 'PLN',
          price: money(product['price']),
          quantity: productStock(product, variants),
        },
        String(product['id']),
      );
    }
  });

  it('lists them with their variants when asked', async () => {
    const listed = await allPages('ProductsList', answers.productsList, { include_variants: 1 });
    const variants = await shownVariants();
    assert.equal(
      [...listed.values()].reduce((sum, { variants: own }) => sum + (own?.size ?? 0), 0),
      variants.length,
    );
  });

  it('sorts and filters over the pages as the database does', async () => {
    const sorted = await allPages('ProductsList', answers.productsList, { filter_sort: 'price DESC' });
    const byPrice = await rows(
      `SELECT id FROM shop_products WHERE removed_at IS NULL OR removed_at >= ? ORDER BY price IS NULL, price DESC, id`,
      SHOWN_SINCE,
    );
    assert.deepEqual(
      [...sorted.keys()],
      byPrice.map(({ id }) => String(id)),
    );
    const inRange = await allPages('ProductsList', answers.productsList, {
      filter_price_from: '20',
      filter_price_to: '90',
      filter_quantity_from: 1,
    });
    const [products, variants] = await Promise.all([shownProducts(), shownVariants()]);
    const expected = products.filter(
      (one) =>
        cents(String(one['price'])) >= 2000 && cents(String(one['price'])) <= 9000 && productStock(one, variants) >= 1,
    );
    assert.deepEqual(
      [...inRange.keys()],
      expected.map(({ id }) => String(id)),
    );
  });

  it('dumps the stock of every product and variant', async () => {
    const dump = await allPages('ProductsQuantity', answers.productsQuantity);
    const [products, variants] = await Promise.all([shownProducts(), shownVariants()]);
    const expected = new Map(products.map((one) => [String(one['id']), { 0: productStock(one, variants) }]));
    for (const variant of variants) {
      Object.assign(expected.get(String(variant['product_id']))!, { [String(variant['id'])]: variantStock(variant) });
    }
    assert.equal(dump.size, products.length);
    for (const [id, quantities] of dump) assert.deepEqual(Object.fromEntries(quantities), expected.get(id), id);
  });

  it('dumps as much stock as the database sums up', async () => {
    const dump = await allPages('ProductsQuantity', answers.productsQuantity);
    const [sum] = await rows(`
      SELECT
        (SELECT SUM(quantity) FROM shop_products WHERE active = 1 AND removed_at IS NULL AND quantity > 0) AS own,
        (SELECT SUM(v.quantity) FROM shop_variants v JOIN shop_products p ON p.id = v.product_id
         WHERE v.active = 1 AND v.removed_at IS NULL AND v.quantity > 0 AND p.active = 1 AND p.removed_at IS NULL
           AND p.quantity <= 0) AS instead`);
    const shown = [...dump.values()].reduce((total, quantities) => total + (quantities.get('0') ?? 0), 0);
    assert.equal(shown, Number(sum?.['own']) + Number(sum?.['instead']));
  });

  it('dumps the price of every product and variant, row by row', async () => {
    const dump = await allPages('ProductsPrices', answers.productsPrices);
    const [products, variants] = await Promise.all([shownProducts(), shownVariants()]);
    const expected = [
      ...products.map((one) => [`${one['id'] ?? ''}/0`, money(one['price'])]),
      ...variants.map((one) => [
        `${one['product_id'] ?? ''}/${one['id'] ?? ''}`,
        money(one['price'] ?? one['product_price'] ?? null),
      ]),
    ].filter(([, price]) => price !== undefined);
    const found = [...dump].flatMap(([product, prices]) =>
      Array.from(prices, ([variant, price]) => [`${product}/${variant}`, price]),
    );
    assert.deepEqual(new Map(found as [string, string][]), new Map(expected as [string, string][]));
    assert.equal(found.length, expected.length);
  });

  it('shows the card of every product with all that hangs on it', async () => {
    const [products, variants, texts, images, features] = await Promise.all([
      shownProducts(),
      shownVariants(),
      rows('SELECT * FROM shop_product_texts'),
      rows('SELECT * FROM shop_product_images ORDER BY position, id'),
      rows('SELECT * FROM shop_product_features ORDER BY position, id'),
    ]);
    const paths = await read('ProductsCategories', answers.categories);
    const parents = new Map(
      (await rows('SELECT id, parent_id FROM shop_categories')).map((one) => [one['id'], one['parent_id'] ?? 0]),
    );
    const nearestShown = (id: Row[string] | undefined): string => {
      if (id === undefined || id === 0) return '';
      return paths.has(String(id)) ? String(id) : nearestShown(parents.get(id ?? null));
    };
    const textOf = new Map(texts.map((one) => [one['product_id'], one]));
    const attached = (list: readonly Row[], product: Row[string] | undefined, variant: Row[string] | undefined) =>
      list.filter((one) => one['product_id'] === product && one['variant_id'] === variant);
    let shownOnes = 0;
    for (let from = 0; from < products.length; from += 100) {
      const some = products.slice(from, from + 100);
      const answer = await app.call('ProductsData', { products_id: some.map(({ id }) => id).join() });
      const cards = conforming(answer, answers.productsData);
      assert.deepEqual(
        orderedKeys(answer.text),
        some.map(({ id }) => String(id)),
      );
      for (const product of some) {
        const card = cards.get(String(product['id']))!;
        const { id, sku, ean, model, name, location, url } = product;
        const text = textOf.get(id ?? null);
        const actual = {
          ...{ sku: card.sku, ean: card.ean, model: card.model, name: card.name, location: card.location },
          ...{ url: card.url, price: card.price, quantity: card.quantity, tax: card.tax, weight: card.weight },
          ...{ height: card.height, man_name: card.man_name, category_id: card.category_id },
          ...{ description: card.description, extra1: card.description_extra1, images: card.images },
          ...{ delivery_time: card.delivery_time, features: card.features },
        };
        assert.deepEqual(actual, {
          ...{ sku, ean, model, name, location, url },
          price: money(product['price']),
          quantity: productStock(product, variants),
          tax: Number(product['vat_rate'] ?? 0),
          weight: Number(product['weight']),
          height: Number(product['height']),
          man_name: product['manufacturer'] ?? '',
          category_id: nearestShown(product['category_id']),
          description: text?.['description'],
          extra1: text?.['description_extra1'],
          images: attached(images, id, 0).map((one) => one['url']),
          delivery_time: product['delivery_days'] ?? undefined,
          features: joined(attached(features, id, 0)),
        });
        const path = paths.get(card.category_id);
        assert.equal(card.category_name, path ?? '');
        const own = variants.filter((one) => one['product_id'] === id);
        assert.deepEqual(
          Array.from(card.variants, ([variant, { sku: code, quantity, price, weight, images: photos }]) => [
            ...[variant, code, quantity, price, weight, photos],
          ]),
          own.map((one) => [
            String(one['id']),
            one['sku'],
            variantStock(one),
            money(one['price'] ?? one['product_price'] ?? null),
            Number(one['weight'] ?? one['product_weight']),
            attached(images, id, one['id']).map((image) => image['url']),
          ]),
        );
        shownOnes += 1;
      }
    }
    assert.equal(shownOnes, products.length);
  });

  it('offers the entries that are in use, in the shop’s order', async () => {
    for (const [action, table, column] of [
      ['StatusesList', 'shop_statuses', 'status_id'],
      ['DeliveryMethodsList', 'shop_deliveries', 'delivery_id'],
      ['PaymentMethodsList', 'shop_payments', 'payment_id'],
    ] as const) {
      const shown = await read(action, answers.dictionary);
      const expected = await rows(
        `SELECT id, name FROM ${table} WHERE retired_at IS NULL
           OR id IN (SELECT ${column} FROM shop_orders WHERE is_draft = 0) ORDER BY position, id`,
      );
      assert.deepEqual(
        [...shown],
        expected.map(({ id, name }) => [String(id), name]),
      );
    }
  });

  describe('collects orders', () => {
    it('of its own, all of them, each once and with every line', async () => {
      const orders = await allPages('OrdersGet', answers.ordersGet, { time_from: 0 });
      const heads = await rows(
        `SELECT o.*, UNIX_TIMESTAMP(o.created_at) AS created, UNIX_TIMESTAMP(o.paid_at) AS paid_time,
           (SELECT COUNT(*) FROM shop_order_lines l WHERE l.order_id = o.id) AS line_count,
           (SELECT COUNT(*) FROM shop_order_adjustments a WHERE a.order_id = o.id) AS adjustment_count,
           (SELECT tracking_number FROM shop_parcels t WHERE t.order_id = o.id ORDER BY created_at DESC, id DESC LIMIT 1) AS parcel
         FROM shop_orders o WHERE o.is_draft = 0 AND o.source <> 'baselinker' ORDER BY o.id`,
      );
      const statuses = new Set((await rows('SELECT id FROM shop_statuses')).map(({ id }) => String(id)));
      const [left] = await rows(
        `SELECT COUNT(*) AS count FROM shop_orders WHERE is_draft = 1 OR source = 'baselinker'`,
      );
      assert.ok(heads.length > 200 && Number(left?.['count']) > 0);
      assert.deepEqual(
        [...orders.keys()],
        heads.map(({ id }) => String(id)),
      );
      for (const head of heads) {
        const order = orders.get(String(head['id']))!;
        const where = `order ${head['id'] ?? ''}`;
        for (const column of [
          ...['email', 'phone', 'delivery_fullname', 'delivery_address', 'delivery_postcode', 'delivery_city'],
          ...['delivery_country_code', 'invoice_fullname', 'invoice_company', 'invoice_nip', 'invoice_city'],
          ...['delivery_point_id', 'delivery_point_name', 'delivery_price', 'currency', 'admin_comments'],
          ...['payment_operator', 'transaction_id'],
        ] as const) {
          assert.equal((order as Row)[column], head[column], `${where}, ${column}`);
        }
        assert.equal(order.date_add, Math.floor(Number(head['created'])), where);
        assert.equal(order.user_comments_long, head['user_comments'], where);
        assert.equal(order.status_id, String(head['status_id']));
        assert.ok(statuses.has(order.status_id), where);
        const paid = cents(String(head['paid_amount']));
        const isPaid = paid >= cents(String(head['total'])) && !(head['cash_on_delivery'] === 1 && paid === 0);
        assert.equal(order.paid, isPaid ? 1 : 0, where);
        assert.equal(order.paid_time, isPaid ? Math.floor(Number(head['paid_time'])) : 0, where);
        assert.equal(order.payment_method_cod, head['cash_on_delivery'], where);
        assert.equal(order.want_invoice, head['want_invoice'] === 1 || head['invoice_nip'] !== '' ? 1 : 0, where);
        assert.equal((order as Row)['delivery_package_nr'], head['parcel'] ?? '', where);
        assert.equal(order.products.length, Number(head['line_count']) + Number(head['adjustment_count']), where);
      }
    });

    it('whose lines and delivery come to the total of the shop, to the cent', async () => {
      const orders = await allPages('OrdersGet', answers.ordersGet);
      const [sum] = await rows(
        `SELECT SUM(total) AS total FROM shop_orders WHERE is_draft = 0 AND source <> 'baselinker'`,
      );
      const totals = new Map(
        (await rows('SELECT id, total FROM shop_orders')).map(({ id, total }) => [String(id), total]),
      );
      let all = 0;
      for (const [id, { products, delivery_price: delivery }] of orders) {
        const total = products.reduce((come, { price, quantity }) => come + cents(price) * quantity, cents(delivery));
        assert.equal(total, cents(String(totals.get(id))), id);
        all += total;
      }
      assert.equal(all, cents(String(sum?.['total'])));
    });

    it('that are paid, newer, or later in number, as the database counts them', async () => {
      const own = `is_draft = 0 AND source <> 'baselinker'`;
      const since = Math.floor(NOW.getTime() / 1000) - 30 * 86_400;
      for (const [fields, condition] of [
        [{ only_paid: 1 }, 'paid_amount >= total AND NOT (cash_on_delivery = 1 AND paid_amount = 0)'],
        [{ time_from: since }, `created_at >= '2026-12-05 09:00:00'`],
        [{ id_from: 150 }, 'id >= 150'],
      ] as const) {
        const found = await rows(`SELECT id FROM shop_orders WHERE ${own} AND ${condition} ORDER BY id`);
        const ids: string[] = [];
        let last = 1;
        for (let page = 1; page <= last; page += 1) {
          const { rows: orders, pages } = await read('OrdersGet', answers.ordersGet, { ...fields, page });
          last = pages;
          ids.push(...orders.keys());
        }
        assert.ok(found.length > 0, condition);
        assert.deepEqual(
          ids,
          found.map(({ id }) => String(id)),
          condition,
        );
      }
    });

    it('one by one as in the scan', async () => {
      const { rows: first } = await read('OrdersGet', answers.ordersGet);
      for (const [id, order] of [...first].slice(0, 5)) {
        const { rows: single, pages } = await read('OrdersGet', answers.ordersGet, { order_id: id });
        assert.deepEqual([[...single], pages], [[[id, order]], 1]);
      }
      const [born] = await rows(`SELECT id FROM shop_orders WHERE source = 'baselinker' AND is_draft = 0 LIMIT 1`);
      const { rows: single } = await read('OrdersGet', answers.ordersGet, { order_id: born?.['id'] });
      assert.equal(single.size, 1);
    });
  });
});

/** One pair for each name; several values of one name stand in one text. */
function joined(features: readonly Row[]): readonly (readonly [string, string])[] {
  const names = [...new Set(features.map((one) => String(one['name'])))];
  return names.map((name) => [
    name,
    features
      .filter((one) => one['name'] === name)
      .map((one) => String(one['value']))
      .join('|'),
  ]);
}
