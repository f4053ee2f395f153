import type { Knex } from 'knex';
import type { ProductRow, Selection, ShopProfile } from '../../../contracts/shop.ts';
import { bySlice, isOn, isShown, readSlice, shownSince, type Slice } from '../columns.ts';

/** `own` is -1 for a product that is switched off or removed. */
type ListRow = readonly [
  id: number,
  name: string,
  sku: string,
  ean: string,
  price: string | null,
  own: number,
  location: string,
];
type VariantStock = readonly [productId: number, quantity: number];

export async function products(db: Knex, profile: ShopProfile, selection: Selection): Promise<readonly ProductRow[]> {
  const since = shownSince(profile);
  return bySlice(selection, productOf, async (slice) => {
    const [rows, variants] = await Promise.all([
      readSlice<ListRow>(db, slice, productsSql, since),
      readSlice<VariantStock>(db, slice, variantsSql),
    ]);
    return merge(rows, variants);
  });
}

const productOf = ({ id }: ProductRow) => id;

const productsSql = (on: Slice['on']) => `
  SELECT p.id, p.name, p.sku, p.ean, p.price, CASE WHEN ${isOn('p')} THEN GREATEST(p.quantity, 0) ELSE -1 END, p.location
  FROM shop_products p FORCE INDEX (PRIMARY) WHERE ${on('p.id')} AND ${isShown('p')} ORDER BY p.id`;

/** A subquery a row would spare the rows that are not needed, and costs the database more than it saves. */
const variantsSql = (on: Slice['on']) => `
  SELECT v.product_id, v.quantity FROM shop_variants v FORCE INDEX (shop_variants_product)
  WHERE ${on('v.product_id')} AND ${isOn('v')} AND v.quantity > 0 ORDER BY v.product_id`;

function merge(rows: readonly ListRow[], variants: readonly VariantStock[]): ProductRow[] {
  let next = 0;
  return rows.map((row) => {
    const id = row[0];
    const own = row[5];
    let sum = 0;
    let variant = variants[next];
    while (variant !== undefined && variant[0] <= id) {
      if (variant[0] === id) sum += variant[1];
      next += 1;
      variant = variants[next];
    }
    return {
      id: String(id),
      name: row[1],
      sku: row[2],
      ean: row[3],
      price: row[4] ?? undefined,
      quantity: own < 0 ? 0 : own || sum,
      location: row[6],
    };
  });
}
