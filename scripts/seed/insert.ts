import type { Knex } from 'knex';

/** One value per column, in the order of the table's columns. */
export type Row = readonly (string | number | null)[];

/** Rows on their way into one table. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Some hundred kilobytes a statement: far below the smallest max_allowed_packet that servers come with. */
const ROWS_PER_INSERT = 1000;

/** As text, not prepared: measured, a prepared statement of a thousand rows is a tenth slower. */
export async function insertRows(trx: Knex.Transaction, table: Table, rows: readonly Row[]): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
    const bindings: unknown[] = [table.name, table.columns, rows.slice(from, from + ROWS_PER_INSERT)];
    // mysql2 writes a list of lists as (…), (…), which knex's types do not know.
    await trx.raw('INSERT INTO ?? (??) VALUES ?', bindings as Knex.RawBinding[]);
  }
}

/** DATETIME(3) in UTC. */
export function timestamp(at: Date): string {
  return at.toISOString().slice(0, 23).replace('T', ' ');
}
