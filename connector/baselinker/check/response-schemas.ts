/**
 * What conforms: the answer to each action as a schema. Straight from the protocol notes, sections 2.1 to 2.17; what one
 * answer says about another one (ids of a list, pages of a dump) is looked at in `calls/`.
 */
import { z } from 'zod';
import { parseMoney } from '../../domain/money.ts';
import { isMisplaced } from './polish-collation.ts';
import {
  country,
  count,
  currency,
  expected,
  fee,
  flag,
  id,
  listOf,
  mapOf,
  measure,
  money,
  openRecord,
  newId,
  orderId,
  orderNumber,
  pageOf,
  units,
  price,
  record,
  text,
  unixTime,
  url,
  vat,
} from './field-schemas.ts';

const READING = [
  'FileVersion',
  'SupportedMethods',
  'ProductsCategories',
  'ProductsList',
  'ProductsData',
  'ProductsPrices',
  'ProductsQuantity',
  'OrdersGet',
  'StatusesList',
  'DeliveryMethodsList',
  'PaymentMethodsList',
] as const;

/** These change the shop. */
const WRITING = [
  'ProductsQuantityUpdate',
  'ProductsPriceUpdate',
  'ProductAdd',
  'CategoryAdd',
  'OrderAdd',
  'OrderUpdate',
] as const;

// 2.1
export const fileVersion = record({
  platform: text.min(1, 'must not be empty'),
  version: text.min(1, 'must not be empty'),
  standard: z.literal(4, { error: expected('the number 4') }),
});

// 2.2: the one answer that is a list.
export const supportedMethods = listOf(
  z.enum([...READING, ...WRITING], { error: expected('a name of the protocol, in its spelling') }),
);

// 2.3
export const categories = mapOf(id, text.min(1, 'must not be empty')).superRefine((paths, context) => {
  let previous = '';
  for (const [category, path] of paths) {
    if (isMisplaced(previous, path)) {
      context.addIssue({
        code: 'custom',
        path: [category],
        message: `must stand before "${previous}": categories are sorted by path`,
      });
    }
    previous = path;
  }
});

// Variants are the same in lists and on cards.
const features = listOf(z.tuple([text, text], { error: expected('a pair [name, value]') }));
const images = listOf(url.min(1, 'must not be empty'));

const variant = record({
  full_name: text,
  name: text,
  price: price.optional(),
  quantity: units,
  sku: text,
  ean: text.optional(),
  images: images.optional(),
  features: features.optional(),
  weight: measure.optional(),
});

// 2.4
const listed = {
  name: text,
  quantity: units,
  price: price.optional(),
  ean: text.optional(),
  sku: text.optional(),
  location: text.optional(),
  currency: currency.optional(),
};

/** Variants stand in it when `include_variants` asked for them; no source shows their form, so they are as on a card. */
const productRow = record({ ...listed, variants: mapOf(id, variant).optional() });

export const productsList = pageOf(id, productRow);

// 2.5
const card = {
  sku: text,
  ean: text,
  name: text,
  quantity: units,
  price: price.optional(),
  currency: currency.optional(),
  tax: vat,
  weight: measure,
  height: measure.optional(),
  length: measure.optional(),
  width: measure.optional(),
  description: text,
  description_extra1: text.optional(),
  description_extra2: text.optional(),
  description_extra3: text.optional(),
  description_extra4: text.optional(),
  man_name: text,
  man_image: url.optional(),
  category_id: text,
  category_name: text,
  location: text.optional(),
  url,
  images,
  features,
  delivery_time: count.optional(),
  variants: mapOf(id.regex(/^(?!0$)/, 'is the number of the main product, not of a variant'), variant),
  model: text.optional(),
};

export const productsData = mapOf(id, openRecord(card));

/** With `only_images`. */
export const productsImages = mapOf(id, record({ images }));

/** With `fields`: exactly those of the card that were named and are known. */
export const productsFields = (wanted: readonly (keyof typeof card)[]) =>
  mapOf(id, record(Object.fromEntries(wanted.map((name) => [name, card[name]]))));

