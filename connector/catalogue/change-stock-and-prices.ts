import { recordAudit } from '../storage/audit-log.ts';
import type { ChangedBy } from '../domain/changed-by.ts';
import { inTransaction } from '../db/transaction.ts';
import { variantKey, type VariantRef } from '../domain/variant-ref.ts';
import type { PriceChange, StockChange } from '../contracts/shop-writing.ts';
import type { CatalogueDeps } from './deps.ts';

/** Applies the changes all together, leaves an audit row for each, and counts those whose variant the shop has. */
export async function changeStock(
  deps: CatalogueDeps,
  changes: readonly StockChange[],
  by: ChangedBy,
): Promise<number> {
  const changed = await inTransaction(deps.db, async (unit) => {
    const rows = await deps.shop.changeStock(unit, changes);
    await recordAudit(unit, 'stock', rows, by, deps.now());
    return rows;
  });
  return countApplied(deps, changes, changed);
}

/** The same for gross prices. */
export async function changePrices(
  deps: CatalogueDeps,
  prices: readonly PriceChange[],
  by: ChangedBy,
): Promise<number> {
  const changed = await inTransaction(deps.db, async (unit) => {
    const rows = await deps.shop.setPrices(unit, prices);
    await recordAudit(unit, 'price', rows, by, deps.now());
    return rows;
  });
  return countApplied(deps, prices, changed);
}

/** Unknown variants are skipped and logged, and do not fail the rest (docs/protocol/baselinker.md 2.8, Rec). */
function countApplied(
  { log }: CatalogueDeps,
  requested: readonly VariantRef[],
  changed: readonly VariantRef[],
): number {
  const known = new Set(changed.map(variantKey));
  const unknown = requested.filter((variant) => !known.has(variantKey(variant)));
  if (unknown.length > 0) {
    log.warn('articles skipped: the shop does not have them', {
      articles: unknown.length,
      first: unknown.slice(0, MAX_LOGGED).map((variant) => variantKey(variant).slice(0, MAX_LOGGED_ID)),
    });
  }
  return requested.length - unknown.length;
}

const MAX_LOGGED = 20;
const MAX_LOGGED_ID = 70;
