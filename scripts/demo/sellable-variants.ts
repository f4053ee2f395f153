import type { z } from 'zod';
import { productsPrices, productsQuantity } from '../../connector/baselinker/check/response-schemas.ts';
import { counted } from '../../connector/baselinker/check/text-layout.ts';
import type { Page } from '../../connector/baselinker/check/field-schemas.ts';
import type { Scenario, Variant } from './step.ts';

/** More than the day sells. */
const MIN_STOCK = 5;

/** What can be sold from the shelves: products without variants, and one variant of each other product. */
export function articlesForSale({ summary, wholesaler }: Scenario): { products: Variant[]; variants: Variant[] } {
  const known = [...summary.cards].filter(([id]) => summary.firstPage.has(id));
  const products = known.flatMap(([productId, { name, sku, price, quantity, variants }]) =>
    variants.size > 0 || price === undefined || quantity < MIN_STOCK
      ? []
      : [{ productId, variantId: '0', name, sku, price }],
  );
  const variants = known.flatMap(([productId, card]) => {
    const found = [...card.variants].find(([, { quantity }]) => quantity >= MIN_STOCK);
    const price = found?.[1].price ?? card.price;
    if (!found || price === undefined) return [];
    const [variantId, { full_name: name, sku }] = found;
    return [{ productId, variantId, name, sku, price }];
  });
  const isOwn = (variant: Variant): boolean => !wholesaler.supplies(variant);
  return { products: products.filter(isOwn), variants: variants.filter(isOwn) };
}

/** What can be sold and lies at the wholesaler. */
export function suppliedForSale({ summary, wholesaler }: Scenario): Variant[] {
  return [...summary.cards].flatMap(([productId, { name, sku, price, variants }]) => {
    const variant = { productId, variantId: '0', name, sku, price: price ?? '' };
    return variants.size === 0 && price !== undefined && wholesaler.supplies(variant) ? [variant] : [];
  });
}

/** As an update names it. */
export const variantFields = ({ productId, variantId }: Variant): Readonly<Record<string, string>> => ({
  product_id: productId,
  variant_id: variantId,
});

/** What the shop tells of a few variants; nothing of one that it does not name. */
export type Values<T> = ReadonlyMap<Variant, T>;

/** Asks for the stock of variants of the first page; beside it the stock of `before`. */
export function askStock(scenario: Scenario, words: string, variants: readonly Variant[], before?: Values<number>) {
  const shown = (units: number): string => counted(units, 'piece');
  return askDump(scenario, { words, action: 'ProductsQuantity', schema: productsQuantity, shown }, variants, before);
}

/** The same for prices. */
export function askPrices(scenario: Scenario, words: string, variants: readonly Variant[], before?: Values<string>) {
  const shown = (price: string): string => price;
  return askDump(scenario, { words, action: 'ProductsPrices', schema: productsPrices, shown }, variants, before);
}

async function askDump<T>(
  { client }: Scenario,
  dump: {
    readonly words: string;
    readonly action: string;
    readonly schema: z.ZodType<Page<ReadonlyMap<string, T>>>;
    readonly shown: (value: T) => string;
  },
  variants: readonly Variant[],
  before: Values<T> = new Map(),
): Promise<Values<T>> {
  const { words, action, schema, shown } = dump;
  const now = new Map<Variant, T>();
  await client.ask({
    words,
    action,
    parameters: { page: 1 },
    schema,
    tell: ({ rows }) => {
      for (const details of variants) {
        const value = rows.get(details.productId)?.get(details.variantId);
        if (value !== undefined) now.set(details, value);
      }
      const entries = variants.map((details) => {
        const [value, earlier] = [now.get(details), before.get(details)];
        const was = earlier === undefined ? '' : ` (before: ${String(earlier)})`;
        // The name last: it may be cut.
        return `${value === undefined ? 'not told' : shown(value)}${was} · ${details.name}`;
      });
      return { says: `${counted(rows.size, 'product')}, among them`, entries };
    },
  });
  return now;
}
