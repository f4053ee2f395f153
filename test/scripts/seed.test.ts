import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { add, formatMoney, parseMoney, times } from '../../connector/domain/money.ts';
import { e164 } from '../../connector/domain/phone.ts';
import { MAX_PRODUCTS, seedShop, SeedRefused, type SeedSummary } from '../../scripts/seed/shop.ts';
import { emptyTables, ourTables, ownSchema, testDatabase } from '../support/database.ts';

const NOW = new Date('2027-01-04T09:00:00Z');
const SMALL = { products: 500, orders: 300, now: NOW };

type Row = Record<string, string | number | Date | null>;

const all = async (table: string): Promise<Row[]> => (await testDatabase().db(table).select()) as Row[];
const share = (rows: readonly Row[], is: (row: Row) => boolean): number => rows.filter(is).length / rows.length;
const text = (row: Row, column: string): string => String(row[column]);
const by = (rows: readonly Row[], column: string): Map<Row[string], Row[]> => {
  const groups = new Map<Row[string], Row[]>();
  for (const row of rows) groups.set(row[column]!, [...(groups.get(row[column]!) ?? []), row]);
  return groups;
};
const money = (row: Row, column: string) => parseMoney(text(row, column));

describe('a made-up shop', () => {
  let summary: SeedSummary;

  before(async () => {
    await emptyTables();
    summary = await seedShop(testDatabase().db, SMALL);
  });
  after(() => emptyTables());

  describe('its catalogue', () => {
    it('has as many products as wanted, with gaps between their ids, and says what it wrote', async () => {
      const products = await all('shop_products');
      assert.equal(products.length, 500);
      assert.ok(Math.max(...products.map(({ id }) => Number(id))) > 101 + 500);
      for (const [table, count] of summary.rows) assert.equal((await all(table)).length, count, table);
    });

    it('stands in the leaves of a tree three levels deep, mostly in active ones', async () => {
      const categories = new Map((await all('shop_categories')).map((row) => [row['id'], row]));
      const parents = new Set([...categories.values()].map((row) => row['parent_id']));
      const depth = (id: unknown): number => (id === 0 ? 0 : 1 + depth(categories.get(id as number)!['parent_id']));
      const products = await all('shop_products');
      for (const product of products) {
        assert.equal(depth(product['category_id']), 3);
        assert.ok(!parents.has(product['category_id']));
      }
      const inactive = share(products, (row) => categories.get(row['category_id'])!['active'] === 0);
      assert.ok(inactive > 0 && inactive < 0.1, String(inactive));
    });

    it('knows every price, and every VAT rate occurs', async () => {
      const products = await all('shop_products');
      for (const row of products) assert.ok(money(row, 'price') > 0n);
      for (const row of await all('shop_variants')) assert.ok(row['price'] === null || money(row, 'price') > 0n);
      const rates = new Set(products.map((row) => row['vat_rate']));
      assert.deepEqual(rates, new Set(['23.00', '8.00', '5.00', '0.00', null]));
    });

    it('gives every variant a SKU and a valid EAN of its own', async () => {
      const variants = [...(await all('shop_products')), ...(await all('shop_variants'))];
      assert.equal(new Set(variants.map((row) => row['sku'])).size, variants.length);
      assert.equal(new Set(variants.map((row) => row['ean'])).size, variants.length);
      for (const row of variants) {
        assert.match(text(row, 'sku'), /^[A-Z0-9-]{10,64}$/);
        assert.match(text(row, 'ean'), /^\d{13}$/);
        const sum = Array.from(text(row, 'ean')).reduce(
          (total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3),
          0,
        );
        assert.equal(sum % 10, 0, text(row, 'ean'));
      }
    });

    it('has two to six variants on a fifth of the products, whose main stock is then 0', async () => {
      const variants = by(await all('shop_variants'), 'product_id');
      const products = await all('shop_products');
      assert.equal(variants.size, 100);
      for (const row of products) {
        const count = variants.get(row['id']!)?.length;
        if (count === undefined) continue;
        assert.ok(count >= 2 && count <= 6);
        assert.equal(row['quantity'], 0);
      }
      const prices = [...variants.values()].flat().map((row) => row['price']);
      assert.ok(prices.includes(null) && prices.some((price) => price !== null));
    });

    it('has sold-out, oversold, switched-off and retired products, but few of them', async () => {
      const products = await all('shop_products');
      const few = (is: (row: Row) => boolean, max: number) => {
        const part = share(products, is);
        assert.ok(part > 0 && part <= max, String(part));
      };
      few((row) => row['active'] === 0, 0.05);
      few((row) => row['removed_at'] !== null, 0.02);
      few((row) => Number(row['quantity']) < 0, 0.02);
      few((row) => Number(row['quantity']) === 0, 0.35);
    });

    it('is supplied by the wholesaler in every tenth product, variant by variant', async () => {
      const supplies = by(await all('shop_product_supplies'), 'product_id');
      const variants = by(await all('shop_variants'), 'product_id');
      const products = (await testDatabase().db('shop_products').orderBy('id')) as Row[];
      products.forEach((row, i) => {
        const articles = variants.get(row['id']!) ?? [{ id: 0, sku: row['sku']! }];
        const expected = (i + 1) % 10 === 0 ? articles.map(({ id, sku }) => [id, sku]) : [];
        const found = (supplies.get(row['id']!) ?? []).map((supply) => [supply['variant_id'], supply['code']]);
        assert.deepEqual(found, expected);
      });
      const suppliers = [...supplies.values()].flat();
      assert.deepEqual(new Set(suppliers.map((row) => row['wholesaler'])), new Set(['demo-wholesaler']));
      assert.deepEqual(new Set(suppliers.map((row) => row['code_type'])), new Set(['internal']));
      assert.ok(suppliers.some((row) => row['variant_id'] !== 0));
    });

    it('writes Polish: every diacritic, quotes, HTML and emoji', async () => {
      const names = (await all('shop_products')).map((row) => text(row, 'name')).join();
      for (const letter of 'ąćęłńóśźż') assert.ok(names.includes(letter), letter);
      const texts = (await all('shop_product_texts')).map((row) => text(row, 'description')).join();
      for (const part of ['<p>', '"', '&amp;', '🎁', "'"]) assert.ok(texts.includes(part), part);
    });

    it('has one to five pictures a product and several values of some features', async () => {
      const images = (await all('shop_product_images')).filter((row) => row['variant_id'] === 0);
      const counts = [...by(images, 'product_id').values()].map(({ length }) => length);
      assert.deepEqual([counts.length, Math.min(...counts), Math.max(...counts)], [500, 1, 5]);
      const features = await all('shop_product_features');
      const names = features.map((row) => `${text(row, 'product_id')} ${text(row, 'variant_id')} ${text(row, 'name')}`);
      assert.ok(new Set(names).size < names.length);
    });
  });

  describe('its orders', () => {
    it('add up to the cent', async () => {
      const lines = by(await all('shop_order_lines'), 'order_id');
      const adjustments = by(await all('shop_order_adjustments'), 'order_id');
      for (const order of await all('shop_orders')) {
        const sum = add(
          money(order, 'delivery_price'),
          ...lines.get(order['id']!)!.map((row) => times(money(row, 'price'), Number(row['quantity']))),
          ...(adjustments.get(order['id']!) ?? []).map((row) => money(row, 'amount')),
        );
        assert.equal(formatMoney(sum), order['total'], text(order, 'id'));
        assert.ok(sum > 0n);
      }
      const kinds = new Set(
        [...adjustments.values()].flat().map((row) => `${text(row, 'kind')} ${String(money(row, 'amount') < 0n)}`),
      );
      assert.deepEqual(kinds, new Set(['discount true', 'fee false']));
    });

    it('sell what the catalogue holds, as it holds it', async () => {
      const products = new Map((await all('shop_products')).map((row) => [row['id'], row]));
      const variants = new Map((await all('shop_variants')).map((row) => [row['id'], row]));
      for (const line of await all('shop_order_lines')) {
        const product = products.get(line['product_id'])!;
        const variant = line['variant_id'] === 0 ? undefined : variants.get(line['variant_id'])!;
        assert.equal(variant?.['product_id'] ?? product['id'], product['id']);
        const { sku, ean } = variant ?? product;
        const [name] = [variant ? `${text(product, 'name')} ${text(variant, 'name')}` : product['name']];
        const price = variant?.['price'] ?? product['price'];
        const weight = variant?.['weight'] ?? product['weight'];
        const expected = {
          sku,
          ean,
          name,
          price,
          weight,
          vat_rate: product['vat_rate'],
          location: product['location'],
        };
        assert.deepEqual({ ...line, ...expected }, line);
      }
    });

    it('are paid in full with a date, or in part without one, or not at all', async () => {
      const orders = (await all('shop_orders')).map((row) => {
        const [paid, total] = [money(row, 'paid_amount'), money(row, 'total')];
        assert.equal(row['paid_at'] !== null, paid === total);
        return paid === total ? 'full' : paid > 0n ? 'part' : 'none';
      });
      assert.deepEqual(new Set(orders), new Set(['full', 'part', 'none']));
    });

    it('stand in every status, delivery and payment, retired ones only in old orders', async () => {
      const orders = await all('shop_orders');
      for (const [table, column] of [
        ['shop_statuses', 'status_id'],
        ['shop_deliveries', 'delivery_id'],
        ['shop_payments', 'payment_id'],
      ] as const) {
        for (const entry of await all(table)) {
          const using = orders.filter((row) => row[column] === entry['id']);
          assert.ok(using.length > 0, text(entry, 'name'));
          const retired = entry['retired_at'];
          if (retired !== undefined && retired !== null) assert.ok(using.every((row) => row['created_at']! < retired));
        }
      }
    });

    it('are of the last months, some of the last day, later ids never older, nothing in the future', async () => {
      const orders = (await testDatabase().db('shop_orders').orderBy('id')) as Row[];
      const created = orders.map((row) => (row['created_at'] as Date).getTime());
      assert.deepEqual(
        created,
        created.toSorted((a, b) => a - b),
      );
      assert.equal(created.filter((at) => at > NOW.getTime() - 86_400_000).length, 6);
      for (const row of orders) assert.ok(row['created_at']! <= row['changed_at']! && row['changed_at']! <= NOW);
    });

    it('come from guests and customers, persons and companies, from home and abroad, some from BaseLinker', async () => {
      const orders = await all('shop_orders');
      const customers = new Map((await all('shop_customers')).map((row) => [row['id'], row]));
      for (const row of orders)
        if (row['customer_id'] !== null) assert.equal(customers.get(row['customer_id'])!['email'], row['email']);
      for (const is of [
        (row: Row) => row['customer_id'] === null,
        (row: Row) => row['invoice_nip'] !== '',
        (row: Row) => row['delivery_country_code'] === 'DE',
        (row: Row) => row['delivery_country_code'] === 'CZ',
        (row: Row) => row['is_draft'] === 1,
        (row: Row) => row['source'] === 'baselinker' && row['source_reference'] !== null,
        (row: Row) => row['user_comments'] !== '',
        (row: Row) => row['cash_on_delivery'] === 1,
      ]) {
        const part = share(orders, is);
        assert.ok(part > 0 && part < 0.6, `${String(is)} ${part}`);
      }
    });

    it('have tax numbers that pass the check, and lockers where a locker is the delivery', async () => {
      const weights = [6, 5, 7, 2, 3, 4, 5, 6, 7];
      for (const row of await all('shop_orders')) {
        const nip = text(row, 'invoice_nip');
        if (nip !== '') {
          const sum = weights.reduce((total, weight, i) => total + weight * Number(nip[i]), 0);
          assert.equal(String(sum % 11), nip.slice(9), nip);
          assert.notEqual(row['invoice_company'], '');
        }
        const inLocker = text(row, 'delivery_name').startsWith('Paczkomat');
        assert.match(text(row, 'delivery_point_id'), inLocker ? /^[A-Z]{3}\d\d[A-Z]$/ : /^$/);
      }
    });

    it('have phone numbers that can exist, in their country', async () => {
      for (const row of await all('shop_orders')) {
        const phone = text(row, 'phone');
        if (phone !== '') assert.notEqual(e164(phone, text(row, 'delivery_country_code')), '', phone);
      }
    });

    it('have a parcel with a link once they are on their way', async () => {
      const shipped = new Set(
        (await all('shop_statuses')).filter((row) => row['meaning'] === 'shipped').map((row) => row['id']),
      );
      const parcels = by(await all('shop_parcels'), 'order_id');
      for (const order of await all('shop_orders')) {
        if (!shipped.has(order['status_id']) || text(order, 'delivery_name').startsWith('Odbiór')) continue;
        assert.match(
          text(parcels.get(order['id']!)![0]!, 'tracking_url'),
          /^https:\/\/tracking\.example\/.+numer=\d+$/,
        );
      }
    });
  });
});

