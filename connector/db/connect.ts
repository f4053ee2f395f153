import knex, { type Knex } from 'knex';
import { readDatabaseUrl } from './database-url.ts';
import { isFatal, isGoingAway, isWrongServer } from './driver-errors.ts';
import { openLine, tlsOptions } from './line.ts';
import { onceMore, renewTogether, wrote } from './renewal.ts';
import { sessionStatements } from './session.ts';
import { refuseStatementLog, supportedVersion, type ServerVersion } from './server-version.ts';
import {
  poolOf,
  setUnitPool,
  type DriverConnection,
  type HeldConnection,
  type Queryable,
  type SqlValue,
  type UnitOfWork,
} from './unit-of-work.ts';

export { isConnectionError, isDuplicate, isQueryError } from './driver-errors.ts';
export type { Queryable, SqlValue } from './unit-of-work.ts';

/** Receives the driver's own messages; a winston logger fits. */
export interface ConnectionLog {
  warn(message: string, fields?: object): unknown;
  debug(message: string, fields?: object): unknown;
}

export interface ConnectOptions {
  readonly log?: ConnectionLog;
  /** Of each of the two pools. */
  readonly poolSize?: number;
  /** How long the server may be silent about a statement, in milliseconds; 0 = as long as it likes. */
  readonly timeoutMs?: number;
}

const POOL_SIZE = 8; // four to eight connections are the fastest; more gain nothing
const TIMEOUT_MS = 30_000; // longer than any page takes, shorter than a caller waits
const IDLE_MS = 20_000;
const WAIT_FOR_CONNECTION_MS = 4000;
const CONNECT_MS = 3500; // less than the wait for a connection, so that its error is the one that is reported
const STATEMENTS_PER_CONNECTION = 200; // times the pool far below the servers' 16,382

const urls = new WeakMap<Knex, string>();

/**
 * Opens a pool for statements that stand alone, and beside it one of the same size for units of work, which is
 * destroyed with it; nothing connects before the first query. Every connection uses UTC, UTF-8 and our SQL mode, is
 * READ COMMITTED, and fails when the server falls silent, so that nothing waits for ever.
 */
export function connect(databaseUrl: string, options: ConnectOptions = {}): Knex {
  const db = knex(connectionConfig(databaseUrl, options));
  const units = knex(connectionConfig(databaseUrl, options, { autocommit: false }));
  urls.set(db, databaseUrl);
  setUnitPool(db, poolOf(units));
  renewTogether(db, units, options.log);
  // Whoever ends the pool that they know ends the other, too; `db.destroy` itself cannot be set.
  const client = db.client as { destroy(done?: () => void): Promise<void> };
  const endAlone = client.destroy.bind(client);
  client.destroy = async (done) => {
    await Promise.all([endAlone(done), units.destroy()]);
  };
  return db;
}

/** What connect() hands to knex; knex's own command line needs it as such. */
export function connectionConfig(
  databaseUrl: string,
  options: ConnectOptions = {},
  { autocommit }: { readonly autocommit: boolean } = { autocommit: true },
): Knex.Config {
  const { log, poolSize = POOL_SIZE, timeoutMs = TIMEOUT_MS } = options;
  const url = readDatabaseUrl(databaseUrl);
  return {
    client: 'mysql2',
    // The cast: knex's types know neither mysql2's own options nor `dateStrings` as a list of types.
    connection: {
      ...url.account,
      // Only for the name in the certificate: the socket is ours.
      host: url.host,
      ...(url.tls && { ssl: tlsOptions(url.tls) }),
      stream: () => openLine(url, timeoutMs),
      connectTimeout: CONNECT_MS,
      charset: 'utf8mb4',
      timezone: 'Z',
      dateStrings: ['DATE'],
      supportBigNumbers: true,
      maxPreparedStatements: STATEMENTS_PER_CONNECTION,
    } as unknown as Knex.MySql2ConnectionConfig,
    pool: {
      min: 0,
      max: poolSize,
      // Ends before our timeout does, which therefore only meets connections that somebody holds.
      idleTimeoutMillis: IDLE_MS,
      createTimeoutMillis: WAIT_FOR_CONNECTION_MS,
      afterCreate: (connection: DriverConnection, done: (error: Error | null) => void) =>
        queryAll(connection, sessionStatements({ timeoutMs, autocommit }), done),
    },
    acquireConnectionTimeout: WAIT_FOR_CONNECTION_MS,
    // Otherwise knex writes the statement with its values into the message of every error, and so into the log.
    compileSqlOnError: false,
    log: {
      warn: (text: unknown) => log?.warn('database connection troubled', { reason: firstLine(text) }),
      error: (text: unknown) => log?.warn('database connection troubled', { reason: firstLine(text) }),
      deprecate: (text: unknown) => log?.debug('knex', { text: String(text) }),
      debug: (text: unknown) => log?.debug('knex', { text: String(text) }),
    },
  };
}

