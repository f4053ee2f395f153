import assert from 'node:assert/strict';
import { ourTables, testDatabase } from '../support/database.ts';
import { addEntry, addProduct, addVariant } from '../support/shop-rows.ts';
import type { Answer, TestApp } from '../support/app.ts';
import { NOW } from '../baselinker/actions/a-connector.ts';

/** The statuses of `aShop`. */
export const STATUS = { new: '1', sent: '3', cancelled: '5', retired: '7' } as const;

/** Three products of which each has 100 units: a mug in two colours, a book, and one that is exempt from VAT. */
export async function aShop(): Promise<void> {
  await addEntry('shop_statuses', 'Wysłane', { id: STATUS.sent, meaning: 'shipped', position: 0 });
  await addEntry('shop_statuses', 'Nowe', { id: STATUS.new, meaning: 'new', position: 1 });
  await addEntry('shop_statuses', 'Anulowane', { id: STATUS.cancelled, meaning: 'cancelled', position: 2 });
  await addEntry('shop_statuses', 'Dawne', { id: STATUS.retired, retired_at: NOW, position: 3 });
  await addEntry('shop_deliveries', 'Kurier', { id: 2 });
  await addEntry('shop_payments', 'BLIK', { id: 4 });
  await addProduct({ id: 501, sku: 'KUB', ean: '5900000000012', name: 'Kubek', quantity: 100, weight: '0.300' });
  await addVariant('501', { id: 9001, name: 'niebieski', sku: 'KUB-N', quantity: 100 });
  await addVariant('501', { id: 9002, name: 'zielony', sku: 'KUB-Z', quantity: 100 });
  await addProduct({ id: 502, sku: 'KSI', name: 'Książka', price: '39.00', vat_rate: 5, quantity: 100 });
  await addProduct({ id: 503, sku: 'KUR', name: 'Kurs', price: '50.00', vat_rate: null, quantity: 100 });
}

export type Line = Readonly<Record<string, unknown>>;
export type Fields = Readonly<Record<string, string | number>>;

/** One line of an order, as BaseLinker sends it. */
export const aLine = (changes: Line = {}): Line => ({
  id: '501',
  variant_id: '0',
  sku: 'KUB',
  name: 'Kubek z oferty',
  price: '24.90',
  quantity: 2,
  auction_id: '111',
  ...changes,
});

export const lines = (...list: readonly Line[]) => ({ products: JSON.stringify(list) });

/** The fields of an OrderAdd that takes its units out of the stock. */
export const anOrder = (changes: Fields = {}): Fields => ({
  baselinker_id: '70001',
  email: 'kim@example.test',
  delivery_fullname: 'Kim Nowak',
  delivery_country_code: 'PL',
  delivery_price: '11.99',
  currency: 'PLN',
  change_products_quantity: '1',
  ...lines(aLine()),
  ...changes,
});

/** The id of the shop order that an OrderAdd answers. */
export async function added(app: Pick<TestApp, 'call'>, fields: Fields): Promise<string> {
  return orderIdIn(await app.call('OrderAdd', fields));
}

export function orderIdIn({ text, body }: Answer): string {
  assert.match(text, /^\{"order_id":[1-9]\d*\}$/);
  return String(body['order_id']);
}

export function counterIn({ text, body }: Answer): number {
  assert.match(text, /^\{"counter":\d+\}$/);
  return Number(body['counter']);
}

type Row = Readonly<Record<string, unknown>>;

/** What the database holds of a variant's stock, below 0 or not. */
export async function stockOf(productId: number, variantId = 0): Promise<number> {
  const { db } = testDatabase();
  const table = variantId === 0 ? 'shop_products' : 'shop_variants';
  const row: { quantity: number } | undefined = await db(table)
    .where({ id: variantId || productId })
    .first('quantity');
  assert.ok(row);
  return row.quantity;
}

export async function rowOf(orderId: string): Promise<Row> {
  const row: Row | undefined = await testDatabase().db('shop_orders').where({ id: orderId }).first();
  assert.ok(row);
  return row;
}

export async function linesOf(orderId: string): Promise<readonly Row[]> {
  return testDatabase().db('shop_order_lines').where({ order_id: orderId }).orderBy('position').select<Row[]>();
}

/** Pick these columns of a row. */
export const columns = (row: Row, ...names: readonly string[]) => names.map((name) => row[name]);

export interface ChangeRow {
  readonly id: number;
  readonly kind: string;
  readonly product_id: string;
  readonly variant_id: string;
  readonly before_value: string | null;
  readonly after_value: string | null;
  readonly action: string;
  readonly call_id: string;
  readonly order_id: string | null;
}

/** The audit rows, oldest first. */
export async function changeRows(): Promise<readonly ChangeRow[]> {
  return testDatabase().db('bl_changes').orderBy('id').select<ChangeRow[]>();
}

/** Every row of every table, for comparing before and after. */
export async function wholeDatabase(): Promise<string> {
  const { db } = testDatabase();
  const tables = await ourTables(db);
  const contents = await Promise.all(
    tables.sort().map(async (table) => [table, (await db(table).select<Row[]>()).map((row) => JSON.stringify(row))]),
  );
  return JSON.stringify(
    contents.map(([table, rows]) => [table, [...(rows as string[])].sort()]),
    null,
    1,
  );
}
