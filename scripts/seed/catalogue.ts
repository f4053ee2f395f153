import { formatMoney } from '../../connector/domain/money.ts';
import type { Axis } from './assortment.ts';
import { featuresOf, textsOf } from './card.ts';
import { timestamp, type Row, type Table } from './insert.ts';
import { STREAM, type Product, type Variant } from './products.ts';
import { randomOf, type Random } from './random.ts';
import { MANUFACTURERS, plain } from './words.ts';

export const WHOLESALER = 'demo-wholesaler';

/** The kind of code that IdoSell's feeds carry for every variant; see docs/protocol/idosell.md, "Product reference". */
const CODE_TYPE = 'internal';

const SHOP_URL = 'https://shop.example';

export const CATEGORIES: Table = {
  name: 'shop_categories',
  columns: ['id', 'parent_id', 'name', 'position', 'active'],
};

const MANUFACTURER_TABLE: Table = { name: 'shop_manufacturers', columns: ['id', 'name', 'image_url'] };

/** In the order in which the foreign keys want them filled. */
const TABLES = {
  products: {
    name: 'shop_products',
    columns: [
      ...['id', 'sku', 'ean', 'model', 'name', 'category_id', 'manufacturer_id', 'price', 'vat_rate', 'quantity'],
      ...['weight', 'height', 'length', 'width', 'location', 'delivery_days', 'url', 'active'],
      ...['removed_at', 'created_at', 'changed_at'],
    ],
  },
  texts: {
    name: 'shop_product_texts',
    columns: [
      ...['product_id', 'description', 'description_extra1', 'description_extra2'],
      ...['description_extra3', 'description_extra4'],
    ],
  },
  variants: {
    name: 'shop_variants',
    columns: [
      ...['id', 'product_id', 'name', 'sku', 'ean', 'price', 'quantity', 'weight', 'position', 'active'],
      ...['removed_at', 'changed_at'],
    ],
  },
  images: { name: 'shop_product_images', columns: ['id', 'product_id', 'variant_id', 'position', 'url'] },
  features: { name: 'shop_product_features', columns: ['id', 'product_id', 'variant_id', 'position', 'name', 'value'] },
  supplies: {
    name: 'shop_product_supplies',
    columns: ['id', 'product_id', 'variant_id', 'wholesaler', 'code', 'code_type'],
  },
} satisfies Record<string, Table>;

/** Rows to write, table by table. */
export type Filled = readonly (readonly [Table, Row[]])[];

export function manufacturerRows(): Filled {
  const rows = MANUFACTURERS.map((name, i): Row => [3 + 2 * i, name, `${SHOP_URL}/img/producent/${plain(name)}.png`]);
  return [[MANUFACTURER_TABLE, rows]];
}

/** Everything that the catalogue holds about these products; `first` is the number of the first one. */
export function catalogueRows(shop: number, first: number, products: readonly Product[], now: Date): Filled {
  const rows = {
    products: [] as Row[],
    texts: [] as Row[],
    variants: [] as Row[],
    images: [] as Row[],
    features: [] as Row[],
    supplies: [] as Row[],
  };
  products.forEach((product, i) => {
    const number = first + i;
    const random = randomOf(shop, STREAM.card, number);
    const texts = textsOf(product, random);
    const days = daysOf(random, number, now);
    rows.products.push(productRow(product, random, days));
    rows.texts.push([product.id, texts.description, texts.short, texts.care, '', '']);
    product.variants.forEach((variant, v) => rows.variants.push(variantRow(product, variant, v, days)));
    rows.images.push(...imageRows(product, number, random));
    rows.features.push(...featureRows(product, number, random));
    if (product.supplied) rows.supplies.push(...supplyRows(product, number));
  });
  return [
    [TABLES.products, rows.products],
    [TABLES.texts, rows.texts],
    [TABLES.variants, rows.variants],
    [TABLES.images, rows.images],
    [TABLES.features, rows.features],
    [TABLES.supplies, rows.supplies],
  ];
}

