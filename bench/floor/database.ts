import { createPool, type Pool, type PoolConnection } from 'mysql2';

/** Products and variants that were removed more than 90 whole days ago are not shown: the connector's default. */
const DAY_MS = 86_400_000;
export const shownSince = () => new Date((Math.floor(Date.now() / DAY_MS) - 90) * DAY_MS);

export const isOn = (table: string) => `${table}.active = 1 AND ${table}.removed_at IS NULL`;
export const isShown = (table: string) => `(${table}.removed_at IS NULL OR ${table}.removed_at >= ?)`;

/** `?` a hundred times: shorter lists of ids are filled up with their last one, so that each stays one statement. */
export const HUNDRED = new Array<string>(100).fill('?').join();

export function filledUp(ids: readonly number[]): number[] {
  return Array.from({ length: 100 }, (_, n) => ids[n] ?? ids.at(-1) ?? 0);
}

export type Value = number | string | Date | Buffer | null;
export type Ask = <Row>(sql: string, values: readonly Value[]) => Promise<Row[]>;
/** Gives the id that the statement has handed out, if it has. */
export type Write = (sql: string, values: readonly Value[]) => Promise<number>;
export type InTransaction = <T>(work: (ask: Ask, write: Write) => Promise<T>) => Promise<T>;

export function openDatabase(url: string): { ask: Ask; inTransaction: InTransaction } {
  const pool = createPool({ uri: url, connectionLimit: 8, charset: 'utf8mb4', timezone: 'Z' });
  pool.on('connection', (connection) => connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED'));
  return { ask: askOn(pool), inTransaction: (work) => transaction(pool, work) };
}

const MAX_REPEATS = 3;

/** A deadlock is the server's way of asking to begin again. */
async function transaction<T>(pool: Pool, work: Parameters<InTransaction>[0], repeats = 0): Promise<T> {
  const connection = await new Promise<PoolConnection>((resolve, reject) =>
    pool.getConnection((error, found) => (error ? reject(error) : resolve(found))),
  );
  const say = (sql: string) =>
    new Promise<void>((resolve, reject) => connection.query(sql, (error) => (error ? reject(error) : resolve())));
  try {
    await say('START TRANSACTION');
    const ask = askOn(connection);
    const write: Write = async (sql, values) => ((await ask(sql, values)) as unknown as { insertId: number }).insertId;
    const result = (await work(ask, write)) as T;
    await say('COMMIT');
    return result;
  } catch (error) {
    await say('ROLLBACK');
    if ((error as { code?: unknown }).code !== 'ER_LOCK_DEADLOCK' || repeats >= MAX_REPEATS) throw error;
  } finally {
    connection.release();
  }
  return transaction(pool, work, repeats + 1);
}

function askOn(line: Pool | PoolConnection): Ask {
  return <Row>(sql: string, values: readonly Value[]) =>
    new Promise<Row[]>((resolve, reject) => {
      line.execute({ sql, rowsAsArray: true }, [...values], (error, rows) => {
        if (error) reject(error);
        else resolve(rows as Row[]);
      });
    });
}
