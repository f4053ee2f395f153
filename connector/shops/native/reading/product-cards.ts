import type { Knex } from 'knex';
import type { CardSection, Feature, ProductCard, ShopProfile, VariantCard } from '../../../contracts/shop.ts';
import {
  idNumbers,
  idSlices,
  isShown,
  readSlice,
  SHOWN_QUANTITY,
  shownSince,
  type Slice,
  vatRate,
} from '../columns.ts';
import { featuresOf, imagesOf, variantCards, variantRows, type Attached } from './variants.ts';

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
  sections: ReadonlySet<CardSection>,
): Promise<readonly ProductCard[]> {
  const cards: ProductCard[] = [];
  for (const slice of idSlices(idNumbers(ids))) cards.push(...(await cardsOf(db, profile, slice, sections)));
  return cards;
}

async function cardsOf(
  db: Knex,
  profile: ShopProfile,
  slice: Slice,
  sections: ReadonlySet<CardSection>,
): Promise<ProductCard[]> {
  const [rows, texts, images, features, variants] = await Promise.all([
    readSlice<CardRow>(db, slice, cardsSql, shownSince(profile)),
    sections.has('texts') ? readSlice<TextRow>(db, slice, textsSql) : [],
    imagesOf(db, slice, sections),
    featuresOf(db, slice, sections),
    sections.has('variants') ? variantRows(db, profile, slice) : [],
  ]);
  const variantsById = variantCards(variants, images, features);
  const textsById = new Map(texts.map((row) => [row[0], row.slice(1) as string[]]));
  const cards = new Map(
    rows.map((row) => {
      const id = row[0];
      return [id, toCard(row, { id, images, features, texts: textsById.get(id), variants: variantsById.get(id) })];
    }),
  );
  return (slice.order ?? []).flatMap((id) => cards.get(id) ?? []);
}

const cardsSql = (on: Slice['on']) => `
  SELECT p.id, p.sku, p.ean, p.model, p.name, p.price, ${SHOWN_QUANTITY}, p.vat_rate, p.weight, p.height, p.length,
    p.width, m.name, m.image_url, p.category_id, p.location, p.url, p.delivery_days
  FROM shop_products p FORCE INDEX (PRIMARY) LEFT JOIN shop_manufacturers m ON m.id = p.manufacturer_id
  WHERE ${on('p.id')} AND ${isShown('p')}`;

const textsSql = (on: Slice['on']) => `
  SELECT product_id, description, description_extra1, description_extra2, description_extra3, description_extra4
  FROM shop_product_texts WHERE ${on('product_id')}`;

interface CardSections {
  readonly id: number;
  readonly images: Attached<string>;
  readonly features: Attached<Feature>;
  readonly texts: readonly string[] | undefined;
  readonly variants: readonly VariantCard[] | undefined;
}

/** One literal: spreading so many fields costs as much as reading them. */
function toCard(row: CardRow, { id, images, features, texts = [], variants = [] }: CardSections): ProductCard {
  return {
    id: String(id),
    sku: row[1],
    ean: row[2],
    model: row[3],
    name: row[4],
    price: row[5] ?? undefined,
    quantity: row[6],
    vat: vatRate(row[7]),
    weight: Number(row[8]),
    height: Number(row[9]),
    length: Number(row[10]),
    width: Number(row[11]),
    manufacturer: { name: row[12] ?? '', imageUrl: row[13] ?? '' },
    categoryId: row[14] === 0 ? undefined : String(row[14]),
    location: row[15],
    url: row[16],
    deliveryDays: row[17] ?? undefined,
    descriptions: texts,
    images: images.of(id, 0),
    features: features.of(id, 0),
    variants,
  };
}
