import type { VariantRef } from '../../domain/variant-ref.ts';
import type { Item } from '../wire/items.ts';
import { RawJson, plainJson } from '../wire/response.ts';
import type { DictionaryKind, Feature, ProductListing, Shop, VariantCard } from '../../contracts/shop.ts';
import type { VatRate } from '../../domain/order.ts';

/** VAT percent as BaseLinker reads it: a whole number (docs/protocol/baselinker.md 2.5). */
export function tax(vat: VatRate, exemptAs: number): number {
  return vat === 'exempt' ? exemptAs : vat;
}

/** `variant_id → variant`; a product without variants has an empty map. */
export function variantsById(productName: string, variants: readonly VariantCard[]): ReadonlyMap<string, RawJson> {
  return new Map(
    variants.map((variant) => [
      variant.id,
      plainJson({
        full_name: `${productName} ${variant.name}`.trim(),
        name: variant.name,
        price: variant.price,
        quantity: variant.quantity,
        sku: variant.sku,
        ean: variant.ean,
        images: variant.images,
        features: featurePairs(variant.features),
        weight: variant.weight,
      }),
    ]),
  );
}

/** Several values of one feature are joined with a vertical bar. */
export function featurePairs(features: readonly Feature[]): readonly Feature[] {
  if (features.length < 2) return features;
  const values = new Map<string, string>();
  for (const [name, value] of features) {
    const earlier = values.get(name);
    values.set(name, earlier === undefined ? value : `${earlier}|${value}`);
  }
  return [...values];
}

/** A paged answer: the rows by id, then the number of pages. */
export function paged(rows: Iterable<readonly [string, unknown]>, pages: number): ReadonlyMap<string, unknown> {
  const reply = new Map<string, unknown>(rows);
  return reply.set('pages', pages);
}

/** The listing behind both dumps: every product, by id, so that a product's variants share its page (1.6). */
export function completeCatalogue(page: number, pageSize: number): ProductListing {
  return { page, pageSize, filter: {}, sort: { column: 'id', descending: false } };
}

/**
 * `product_id → variant_id → value`, then the number of pages. The rows stand product by product. Written by hand, because
 * a page has a few thousand of them; ids hold nothing that JSON would escape.
 */
export function dump<Row extends { readonly productId: string; readonly variantId: string }>(
  rows: readonly Row[],
  valueOf: (row: Row) => string,
  pages: number,
): RawJson {
  let text = '{';
  let current: string | undefined;
  for (const row of rows) {
    if (row.productId === current) {
      text += `,"${row.variantId}":${valueOf(row)}`;
    } else {
      text += `${current === undefined ? '' : '},'}"${row.productId}":{"${row.variantId}":${valueOf(row)}`;
      current = row.productId;
    }
  }
  return new RawJson(`${text}${current === undefined ? '' : '},'}"pages":${pages}}`);
}

/**
 * `id → name` for the panel's drop-downs (2.15). Retired entries are offered no more, except those that orders carry: BaseLinker
 * is shown these orders and could not say where they stand. What the shop has deleted altogether goes by its id.
 */
export async function offeredEntries(
  shop: Pick<Shop, 'dictionary' | 'usedEntries'>,
  kind: DictionaryKind,
): Promise<ReadonlyMap<string, string>> {
  // One after the other: a list that a person opens now and then must not hold two connections.
  const entries = await shop.dictionary(kind);
  const used = await shop.usedEntries(kind);
  const known = new Set(entries.map(({ id }) => id));
  const deleted = [...used].filter((id) => !known.has(id));
  return new Map([
    ...entries.filter(({ id, retired }) => !retired || used.has(id)).map(({ id, name }) => [id, name || id] as const),
    ...deleted.map((id) => [id, id] as const),
  ]);
}

/** Items in one call of an update (docs/protocol/baselinker.md 1.6). */
export const MAX_ITEMS = 1000;

/** Which product or variant an item is about; a variant of `0`, `""` or none is the main product (2.8). */
export function variantRefOf(item: Item): VariantRef {
  const variantId = item.id('variant_id');
  return { productId: item.id('product_id'), variantId: variantId === '' ? '0' : variantId };
}
