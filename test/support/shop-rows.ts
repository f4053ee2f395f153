import { testDatabase } from './database.ts';

/** Columns by their names in the native shop's tables; a test names only what matters to it. */
export type Columns = Readonly<Record<string, string | number | Date | null>>;

/** What an order holds beside its own row. Without a `total`, it is what lines, adjustments and delivery come to. */
export interface OrderParts {
  readonly lines?: readonly Columns[];
  readonly adjustments?: readonly Columns[];
  readonly parcels?: readonly Columns[];
}

/** Adds one product and tells its id. Without an `id`, the database gives the next one. */
export async function addProduct(columns: Columns = {}): Promise<string> {
  return insert('shop_products', { name: 'Kubek', price: '24.90', vat_rate: 23, quantity: 5, ...columns });
}

/** Adds products `from` to `to` by one statement; each may have columns of its own. */
export async function addProducts(from: number, to: number, columnsOf: (id: number) => Columns = () => ({})) {
  const rows = Array.from({ length: to - from + 1 }, (_, n) => {
    const id = from + n;
    return { id, name: `Kubek ${id}`, price: '24.90', vat_rate: 23, quantity: 5, ...columnsOf(id) };
  });
  await testDatabase().db('shop_products').insert(rows);
}

export async function addVariant(productId: string, columns: Columns = {}): Promise<string> {
  return insert('shop_variants', { product_id: productId, name: 'zielony', quantity: 3, ...columns });
}

export async function addTexts(productId: string, description: string, ...extras: string[]): Promise<void> {
  const columns = extras.map((text, n) => [`description_extra${n + 1}`, text] as const);
  const none = { description_extra1: '', description_extra2: '', description_extra3: '', description_extra4: '' };
  await insert('shop_product_texts', { product_id: productId, description, ...none, ...Object.fromEntries(columns) });
}

export async function addImages(productId: string, urls: readonly string[], variantId = '0'): Promise<void> {
  for (const [position, url] of urls.entries()) {
    await insert('shop_product_images', { product_id: productId, variant_id: variantId, position, url });
  }
}

export async function addFeatures(
  productId: string,
  features: readonly (readonly [name: string, value: string])[],
  variantId = '0',
): Promise<void> {
  for (const [position, [name, value]] of features.entries()) {
    await insert('shop_product_features', { product_id: productId, variant_id: variantId, position, name, value });
  }
}

export async function addManufacturer(name: string, imageUrl = ''): Promise<string> {
  return insert('shop_manufacturers', { name, image_url: imageUrl });
}

export async function addCategory(name: string, columns: Columns = {}): Promise<string> {
  return insert('shop_categories', { name, ...columns });
}

export async function addEntry(
  dictionary: 'shop_statuses' | 'shop_deliveries' | 'shop_payments',
  name: string,
  columns: Columns = {},
): Promise<string> {
  return insert(dictionary, { name, ...columns });
}

/** Adds one order with what belongs to it, and tells its id. */
export async function addOrder(columns: Columns = {}, parts: OrderParts = {}): Promise<string> {
  const { lines = [{}], adjustments = [], parcels = [] } = parts;
  const allLines = lines.map((line) => ({ name: 'Kubek', quantity: 1, price: '24.90', vat_rate: 23, ...line }));
  const sum =
    allLines.reduce((total, { price, quantity }) => total + cents(price) * quantity, 0) +
    adjustments.reduce((total, { amount }) => total + cents(String(amount)), 0) +
    cents(String(columns['delivery_price'] ?? '0.00'));
  const orderId = await insert('shop_orders', {
    status_id: 1,
    email: 'ala@example.test',
    user_comments: '',
    admin_comments: '',
    total: (sum / 100).toFixed(2),
    ...columns,
  });
  for (const [position, line] of allLines.entries()) {
    await insert('shop_order_lines', { order_id: orderId, position, ...line });
  }
  for (const [position, adjustment] of adjustments.entries()) {
    await insert('shop_order_adjustments', { order_id: orderId, position, vat_rate: 23, ...adjustment });
  }
  for (const parcel of parcels) await insert('shop_parcels', { order_id: orderId, ...parcel });
  return orderId;
}

/** Changes the products that have these ids. */
export async function changeProducts(ids: readonly (number | string)[], columns: Columns): Promise<void> {
  await testDatabase().db('shop_products').whereIn('id', ids).update(columns);
}

async function insert(table: string, row: Columns): Promise<string> {
  const [id] = (await testDatabase().db(table).insert(row)) as [number];
  return String(row['id'] ?? id);
}

/** Whole hundredths: small enough here for a plain number. */
function cents(amount: string): number {
  return Number(amount.replace('.', ''));
}
