import { createPool } from 'mysql2';

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

export type Ask = <Row>(sql: string, values: readonly (number | string | Date)[]) => Promise<Row[]>;

export function openDatabase(url: string): Ask {
  const pool = createPool({ uri: url, connectionLimit: 8, charset: 'utf8mb4', timezone: 'Z' });
  return <Row>(sql: string, values: readonly (number | string | Date)[]) =>
    new Promise<Row[]>((resolve, reject) => {
      pool.execute({ sql, rowsAsArray: true }, [...values], (error, rows) => {
        if (error) reject(error);
        else resolve(rows as Row[]);
      });
    });
}
