import type { Call } from './writes.ts';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkServer, connect } from '../connector/db/connect.ts';
import { migrate } from '../connector/db/migrations.ts';
import { startPrivateMariadb, type PrivateMariadb } from '../scripts/private-mariadb.ts';
import { seedShop } from '../scripts/seed/shop.ts';
import { callsFor, PAGE_SIZE } from './requests.ts';

export interface BenchShop {
  readonly products: number;
  readonly orders: number;
  /** Of each dump. */
  readonly pages: number;
  readonly url: string;
  readonly database: string;
  readonly calls: readonly Call[];
  close(): Promise<void>;
}

const MAX_ORDERS = 100_000;

/** A made-up shop of this size on a database of its own, with durable commits. It is filled once, and kept. */
export async function openShop(directory: string, products: number): Promise<BenchShop> {
  const home = join(directory, `shop-${products}`);
  const filled = join(home, 'filled');
  // One that was not filled to its end is begun anew.
  if (!existsSync(filled)) await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  const server = await startPrivateMariadb({ directory: join(home, 'mariadb'), durable: true });
  try {
    return await prepare(server, filled, products);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function prepare(server: PrivateMariadb, filled: string, products: number): Promise<BenchShop> {
  const orders = Math.min(products, MAX_ORDERS);
  const db = connect(server.url, { timeoutMs: 0 });
  try {
    const version = await checkServer(db);
    await migrate(db, { shop: 'native' });
    if (!existsSync(filled)) {
      await seedShop(db, { products, orders, now: new Date() });
      await writeFile(filled, '');
    }
    // Products that were removed long ago are not shown; all are to be, so that the last page is as long as the first.
    await db('shop_products').whereNotNull('removed_at').update({ removed_at: new Date() });
    const database = `${version.product} ${version.text}`;
    const pages = Math.max(1, Math.ceil(products / PAGE_SIZE));
    const calls = await callsFor(db, pages);
    return { products, orders, pages, url: server.url, database, calls, close: () => server.stop() };
  } finally {
    await db.destroy();
  }
}
