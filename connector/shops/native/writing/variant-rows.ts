import { write } from '../../../db/connect.ts';
import type { VariantRef, ValueChange, UnitOfWork } from '../../../contracts/shop-writing.ts';
import { idNumber, idSlices, readSlice, type Slice } from '../columns.ts';

/** One column that products and variants share, and how it is changed. */
export interface VariantColumn<Change, Value> {
  readonly name: 'quantity' | 'price';
  /** The columns of the JSON table `j` beside the id: `name type` in the order of `toJson`. */
  readonly sent: readonly string[];
  readonly toJson: (change: Change) => readonly (string | number)[];
  /** SQL of the new value, from the row `a` and the JSON table `j`. */
  readonly assigned: string;
  /** The same in our words, for the answer. */
  readonly after: (before: Value, change: Change) => Value;
}

/** A change of one variant; `row` is the id in the variant's own table. */
interface RowChange<Change> {
  /** Of both numbers. */
  readonly key: string;
  readonly change: Change;
  readonly productId: number;
  readonly variantId: number;
}

type LockedRow<Value> = readonly [id: number, productId: number, value: Value];

/** A variant whose row this unit of work has locked, and the value that it found there. */
interface LockedVariant<Value> extends VariantRef {
  readonly value: Value;
}

/**
 * Locks, changes and returns, by at most two statements a table whatever the number of variants. Every unit of work
 * takes its locks in the same order: products before variants, each by id. A plan that scanned a table instead would
 * wait for unrelated rows and break that order, hence the forced indexes and the fixed order of the join.
 */
export async function changeVariants<Change extends VariantRef, Value>(
  unit: UnitOfWork,
  column: VariantColumn<Change, Value>,
  changes: readonly Change[],
  locked: readonly LockedVariant<Value>[] = [],
): Promise<ValueChange<Value>[]> {
  const wanted = changes.flatMap((change) => rowChangesOf(change));
  const beforeOf = new Map(locked.map((one) => [keyOf(one.productId, one.variantId), one.value]));
  const toLock = wanted.filter(({ key }) => !beforeOf.has(key));
  await lock(unit, PRODUCTS, column.name, toLock.filter(isProduct), beforeOf);
  await lock(unit, VARIANTS, column.name, toLock.filter(isVariant), beforeOf);
  const known = wanted.filter(({ key }) => beforeOf.has(key));
  await change(unit, PRODUCTS, column, known.filter(isProduct));
  await change(unit, VARIANTS, column, known.filter(isVariant));
  return known.map(({ key, change }) => {
    // The cast: those that are known have been found.
    const before = beforeOf.get(key) as Value;
    const { productId, variantId } = change;
    return { productId, variantId, before, after: column.after(before, change) };
  });
}

/** Of numbers, or of the same numbers as the shop writes them. */
const keyOf = (productId: number | string, variantId: number | string) => `${productId} ${variantId}`;
const isProduct = ({ variantId }: { variantId: number }) => variantId === 0;
const isVariant = ({ variantId }: { variantId: number }) => variantId !== 0;

/** The numbers behind a variant's ids; undefined when it cannot be one of this shop's. */
export function variantNumbers({ productId, variantId }: VariantRef): [product: number, variant: number] | undefined {
  const product = idNumber(productId);
  const variant = variantId === '0' ? 0 : idNumber(variantId);
  return product === undefined || variant === undefined ? undefined : [product, variant];
}

function rowChangesOf<Change extends VariantRef>(change: Change): RowChange<Change>[] {
  const numbers = variantNumbers(change);
  if (!numbers) return [];
  const [productId, variantId] = numbers;
  return [{ key: keyOf(productId, variantId), change, productId, variantId }];
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
  wanted: readonly RowChange<unknown>[],
  beforeOf: Map<string, Value>,
): Promise<void> {
  const sql = (on: Slice['on']) => `
    SELECT id, ${table.product}, ${column} FROM ${table.name} FORCE INDEX (PRIMARY)
    WHERE ${on('id')} ORDER BY id FOR UPDATE`;
  const ids = [...new Set(wanted.map(table.rowId))].sort((a, b) => a - b);
  for (const slice of idSlices(ids)) {
    for (const [id, productId, value] of await readSlice<LockedRow<Value>>(unit, slice, sql)) {
      beforeOf.set(keyOf(productId, table === VARIANTS ? id : 0), value);
    }
  }
}

async function change<Change, Value>(
  unit: UnitOfWork,
  table: Table,
  column: VariantColumn<Change, Value>,
  wanted: readonly RowChange<Change>[],
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
