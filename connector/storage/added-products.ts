import type { UnitOfWork } from '../db/unit-of-work.ts';

/**
 * Takes a SKU for this unit of work, so that two calls that add the same product come one after the other, and the
 * second finds what the first has made.
 */
export async function claimSku(unit: UnitOfWork, connection: string, sku: string): Promise<void> {
  await unit.raw(
    `INSERT INTO bl_added_products (connection, sku) VALUES (?, ?)
     ON DUPLICATE KEY UPDATE connection = bl_added_products.connection`,
    [connection, sku],
  );
}
