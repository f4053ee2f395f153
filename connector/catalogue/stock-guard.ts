import type { Knex } from 'knex';
import { acceptedStock, acceptStock, holdStock, releaseStock } from '../storage/stock-guard.ts';
import { ApiError } from '../domain/api-error.ts';
import { dropText, type Drop, type HeldDrop } from '../domain/stock-drop.ts';
import type { InStock } from '../domain/variant-set.ts';
import type { Log } from '../lib/log.ts';
import type { Selection, Shop, StockRow } from '../contracts/shop.ts';

/** One page of a stock dump. */
export interface DumpPage {
  /** The first page: a dump begins. */
  readonly startsDump: boolean;
  readonly selection: Selection;
}

export interface StockGuard {
  /** Reads one page of a stock dump; throws an ApiError while the dump must not be shown. */
  watch(page: DumpPage, read: () => Promise<readonly StockRow[]>): Promise<readonly StockRow[]>;
}

export interface StockGuardDeps {
  readonly db: Knex;
  readonly shop: Pick<Shop, 'productsInStock'>;
  /** The name of the connection whose dumps are compared. */
  readonly connection: string;
  /** Share of the products or variants in stock (0 to 1) that may drop to 0 from one dump to the next … */
  readonly share: number;
  /** … and the number below which a drop is never held back. */
  readonly least: number;
  readonly now: () => Date;
  readonly log: Log;
}

/** How long one reading of the whole shop serves the dumps that begin. */
const READ_FRESH_MS = 30_000;

/** A page makes the guard look again when this part of the share that is held back is gone from it. */
const WARY = 0.2;

/** How often a page is read again when the shop's stock moves under the guard's eyes. */
const MAX_READS = 3;

/**
 * Holds back a stock dump in which a large part of the shop's products, or of its variants, would suddenly drop to 0: to
 * BaseLinker that means "all gone", and it ends the offers (docs/protocol/baselinker.md 2.7; promise 5 of the design).
 *
 * Every dump that begins is compared with the one before it, over the whole shop, not page by page. Between two
 * readings a page is enough of a sign: if a large share of the shop is gone, a large share of at least one page is,
 * whether its products show 0 or are no longer there, and that page makes the guard read the whole shop before it is
 * shown.
 */
export function stockGuard(deps: StockGuardDeps): StockGuard {
  const { db, connection, now } = deps;
  let accepted: InStock | undefined;
  let lookedAt = -Infinity;
  let isHeld = false;
  let look: Promise<InStock> | undefined;

  const isMass = ({ drop, before }: Drop) => drop >= deps.least && drop > before * deps.share;

  /** Undefined while neither products nor variants drop in masses. */
  const massDrop = (before: InStock, inStock: InStock): HeldDrop | undefined => {
    const products = { drop: before.products.countMissingIn(inStock.products), before: before.products.size };
    const variants = { drop: before.variants.countMissingIn(inStock.variants), before: before.variants.size };
    if (isMass(variants)) return { ...products, variants };
    return isMass(products) ? products : undefined;
  };

  /** Read anew each time: another process may have begun a dump, or the operator may have confirmed this one. */
  const lastAccepted = async (): Promise<InStock | undefined> => {
    const stored = await acceptedStock(db, connection);
    if (stored !== 'damaged') return stored;
    // Without a readable record this dump counts as the first: stock that is never sent is worse than one unchecked
    // dump.
    deps.log.warn('accepted stock is not readable', { connection, remembered: accepted !== undefined });
    return accepted;
  };

  /** Reads the whole shop; throws while its stock must not be sent. */
  const inspect = async (startsDump: boolean): Promise<InStock> => {
    const at = now();
    const inStock = await deps.shop.productsInStock();
    const before = await lastAccepted();
    const drop = before && massDrop(before, inStock);
    if (drop) {
      accepted = before;
      return hold(inStock, drop, at);
    }
    accepted = before && !startsDump ? before : inStock;
    if (!before || startsDump) await acceptStock(db, connection, inStock, at);
    else if (isHeld) await releaseStock(db, connection);
    isHeld = false;
    lookedAt = at.getTime();
    return inStock;
  };

  const hold = async (inStock: InStock, drop: HeldDrop, at: Date): Promise<never> => {
    if (!isHeld) deps.log.warn('stock dump held back', { ...drop });
    isHeld = true;
    await holdStock(db, connection, inStock, drop, at);
    throw new ApiError(
      'internal_error',
      `Stock is held back: ${dropText(drop)} in stock would drop to 0 at once. ` +
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

  const isWary = (rows: readonly StockRow[], { selection }: DumpPage, { products, variants }: InStock): boolean => {
    if (selection.kind !== 'range') return false;
    const { from, to } = selection;
    const isThin = (before: number, left: number) => before - left > before * deps.share * WARY;
    return (
      isThin(products.countBetween(from, to), productsLeft(rows, products)) ||
      (variants.size >= deps.least && isThin(variants.countBetween(from, to), variantsLeft(rows, variants)))
    );
  };

  return {
    async watch(page, read) {
      // In either direction: a clock that was set back must not put the guard to sleep.
      const isStale = Math.abs(now().getTime() - lookedAt) > READ_FRESH_MS;
      if (isHeld || (page.startsDump && isStale)) await inspectOnce();
      for (let reads = 0; reads < MAX_READS; reads += 1) {
        const rows = await read();
        if (accepted && !isWary(rows, page, accepted)) return rows;
        // The look comes after the rows. If the stock came back in between, they still show the hole, and are read again.
        if (!isWary(rows, page, await inspect(page.startsDump))) return rows;
      }
      throw new ApiError(
        'internal_error',
        'The stock of this page changes faster than it can be read. Please call again.',
      );
    },
  };
}

/** How many of the rows' products were last reported in stock and show more than 0, themselves or by a variant. */
function productsLeft(rows: readonly StockRow[], reported: InStock['products']): number {
  let count = 0;
  let counted: string | undefined;
  for (const { productId, quantity } of rows) {
    if (quantity <= 0 || productId === counted) continue;
    counted = productId;
    if (reported.has(productId)) count += 1;
  }
  return count;
}

/** The same of variants. */
function variantsLeft(rows: readonly StockRow[], reported: InStock['variants']): number {
  let count = 0;
  for (const { productId, variantId, quantity } of rows) {
    if (quantity > 0 && variantId !== '0' && reported.has(productId, variantId)) count += 1;
  }
  return count;
}
