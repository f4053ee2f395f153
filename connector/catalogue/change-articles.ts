import { recordChanges } from '../db/changes.ts';
import type { ChangedBy } from '../domain/changed-by.ts';
import { inTransaction } from '../db/transaction.ts';
import { articleKey, type ArticleRef } from '../domain/articles.ts';
import type { PriceChange, StockChange } from '../shops/shop-writing.ts';
import type { CatalogueParts } from './parts.ts';

/** Applies the changes all together, leaves an audit row for each, and counts those whose article the shop has. */
export async function changeStock(
  parts: CatalogueParts,
  changes: readonly StockChange[],
  by: ChangedBy,
): Promise<number> {
  const changed = await inTransaction(parts.db, async (unit) => {
    const rows = await parts.shop.changeStock(unit, changes);
    await recordChanges(unit, 'stock', rows, by, parts.now());
    return rows;
  });
  return countApplied(parts, changes, changed);
}

/** The same for gross prices. */
export async function changePrices(
  parts: CatalogueParts,
  prices: readonly PriceChange[],
  by: ChangedBy,
): Promise<number> {
  const changed = await inTransaction(parts.db, async (unit) => {
    const rows = await parts.shop.setPrices(unit, prices);
    await recordChanges(unit, 'price', rows, by, parts.now());
    return rows;
  });
  return countApplied(parts, prices, changed);
}

/** Unknown articles are skipped and logged, and do not fail the rest (protocol/baselinker.md 2.8, Rec). */
function countApplied({ log }: CatalogueParts, asked: readonly ArticleRef[], changed: readonly ArticleRef[]): number {
  const known = new Set(changed.map(articleKey));
  const unknown = asked.filter((article) => !known.has(articleKey(article)));
  if (unknown.length > 0) {
    log.warn('articles skipped: the shop does not have them', {
      articles: unknown.length,
      first: unknown.slice(0, MOST_LOGGED).map((article) => articleKey(article).slice(0, MOST_LOGGED_ID)),
    });
  }
  return asked.length - unknown.length;
}

const MOST_LOGGED = 20;
const MOST_LOGGED_ID = 70;
