import { readRows, type SqlValue } from '../../../db/connect.ts';
import type { GrossPrice } from '../../../contracts/shop.ts';
import type { ValueChange, NewProduct, ShopWriting, UnitOfWork } from '../../../contracts/shop-writing.ts';
import { categoryNumber, findOrInsert } from './save-category.ts';
import { cleanCode, codeCondition, codeValues } from '../codes.ts';
import { idNumber } from '../columns.ts';
import { saveFeatures, saveImages, saveTexts } from './product-details.ts';
import { withinStock } from './change-stock.ts';
import { cutCharacters, MAX_CHARACTERS } from '../texts.ts';

type Saved = Awaited<ReturnType<ShopWriting['saveProduct']>>;
type BeforeRow = readonly [quantity: number, price: string | null];

/** What the columns of weights (kg) and sizes (cm) hold. */
const MAX_WEIGHT = 9_999_999.999;
const MAX_SIZE = 999_999.99;

/** A removed product is none: whoever retired it does not want it back under its old id. */
export async function saveProduct(unit: UnitOfWork, id: string | undefined, product: NewProduct): Promise<Saved> {
  const before = id === undefined ? ([0, null] as const) : await lockProduct(unit, id);
  if (!before) return undefined;
  const columns = await sentColumns(unit, product);
  const productId = id === undefined ? await insertProduct(unit, columns, product) : Number(id);
  if (id !== undefined && Object.keys(columns).length > 0) {
    await unit('shop_products').where({ id: productId }).update(columns);
  }
  await saveTexts(unit, productId, product.descriptions);
  await saveImages(unit, productId, product.images ?? []);
  await saveFeatures(unit, productId, product.features ?? []);
  return { id: String(productId), ...changesOf(String(productId), product, before) };
}

/** Exactly this SKU, as saving stores it, whatever blanks stand around it in the shop. */
export async function productBySku(unit: UnitOfWork, sku: string): Promise<string | undefined> {
  const wanted = cutCharacters(cleanCode(sku), MAX_CHARACTERS.shop_products.sku);
  if (wanted === '') return undefined;
  const sql = `SELECT id, sku FROM shop_products WHERE ${codeCondition('sku')} AND removed_at IS NULL`;
  const rows = (await readRows(unit, sql, codeValues(wanted))) as [id: number, sku: string][];
  const ids = rows.filter(([, stored]) => cleanCode(stored) === cleanCode(wanted)).map(([id]) => id);
  return ids.length === 0 ? undefined : String(ids.reduce((least, id) => Math.min(least, id)));
}

async function lockProduct(unit: UnitOfWork, id: string): Promise<BeforeRow | undefined> {
  const number = idNumber(id);
  if (number === undefined) return undefined;
  const sql = 'SELECT quantity, price FROM shop_products WHERE id = ? AND removed_at IS NULL FOR UPDATE';
  const [row] = (await readRows(unit, sql, [number])) as unknown as BeforeRow[];
  return row;
}

/** A product needs a name: without one it is called by its SKU, or else its EAN. */
async function insertProduct(unit: UnitOfWork, columns: Columns, { sku = '', ean = '' }: NewProduct): Promise<number> {
  const name = columns['name'] ?? cutCharacters(sku || ean, MAX_CHARACTERS.shop_products.name);
  const [id] = (await unit('shop_products').insert({ ...columns, name })) as [number];
  return id;
}

type Columns = Readonly<Record<string, SqlValue>>;

/** Only what was sent. An empty name does not take away the one that is there. */
async function sentColumns(unit: UnitOfWork, product: NewProduct): Promise<Columns> {
  const { sku, ean, name, price, quantity, vat, weight, height, length, width } = product;
  const { shop_products: max } = MAX_CHARACTERS;
  const columns: Record<string, SqlValue | undefined> = {
    sku: sku && cutCharacters(sku, max.sku),
    ean: ean && cutCharacters(ean, max.ean),
    name: name === undefined || name.trim() === '' ? undefined : cutCharacters(name, max.name),
    price,
    quantity: quantity === undefined ? undefined : withinStock(quantity),
    vat_rate: vat === 'exempt' ? null : vat,
    weight: within(weight, MAX_WEIGHT),
    height: within(height, MAX_SIZE),
    length: within(length, MAX_SIZE),
    width: within(width, MAX_SIZE),
    manufacturer_id: await manufacturerNumber(unit, product.manufacturer),
    category_id: product.categoryId === undefined ? undefined : ((await categoryNumber(unit, product.categoryId)) ?? 0),
  };
  const sent = Object.entries(columns).filter((entry): entry is [string, SqlValue] => entry[1] !== undefined);
  return Object.fromEntries(sent);
}

function within(value: number | undefined, max: number): number | undefined {
  return value === undefined ? undefined : Math.min(max, Math.max(0, value));
}

async function manufacturerNumber(unit: UnitOfWork, name: string | undefined): Promise<number | null | undefined> {
  if (name === undefined) return undefined;
  if (name.trim() === '') return null;
  return findOrInsert(unit, 'shop_manufacturers', {
    name: cutCharacters(name, MAX_CHARACTERS.shop_manufacturers.name),
  });
}

function changesOf(
  productId: string,
  { quantity, price }: NewProduct,
  [quantityBefore, priceBefore]: BeforeRow,
): { stock?: ValueChange<number>; price?: ValueChange<GrossPrice> } {
  const variant = { productId, variantId: '0' };
  return {
    ...(quantity !== undefined && { stock: { ...variant, before: quantityBefore, after: withinStock(quantity) } }),
    ...(price !== undefined && { price: { ...variant, before: priceBefore ?? undefined, after: price } }),
  };
}
