import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { createConnection } from 'mysql2/promise';
import { connect, type ConnectOptions } from '../../connector/db/connect.ts';
import { migrate } from '../../connector/db/migrations.ts';
import { startPrivateMariadb, type PrivateMariadb } from '../../scripts/private-mariadb.ts';

/** A migrated schema, with the tables of the connector and of the native shop. */
export interface TestDatabase {
  readonly url: string;
  readonly db: Knex;
}

/** Written into every table that our migrations make; see connector/db/ddl.ts. */
export const MARK = 'baselinker-shop-connector';

const START_MS = 90_000; // preparing a data folder on a busy machine

/** What knex makes by itself for our migrations, without our mark. */
const KNEX_TABLES = /^bl_(native_shop_)?migrations(_lock)?$/;

let server: PrivateMariadb | undefined;
let current: TestDatabase | undefined;
let emptying: string | undefined;

// A program that a test starts may share its builders: it has no hooks, and is handed the database's address.
if ('before' in globalThis) {
  before('start the database', start);
  after('stop the database', stop);
}

/** One database for the whole run: a private MariaDB, or the schema that TEST_DATABASE_URL names. */
async function start(this: Mocha.Context): Promise<void> {
  this.timeout(START_MS);
  const given = process.env['TEST_DATABASE_URL'];
  if (!given) server = await startPrivateMariadb();
  const url = given || (server?.url ?? '');
  const db = connect(url);
  if (given) await refuseForeignTables(db);
  await migrate(db, { shop: 'native' });
  current = { url, db };
}

async function stop(this: Mocha.Context): Promise<void> {
  this.timeout(START_MS);
  await current?.db.destroy();
  current = undefined;
  await server?.remove();
}

/** The database of this run: it is there in every hook and test of a file that imports this one, and not before. */
export function testDatabase(): TestDatabase {
  if (!current) throw new Error('the test database runs only within hooks and tests');
  return current;
}

/** Tests delete every row: nobody's real tables may be near. */
async function refuseForeignTables(db: Knex): Promise<void> {
  const [rows] = (await db.raw(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_comment <> ?',
    [MARK],
  )) as [{ name: string }[]];
  const foreign = rows.map(({ name }) => name).filter((name) => !KNEX_TABLES.test(name));
  if (foreign.length > 0) {
    throw new Error(`TEST_DATABASE_URL must name an empty schema; this one holds ${foreign.join(', ')}`);
  }
}

/** Deletes all rows of all our tables, in one trip to the server. Ids go on counting, as they do in a shop. */
export async function emptyTables(): Promise<void> {
  const { url, db } = testDatabase();
  emptying ??= emptyingStatements(await ourTables(db));
  const connection = await createConnection({ uri: url, multipleStatements: true });
  try {
    await connection.query(emptying);
  } finally {
    connection.destroy();
  }
}

export async function ourTables(db: Knex): Promise<string[]> {
  const [rows] = (await db.raw(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_comment = ?',
    [MARK],
  )) as [{ name: string }[]];
  return rows.map(({ name }) => name);
}

/** An empty schema beside the test database, for tests that migrate or break one. */
export async function ownSchema(options: ConnectOptions = {}): Promise<TestDatabase & { drop(): Promise<void> }> {
  const { url, db } = testDatabase();
  const name = `bl_test_${randomBytes(4).toString('hex')}`;
  await db.raw('CREATE DATABASE ?? CHARACTER SET utf8mb4', [name]);
  const own = new URL(url);
  own.pathname = `/${name}`;
  const ownDb = connect(own.href, options);
  return {
    url: own.href,
    db: ownDb,
    async drop() {
      await ownDb.destroy();
      await db.raw('DROP DATABASE ??', [name]);
    },
  };
}

/** With the keys' checks off, any order is a safe one. */
function emptyingStatements(tables: readonly string[]): string {
  return ['SET foreign_key_checks = 0', ...tables.map((table) => `DELETE FROM \`${table}\``)].join('; ');
}
