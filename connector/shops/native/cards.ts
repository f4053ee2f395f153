import type { Knex } from 'knex';
import type { CardPart, ProductCard, ShopProfile, VatRate } from '../shop.ts';
import { idNumbers, idSlices, isShown, readSlice, SHOWN_QUANTITY, shownSince, type Slice } from './columns.ts';
import { featuresOf, imagesOf, variantCards, variantRows } from './variants.ts';

type CardRow = readonly [
  id: number,
  sku: string,
  ean: string,
  model: string,
  name: string,
  price: string | null,
  quantity: number,
  vat: string | null,
  weight: string,
  height: string,
  length: string,
  width: string,
  manufacturer: string | null,
  manufacturerImage: string | null,
  categoryId: number,
  location: string,
  url: string,
  deliveryDays: number | null,
];
type TextRow = readonly [productId: number, ...descriptions: string[]];

/** Product cards by at most five queries at once, one a table, whatever the number of ids. */
export async function productCards(
  db: Knex,
  profile: ShopProfile,
  ids: readonly string[],
  parts: ReadonlySet<CardPart>,
): Promise<readonly ProductCard[]> {
  const cards: ProductCard[] = [];
  for (const slice of idSlices(idNumbers(ids))) cards.push(...(await cardsOf(db, profile, slice, parts)));
  return cards;
}

async function cardsOf(
  db: Knex,
  profile: ShopProfile,
  slice: Slice,
  parts: ReadonlySet<CardPart>,
): Promise<ProductCard[]> {
  const [rows, texts, images, features, variants] = await Promise.all([
    readSlice<CardRow>(db, slice, cardsSql, shownSince(profile)),
    parts.has('texts') ? readSlice<TextRow>(db, slice, textsSql) : [],
    imagesOf(db, slice, parts),
    featuresOf(db, slice, parts),
    parts.has('variants') ? variantRows(db, profile, slice) : [],
  ]);
  const variantsById = variantCards(variants, images, features);
  const textsById = new Map(texts.map(([id, ...descriptions]) => [id, descriptions]));
  const cards = new Map<number, ProductCard>();
  for (const row of rows) {
    const id = row[0];
    cards.set(id, {
      ...ownFields(row),
      descriptions: textsById.get(id) ?? [],
      images: images.of(id, 0),
      features: features.of(id, 0),
      variants: variantsById.get(id) ?? [],
    });
  }
  return (slice.order ?? []).flatMap((id) => cards.get(id) ?? []);
}

const cardsSql = (on: Slice['on']) => `
  SELECT p.id, p.sku, p.ean, p.model, p.name, p.price, ${SHOWN_QUANTITY}, p.vat_rate, p.weight, p.height, p.length,
    p.width, m.name, m.image_url, p.category_id, p.location, p.url, p.delivery_days
  FROM shop_products p LEFT JOIN shop_manufacturers m ON m.id = p.manufacturer_id
  WHERE ${on('p.id')} AND ${isShown('p')}`;

const textsSql = (on: Slice['on']) => `
  SELECT product_id, description, description_extra1, description_extra2, description_extra3, description_extra4
  FROM shop_product_texts WHERE ${on('product_id')}`;

function ownFields(row: CardRow): Omit<ProductCard, CardPart | 'descriptions'> {
  const [id, sku, ean, model, name, price, quantity, vat, weight, height, length, width, ...rest] = row;
  const [manufacturer, manufacturerImage, categoryId, location, url, deliveryDays] = rest;
  return {
    id: String(id),
    sku,
    ean,
    model,
    name,
    price: price ?? undefined,
    quantity,
    vat: vatRate(vat),
    weight: Number(weight),
    height: Number(height),
    length: Number(length),
    width: Number(width),
    manufacturer: { name: manufacturer ?? '', imageUrl: manufacturerImage ?? '' },
    categoryId: categoryId === 0 ? undefined : String(categoryId),
    location,
    url,
    deliveryDays: deliveryDays ?? undefined,
  };
}

export function vatRate(percent: string | null): VatRate {
  return percent === null ? 'exempt' : Number(percent);
}
