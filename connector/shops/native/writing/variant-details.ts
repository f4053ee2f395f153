import { variantKey } from '../../../domain/variant-ref.ts';
import type { VariantDetails, VariantRef, UnitOfWork } from '../../../contracts/shop-writing.ts';
import { variantNumbers } from './variant-rows.ts';
import { idSlices, readSlice, type Slice, vatRate } from '../columns.ts';

type VariantRow = readonly [
  productId: number,
  variantId: number,
  name: string,
  variantName: string,
  sku: string,
  ean: string,
  vat: string | null,
  weight: string,
  location: string,
  hasVariants: number,
  stock?: number,
];

/**
 * Variants in the order requested, each once. Those that are switched off are still sold: the order is there already.
 * To be sold, products are locked by id, before any variant, as `changeVariants` would; a lock on variants would lock
 * the products of this join, too, so they are left to it.
 */
export async function variantDetails(
  unit: UnitOfWork,
  ids: readonly VariantRef[],
  toBeSold = false,
): Promise<VariantDetails[]> {
  const wanted = ids.flatMap((id) => [variantNumbers(id)].filter((numbers) => numbers !== undefined));
  const found = new Map<string, VariantDetails>();
  const products = new Set(wanted.filter(([, variant]) => variant === 0).map(([product]) => product));
  const variants = new Set(wanted.filter(([, variant]) => variant !== 0).map(([, variant]) => variant));
  for (const [numbers, sql] of [
    [products, toBeSold ? productsToBeSoldSql : productsSql] as const,
    [variants, variantsSql] as const,
  ]) {
    for (const slice of idSlices([...numbers].sort((a, b) => a - b))) {
      for (const row of await readSlice<VariantRow>(unit, slice, sql)) {
        const details = toVariantDetails(row);
        found.set(variantKey(details), details);
      }
    }
  }
  return [...new Set(ids.map(variantKey))].flatMap((key) => found.get(key) ?? []);
}

/** Read without a lock, also where the products are locked. */
const HAS_VARIANTS = `EXISTS (SELECT 1 FROM shop_variants v
  WHERE v.product_id = shop_products.id AND v.removed_at IS NULL)`;

const productsSql = (on: Slice['on']) => `
  SELECT id, 0, name, '', sku, ean, vat_rate, weight, location, ${HAS_VARIANTS}
  FROM shop_products WHERE ${on('id')} AND removed_at IS NULL`;

const productsToBeSoldSql = (on: Slice['on']) => `
  SELECT id, 0, name, '', sku, ean, vat_rate, weight, location, ${HAS_VARIANTS}, quantity
  FROM shop_products FORCE INDEX (PRIMARY) WHERE ${on('id')} AND removed_at IS NULL ORDER BY id FOR UPDATE`;

/** A variant's codes are its own, empty or not: those of the product are another variant's. */
const variantsSql = (on: Slice['on']) => `
  SELECT v.product_id, v.id, p.name, v.name, v.sku, v.ean, p.vat_rate, COALESCE(v.weight, p.weight), p.location, 0
  FROM shop_variants v JOIN shop_products p ON p.id = v.product_id
  WHERE ${on('v.id')} AND v.removed_at IS NULL AND p.removed_at IS NULL`;

function toVariantDetails(row: VariantRow): VariantDetails {
  const [product, variant, name, variantName, sku, ean, vat, weight, location, hasVariants, stock] = row;
  return {
    productId: String(product),
    variantId: String(variant),
    name: variantName === '' ? name : `${name} ${variantName}`,
    sku,
    ean,
    vat: vatRate(vat),
    weight: Number(weight),
    location,
    hasVariants: hasVariants === 1,
    stock,
  };
}
