import type { Knex } from 'knex';
import { assortment } from './assortment.ts';
import { CATEGORIES, catalogueRows, manufacturerRows, type Filled } from './catalogue.ts';
import { dictionaryRows } from './dictionaries.ts';
import { insertRows } from './insert.ts';
import { customerRows, orderRows } from './order-rows.ts';
import { orderAt, type OrderBook } from './orders.ts';
import { productAt } from './products.ts';

export interface SeedOptions {
  readonly products: number;
  readonly orders: number;
  /** Another number, another shop. */
  readonly seed?: number;
  /** The orders are as old as they are seen from here; some are of the last 24 hours. */
  readonly now: Date;
}

export interface SeedSummary {
  readonly products: number;
  readonly orders: number;
  /** Rows written, by table. */
  readonly rows: ReadonlyMap<string, number>;
}

/** Ids of rows that stand beside a product are numbered by it and must stay within 32 bits. */
export const MAX_PRODUCTS = 5_000_000;

/** Products or orders in one transaction: some ten thousand rows, and all that is ever kept in memory. */
const PER_TRANSACTION = 2000;

/** The native shop's tables cannot take a made-up shop; the message says why. */
export class SeedRefused extends Error {}

/**
 * Fills an empty native shop. The same options give the same rows, to the byte. What is there is never changed or
 * deleted: a shop that already holds something is refused.
 */
export async function seedShop(db: Knex, options: SeedOptions): Promise<SeedSummary> {
  const { products, orders, seed: shop = 1, now } = options;
  if (products > MAX_PRODUCTS) throw new SeedRefused(`at most ${MAX_PRODUCTS} products`);
  if (orders > 0 && products === 0) throw new SeedRefused('orders need products');
  await refuseUnlessEmpty(db);

  const goods = assortment();
  const customers = orders === 0 ? 0 : Math.ceil(orders / 3);
  const book: OrderBook = { shop, assortment: goods, products, orders, customers, now };
  const rows = new Map<string, number>();
  const write = (filled: Filled): Promise<void> => writeTogether(db, filled, rows);

  await write([[CATEGORIES, [...goods.categories]], ...manufacturerRows(), ...dictionaryRows(now)]);
  for (const [from, to] of parts(products)) {
    const made = numbers(from, to).map((number) => productAt(shop, goods, number));
    await write(catalogueRows(shop, from, made, now));
  }
  for (const [from, to] of parts(customers)) await write(customerRows(book, from, to));
  for (const [from, to] of parts(orders)) {
    await write(
      orderRows(
        from,
        numbers(from, to).map((number) => orderAt(book, number)),
      ),
    );
  }
  return { products, orders, rows };
}

async function refuseUnlessEmpty(db: Knex): Promise<void> {
  for (const table of ['shop_products', 'shop_categories', 'shop_orders', 'shop_statuses']) {
    if (!(await db.schema.hasTable(table))) {
      throw new SeedRefused(`this database has no table ${table}: run "npm run migrate" first, with SHOP=native`);
    }
    if ((await db(table).first('id')) !== undefined) {
      throw new SeedRefused(
        `${table} already holds rows: a made-up shop only goes into an empty one; use another schema`,
      );
    }
  }
}

async function writeTogether(db: Knex, filled: Filled, counts: Map<string, number>): Promise<void> {
  await db.transaction(async (trx) => {
    for (const [table, list] of filled) await insertRows(trx, table, list);
  });
  for (const [{ name }, list] of filled) counts.set(name, (counts.get(name) ?? 0) + list.length);
}

function* parts(count: number): Generator<readonly [from: number, to: number]> {
  for (let from = 0; from < count; from += PER_TRANSACTION) yield [from, Math.min(count, from + PER_TRANSACTION)];
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
