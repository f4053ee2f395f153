import type { DictionaryKind } from '../../connector/contracts/shop.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import type { OrderFixture, ProductFixture, ShopFixtures, StoredProduct, VariantFixture } from './shop-fixtures.ts';

const DICTIONARIES: Readonly<Record<DictionaryKind, string>> = {
  statuses: 'shop_statuses',
  deliveries: 'shop_deliveries',
  payments: 'shop_payments',
};
const LONG_AGO = new Date('2020-01-01T00:00:00Z');

/** Puts a shop into the native tables. */
export const nativeFixtures: ShopFixtures = {
  empty: emptyTables,
  async category({ name, parentId, active = true }) {
    return String(await insert('shop_categories', { name, parent_id: parentId ?? 0, active }));
  },
  async entry(kind, { name, position = 0, retired = false }) {
    const retired_at = retired ? LONG_AGO : null;
    return String(await insert(DICTIONARIES[kind], { name, position, retired_at }));
  },
  product,
  async plainProducts(count) {
    const first = await insert(
      'shop_products',
      Array.from({ length: count }, (_, n) => ({ name: `Kubek ${n}`, price: '10.00', quantity: 5 })),
    );
    return Array.from({ length: count }, (_, n) => String(first + n));
  },
  async changeProduct(id, { removedAt, ...changes }) {
    await testDatabase()
      .db('shop_products')
      .where({ id })
      .update({ ...changes, ...(removedAt && { removed_at: removedAt }) });
  },
  order,
};

/** The first new id: one statement numbers its rows one after the other. */
async function insert(table: string, rows: object | readonly object[]): Promise<number> {
  const [id = 0] = await testDatabase().db<object>(table).insert(rows);
  return id;
}

async function product(fixture: ProductFixture = {}): Promise<StoredProduct> {
  const { removedAt, categoryId, manufacturer, descriptions, images, features, variants = [], ...columns } = fixture;
  const { vat, ...plain } = { name: 'Kubek', price: '10.00', quantity: 5, vat: '23.00', ...columns };
  const id = await insert('shop_products', {
    ...plain,
    price: plain.price ?? null,
    vat_rate: vat ?? null,
    category_id: categoryId ?? 0,
    removed_at: removedAt ?? null,
    manufacturer_id: manufacturer === undefined ? null : await insert('shop_manufacturers', { name: manufacturer }),
  });
  if (descriptions) await insert('shop_product_texts', texts(id, descriptions));
  await attach(id, 0, { images, features });
  const variantIds: string[] = [];
  for (const fixtureOfVariant of variants) variantIds.push(await variant(id, fixtureOfVariant));
  return { id: String(id), variantIds };
}

function texts(product_id: number, [description = '', ...extra]: readonly string[]): object {
  const [description_extra1 = '', description_extra2 = '', description_extra3 = '', description_extra4 = ''] = extra;
  return { product_id, description, description_extra1, description_extra2, description_extra3, description_extra4 };
}

async function variant(product_id: number, fixture: VariantFixture): Promise<string> {
  const { removedAt, images, features, price, weight, ...columns } = fixture;
  const id = await insert('shop_variants', {
    name: 'biały',
    quantity: 3,
    ...columns,
    product_id,
    price: price ?? null,
    weight: weight ?? null,
    removed_at: removedAt ?? null,
  });
  await attach(product_id, id, { images, features });
  return String(id);
}

interface Attachments {
  images: readonly string[] | undefined;
  features: readonly (readonly [string, string])[] | undefined;
}

async function attach(product_id: number, variant_id: number, { images = [], features = [] }: Attachments) {
  const of = { product_id, variant_id };
  for (const [position, url] of images.entries()) await insert('shop_product_images', { ...of, position, url });
  for (const [position, [name, value]] of features.entries()) {
    await insert('shop_product_features', { ...of, position, name, value });
  }
}

async function order(fixture: OrderFixture = {}): Promise<string> {
  const { lines = [], adjustments = [], parcels = [] } = fixture;
  const order_id = await insert('shop_orders', {
    number: fixture.number ?? '',
    source: fixture.bornIn ?? 'shop',
    is_draft: fixture.draft ?? false,
    status_id: 1,
    email: fixture.email ?? '',
    total: fixture.total ?? '0.00',
    paid_amount: fixture.paidAmount ?? '0.00',
    paid_at: fixture.paidAt ?? null,
    cash_on_delivery: fixture.cashOnDelivery ?? false,
    user_comments: '',
    admin_comments: '',
    created_at: fixture.placedAt ?? LONG_AGO,
  });
  for (const [position, line] of lines.entries()) {
    const { productId, variantId, name = 'Kubek', quantity = 1, price = '10.00', vat, attributes } = line;
    await insert('shop_order_lines', {
      ...{ order_id, position, name, quantity, price },
      product_id: productId ?? null,
      variant_id: variantId ?? 0,
      vat_rate: vat ?? null,
      attributes: attributes ?? null,
    });
  }
  for (const [position, { vat, ...adjustment }] of adjustments.entries()) {
    await insert('shop_order_adjustments', { ...adjustment, order_id, position, vat_rate: vat ?? null });
  }
  for (const { carrier, trackingNumber } of parcels) {
    await insert('shop_parcels', { order_id, carrier, tracking_number: trackingNumber });
  }
  return String(order_id);
}
