import type { Knex } from 'knex';
import { acceptedStock, acceptStock, holdStock, releaseStock } from '../db/stock-guard.ts';
import type { IdSet } from '../domain/id-set.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Log } from '../lib/log.ts';
import type { Shop, StockRow } from '../shops/shop.ts';

export interface StockGuard {
  /** Reads one page of a stock dump; throws a Refusal while the dump as a whole must not be shown. */
  watch(page: { readonly startsDump: boolean }, read: () => Promise<readonly StockRow[]>): Promise<readonly StockRow[]>;
}

export interface StockGuardParts {
  readonly db: Knex;
  readonly shop: Pick<Shop, 'productsInStock'>;
  /** The name of the connection whose dumps are compared. */
  readonly connection: string;
  /** Share of the products in stock (0 to 1) that may drop to 0 from one dump to the next … */
  readonly share: number;
  /** … and the number below which a drop is never held back. */
  readonly least: number;
  readonly now: () => Date;
  readonly log: Log;
}

/** How long one look at the whole shop serves the dumps that begin. */
const LOOK_FRESH_MS = 30_000;

/**
 * Holds back a stock dump in which a large part of the shop would suddenly drop to 0: to BaseLinker that means
 * "all gone", and it ends the offers (protocol/baselinker.md 2.7; promise 5 of the design).
 *
 * Every dump that begins is compared with the one before it, over the whole shop, not page by page. Between two looks
 * a page gives itself away: if more than the share of the shop dropped, more than the share of at least one page did,
 * and that page makes the guard look again before it is shown.
 */
export function stockGuard(parts: StockGuardParts): StockGuard {
  const { db, connection, now } = parts;
  let accepted: IdSet | undefined;
  let lookedAt = -Infinity;
  let isHeld = false;
  let look: Promise<void> | undefined;

  const mustHold = (before: IdSet, drop: number) => drop >= parts.least && drop > before.size * parts.share;

  /** Read anew each time: another process may have begun a dump, or the operator may have confirmed this one. */
  const lastAccepted = async (): Promise<IdSet | undefined> => {
    const stored = await acceptedStock(db, connection);
    if (stored !== 'damaged') return stored;
    // Without our own memory of it this dump counts as the first: stock that is never told is worse than one unchecked dump.
    parts.log.warn('accepted stock is not readable', { connection, remembered: accepted !== undefined });
    return accepted;
  };

  const inspect = async (startsDump: boolean): Promise<void> => {
    const at = now();
    const inStock = await parts.shop.productsInStock();
    const before = await lastAccepted();
    const drop = before?.countMissingIn(inStock) ?? 0;
    if (before && mustHold(before, drop)) {
      accepted = before;
      await hold(inStock, drop, before.size, at);
      return;
    }
    accepted = before && !startsDump ? before : inStock;
    if (!before || startsDump) await acceptStock(db, connection, inStock, at);
    else if (isHeld) await releaseStock(db, connection);
    isHeld = false;
    lookedAt = at.getTime();
  };

  const hold = async (inStock: IdSet, drop: number, before: number, at: Date): Promise<void> => {
    if (!isHeld) parts.log.warn('stock dump held back', { drop, before });
    isHeld = true;
    await holdStock(db, connection, inStock, drop, at);
    throw new Refusal(
      'internal_error',
      `Stock is held back: ${drop} of ${before} products in stock would drop to 0 at once. ` +
        'If that is right, confirm it with: npm run connector -- guard confirm',
    );
  };

  /** Dumps that begin at the same moment share one look. */
  const inspectOnce = async (): Promise<void> => {
    look ??= inspect(true).finally(() => {
      look = undefined;
    });
    await look;
  };

  const isSuspicious = (rows: readonly StockRow[]): boolean => {
    if (!accepted) return true;
    const { before, after } = inStockOf(rows, accepted);
    return before - after > before * parts.share;
  };

  return {
    async watch({ startsDump }, read) {
      const isStale = now().getTime() - lookedAt > LOOK_FRESH_MS;
      if (isHeld || (startsDump && isStale)) await inspectOnce();
      const rows = await read();
      if (!isSuspicious(rows)) return rows;
      await inspect(startsDump);
      // The look came after the rows: if the stock came back in between, they must not show the hole.
      return read();
    },
  };
}

/**
 * How many of the rows' products were in stock before, and how many of those still are. On most pages nothing dropped:
 * that is seen by looking up only the products that show 0 now.
 */
function inStockOf(rows: readonly StockRow[], accepted: IdSet): { before: number; after: number } {
  const { empty, filled } = byStock(rows);
  const dropped = empty.filter((id) => accepted.has(id)).length;
  const after = dropped === 0 ? 0 : filled.filter((id) => accepted.has(id)).length;
  return { before: after + dropped, after };
}

/** Product ids, by whether the product or any of its variants shows more than 0. The rows stand product by product. */
function byStock(rows: readonly StockRow[]): { empty: readonly string[]; filled: readonly string[] } {
  const empty: string[] = [];
  const filled: string[] = [];
  for (let at = 0; at < rows.length;) {
    const id = rows[at]?.productId ?? '';
    let isInStock = false;
    for (; rows[at]?.productId === id; at += 1) isInStock ||= (rows[at]?.quantity ?? 0) > 0;
    (isInStock ? filled : empty).push(id);
  }
  return { empty, filled };
}
