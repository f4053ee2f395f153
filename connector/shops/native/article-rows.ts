import { write } from '../../db/connect.ts';
import type { ArticleId, Changed, UnitOfWork } from '../shop-writing.ts';
import { idNumber, idSlices, readSlice, type Slice } from './columns.ts';

/** One column that products and variants share, and how it is changed. */
export interface ArticleColumn<Change, Value> {
  readonly name: 'quantity' | 'price';
  /** The columns of the JSON table `j` beside the id: `name type` in the order of `toJson`. */
  readonly sent: readonly string[];
  readonly toJson: (change: Change) => readonly (string | number)[];
  /** SQL of the new value, from the row `a` and the JSON table `j`. */
  readonly assigned: string;
  /** The same in our words, for the answer. */
  readonly after: (before: Value, change: Change) => Value;
}

/** A change of one article; `row` is the id in the article's own table. */
interface Wanted<Change> {
  readonly article: ArticleId;
  readonly change: Change;
  readonly productId: number;
  readonly variantId: number;
}

type LockedRow<Value> = readonly [id: number, productId: number, value: Value];

/**
 * Locks, changes and answers, by at most two statements a table whatever the number of articles. Every unit of work
 * takes its locks in the same order: products before variants, each by id. A plan that scanned a table instead would
 * wait for rows that nobody asked for and break that order, hence the forced indexes and the fixed order of the join.
 */
export async function changeArticles<Change extends ArticleId, Value>(
  unit: UnitOfWork,
  column: ArticleColumn<Change, Value>,
  changes: readonly Change[],
): Promise<Changed<Value>[]> {
  const wanted = changes.flatMap((change) => wantedOf(change));
  const products = wanted.filter(({ variantId }) => variantId === 0);
  const variants = wanted.filter(({ variantId }) => variantId !== 0);
  const beforeOf = new Map([
    ...(await lock<Value>(unit, PRODUCTS, column.name, products)),
    ...(await lock<Value>(unit, VARIANTS, column.name, variants)),
  ]);
  const known = (one: Wanted<Change>) => beforeOf.has(keyOf(one));
  await change(unit, PRODUCTS, column, products.filter(known));
  await change(unit, VARIANTS, column, variants.filter(known));
  return wanted.filter(known).map((one) => {
    // The cast: `known` has looked.
    const before = beforeOf.get(keyOf(one)) as Value;
    return { ...one.article, before, after: column.after(before, one.change) };
  });
}

const keyOf = (one: { productId: number; variantId: number }) => `${one.productId} ${one.variantId}`;

/** The numbers behind an article's ids; undefined when it cannot be one of this shop's. */
export function articleNumbers({ productId, variantId }: ArticleId): [product: number, variant: number] | undefined {
  const product = idNumber(productId);
  const variant = variantId === '0' ? 0 : idNumber(variantId);
  return product === undefined || variant === undefined ? undefined : [product, variant];
}

function wantedOf<Change extends ArticleId>(change: Change): Wanted<Change>[] {
  const numbers = articleNumbers(change);
  if (!numbers) return [];
  const { productId, variantId } = change;
  return [{ article: { productId, variantId }, change, productId: numbers[0], variantId: numbers[1] }];
}

interface Table {
  readonly name: string;
  /** SQL of the product that a row belongs to. */
  readonly product: string;
  readonly rowId: (one: { productId: number; variantId: number }) => number;
}

const PRODUCTS: Table = { name: 'shop_products', product: 'id', rowId: ({ productId }) => productId };
const VARIANTS: Table = { name: 'shop_variants', product: 'product_id', rowId: ({ variantId }) => variantId };

async function lock<Value>(
  unit: UnitOfWork,
  table: Table,
  column: string,
  wanted: readonly Wanted<unknown>[],
): Promise<[key: string, before: Value][]> {
  const sql = (on: Slice['on']) => `
    SELECT id, ${table.product}, ${column} FROM ${table.name} FORCE INDEX (PRIMARY)
    WHERE ${on('id')} ORDER BY id FOR UPDATE`;
  const found = new Map<string, Value>();
  const ids = [...new Set(wanted.map(table.rowId))].sort((a, b) => a - b);
  for (const slice of idSlices(ids)) {
    for (const [id, productId, value] of await readSlice<LockedRow<Value>>(unit, slice, sql)) {
      found.set(keyOf({ productId, variantId: table === VARIANTS ? id : 0 }), value);
    }
  }
  return [...found];
}

async function change<Change, Value>(
  unit: UnitOfWork,
  table: Table,
  column: ArticleColumn<Change, Value>,
  wanted: readonly Wanted<Change>[],
): Promise<void> {
  if (wanted.length === 0) return;
  const columns = ['id INT UNSIGNED', ...column.sent].map((one, n) => `${one} PATH '$[${n}]' ERROR ON ERROR`);
  const sql = `
    UPDATE JSON_TABLE(?, '$[*]' COLUMNS (${columns.join(', ')})) AS j
    STRAIGHT_JOIN ${table.name} AS a FORCE INDEX (PRIMARY) ON a.id = j.id
    SET a.${column.name} = ${column.assigned}`;
  const rows = wanted.map((one) => [table.rowId(one), ...column.toJson(one.change)]);
  await write(unit, sql, [JSON.stringify(rows)]);
}