function queryAll(
  connection: DriverConnection,
  [first, ...others]: readonly string[],
  done: (error: Error | null) => void,
): void {
  if (first === undefined) {
    done(null);
    return;
  }
  connection.query(first, (error) => {
    if (error) done(error);
    else queryAll(connection, others, done);
  });
}

/** knex passes an error with its whole stack. */
function firstLine(text: unknown): string {
  return String(text).split('\n', 1)[0] ?? '';
}

/** For long work on one connection that may hold a lock there: the same database, a connection of its own. */
export async function withOneConnection<T>(db: Knex, work: (one: Knex) => Promise<T>): Promise<T> {
  const databaseUrl = urls.get(db);
  if (databaseUrl === undefined) throw new Error('not a pool that connect() has opened');
  const one = connect(databaseUrl, { poolSize: 1, timeoutMs: 0 });
  try {
    return await work(one);
  } finally {
    await one.destroy();
  }
}

/** Refuses a server that is too old, or set up so that it would refuse us, with a sentence for the operator. */
export async function checkServer(db: Knex): Promise<ServerVersion> {
  const [rows] = (await db.raw('SELECT VERSION() AS version')) as [{ version: string }[]];
  const version = supportedVersion(rows[0]?.version ?? '');
  // Not by @@, which fails where a version lacks the variable.
  const sql = "SHOW VARIABLES WHERE Variable_name IN ('log_bin', 'binlog_format')";
  refuseStatementLog(new Map((await readRows(db, sql)) as [string, string][]));
  return version;
}

/**
 * Reads rows as arrays, by a statement that is prepared once a connection: the fast way for pages that are read all
 * day. Every different text is another prepared statement on the server, so pad lists of ids to few lengths.
 */
export function readRows(db: Queryable, sql: string, values: readonly SqlValue[] = []): Promise<unknown[][]> {
  return run(db, sql, values, (error) => isWrongServer(error) || isGoingAway(error));
}

async function run(
  db: Queryable,
  sql: string,
  values: readonly SqlValue[],
  mayRunAgain: (error: unknown) => boolean,
): Promise<unknown[][]> {
  if ((db as Partial<UnitOfWork>).isCompleted?.() === true) throw new Error('the transaction is over');
  const { held } = db.client as Partial<HeldConnection>;
  return held ? execute(held(), sql, values) : onceMore(db, () => runAlone(db, sql, values), mayRunAgain);
}

async function runAlone(db: Queryable, sql: string, values: readonly SqlValue[]): Promise<unknown[][]> {
  const pool = poolOf(db);
  const connection = await pool.acquireConnection();
  try {
    return await execute(connection, sql, values);
  } catch (error) {
    // Without this mark the pool would hand the connection out again before the driver has noticed that it is closed.
    if (isFatal(error)) connection.__knex__disposed = error;
    throw error;
  } finally {
    // Within a transaction this does nothing: the connection stays with it.
    await pool.releaseConnection(connection);
  }
}

/** What the server reports about a writing statement. */
export interface WriteResult {
  /** Rows that its condition met; those that it found as they should be are counted too. */
  readonly rows: number;
  readonly insertId: number;
}

/** A prepared statement that writes. Ask in its condition for a difference, and `rows` are those that changed. */
export async function write(db: Queryable, sql: string, values: readonly SqlValue[] = []): Promise<WriteResult> {
  // The cast: the driver gives a head instead of rows when a statement has none.
  const head = (await run(db, sql, values, isWrongServer)) as unknown as { affectedRows: number; insertId: number };
  if (head.affectedRows > 0) wrote(db);
  return { rows: head.affectedRows, insertId: head.insertId };
}

function execute(connection: DriverConnection, sql: string, values: readonly SqlValue[]): Promise<unknown[][]> {
  return new Promise((resolve, reject) => {
    connection.execute({ sql, values, rowsAsArray: true }, (error, rows) => {
      if (error) reject(error);
      else resolve(rows as unknown[][]);
    });
  });
}
