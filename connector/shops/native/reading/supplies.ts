import type { Knex } from 'knex';
import { variantKey, type VariantRef } from '../../../domain/variant-ref.ts';
import type { Supply } from '../../../domain/supply.ts';
import { grouped, idNumbers, idSlices, readSlice, type Slice } from '../columns.ts';

type SupplyRow = readonly [
  ...[productId: number, variantId: number],
  ...[wholesaler: string, code: string, codeType: string],
];

/** By product, because an order names few variants of one; the others are left out. */
export async function supplies(
  db: Knex,
  variants: readonly VariantRef[],
): Promise<ReadonlyMap<string, readonly Supply[]>> {
  const wanted = new Set(variants.map(variantKey));
  const rows: SupplyRow[] = [];
  for (const slice of idSlices(idNumbers(variants.map(({ productId }) => productId)))) {
    rows.push(...(await readSlice<SupplyRow>(db, slice, suppliesSql)));
  }
  const found = grouped(rows, keyOf);
  return new Map([...found].filter(([key]) => wanted.has(key)).map(([key, list]) => [key, list.map(toSupply)]));
}

const suppliesSql = (on: Slice['on']) => `
  SELECT product_id, variant_id, wholesaler, code, code_type
  FROM shop_product_supplies WHERE ${on('product_id')} ORDER BY id`;

function keyOf([productId, variantId]: SupplyRow): string {
  return variantKey({ productId: String(productId), variantId: String(variantId) });
}

function toSupply([, , wholesaler, code, codeType]: SupplyRow): Supply {
  return { wholesaler, code, codeType };
}
