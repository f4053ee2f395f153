import type { UnitOfWork } from '../db/unit-of-work.ts';
import { readRows, write } from '../db/connect.ts';

/** Units of one variant that were taken for an order and not given back. */
export interface Allocation {
  readonly productId: string;
  readonly variantId: string;
  readonly quantity: number;
}

/** Every variant ever allocated to the order, those with nothing left included. The order must be locked. */
export async function allocations(unit: UnitOfWork, orderId: string): Promise<readonly Allocation[]> {
  const rows = (await readRows(unit, ALLOCATIONS_SQL, [orderId])) as [string, string, number][];
  return rows.map(([productId, variantId, quantity]) => ({ productId, variantId, quantity }));
}

/**
 * The same, when the order may have another id by now: one that was deleted in the shop and is added again holds what was
 * taken for it before.
 */
export async function transferAllocations(
  unit: UnitOfWork,
  formerId: string,
  orderId: string,
): Promise<readonly Allocation[]> {
  if (formerId !== orderId) await write(unit, TAKE_OVER_SQL, [orderId, formerId]);
  return allocations(unit, orderId);
}

const TAKE_OVER_SQL = 'UPDATE bl_booked_stock SET order_id = ? WHERE order_id = ?';
const ALLOCATIONS_SQL = 'SELECT product_id, variant_id, quantity FROM bl_booked_stock WHERE order_id = ?';

export async function saveAllocations(
  unit: UnitOfWork,
  orderId: string,
  bookings: readonly Allocation[],
): Promise<void> {
  if (bookings.length === 0) return;
  const rows = bookings.map(({ productId, variantId, quantity }) => [productId, variantId, quantity]);
  await write(unit, SAVE_SQL, [orderId, JSON.stringify(rows)]);
}

/** One statement, prepared once, for any number of rows. */
const SAVE_SQL = `
  INSERT INTO bl_booked_stock (order_id, product_id, variant_id, quantity)
  SELECT ?, j.product_id, j.variant_id, j.quantity FROM JSON_TABLE(?, '$[*]' COLUMNS (
    product_id VARCHAR(30) PATH '$[0]' ERROR ON ERROR,
    variant_id VARCHAR(30) PATH '$[1]' ERROR ON ERROR,
    quantity INT PATH '$[2]' ERROR ON ERROR
  )) AS j
  ON DUPLICATE KEY UPDATE quantity = j.quantity`;
