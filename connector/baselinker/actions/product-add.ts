import { addProduct } from '../../catalogue/add-product.ts';
import { ApiError } from '../../domain/api-error.ts';
import { decimal, id, money, text, integer } from '../wire/fields.ts';
import { features } from '../wire/features.ts';
import { pictures, type Pictures } from '../wire/pictures.ts';
import type { Feature } from '../../contracts/shop.ts';
import type { VatRate } from '../../domain/order.ts';
import type { NewProduct } from '../../contracts/shop-writing.ts';
import { shopAction } from './context.ts';

interface Input {
  product_id: string;
  sku: string;
  ean: string;
  name: string;
  quantity: number;
  price: string;
  tax: string;
  weight: string;
  height: string;
  length: string;
  width: string;
  description: string;
  description_extra1: string;
  description_extra2: string;
  description_extra3: string;
  description_extra4: string;
  man_name: string;
  category_id: string;
  images: Pictures;
  features: Feature[];
}

const MAX_TEXT = 1_000_000;
/** Codes are never cut: a shortened one would be another product's. */
const MAX_SKU = 64;
const MAX_EAN = 32;
const DESCRIPTIONS = [
  'description',
  'description_extra1',
  'description_extra2',
  'description_extra3',
  'description_extra4',
] as const;

export const productAdd = shopAction<Input>({
  name: 'ProductAdd',
  input: [
    id('product_id'),
    text('sku', MAX_SKU),
    text('ean', MAX_EAN),
    text('name', MAX_TEXT),
    integer('quantity'),
    money('price'),
    decimal('tax'),
    decimal('weight'),
    decimal('height'),
    decimal('length'),
    decimal('width'),
    ...DESCRIPTIONS.map((name) => text(name, MAX_TEXT)),
    text('man_name'),
    id('category_id'),
    pictures('images'),
    features('features'),
  ],
  async run(input, { useCases, by }) {
    const productId = input.product_id === '0' ? undefined : input.product_id;
    if (productId === undefined && !input.sku && !input.name) {
      throw new ApiError('invalid_parameter', 'name is missing: a new product needs a name or a sku');
    }
    const requested = { productId, product: toProduct(input) };
    const id = await addProduct(useCases, requested, by('ProductAdd'));
    const embedded = input.images?.embedded ?? 0;
    if (embedded > 0)
      useCases.log.warn('pictures left out', { productId: id, reason: 'sent as data:', count: embedded });
    return { product_id: id };
  },
});

/** Only what was sent: the rest of an existing card stays as it is. */
function toProduct(input: Partial<Input>): NewProduct {
  const { sku, ean, name, quantity, price, tax, weight, height, length, width, man_name, category_id } = input;
  return {
    ...(sku !== undefined && { sku }),
    ...(ean !== undefined && { ean }),
    ...(name !== undefined && { name }),
    ...(quantity !== undefined && { quantity }),
    ...(price !== undefined && { price }),
    ...(tax !== undefined && { vat: vatOf(tax) }),
    ...(weight !== undefined && { weight: Number(weight) }),
    ...(height !== undefined && { height: Number(height) }),
    ...(length !== undefined && { length: Number(length) }),
    ...(width !== undefined && { width: Number(width) }),
    ...(man_name !== undefined && { manufacturer: man_name }),
    ...(category_id !== undefined && { categoryId: category_id }),
    ...(input.images && { images: input.images.addresses }),
    ...(input.features && { features: input.features }),
    descriptions: DESCRIPTIONS.map((field) => input[field]),
  };
}

/** The sister API writes -1 for exempt, and other numbers below 0 for kinds of "not taxed" (2.5). */
function vatOf(tax: string): VatRate {
  const percent = Number(tax);
  if (percent > 100) throw new ApiError('invalid_parameter', 'tax must be a percentage');
  return percent < 0 ? 'exempt' : percent;
}
