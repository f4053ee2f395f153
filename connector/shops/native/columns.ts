import type { VatRate } from '../../domain/order.ts';
import { readRows, type Queryable, type SqlValue } from '../../db/connect.ts';
import type { Selection, ShopProfile } from '../../contracts/shop.ts';

/** All ids are INT UNSIGNED. */
const LARGEST_ID = 4_294_967_295;
const ID = /^[1-9]\d{0,9}$/;
const DAY_MS = 86_400_000;

/** Lists of ids are filled up to one of these lengths, so that few statements are prepared. */
const LENGTHS = [1, 10, 100, 250, 1000] as const;
const MAX_LENGTH = 1000;

/** The number behind an id's text; undefined for a text that cannot be an id of this shop. */
export function idNumber(id: string): number | undefined {
  if (!ID.test(id)) return undefined;
  const number = Number(id);
  return number <= LARGEST_ID ? number : undefined;
}

/** The ids that can exist, each once, in the order given. */
export function idNumbers(ids: readonly string[]): number[] {
  const numbers = new Set<number>();
  for (const id of ids) {
    const number = idNumber(id);
    if (number !== undefined) numbers.add(number);
  }
  return [...numbers];
}

/**
 * Products and variants that were removed before this instant are shown no more. It moves once a day, because each time
 * it moves the pages' borders move with it.
 */
export function shownSince({ now, removedProductsDays }: ShopProfile): Date {
  const today = Math.floor(now().getTime() / DAY_MS) * DAY_MS;
  return new Date(today - removedProductsDays * DAY_MS);
}

/** Switched on, and not removed. */
export const isOn = (table: 'p' | 'v') => `${table}.active = 1 AND ${table}.removed_at IS NULL`;

/** Still shown; takes `shownSince` as its value. */
export const isShown = (table: string) => `(${table}.removed_at IS NULL OR ${table}.removed_at >= ?)`;

/** What a variant of a product that is on contributes to the product's shown quantity. */
const VARIANTS_QUANTITY = `(SELECT COALESCE(SUM(v.quantity), 0) FROM shop_variants v
  WHERE v.product_id = p.id AND ${isOn('v')} AND v.quantity > 0)`;

/** The shown quantity of a main product. The variants are only looked at where the product has no stock of its own. */
export const SHOWN_QUANTITY = `CAST(CASE WHEN NOT (${isOn('p')}) THEN 0 WHEN p.quantity > 0 THEN p.quantity
  ELSE ${VARIANTS_QUANTITY} END AS SIGNED)`;

/** A piece of a selection that one statement can answer. */
export interface Slice {
  /** The condition on a column of product ids. */
  readonly on: (column: string) => string;
  readonly values: readonly SqlValue[];
  /** The order wanted, where it is not that of the ids. */
  readonly order: readonly number[] | undefined;
}

/**
 * Reads a selection slice by slice. `read` gives rows by product id; where the selection has an order of its own they
 * are brought into it.
 */
export async function bySlice<Row>(
  selection: Selection,
  productOf: (row: Row) => string,
  read: (slice: Slice) => Promise<Row[]>,
): Promise<readonly Row[]> {
  if (selection.kind === 'range') return read(rangeSlice(selection.from, selection.to));
  const found: Row[][] = [];
  for (const slice of idSlices(idNumbers(selection.ids)))
    found.push(inOrder(await read(slice), slice.order, productOf));
  return found.length === 1 ? (found[0] ?? []) : found.flat();
}

function rangeSlice(from: string | undefined, to: string | undefined): Slice {
  return {
    on: (column) => `${column} >= ? AND ${column} < ?`,
    values: [Number(from ?? 0), to === undefined ? LARGEST_ID + 1 : Number(to)],
    order: undefined,
  };
}

export function idSlices(ids: readonly number[]): Slice[] {
  const slices: Slice[] = [];
  for (let at = 0; at < ids.length; at += MAX_LENGTH) slices.push(idSlice(ids.slice(at, at + MAX_LENGTH)));
  return slices;
}

function idSlice(ids: readonly number[]): Slice {
  const length = LENGTHS.find((one) => one >= ids.length) ?? MAX_LENGTH;
  const last = ids.at(-1) ?? 0;
  return {
    on: (column) => `${column} IN (${PLACEHOLDERS.get(length) ?? ''})`,
    values: Array.from({ length }, (_, n) => ids[n] ?? last),
    order: ids,
  };
}

const PLACEHOLDERS: ReadonlyMap<number, string> = new Map(
  LENGTHS.map((length) => [length, new Array<string>(length).fill('?').join()]),
);

function inOrder<Row>(rows: Row[], order: readonly number[] | undefined, productOf: (row: Row) => string): Row[] {
  if (!order) return rows;
  const byProduct = grouped(rows, productOf);
  return order.flatMap((id) => byProduct.get(String(id)) ?? []);
}

/** Rows by key, each list in the rows' own order. */
export function grouped<Row, Key>(rows: Iterable<Row>, keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const lists = new Map<Key, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const list = lists.get(key);
    if (list) list.push(row);
    else lists.set(key, [row]);
  }
  return lists;
}

/** `readRows` for one slice; the values of the slice come first, then the others. The caller states the columns. */
export async function readSlice<Row extends readonly unknown[]>(
  db: Queryable,
  slice: Slice,
  sql: (on: Slice['on']) => string,
  ...values: readonly SqlValue[]
): Promise<Row[]> {
  // The cast: the driver's types follow from the columns that the statement names.
  return (await readRows(db, sql(slice.on), [...slice.values, ...values])) as unknown as Row[];
}

export function vatRate(percent: string | null): VatRate {
  return percent === null ? 'exempt' : Number(percent);
}
