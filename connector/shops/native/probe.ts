import type { Knex } from 'knex';
import { readRows } from '../../db/connect.ts';
import type { Capability, Probe } from '../shop.ts';

const TABLES_READ: Readonly<Partial<Record<Capability, readonly string[]>>> = {
  'read-products': [
    'shop_categories',
    'shop_manufacturers',
    'shop_products',
    'shop_product_texts',
    'shop_variants',
    'shop_product_images',
    'shop_product_features',
  ],
  'read-orders': [
    'shop_statuses',
    'shop_deliveries',
    'shop_payments',
    'shop_orders',
    'shop_order_lines',
    'shop_order_adjustments',
    'shop_parcels',
  ],
};

/** What our account may see of the native schema: a capability needs all of its tables. */
export async function probe(db: Knex): Promise<Probe> {
  const sql = 'SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()';
  const seen = new Set((await readRows(db, sql)).map(([name]) => String(name)));
  const capabilities = new Set<Capability>();
  const warnings: string[] = [];
  for (const [capability, tables] of Object.entries(TABLES_READ) as [Capability, readonly string[]][]) {
    const missing = tables.filter((table) => !seen.has(table));
    if (missing.length === 0) capabilities.add(capability);
    else warnings.push(`${capability}: not there, or not to be read by our account: ${missing.join(', ')}`);
  }
  return {
    platform: 'Native shop',
    capabilities,
    tables: { read: Object.values(TABLES_READ).flat(), written: [] },
    warnings,
  };
}
