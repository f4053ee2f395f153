import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { createConnection } from 'mysql2/promise';
import { connect, type ConnectOptions } from '../../connector/db/connect.ts';

/** A migrated schema, with the tables of the connector and of the native shop. */
export interface TestDatabase {
  readonly url: string;
  readonly db: Knex;
}

/** Written into every table that our migrations make; see connector/db/ddl.ts. */
export const MARK = 'baselinker-shop-connector';

let current: TestDatabase | undefined;
let emptying: string | undefined;

/** The database of this run. The root hooks start it, so it is there in every hook and test, and not before. */
export function testDatabase(): TestDatabase {
  if (!current) throw new Error('the test database runs only within hooks and tests');
  return current;
}

/** For the root hooks only. */
export function setTestDatabase(database: TestDatabase | undefined): void {
  current = database;
  emptying = undefined;
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