// 2.6: a variant whose price is not known is left out.
export const productsPrices = pageOf(id, mapOf(id, price).refine(...mainProductFirst('when')));

// 2.7
export const productsQuantity = pageOf(id, mapOf(id, units).refine(...mainProductFirst('always')));

function mainProductFirst(present: 'always' | 'when'): [(values: ReadonlyMap<string, unknown>) => boolean, string] {
  const isFirst = (values: ReadonlyMap<string, unknown>): boolean =>
    values.has('0') ? values.keys().next().value === '0' : present === 'when';
  return [isFirst, 'must begin with the main product, the key "0"'];
}

// 2.8, 2.9 and 2.13: the variants that were changed, the orders that now are as asked.
export const counter = record({ counter: count });

// 2.10
export const addedProduct = record({ product_id: newId });

// 2.11
export const addedCategory = record({ category_id: newId });

// 2.12
export const addedOrder = record({ order_id: orderNumber });

// 2.14
const attribute = record({ name: text, value: text, price: money });

const line = record({
  id: text,
  variant_id: text,
  name: text,
  quantity: z.int({ error: expected('a whole number of pieces, not text') }),
  price: money,
  tax: vat,
  weight: measure,
  ean: text,
  sku: text,
  location: text.optional(),
  attributes: listOf(attribute).optional(),
  extra_field: text.optional(),
});

// Open to more texts: the names of the parcel's fields are a setting, for no source is sure of them.
const order = openRecord({
  date_add: unixTime.min(1, 'must not be 0'),
  email: text,
  phone: text,
  delivery_fullname: text,
  delivery_company: text,
  delivery_address: text,
  delivery_city: text,
  delivery_postcode: text,
  delivery_state_code: text.optional(),
  delivery_country: text,
  delivery_country_code: country,
  invoice_fullname: text,
  invoice_company: text,
  invoice_nip: text,
  invoice_address: text,
  invoice_city: text,
  invoice_postcode: text,
  invoice_state_code: text.optional(),
  invoice_country: text,
  invoice_country_code: country,
  delivery_point_id: text,
  delivery_point_name: text,
  delivery_point_address: text.optional(),
  delivery_point_postcode: text.optional(),
  delivery_point_city: text.optional(),
  payment_method_id: text,
  payment_method: text,
  payment_method_cod: flag,
  payment_external_id: text.optional(),
  payment_operator: text.optional(),
  currency,
  user_comments: text,
  user_comments_long: text.optional(),
  admin_comments: text,
  status_id: text.min(1, 'must not be empty'),
  delivery_method_id: text,
  delivery_method: text,
  delivery_price: fee,
  paid: flag,
  paid_time: unixTime.optional(),
  want_invoice: flag,
  extra_field_1: text.optional(),
  extra_field_2: text.optional(),
  transaction_id: text.optional(),
  products: listOf(line),
}).refine((o) => totalOf(o) >= 0n, 'must not come to less than 0: the lines and the delivery together');

export const ordersGet = pageOf(orderId, order);

/** What the buyer pays, in hundredths. */
export function totalOf(o: {
  readonly delivery_price: string;
  readonly products: readonly { readonly price: string; readonly quantity: number }[];
}): bigint {
  return o.products.reduce<bigint>(
    (sum, { price: each, quantity }) => sum + parseMoney(each) * BigInt(quantity),
    parseMoney(o.delivery_price),
  );
}

// 2.15 to 2.17
export const dictionary = mapOf(id, text.min(1, 'must not be empty'));

/** 1.4 */
export const errorObject = record({
  error: z.literal(true, { error: expected('true') }),
  error_code: text.min(1, 'must not be empty'),
  error_text: text,
});

export type ProductRow = z.output<typeof productRow>;
export type Cards = z.output<typeof productsData>;
export type Order = z.output<typeof order>;
export type Orders = ReadonlyMap<string, Order>;
