import type { z } from 'zod';
import { productsPrices, productsQuantity } from '../../connector/check/answers.ts';
import { counted } from '../../connector/check/layout.ts';
import type { Page } from '../../connector/check/wire.ts';
import type { Day } from './step.ts';

/** A product or a variant of the shop. */
export interface Article {
  readonly productId: string;
  /** `0` for a product. */
  readonly variantId: string;
  readonly name: string;
  readonly sku: string;
  readonly price: string;
}

/** More than the day sells. */
const LEAST_STOCK = 5;

/** What can be sold from the shelves: products without variants, and one variant of each other product. */
export function articlesForSale({ tally, wholesaler }: Day): { products: Article[]; variants: Article[] } {
  const known = [...tally.cards].filter(([id]) => tally.firstPage.has(id));
  const products = known.flatMap(([productId, { name, sku, price, quantity, variants }]) =>
    variants.size > 0 || price === undefined || quantity < LEAST_STOCK
      ? []
      : [{ productId, variantId: '0', name, sku, price }],
  );
  const variants = known.flatMap(([productId, card]) => {
    const found = [...card.variants].find(([, { quantity }]) => quantity >= LEAST_STOCK);
    const price = found?.[1].price ?? card.price;
    if (!found || price === undefined) return [];
    const [variantId, { full_name: name, sku }] = found;
    return [{ productId, variantId, name, sku, price }];
  });
  const isOwn = (article: Article): boolean => !wholesaler.supplies(article);
  return { products: products.filter(isOwn), variants: variants.filter(isOwn) };
}

/** What can be sold and lies at the wholesaler. */
export function suppliedForSale({ tally, wholesaler }: Day): Article[] {
  return [...tally.cards].flatMap(([productId, { name, sku, price, variants }]) => {
    const article = { productId, variantId: '0', name, sku, price: price ?? '' };
    return variants.size === 0 && price !== undefined && wholesaler.supplies(article) ? [article] : [];
  });
}

/** As an update names it. */
export const articleFields = ({ productId, variantId }: Article): Readonly<Record<string, string>> => ({
  product_id: productId,
  variant_id: variantId,
});

/** What the shop tells of a few articles; nothing of one that it does not name. */
export type Values<T> = ReadonlyMap<Article, T>;

/** Asks for the stock of articles of the first page; beside it the stock of `before`. */
export function askStock(day: Day, words: string, articles: readonly Article[], before?: Values<number>) {
  const shown = (pieces: number): string => counted(pieces, 'piece');
  return askDump(day, { words, action: 'ProductsQuantity', schema: productsQuantity, shown }, articles, before);
}

/** The same for prices. */
export function askPrices(day: Day, words: string, articles: readonly Article[], before?: Values<string>) {
  const shown = (price: string): string => price;
  return askDump(day, { words, action: 'ProductsPrices', schema: productsPrices, shown }, articles, before);
}

async function askDump<T>(
  { desk }: Day,
  dump: {
    readonly words: string;
    readonly action: string;
    readonly schema: z.ZodType<Page<ReadonlyMap<string, T>>>;
    readonly shown: (value: T) => string;
  },
  articles: readonly Article[],
  before: Values<T> = new Map(),
): Promise<Values<T>> {
  const { words, action, schema, shown } = dump;
  const now = new Map<Article, T>();
  await desk.ask({
    words,
    action,
    parameters: { page: 1 },
    schema,
    tell: ({ rows }) => {
      for (const article of articles) {
        const value = rows.get(article.productId)?.get(article.variantId);
        if (value !== undefined) now.set(article, value);
      }
      const entries = articles.map((article) => {
        const [value, earlier] = [now.get(article), before.get(article)];
        const was = earlier === undefined ? '' : ` (before: ${String(earlier)})`;
        // The name last: it may be cut.
        return `${value === undefined ? 'not told' : shown(value)}${was} · ${article.name}`;
      });
      return { says: `${counted(rows.size, 'product')}, among them`, entries };
    },
  });
  return now;
}
