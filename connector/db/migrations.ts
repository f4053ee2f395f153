import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Knex } from 'knex';
import { withOneConnection } from './connect.ts';

/** One folder of migrations and the table that remembers which of them have run. */
interface MigrationSet {
  readonly folder: 'connector' | 'native-shop';
  /** Never renamed: it holds what every installation has run. */
  readonly table: string;
}

const CONNECTOR: MigrationSet = { folder: 'connector', table: 'bl_migrations' };
const NATIVE_SHOP: MigrationSet = { folder: 'native-shop', table: 'bl_native_shop_migrations' };

/** The same two steps up from the source and from the build, which both hold migrations/ beside connector/. */
const ROOT = join(import.meta.dirname, '..', '..', 'migrations');

/** A second process that starts meanwhile waits this long for the first one's migrations. */
const WAIT_FOR_OTHERS_SECONDS = 300;

interface MigrationFile {
  readonly file: string;
}

/**
 * Creates or updates our tables, and the native shop's where that is the shop. Returns the names of what ran. `version`
 * is ours; it is stored beside the tables, so that an older program can name the newer one in its error.
 */
export async function migrate(
  db: Knex,
  { shop, version }: { shop: string; version?: string },
): Promise<readonly string[]> {
  return alone(db, async (one) => {
    const ran: string[] = [];
    await refuseNewerTables(one, setsOf(shop), version);
    for (const set of setsOf(shop)) {
      await clearStaleLock(one, set);
      const [, names] = (await one.migrate.latest(migrationConfig(set.folder))) as [number, string[]];
      ran.push(...names.map((name) => `${set.folder}/${name}`));
    }
    if (ran.length > 0 && version !== undefined) await writeVersion(one, version);
    return ran;
  });
}

/** Takes every migration back, and with it everything that our tables hold. Meant for tests. */
export async function rollback(db: Knex, { shop }: { shop: string }): Promise<void> {
  await alone(db, async (one) => {
    for (const set of setsOf(shop).toReversed()) {
      await clearStaleLock(one, set);
      await one.migrate.rollback(migrationConfig(set.folder), true);
    }
  });
}

/** The migrations that have not run yet. Only reads, so it works for an account that cannot create tables. */
export async function pendingMigrations(db: Knex, { shop }: { shop: string }): Promise<readonly string[]> {
  const pending: string[] = [];
  for (const set of setsOf(shop)) {
    const ran = await namesThatRan(db, set);
    const known = (await migrationFiles(set.folder)).map(nameOf);
    pending.push(...known.filter((name) => !ran.has(name)).map((name) => `${set.folder}/${name}`));
  }
  return pending;
}

/**
 * Queries the table itself: the server's list of tables does not distinguish a missing table from one that the account
 * may not see, and the error of a query does, as far as the account has any privilege in the schema.
 */
