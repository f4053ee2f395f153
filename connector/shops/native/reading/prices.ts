import type { Knex } from 'knex';
import type { PriceRow, Selection, ShopProfile } from '../../../contracts/shop.ts';
import { bySlice, isShown, readSlice, shownSince, type Slice } from '../columns.ts';

type ProductPrice = readonly [id: number, price: string | null];
type VariantPrice = readonly [productId: number, id: number, price: string | null];

export async function prices(db: Knex, profile: ShopProfile, selection: Selection): Promise<readonly PriceRow[]> {
  const since = shownSince(profile);
  return bySlice(selection, productOf, async (slice) => {
    const [products, variants] = await Promise.all([
      readSlice<ProductPrice>(db, slice, productsSql, since),
      readSlice<VariantPrice>(db, slice, variantsSql, since),
    ]);
    return merge(products, variants);
  });
}

const productOf = ({ productId }: PriceRow) => productId;

const productsSql = (on: Slice['on']) => `
  SELECT p.id, p.price FROM shop_products p FORCE INDEX (PRIMARY)
  WHERE ${on('p.id')} AND ${isShown('p')} ORDER BY p.id`;

const variantsSql = (on: Slice['on']) => `
  SELECT v.product_id, v.id, v.price FROM shop_variants v FORCE INDEX (shop_variants_product)
  WHERE ${on('v.product_id')} AND ${isShown('v')} ORDER BY v.product_id, v.id`;

/** As in a stock dump; a variant without a price of its own has the product's. */
function merge(products: readonly ProductPrice[], variants: readonly VariantPrice[]): PriceRow[] {
  const rows: PriceRow[] = [];
  let next = 0;
  for (const product of products) {
    const id = product[0];
    const price = product[1] ?? undefined;
    const productId = String(id);
    rows.push({ productId, variantId: '0', price });
    let variant = variants[next];
    while (variant !== undefined && variant[0] <= id) {
      if (variant[0] === id) rows.push({ productId, variantId: String(variant[1]), price: variant[2] ?? price });
      next += 1;
      variant = variants[next];
    }
  }
  return rows;
}
