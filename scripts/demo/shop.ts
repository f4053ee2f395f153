import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { checkServer, connect } from '../../connector/db/connect.ts';
import { migrate } from '../../connector/db/migrations.ts';
import { startPrivateMariadb } from '../private-mariadb.ts';
import { seedShop } from '../seed/shop.ts';
import { DemoError } from './demo-error.ts';
import { digest, type Home, type State } from './state.ts';

/** Enough for two pages of every dump. */
const PRODUCTS = 1200;
const ORDERS = 300;

/** A variant that lies at a wholesaler. */
export interface SuppliedVariant {
  readonly productId: string;
  readonly variantId: string;
  readonly name: string;
  /** Its code there. */
  readonly code: string;
}

/** The demo's shop in its database. */
export interface DemoShop {
  readonly databaseUrl: string;
  readonly supplied: readonly SuppliedVariant[];
  readonly state: State & { readonly seededAt: string };
  /** True when it was there already. */
  readonly isOld: boolean;
  close(): Promise<void>;
}

/** Starts the database, unless one is given, and fills the shop, unless an earlier start has done so. */
export async function openShop(home: Home, given: string | undefined, now: Date): Promise<DemoShop> {
  const state = await home.load();
  const name = given === undefined ? 'private' : digest(given);
  const seededAt = state.database === name ? state.seededAt : undefined;
  const { url, close } =
    given === undefined ? await ownDatabase(home, seededAt !== undefined) : { url: given, close: nothing };
  try {
    const kept = { key: state.key, database: name, seededAt: seededAt ?? now.toISOString() };
    const supplied = await withDatabase(url, async (db) => {
      if (given !== undefined && seededAt === undefined) await refuseUnlessEmpty(db);
      await home.save({ key: state.key, database: name, ...(seededAt !== undefined && { seededAt }) });
      await migrate(db, { shop: 'native' });
      if (seededAt === undefined) await seedShop(db, { products: PRODUCTS, orders: ORDERS, now });
      return suppliedVariants(db);
    });
    await home.save(kept);
    return { databaseUrl: url, supplied, state: kept, isOld: seededAt !== undefined, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const nothing = (): Promise<void> => Promise.resolve();

/** Data of a start that was cut short cannot be trusted: it is made anew. */
async function ownDatabase(home: Home, isFilled: boolean): Promise<{ url: string; close: () => Promise<void> }> {
  const directory = join(home.directory, 'mariadb');
  if (!isFilled) await rm(directory, { recursive: true, force: true });
  const server = await startPrivateMariadb({ directory, durable: true });
  return { url: server.url, close: () => server.stop() };
}

async function suppliedVariants(db: Knex): Promise<SuppliedVariant[]> {
  const rows = await db('shop_product_supplies as s')
    .join('shop_products as p', 'p.id', 's.product_id')
    .select<{ productId: number; variantId: number; name: string; code: string }[]>({
      ...{ productId: 's.product_id', variantId: 's.variant_id', name: 'p.name', code: 's.code' },
    });
  return rows.map(({ productId, variantId, ...rest }) => ({
    ...rest,
    productId: String(productId),
    variantId: String(variantId),
  }));
}

async function withDatabase<T>(url: string, work: (db: Knex) => Promise<T>): Promise<T> {
  const db = connect(url);
  try {
    await checkServer(db).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DemoError(`The database does not let the demo in (${reason}). Is DATABASE_URL right?`, {
        cause: error,
      });
    });
    return await work(db);
  } finally {
    await db.destroy();
  }
}

async function refuseUnlessEmpty(db: Knex): Promise<void> {
  const table = await db('information_schema.tables')
    .where('table_schema', db.raw('DATABASE()'))
    .first<{ table_name: string } | undefined>({ table_name: 'table_name' });
  if (table) {
    throw new DemoError(
      `The database in DATABASE_URL already holds tables (${table.table_name}). The demo fills its own shop, so it ` +
        'needs an empty database. Without DATABASE_URL it starts one by itself.',
    );
  }
}