async function namesThatRan(db: Knex, { table }: MigrationSet): Promise<ReadonlySet<string>> {
  try {
    return new Set(await db.from(table).pluck<string[]>('name'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ER_NO_SUCH_TABLE') return new Set();
    if (code !== 'ER_TABLEACCESS_DENIED_ERROR' && code !== 'ER_COLUMNACCESS_DENIED_ERROR') throw error;
    const advice = 'see the GRANT statements in docs/database.md';
    throw new Error(`the account may not read ${table}: ${advice}`, { cause: error });
  }
}

/** knex would call its folder corrupt. */
async function refuseNewerTables(one: Knex, sets: readonly MigrationSet[], version?: string): Promise<void> {
  const unknown: string[] = [];
  for (const set of sets) {
    const known = new Set((await migrationFiles(set.folder)).map(nameOf));
    const ran = await namesThatRan(one, set);
    unknown.push(...[...ran].filter((name) => !known.has(name)).map((name) => `${set.folder}/${name}`));
  }
  if (unknown.length === 0) return;
  const needed = await writtenVersion(one);
  const [maker, advice] =
    needed === undefined || needed === version
      ? ['a newer version', 'the version that made them, or a newer one']
      : [`version ${needed}`, `version ${needed} or newer`];
  const ours = version ?? 'an older one';
  throw new Error(
    `the tables were made by ${maker} of the connector (${unknown.join(', ')}), and this is ${ours}: use ${advice}`,
  );
}

const MADE_BY = 'made by version ';

/** In the table's comment, where whoever looks at the tables reads it as well. */
async function writeVersion(one: Knex, version: string): Promise<void> {
  await one.raw(`ALTER TABLE ${CONNECTOR.table} COMMENT = ?`, [MADE_BY + version]);
}

async function writtenVersion(one: Knex): Promise<string | undefined> {
  const sql = `SELECT table_comment AS comment FROM information_schema.tables
    WHERE table_schema = DATABASE() AND table_name = ?`;
  const [rows] = (await one.raw(sql, [CONNECTOR.table])) as [{ comment: string }[]];
  const comment = rows[0]?.comment ?? '';
  return comment.startsWith(MADE_BY) ? comment.slice(MADE_BY.length) : undefined;
}

/** For knex, here and in knexfile.ts. */
export function migrationConfig(folder: MigrationSet['folder']): Knex.MigratorConfig {
  return {
    tableName: folder === 'connector' ? CONNECTOR.table : NATIVE_SHOP.table,
    migrationSource: {
      getMigrations: () => migrationFiles(folder),
      // Without the extension, or knex takes the build's files for others than the source's.
      getMigrationName: nameOf,
      getMigration: async ({ file }) => (await import(pathToFileURL(join(ROOT, folder, file)).href)) as Knex.Migration,
    } satisfies Knex.MigrationSource<MigrationFile>,
    // Neither server takes DDL back: a transaction around it would only promise what it cannot keep.
    disableTransactions: true,
  };
}

function setsOf(shop: string): MigrationSet[] {
  return shop === 'native' ? [CONNECTOR, NATIVE_SHOP] : [CONNECTOR];
}

async function migrationFiles(folder: string): Promise<MigrationFile[]> {
  const files = await readdir(join(ROOT, folder));
  // An object, as `migrate:status` of knex's own command line prints its property `file`.
  return files
    .filter((file) => /^\d.*(?<!\.d)\.(ts|js)$/.test(file))
    .sort()
    .map((file) => ({ file }));
}

function nameOf({ file }: MigrationFile): string {
  return parse(file).name;
}

/**
 * Runs the work while no other process migrates the same schema. knex's own lock is a row in a table, which a killed
 * process leaves set; the server's lock goes with the connection that took it, so all the work is done on that one.
 */
async function alone<T>(db: Knex, work: (one: Knex) => Promise<T>): Promise<T> {
  return withOneConnection(db, async (one) => {
    // Locks are global to the server; a name holds at most 64 characters. Newer MySQL has no SHA1 of its own.
    const name = "CONCAT('bl_migrations.', LEFT(SHA2(DATABASE(), 256), 40))";
    const [rows] = (await one.raw(`SELECT GET_LOCK(${name}, ?) AS taken`, [WAIT_FOR_OTHERS_SECONDS])) as [
      { taken: number | null }[],
    ];
    if (rows[0]?.taken !== 1) {
      throw new Error(`another process has been migrating this schema for over ${WAIT_FOR_OTHERS_SECONDS} seconds`);
    }
    return work(one);
  });
}

/** Called with the server's lock in hand: if knex's is set, whoever set it is gone. */
async function clearStaleLock(one: Knex, { folder, table }: MigrationSet): Promise<void> {
  const lock = `${table}_lock`;
  if (!(await one.schema.hasTable(lock))) return;
  const locked = (await one.from(lock).where('is_locked', 1).first<{ is_locked: number } | undefined>()) !== undefined;
  if (locked) await one.migrate.forceFreeMigrationsLock(migrationConfig(folder));
}
