import { variantKey } from '../../../domain/variant-ref.ts';
import type { VariantDetails, ValueChange, StockChange, UnitOfWork } from '../../../contracts/shop-writing.ts';
import { changeVariants, type VariantColumn } from './variant-rows.ts';

/** The range of an INT. A stock beyond it stays at its end. */
const MIN_STOCK = -2_147_483_648;
export const MAX_STOCK = 2_147_483_647;

/** More than any stock can move by, and small enough that a thousand of them add up exactly. */
const MAX_MOVED = 2 ** 40;

export async function changeStock(
  unit: UnitOfWork,
  changes: readonly StockChange[],
  read: readonly VariantDetails[] = [],
): Promise<ValueChange<number>[]> {
  const locked = read.flatMap(({ productId, variantId, stock }) =>
    stock === undefined ? [] : [{ productId, variantId, value: stock }],
  );
  return changeVariants(unit, QUANTITY, fold(changes), locked);
}

/** Added in SQL: a shop that writes its stock without looking at our locks is not overwritten. */
const QUANTITY: VariantColumn<StockChange, number> = {
  name: 'quantity',
  sent: ['is_set TINYINT', 'pieces BIGINT'],
  toJson: ({ operation, quantity }) => [operation === 'set' ? 1 : 0, quantity],
  assigned: `LEAST(${MAX_STOCK}, GREATEST(${MIN_STOCK}, IF(j.is_set = 1, 0, a.quantity) + j.pieces))`,
  after: (before, { operation, quantity }) => withinStock((operation === 'set' ? 0 : before) + quantity),
};

export function withinStock(quantity: number): number {
  return Math.min(MAX_STOCK, Math.max(MIN_STOCK, quantity));
}

/** One change a variant, in the order of first mention: what comes before a `set` does not matter, the rest adds up. */
function fold(changes: readonly StockChange[]): StockChange[] {
  const folded = new Map<string, StockChange>();
  for (const change of changes) {
    const key = variantKey(change);
    const earlier = folded.get(key);
    const { productId, variantId, operation } = change;
    const quantity = Math.min(MAX_MOVED, Math.max(-MAX_MOVED, change.quantity));
    folded.set(
      key,
      earlier && operation === 'change'
        ? { ...earlier, quantity: earlier.quantity + quantity }
        : { productId, variantId, operation, quantity },
    );
  }
  return [...folded.values()];
}
