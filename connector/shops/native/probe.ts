import type { Knex } from 'knex';
import { readRows } from '../../db/connect.ts';
import type { Capability, Probe } from '../../contracts/shop.ts';
import { readPrivileges, missingPrivileges, type Privilege } from '../../db/privileges.ts';

/** What a capability needs: tables to read, and rights on those it writes. */
interface RequiredTables {
  readonly read: readonly string[];
  readonly written?: Readonly<Record<string, readonly Privilege[]>>;
}

const VARIANTS = ['shop_products', 'shop_variants'];
const DICTIONARIES = ['shop_statuses', 'shop_deliveries', 'shop_payments'];
const CATALOGUE = [
  'shop_categories',
  'shop_manufacturers',
  'shop_products',
  'shop_product_texts',
  'shop_variants',
  'shop_product_images',
  'shop_product_features',
];
const ORDERS = ['shop_orders', 'shop_order_lines', 'shop_order_adjustments', 'shop_parcels'];

const REQUIRED: Readonly<Record<Capability, RequiredTables>> = {
  'read-products': { read: CATALOGUE },
  'read-orders': { read: [...DICTIONARIES, ...ORDERS] },
  'write-stock': { read: VARIANTS, written: { shop_products: ['UPDATE'], shop_variants: ['UPDATE'] } },
  'write-prices': { read: VARIANTS, written: { shop_products: ['UPDATE'], shop_variants: ['UPDATE'] } },
  'write-products': {
    read: CATALOGUE,
    written: {
      shop_categories: ['INSERT', 'UPDATE'],
      shop_manufacturers: ['INSERT', 'UPDATE'],
      shop_products: ['INSERT', 'UPDATE'],
      shop_product_texts: ['INSERT', 'UPDATE'],
      shop_product_images: ['INSERT', 'UPDATE'],
      shop_product_features: ['INSERT', 'DELETE'],
    },
  },
  'create-orders': {
    read: [...VARIANTS, ...DICTIONARIES, ...ORDERS],
    written: {
      shop_orders: ['INSERT', 'UPDATE'],
      shop_order_lines: ['INSERT', 'UPDATE', 'DELETE'],
      shop_order_adjustments: ['DELETE'],
      // Stock that an order takes.
      shop_products: ['UPDATE'],
      shop_variants: ['UPDATE'],
    },
  },
  'update-orders': {
    read: [...DICTIONARIES, ...ORDERS],
    written: {
      shop_orders: ['UPDATE'],
      // Rows that are locked need the right to change them.
      shop_order_lines: ['UPDATE'],
      shop_parcels: ['INSERT', 'UPDATE'],
    },
  },
  'read-supplies': { read: ['shop_product_supplies'] },
};

/** What our account may do with the native schema: a capability needs all of its tables, and the rights on them. */
export async function probe(db: Knex): Promise<Probe> {
  const sql = 'SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()';
  const seen = new Set((await readRows(db, sql)).map(([name]) => String(name)));
  const may = await readPrivileges(db);
  const capabilities = new Set<Capability>();
  const warnings: string[] = [];
  for (const [capability, required] of Object.entries(REQUIRED) as [Capability, RequiredTables][]) {
    const missing = required.read.filter((table) => !seen.has(table) || !may(table, 'SELECT'));
    const refused = missing.length > 0 ? [] : missingPrivileges(may, required.written ?? {});
    if (missing.length > 0) {
      warnings.push(`${capability}: not there, or not to be read by our account: ${missing.join(', ')}`);
    } else if (refused.length > 0) {
      warnings.push(`${capability}: our account lacks ${refused.join(', ')}`);
    } else capabilities.add(capability);
  }
  return { platform: 'Native shop', capabilities, tables: tablesOf(Object.values(REQUIRED)), warnings };
}

function tablesOf(required: readonly RequiredTables[]): Probe['tables'] {
  return {
    read: [...new Set(required.flatMap(({ read }) => read))],
    written: [...new Set(required.flatMap(({ written = {} }) => Object.keys(written)))],
  };
}
