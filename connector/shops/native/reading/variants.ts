import type { Knex } from 'knex';
import type { CardSection, Feature, ShopProfile, VariantCard } from '../../../contracts/shop.ts';
import { grouped, idNumbers, idSlices, isOn, isShown, readSlice, shownSince, type Slice } from '../columns.ts';

type VariantRow = readonly [
  productId: number,
  id: number,
  name: string,
  sku: string,
  ean: string,
  price: string | null,
  quantity: number,
  weight: string,
];
type ImageRow = readonly [productId: number, variantId: number, url: string];
type FeatureRow = readonly [productId: number, variantId: number, name: string, value: string];

/** What belongs to products and to their variants. Main products have variant id 0. */
export interface Attached<Value> {
  of(productId: number, variantId: number): readonly Value[];
}

const SHARED: ReadonlySet<CardSection> = new Set(['images', 'features']);

export async function variants(
  db: Knex,
  profile: ShopProfile,
  productIds: readonly string[],
): Promise<ReadonlyMap<string, readonly VariantCard[]>> {
  const found = new Map<string, readonly VariantCard[]>();
  for (const slice of idSlices(idNumbers(productIds))) {
    const [rows, images, features] = await Promise.all([
      variantRows(db, profile, slice),
      imagesOf(db, slice, SHARED),
      featuresOf(db, slice, SHARED),
    ]);
    for (const [id, cards] of variantCards(rows, images, features)) found.set(String(id), cards);
  }
  return found;
}

/** The join takes price, weight and whether it is on from the same moment of the product; by id it costs little. */
export function variantRows(db: Knex, profile: ShopProfile, slice: Slice): Promise<VariantRow[]> {
  return readSlice<VariantRow>(db, slice, variantsSql, shownSince(profile));
}

const variantsSql = (on: Slice['on']) => `
  SELECT v.product_id, v.id, v.name, v.sku, v.ean, COALESCE(v.price, p.price),
    CASE WHEN ${isOn('p')} AND ${isOn('v')} THEN GREATEST(v.quantity, 0) ELSE 0 END, COALESCE(v.weight, p.weight)
  FROM shop_variants v JOIN shop_products p ON p.id = v.product_id
  WHERE ${on('v.product_id')} AND ${isShown('v')} ORDER BY v.product_id, v.position, v.id`;

export function variantCards(
  rows: readonly VariantRow[],
  images: Attached<string>,
  features: Attached<Feature>,
): ReadonlyMap<number, readonly VariantCard[]> {
  const cards = new Map<number, VariantCard[]>();
  for (const [productId, ofProduct] of grouped(rows, (row) => row[0])) {
    cards.set(
      productId,
      ofProduct.map((row) => ({
        id: String(row[1]),
        name: row[2],
        sku: row[3],
        ean: row[4],
        price: row[5] ?? undefined,
        quantity: row[6],
        weight: Number(row[7]),
        images: images.of(productId, row[1]),
        features: features.of(productId, row[1]),
      })),
    );
  }
  return cards;
}

export async function imagesOf(db: Knex, slice: Slice, sections: ReadonlySet<CardSection>): Promise<Attached<string>> {
  if (!sections.has('images')) return NOTHING_ATTACHED;
  const rows = await readSlice<ImageRow>(db, slice, imagesSql);
  return attached(rows, (row) => row[2]);
}

export async function featuresOf(
  db: Knex,
  slice: Slice,
  sections: ReadonlySet<CardSection>,
): Promise<Attached<Feature>> {
  if (!sections.has('features')) return NOTHING_ATTACHED;
  const rows = await readSlice<FeatureRow>(db, slice, featuresSql);
  return attached(rows, (row): Feature => [row[2], row[3]]);
}

const imagesSql = (on: Slice['on']) => `
  SELECT product_id, variant_id, url FROM shop_product_images
  WHERE ${on('product_id')} ORDER BY product_id, variant_id, position, id`;

const featuresSql = (on: Slice['on']) => `
  SELECT product_id, variant_id, name, value FROM shop_product_features
  WHERE ${on('product_id')} ORDER BY product_id, variant_id, position, id`;

const NOTHING_ATTACHED: Attached<never> = { of: () => [] };

function attached<Row extends readonly [number, number, ...unknown[]], Value>(
  rows: readonly Row[],
  valueOf: (row: Row) => Value,
): Attached<Value> {
  const lists = new Map<number, Value[]>();
  for (const row of rows) {
    const key = ownerKey(row[0], row[1]);
    const list = lists.get(key);
    if (list) list.push(valueOf(row));
    else lists.set(key, [valueOf(row)]);
  }
  return { of: (productId, variantId) => lists.get(ownerKey(productId, variantId)) ?? [] };
}

/** A variant's id is unique without its product's; products stand below zero. */
function ownerKey(productId: number, variantId: number): number {
  return variantId === 0 ? -productId : variantId;
}
