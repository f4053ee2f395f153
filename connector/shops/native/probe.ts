import type { Knex } from 'knex';
import { readRows } from '../../db/connect.ts';
import type { Capability, Probe } from '../shop.ts';
import { readRights, refusedRights, type Right } from './rights.ts';

/** What a capability needs: tables to read, and rights on those it writes. */
interface Needs {
  readonly read: readonly string[];
  readonly written?: Readonly<Record<string, readonly Right[]>>;
}

const ARTICLES = ['shop_products', 'shop_variants'];
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

const NEEDS: Readonly<Record<Capability, Needs>> = {
  'read-products': { read: CATALOGUE },
  'read-orders': { read: [...DICTIONARIES, ...ORDERS] },
  'write-stock': { read: ARTICLES, written: { shop_products: ['UPDATE'], shop_variants: ['UPDATE'] } },
  'write-prices': { read: ARTICLES, written: { shop_products: ['UPDATE'], shop_variants: ['UPDATE'] } },
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
    read: [...ARTICLES, ...DICTIONARIES, ...ORDERS],
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
  const may = await readRights(db);
  const capabilities = new Set<Capability>();
  const warnings: string[] = [];
  for (const [capability, needs] of Object.entries(NEEDS) as [Capability, Needs][]) {
    const missing = needs.read.filter((table) => !seen.has(table) || !may(table, 'SELECT'));
    const refused = missing.length > 0 ? [] : refusedRights(may, needs.written ?? {});
    if (missing.length > 0) {
      warnings.push(`${capability}: not there, or not to be read by our account: ${missing.join(', ')}`);
    } else if (refused.length > 0) {
      warnings.push(`${capability}: our account lacks ${refused.join(', ')}`);
    } else capabilities.add(capability);
  }
  return { platform: 'Native shop', capabilities, tables: tablesOf(Object.values(NEEDS)), warnings };
}

function tablesOf(needs: readonly Needs[]): Probe['tables'] {
  return {
    read: [...new Set(needs.flatMap(({ read }) => read))],
    written: [...new Set(needs.flatMap(({ written = {} }) => Object.keys(written)))],
  };
}
