import { readRows, type SqlValue } from '../../db/connect.ts';
import type { UnitOfWork } from '../shop-writing.ts';

/** What a statement that writes says about itself. */
interface Written {
  /** Rows that its condition met; those that it found as they should be are counted too. */
  readonly rows: number;
  readonly insertId: number;
}

/** A prepared statement that writes. Ask in its condition for a difference, and `rows` are those that changed. */
export async function write(unit: UnitOfWork, sql: string, values: readonly SqlValue[]): Promise<Written> {
  // The cast: the driver gives a head instead of rows when a statement has none.
  const head = (await readRows(unit, sql, values)) as unknown as { affectedRows: number; insertId: number };
  return { rows: head.affectedRows, insertId: head.insertId };
}
