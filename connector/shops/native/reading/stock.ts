import type { Knex } from 'knex';
import { IdSet } from '../../../domain/id-set.ts';
import { VariantSet, type InStock } from '../../../domain/variant-set.ts';
import { readIds } from '../../read-ids.ts';
import type { Selection, ShopProfile, StockRow } from '../../../contracts/shop.ts';
import { bySlice, isOn, isShown, readSlice, shownSince, type Slice } from '../columns.ts';

/** `own` is -1 for a product that is switched off or removed: then its variants show 0 too. */
type ProductStock = readonly [id: number, own: number];
type VariantStock = readonly [productId: number, id: number, quantity: number];

export async function stock(db: Knex, profile: ShopProfile, selection: Selection): Promise<readonly StockRow[]> {
  const since = shownSince(profile);
  return bySlice(selection, productOf, async (slice) => {
    const [products, variants] = await Promise.all([
      readSlice<ProductStock>(db, slice, productsSql, since),
      readSlice<VariantStock>(db, slice, variantsSql, since),
    ]);
    return merge(products, variants);
  });
}

const productOf = ({ productId }: StockRow) => productId;

const productsSql = (on: Slice['on']) => `
  SELECT p.id, CASE WHEN ${isOn('p')} THEN GREATEST(p.quantity, 0) ELSE -1 END
  FROM shop_products p FORCE INDEX (PRIMARY) WHERE ${on('p.id')} AND ${isShown('p')} ORDER BY p.id`;

const variantsSql = (on: Slice['on']) => `
  SELECT v.product_id, v.id, CASE WHEN ${isOn('v')} THEN GREATEST(v.quantity, 0) ELSE 0 END
  FROM shop_variants v FORCE INDEX (shop_variants_product)
  WHERE ${on('v.product_id')} AND ${isShown('v')} ORDER BY v.product_id, v.id`;

/** Both lists stand by product id. Between the two queries a product may have come or gone: its variants are skipped. */
function merge(products: readonly ProductStock[], variants: readonly VariantStock[]): StockRow[] {
  const rows: StockRow[] = [];
  let next = 0;
  for (const product of products) {
    const id = product[0];
    const own = product[1];
    const productId = String(id);
    const main = { productId, variantId: '0', quantity: own > 0 ? own : 0 };
    rows.push(main);
    let variant = variants[next];
    while (variant !== undefined && variant[0] <= id) {
      if (variant[0] === id) {
        const quantity = own < 0 ? 0 : variant[2];
        rows.push({ productId, variantId: String(variant[1]), quantity });
        if (own === 0) main.quantity += quantity;
      }
      next += 1;
      variant = variants[next];
    }
  }
  return rows;
}

/** Two scans at once: products with stock of their own, and variants that have some, which their products then show. */
export async function productsInStock(db: Knex): Promise<InStock> {
  const [own, byVariant] = await Promise.all([
    readIds(db, `SELECT p.id FROM shop_products p WHERE ${isOn('p')} AND p.quantity > 0`, []),
    readIds(
      db,
      `SELECT v.product_id, v.id FROM shop_variants v JOIN shop_products p ON p.id = v.product_id
       WHERE ${isOn('v')} AND v.quantity > 0 AND ${isOn('p')}`,
      [],
    ),
  ]);
  const [products, variants] = [new IdSet(), new VariantSet()];
  for (const id of own) products.addNumber(id);
  for (let at = 0; at + 1 < byVariant.length; at += 2) {
    const [productId = 0, variantId = 0] = byVariant.subarray(at, at + 2);
    products.addNumber(productId);
    variants.addNumbers(productId, variantId);
  }
  return { products, variants };
}
