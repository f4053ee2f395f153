/** npm run seed -- --products N --orders M: fills the native shop with a made-up one. */

import { Command, InvalidArgumentError } from 'commander';
import type { Knex } from 'knex';
import { loadDatabaseConfig, loadEnvironment } from '../../config/index.ts';
import { connect } from '../../connector/db/connect.ts';
import { setupAdvice, describeStartupError } from '../../connector/db/startup-error.ts';
import { endsWhenMisused, failureCode } from '../../connector/lib/usage.ts';
import { seedShop, SeedRefused, type SeedSummary } from './shop.ts';

const command = new Command('seed')
  .description('Fills an empty native shop with a made-up one. Nothing that is there is changed or deleted.')
  .option('--products <number>', 'how many products', whole, 1000)
  .option('--orders <number>', 'how many orders', whole, 300)
  .option('--seed <number>', 'another number makes another shop', whole, 1)
  .option(
    '--now <time>',
    'the time from which the orders are seen, such as 2026-01-04T09:00:00Z; default: now',
    instant,
  )
  .action(async (options: { products: number; orders: number; seed: number; now?: Date }) => {
    const { databaseUrl } = loadDatabaseConfig(loadEnvironment());
    const started = performance.now();
    // No timeout limit: a slow disk is no reason to stop half-way.
    const db = connect(databaseUrl, { timeoutMs: 0 });
    try {
      const latest = earlier(new Date(), await databaseTime(db));
      if (options.now && options.now > latest) {
        throw new SeedRefused('--now lies in the future, and so would the change times of orders');
      }
      const summary = await seedShop(db, { ...options, now: options.now ?? latest });
      console.log(report(summary, performance.now() - started));
    } catch (error) {
      if (error instanceof SeedRefused) throw error;
      throw new Error(describeStartupError(error, databaseUrl, setupAdvice('npm run seed')), { cause: error });
    } finally {
      await db.destroy();
    }
  });

try {
  await endsWhenMisused(command).parseAsync();
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(error instanceof SeedRefused ? `Nothing was written: ${reason}.` : reason);
  process.exitCode = failureCode(error);
}

function report({ products, orders, rows }: SeedSummary, tookMs: number): string {
  const tables = [...rows].map(([table, count]) => `  ${table.padEnd(24)}${String(count).padStart(9)}`);
  return [`${products} products and ${orders} orders in ${(tookMs / 1000).toFixed(1)} s:`, ...tables].join('\n');
}

/** The clock that the shop's change times go by. */
async function databaseTime(db: Knex): Promise<Date> {
  const [[row]] = (await db.raw('SELECT UTC_TIMESTAMP(3) AS now')) as [[{ now: Date }]];
  return row.now;
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is wanted.');
  return Number(text);
}

function instant(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new InvalidArgumentError('a time such as 2027-01-04T09:00:00Z is wanted.');
  return at;
}