describe('making up a shop', () => {
  beforeEach(() => emptyTables());
  after(() => emptyTables());

  it('gives the same rows for the same options, and others for another number', async () => {
    const made = async (seed: number) => {
      await emptyTables();
      await seedShop(testDatabase().db, { products: 150, orders: 60, seed, now: NOW });
      return checksum();
    };
    const first = await made(1);
    assert.equal(await made(1), first);
    assert.notEqual(await made(2), first);
  });

  it('gives a smaller shop the same products as a larger one', async () => {
    const names = async (products: number) => {
      await emptyTables();
      await seedShop(testDatabase().db, { products, orders: 0, now: NOW });
      return (await testDatabase().db('shop_products').orderBy('id').limit(40).pluck('name')) as string[];
    };
    assert.deepEqual(await names(40), await names(90));
  });

  it('gives no row of any table a time after the one that it is seen from', async () => {
    for (const seed of [1, 2, 3]) {
      await emptyTables();
      await seedShop(testDatabase().db, { products: 150, orders: 200, seed, now: NOW });
      for (const table of (await ourTables(testDatabase().db)).filter((name) => name.startsWith('shop_'))) {
        for (const [column, value] of (await all(table)).flatMap((row) => Object.entries(row))) {
          assert.ok(!(value instanceof Date) || value <= NOW, `${table}.${column}: ${String(value)}`);
        }
      }
    }
  });

  it('refuses, on the command line, to be seen from a time that has not come', async () => {
    const run = promisify(execFile);
    const made = (now: string) =>
      run(
        process.execPath,
        ['--import', 'tsx', 'scripts/seed/index.ts', '--products=3', '--orders=3', `--now=${now}`],
        {
          cwd: join(import.meta.dirname, '..', '..'),
          env: { ...process.env, DATABASE_URL: testDatabase().url },
        },
      );
    await assert.rejects(made('2999-01-04T09:00:00Z'), /Nothing was written: --now lies in the future/);
    assert.equal((await all('shop_orders')).length, 0);
    await made('2026-01-04T09:00:00Z');
    assert.equal((await all('shop_orders')).length, 3);
  }).timeout(60_000);

  it('can be asked for next to nothing', async () => {
    await seedShop(testDatabase().db, { products: 0, orders: 0, now: NOW });
    await emptyTables();
    await seedShop(testDatabase().db, { products: 1, orders: 3, now: NOW });
    assert.equal((await all('shop_orders')).length, 3);
  });

  it('leaves a shop alone that already holds something', async () => {
    await testDatabase().db('shop_categories').insert({ name: 'Prawdziwa' });
    await assert.rejects(seedShop(testDatabase().db, SMALL), SeedRefused);
    assert.equal((await all('shop_products')).length, 0);
  });

  it('refuses orders without products, more products than ids, and a database without the tables', async () => {
    await assert.rejects(seedShop(testDatabase().db, { products: 0, orders: 1, now: NOW }), /orders need products/);
    await assert.rejects(seedShop(testDatabase().db, { ...SMALL, products: MAX_PRODUCTS + 1 }), SeedRefused);
    const bare = await ownSchema();
    try {
      await assert.rejects(seedShop(bare.db, SMALL), /npm run migrate/);
    } finally {
      await bare.drop();
    }
  });
});

async function checksum(): Promise<string> {
  const { db } = testDatabase();
  const hash = createHash('sha256');
  for (const table of (await ourTables(db)).filter((name) => name.startsWith('shop_')).toSorted()) {
    const key = table === 'shop_product_texts' ? 'product_id' : 'id';
    hash.update(table).update(JSON.stringify(await db(table).orderBy(key)));
  }
  return hash.digest('hex');
}
