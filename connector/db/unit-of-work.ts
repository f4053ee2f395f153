import type { Knex } from 'knex';
import { isFatal, isGoingAway, isWrongServer } from './driver-errors.ts';
import { renewWith } from './renewal.ts';

/** A value that is bound to a placeholder. Dates are written in UTC. */
export type SqlValue = string | number | bigint | boolean | Date | Buffer | null;

/** What can run queries: knex's pool, a unit of work, a transaction of knex. */
export interface Queryable extends Pick<Knex, 'client'> {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as knex has it: rows of a table that nobody described
  <Row extends object = any>(table: string | Knex.Raw): Knex.QueryBuilder<Row, Row[]>;
  raw(sql: string, bindings?: readonly Knex.RawBinding[]): Knex.Raw;
}

/**
 * One transaction on a connection of its own: what is written through it commits together or not at all. Frequent
 * statements go through `readRows` and `write`, the others through knex's builder.
 */
export interface UnitOfWork extends Queryable {
  isCompleted(): boolean;
}

/** What we use of mysql2's connection ourselves. */
export interface DriverConnection {
  query(sql: string, done: (error: Error | null) => void): void;
  execute(
    statement: { sql: string; values: readonly SqlValue[]; rowsAsArray: true },
    done: (error: Error | null, rows: unknown) => void,
  ): void;
  destroy(): void;
  /** knex's own mark on a connection that its pool must not hand out again. */
  __knex__disposed?: unknown;
}

/** What stands for knex's client in a unit of work of ours. */
export interface HeldConnection {
  /** Throws once the unit of work is over. */
  held(): DriverConnection;
}

/** The part of knex's client that its types leave open. */
interface Pool {
  acquireConnection(): Promise<DriverConnection>;
  releaseConnection(connection: DriverConnection): Promise<void>;
}

export function poolOf({ client }: Pick<Knex, 'client'>): Pool {
  return client as Pool;
}

const unitPools = new WeakMap<Knex, Pool>();

/** Names the pool whose connections are without autocommit: a unit of work on one needs no statement to begin it. */
export function setUnitPool(db: Knex, pool: Pool): void {
  unitPools.set(db, pool);
}

/** Runs the use case once, and then COMMIT; whatever it throws rolls back. */
export async function inOneUnit<T>(db: Knex, work: (unit: UnitOfWork) => Promise<T>): Promise<T> {
  const pool = unitPools.get(db);
  if (!pool) throw new Error('units of work run on what connect() has opened, and nowhere else');
  const connection = await pool.acquireConnection();
  let isCompleted = false;
  try {
    const result = await work(unitOn(db, connection, () => isCompleted));
    isCompleted = true;
    await commit(connection);
    return result;
  } catch (error) {
    // A statement that comes late must not run after the transaction.
    isCompleted = true;
    await rollBack(connection, error);
    throw error;
  } finally {
    await pool.releaseConnection(connection);
  }
}

/** A transaction of knex would do as well, but takes as much processor time as three statements. */
function unitOn(db: Knex, connection: DriverConnection, isCompleted: () => boolean): UnitOfWork {
  const held = (): DriverConnection => {
    if (isCompleted()) throw new Error('the transaction is over');
    return connection;
  };
  // The cast: knex declares the same at greater length.
  const builder = <Row extends object>(table: string | Knex.Raw) =>
    db<Row>(table).connection(held()) as unknown as Knex.QueryBuilder<Row, Row[]>;
  const client: HeldConnection = { held };
  renewWith(client, db);
  return Object.assign(builder, {
    raw: (sql: string, bindings: readonly Knex.RawBinding[] = []) => db.raw(sql, bindings).connection(held()),
    client,
    isCompleted,
  });
}

/**
 * A server that goes away meanwhile leaves it unknown whether the COMMIT was carried out: the work must not be
 * repeated.
 */
async function commit(connection: DriverConnection): Promise<void> {
  try {
    await query(connection, 'COMMIT');
  } catch (error) {
    if (!isGoingAway(error)) throw error;
    throw new Error('the database went away while it was told to commit', { cause: error });
  }
}

/** A connection that is lost, or that leads to the wrong server, or that does not even roll back, is not handed out again; the server then rolls back. */
async function rollBack(connection: DriverConnection, error: unknown): Promise<void> {
  try {
    if (isFatal(error) || isWrongServer(error)) throw error;
    await query(connection, 'ROLLBACK');
  } catch (failure) {
    connection.__knex__disposed = failure;
    connection.destroy();
  }
}

function query(connection: DriverConnection, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.query(sql, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
