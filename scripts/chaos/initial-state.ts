import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { variantKey, type VariantRef } from '../../connector/domain/variant-ref.ts';
import type { ExpectedState, OwnVariant } from './expected-state.ts';

const SHARED_VARIANTS = 12;
const OWN_PER_CLIENT = 2;

interface VariantRow {
  readonly product_id: number;
  readonly variant_id: number;
  readonly quantity: number;
  readonly is_there: number;
}

/** The variants: few that everybody orders and changes, some that one client sets, the rest for nobody. */
export async function initialState(databaseUrl: string, clients: number): Promise<ExpectedState> {
  const connection = await createConnection(databaseUrl);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT id AS product_id, 0 AS variant_id, quantity, removed_at IS NULL AS is_there FROM shop_products
       UNION ALL SELECT v.product_id, v.id, v.quantity, v.removed_at IS NULL AND p.removed_at IS NULL
         FROM shop_variants v JOIN shop_products p ON p.id = v.product_id ORDER BY 2 > 0, 1, 2`,
    );
    const stock = (rows as VariantRow[]).map((row) => ({
      variant: { productId: String(row.product_id), variantId: String(row.variant_id) },
      quantity: row.quantity,
      isThere: row.is_there === 1,
    }));
    // What was removed is free text to an order, and its stock must stay as it is.
    const there = stock.filter(({ isThere }) => isThere).map(({ variant }) => variant);
    const products = there.filter(({ variantId }) => variantId === '0');
    const variants = there.filter(({ variantId }) => variantId !== '0');
    const half = SHARED_VARIANTS / 2;
    const owned: readonly VariantRef[] = products.slice(half, half + clients * OWN_PER_CLIENT);
    return {
      start: new Map(stock.map(({ variant, quantity }) => [variantKey(variant), quantity])),
      shared: [...products.slice(0, half), ...variants.slice(0, half)],
      own: owned.map((variant): OwnVariant => ({ ...variant, quantity: undefined, restsUntil: 0 })),
      orders: [],
      changes: [],
    };
  } finally {
    connection.destroy();
  }
}
