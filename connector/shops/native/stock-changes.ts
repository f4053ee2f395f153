import { articleKey } from '../../domain/articles.ts';
import type { Article, Changed, StockChange, UnitOfWork } from '../shop-writing.ts';
import { changeArticles, type ArticleColumn } from './article-rows.ts';

/** The range of an INT. A stock beyond it stays at its end. */
const LEAST = -2_147_483_648;
export const MOST = 2_147_483_647;

/** More than any stock can move by, and small enough that a thousand of them add up exactly. */
const MOST_MOVED = 2 ** 40;

export async function changeStock(
  unit: UnitOfWork,
  changes: readonly StockChange[],
  read: readonly Article[] = [],
): Promise<Changed<number>[]> {
  const locked = read.flatMap(({ productId, variantId, stock }) =>
    stock === undefined ? [] : [{ productId, variantId, value: stock }],
  );
  return changeArticles(unit, QUANTITY, fold(changes), locked);
}

/** Added in SQL: a shop that writes its stock without looking at our locks is not overwritten. */
const QUANTITY: ArticleColumn<StockChange, number> = {
  name: 'quantity',
  sent: ['is_set TINYINT', 'pieces BIGINT'],
  toJson: ({ operation, quantity }) => [operation === 'set' ? 1 : 0, quantity],
  assigned: `LEAST(${MOST}, GREATEST(${LEAST}, IF(j.is_set = 1, 0, a.quantity) + j.pieces))`,
  after: (before, { operation, quantity }) => withinStock((operation === 'set' ? 0 : before) + quantity),
};

export function withinStock(quantity: number): number {
  return Math.min(MOST, Math.max(LEAST, quantity));
}

/** One change an article, in the order of first mention: what comes before a `set` does not matter, the rest adds up. */
function fold(changes: readonly StockChange[]): StockChange[] {
  const folded = new Map<string, StockChange>();
  for (const change of changes) {
    const key = articleKey(change);
    const earlier = folded.get(key);
    const { productId, variantId, operation } = change;
    const quantity = Math.min(MOST_MOVED, Math.max(-MOST_MOVED, change.quantity));
    folded.set(
      key,
      earlier && operation === 'change'
        ? { ...earlier, quantity: earlier.quantity + quantity }
        : { productId, variantId, operation, quantity },
    );
  }
  return [...folded.values()];
}
