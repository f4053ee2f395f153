import assert from 'node:assert/strict';
import { connect } from '../../connector/db/connect.ts';
import { nativeShop } from '../../connector/shops/native/index.ts';
import { cutBytes, cutCharacters, MAX_BYTES, MAX_CHARACTERS } from '../../connector/shops/native/texts.ts';
import { nativeShopWriting } from '../../connector/shops/native/writing/index.ts';
import type { StockChange } from '../../connector/contracts/shop-writing.ts';
import { ownSchema, testDatabase } from '../support/database.ts';
import { nativeFixtures } from './native-fixtures.ts';
import { aLine, anOrder, keepsTheWritingContract, main, unitOfWork } from './writing-battery.ts';
import { migrate } from '../../connector/db/migrations.ts';

const PROFILE = { currency: 'PLN', removedProductsDays: 30, now: () => new Date('2027-03-10T12:00:00Z') };
const AT = new Date('2027-03-10T09:30:00.123Z');
const LONG_AGO = new Date('2020-01-01T00:00:00Z');

keepsTheWritingContract(
  'the native shop',
  () => ({ shop: nativeShop(testDatabase().db, PROFILE), writing: nativeShopWriting(PROFILE) }),
  nativeFixtures,
);

describe('the native shop, written to', () => {
  const writing = nativeShopWriting(PROFILE);
  const row = async (table: string, id: string): Promise<Record<string, unknown>> => {
    const found = (await testDatabase().db(table).where({ id }).first()) as Record<string, unknown> | undefined;
    assert.ok(found);
    return found;
  };
  const create = async (changes = {}): Promise<string> => {
    const id = await unitOfWork((unit) => writing.createOrder(unit, anOrder(changes), '1', AT));
    assert.ok(id !== undefined);
    return id;
  };
  const linesOf = (order_id: string) =>
    testDatabase().db('shop_order_lines').where({ order_id }).orderBy('position').select();

  beforeEach(nativeFixtures.empty);

  describe('by many at once', () => {
    it('moves the stock of overlapping variants, in any order, without a deadlock and without losing a piece', async () => {
      const { id, variantIds } = await nativeFixtures.product({ variants: Array.from({ length: 10 }, () => ({})) });
      const plain = await nativeFixtures.plainProducts(20);
      const variants = [main(id), ...plain.map(main), ...variantIds.map((variantId) => ({ productId: id, variantId }))];
      const db = connect(testDatabase().url, { poolSize: 20 });
      // By hand, not by the use cases' own transaction: that one would repeat a deadlock and hide it.
      const isolationLevel = 'read committed';
      const oneMore = async (_: unknown, n: number): Promise<void> => {
        const some = shuffled(variants).slice(0, 15 + Math.floor(Math.random() * 15));
        const changes = some.map((variant): StockChange => ({ ...variant, operation: 'change', quantity: 1 }));
        const prices = some.map((variant) => ({ ...variant, price: '12.00' }));
        if (n % 4 === 0) await db.transaction((unit) => writing.setPrices(unit, prices), { isolationLevel });
        else {
          const { length } = await db.transaction((unit) => writing.changeStock(unit, changes), { isolationLevel });
          moved += length;
        }
      };
      let moved = 0;
      const before = await totalStock();
      try {
        for (let round = 0; round < 10; round += 1) await Promise.all(Array.from({ length: 20 }, oneMore));
      } finally {
        await db.destroy();
      }
      assert.equal((await totalStock()) - before, moved);
    });

    it('takes no lock on what is not there, nor on rows that nobody asked for', async () => {
      const [first = '', second = ''] = await nativeFixtures.plainProducts(2);
      const beyond = String(Number(second) + 1);
      await unitOfWork(async (unit) => {
        const change = (id: string) => ({ ...main(id), operation: 'change' as const, quantity: 1 });
        await writing.changeStock(unit, [change(first), change(beyond), change('4294967295')]);
        // Each would wait for the lock, and then fail.
        const { id } = await nativeFixtures.product();
        assert.ok(Number(id) >= Number(beyond));
        await nativeFixtures.changeProduct(second, { quantity: 1 });
        await unitOfWork((other) => writing.changeStock(other, [change(second), change(id)]));
      });
    });
  });

  it('stores a price of a variant as its own, even when it is that of the product', async () => {
    const { id, variantIds } = await nativeFixtures.product({ price: '10.00', variants: [{}] });
    const [variantId = ''] = variantIds;
    await unitOfWork((unit) => writing.setPrices(unit, [{ productId: id, variantId, price: '10.00' }]));
    assert.equal((await row('shop_variants', variantId))['price'], '10.00');
  });

  it('knows the length of every column it writes texts to', async () => {
    const [columns] = (await testDatabase().db.raw(
      `SELECT CONCAT(table_name, '.', column_name) AS name, data_type AS type, character_maximum_length AS max
       FROM information_schema.columns WHERE table_schema = DATABASE()`,
    )) as [{ name: string; type: string; max: number | null }[]];
    const maxOf = new Map(columns.map(({ name, type, max }) => [name, [type.endsWith('text'), max]]));
    for (const [limits, isText] of [[MAX_CHARACTERS, false] as const, [MAX_BYTES, true] as const]) {
      for (const [table, tableLimits] of Object.entries<Readonly<Record<string, number>>>(limits)) {
        for (const [column, max] of Object.entries(tableLimits)) {
          assert.deepEqual(maxOf.get(`${table}.${column}`), [isText, max], `${table}.${column}`);
        }
      }
    }
  });

  it('cuts texts between whole characters', () => {
    assert.equal(cutCharacters('ab🫖c', 3), 'ab🫖');
    assert.equal(cutCharacters('🫖🫖🫖', 2), '🫖🫖');
    assert.equal(cutCharacters('🫖🫖', 2), '🫖🫖');
    assert.equal(cutCharacters('abc', 0), '');
    assert.equal(cutBytes('aż🫖', 7), 'aż🫖');
    for (const max of [3, 4, 5, 6]) assert.equal(cutBytes('aż🫖', max), 'aż');
    assert.equal(cutBytes('aż🫖', 2), 'a');
    assert.equal(cutBytes('ż', 0), '');
  });

  describe('an order', () => {
    it('keeps where it was born, its marketplace, its offers and its phone number', async () => {
      const id = await create({ lines: [aLine({ productId: '7', variantId: 'abc', vat: 'exempt' }), aLine()] });
      const head = await row('shop_orders', id);
      assert.deepEqual(
        ['number', 'source', 'source_reference', 'service', 'service_account', 'client_login', 'phone_e164'].map(
          (column) => head[column],
        ),
        ['', 'main', '70001', 'allegro', 'sklep', 'ala1', '+48500100200'],
      );
      assert.deepEqual([head['is_draft'], head['customer_id'], head['created_at']], [0, null, AT]);
      const lines = (await linesOf(id)) as Record<string, unknown>[];
      assert.deepEqual(
        lines.map((line) => [line['product_id'], line['variant_id'], line['vat_rate'], line['auction_id']]),
        [
          [7, 0, null, '111'],
          [null, 0, '23.00', '111'],
        ],
      );
    });

    it('cannot be stored twice for one number of its source', async () => {
      const id = await create();
      const again = await unitOfWork((unit) => writing.createOrder(unit, anOrder({ total: '1.00' }), '1', AT));
      assert.equal(again, undefined);
      const orders = await testDatabase().db('shop_orders').select<{ id: number }[]>('id');
      assert.deepEqual(orders, [{ id: Number(id) }]);
      await create({ sourceReference: '' });
      await create({ sourceReference: '' });
    });

    it('keeps the ids of lines that stay where they are', async () => {
      const line = (name: string, productId?: string, quantity = 1) => aLine({ name, productId, quantity });
      const id = await create({ lines: [line('a', '1'), line('b', '2'), line('free'), line('other'), line('e', '5')] });
      const before = (await linesOf(id)) as { id: number }[];
      const ids = before.map((one) => one.id);
      const lines = [line('A', '1', 9), line('c', '3'), line('free', undefined, 2), line('new')];
      await unitOfWork((unit) => writing.replaceOrder(unit, id, anOrder({ lines })));
      const after = (await linesOf(id)) as { id: number; name: string; quantity: number }[];
      assert.deepEqual(
        after.map(({ name, quantity }) => [name, quantity]),
        [
          ['A', 9],
          ['c', 1],
          ['free', 2],
          ['new', 1],
        ],
      );
      assert.deepEqual([after[0]?.id, after[2]?.id], [ids[0], ids[2]]);
      assert.ok(!ids.includes(after[1]?.id ?? 0) && !ids.includes(after[3]?.id ?? 0));
    });

    it('moves its change time with everything that happens to it, and with nothing else', async () => {
      const id = await create();
      const changes = [
        (unit) => writing.updateOrder(unit, id, { kind: 'status', statusId: '3' }),
        (unit) => writing.updateOrder(unit, id, { kind: 'payment', paid: true, at: AT }),
        (unit) => writing.updateOrder(unit, id, { kind: 'parcel', parcel: { ...PARCEL, carrier: '' } }),
        (unit) => writing.updateOrder(unit, id, { kind: 'parcel', parcel: PARCEL }),
      ] satisfies ((unit: Parameters<typeof writing.updateOrder>[0]) => Promise<boolean>)[];
      const movedBy = async (change: (typeof changes)[number]) => {
        await testDatabase().db('shop_orders').where({ id }).update({ changed_at: LONG_AGO });
        const answer = await unitOfWork(change);
        const { changed_at } = await row('shop_orders', id);
        return [answer, (changed_at as Date).getTime() !== LONG_AGO.getTime()];
      };
      for (const change of changes) {
        assert.deepEqual(await movedBy(change), [true, true]);
        assert.deepEqual(await movedBy(change), [false, false]);
      }
      const replace = async (unit: Parameters<typeof writing.updateOrder>[0]) => {
        await writing.replaceOrder(unit, id, anOrder({ lines: [aLine({ quantity: 3 })] }));
        return true;
      };
      assert.deepEqual(await movedBy(replace), [true, true]);
    });
  });

  it('gives the meanings of its statuses, and none where the shop wrote something else', async () => {
    await testDatabase()
      .db('shop_statuses')
      .insert([
        { name: 'Nowe', meaning: 'new', position: 1 },
        { name: 'W drodze', meaning: '', position: 2 },
        { name: 'Inne', meaning: 'toString', position: 3 },
        { name: 'Anulowane', meaning: 'cancelled', position: 4 },
      ]);
    const statuses = await nativeShop(testDatabase().db, PROFILE).dictionary('statuses');
    assert.deepEqual(
      statuses.map(({ meaning }) => meaning),
      ['new', undefined, undefined, 'cancelled'],
    );
    assert.ok(!('meaning' in (statuses[1] ?? {})));
  });

  it('promises only what the account may do', async function () {
    const schema = await ownSchema();
    const { db } = testDatabase();
    const name = new URL(schema.url).pathname.slice(1);
    const user = `u_${name.slice(-8)}`;
    const capabilitiesAfter = async (...grants: string[]) => {
      for (const grant of grants) await db.raw(`GRANT ${grant} TO '${user}'@'%'`);
      const url = new URL(schema.url);
      [url.username, url.password] = [user, 'x'];
      const restricted = connect(url.href);
      try {
        const { capabilities, warnings, tables } = await nativeShop(restricted, PROFILE).probe();
        assert.ok(['shop_parcels', 'shop_products'].every((table) => tables.written.includes(table)));
        return { can: [...capabilities].sort(), warnings: warnings.join('\n') };
      } finally {
        await restricted.destroy();
      }
    };
    try {
      await migrate(schema.db, { shop: 'native' });
      await db.raw(`CREATE USER '${user}'@'%' IDENTIFIED BY 'x'`);
      const reading = await capabilitiesAfter(
        `SELECT ON ${name.replaceAll('_', '\\_')}.*`.replace(/ON (\S+)\./, 'ON `$1`.'),
      ).catch((error: unknown) => {
        // A server that was handed to us may not let us hand rights on.
        if (/denied/i.test(String(error))) this.skip();
        throw error;
      });
      assert.deepEqual(reading.can, ['read-orders', 'read-products', 'read-supplies']);
      assert.match(reading.warnings, /write-stock: our account lacks UPDATE on shop_products, UPDATE on shop_variants/);
      const stock = await capabilitiesAfter(
        `UPDATE ON ${name}.shop_products`,
        `UPDATE (quantity, price) ON ${name}.shop_variants`,
      );
      assert.deepEqual(stock.can, [...reading.can, 'write-prices', 'write-stock']);
      const all = await capabilitiesAfter(`INSERT, UPDATE, DELETE ON ${name}.*`);
      assert.equal(all.can.length, 8);
      assert.equal(all.warnings, '');
    } finally {
      await db.raw(`DROP USER IF EXISTS '${user}'@'%'`);
      await schema.drop();
    }
  });
});

const PARCEL = { carrier: 'InPost', trackingNumber: '6200', trackingUrl: 'https://example.test/6200' };

async function totalStock(): Promise<number> {
  const [rows] = (await testDatabase().db.raw(
    'SELECT (SELECT SUM(quantity) FROM shop_products) + (SELECT SUM(quantity) FROM shop_variants) AS total',
  )) as [{ total: string }[]];
  return Number(rows[0]?.total);
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((one) => [Math.random(), one] as const)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one);
}