interface Days {
  readonly created: string;
  readonly changed: string;
  /** When it was retired, if it was. */
  readonly removed: string;
}

/** Every other product that was retired went some days ago, the rest longer than any connector remembers it. */
function daysOf(random: Random, number: number, now: Date): Days {
  const created = now.getTime() - random.int(400 * DAY_MS, 1500 * DAY_MS);
  const changed = created + Math.floor(random.next() * (now.getTime() - created));
  const removed = now.getTime() - (Math.floor(number / 97) % 2 === 0 ? 9 : 300) * DAY_MS;
  return {
    created: timestamp(new Date(created)),
    changed: timestamp(new Date(changed)),
    removed: timestamp(new Date(removed)),
  };
}

const DAY_MS = 86_400_000;

function productRow(product: Product, random: Random, days: Days): Row {
  const { id, sku, ean, model, name, leaf, manufacturerId, price, quantity, grams, location } = product;
  return [
    ...[
      id,
      sku,
      ean,
      model,
      name,
      leaf.id,
      manufacturerId,
      formatMoney(price),
      leaf.vatRate,
      quantity,
      kilograms(grams),
    ],
    ...(grams === 0 ? ['0.00', '0.00', '0.00'] : [centimetres(random), centimetres(random), centimetres(random)]),
    location,
    random.chance(0.8) ? random.pick([1, 1, 2, 3, 7, 14]) : null,
    `${SHOP_URL}/p/${plain(name)}-${String(id)}`,
    product.active ? 1 : 0,
    ...[product.removed ? days.removed : null, days.created, days.changed],
  ];
}

function variantRow(product: Product, variant: Variant, position: number, days: Days): Row {
  const { id, name, sku, ean, price, quantity, grams, active, removed } = variant;
  return [
    ...[id, product.id, name, sku, ean, price === null ? null : formatMoney(price), quantity],
    ...[grams === null ? null : kilograms(grams), position, active ? 1 : 0],
    ...[removed ? days.removed : null, days.changed],
  ];
}

/** One to five of the product, and one for most variants of a colour. */
function imageRows(product: Product, number: number, random: Random): Row[] {
  const rows: Row[] = [];
  const add = (variantId: number, position: number, file: string): void => {
    rows.push([1 + 16 * number + rows.length, product.id, variantId, position, `${SHOP_URL}/img/${file}.jpg`]);
  };
  const count = random.int(1, 5);
  for (let n = 1; n <= count; n += 1) add(0, n, `${String(product.id)}-${String(n)}`);
  if (product.axis !== 'colour') return rows;
  for (const { id, name } of product.variants)
    if (random.chance(0.8)) add(id, 1, `${String(product.id)}-${plain(name)}`);
  return rows;
}

const AXIS_NAMES: Readonly<Record<Axis, string>> = {
  size: 'Rozmiar',
  shoe: 'Rozmiar buta',
  colour: 'Kolor',
  package: 'Opakowanie',
};

function featureRows(product: Product, number: number, random: Random): Row[] {
  const own = featuresOf(random).map(([name, value], i) => [0, i + 1, name, value] as const);
  const ofVariants = product.variants.map(({ id, name }) => [id, 1, AXIS_NAMES[product.axis], name] as const);
  return [...own, ...ofVariants].map((row, i) => [1 + 16 * number + i, product.id, ...row]);
}

/** The wholesaler's variants are what can be bought: the variants where there are any, else the product. */
function supplyRows(product: Product, number: number): Row[] {
  const variants = product.variants.length > 0 ? product.variants : [{ id: 0, sku: product.sku }];
  return variants.map(({ id, sku }, i) => [1 + 8 * number + i, product.id, id, WHOLESALER, sku, CODE_TYPE]);
}

export function kilograms(grams: number): string {
  const digits = String(grams).padStart(4, '0');
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`;
}

function centimetres(random: Random): string {
  return `${String(random.int(2, 90))}.${random.pick(['00', '00', '50', '25'])}`;
}
