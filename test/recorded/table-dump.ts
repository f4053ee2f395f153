import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { ourTables, testDatabase } from '../support/database.ts';

/** Rows by table: text, numbers and times as the database writes them, bytes in hexadecimal. */
export type TableDump = Readonly<Record<string, readonly Readonly<Record<string, DumpedValue>>[]>>;
type DumpedValue = string | number | null | { readonly hex: string };

/** A column that the database computes cannot be written back. */
const STORED_COLUMNS = `SELECT column_name AS name FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = ? AND extra NOT LIKE '%GENERATED%' ORDER BY ordinal_position`;

/** All rows of all our tables. */
export async function dumpTables(): Promise<TableDump> {
  const { url, db } = testDatabase();
  const connection = await createConnection({
    uri: url,
    dateStrings: true,
    bigNumberStrings: true,
    supportBigNumbers: true,
  });
  try {
    const dump: Record<string, Record<string, DumpedValue>[]> = {};
    for (const table of (await ourTables(db)).sort()) {
      const [columns] = await connection.query<RowDataPacket[]>(STORED_COLUMNS, [table]);
      const names = columns.map(({ name }) => String(name));
      const [rows] = await connection.query<RowDataPacket[]>('SELECT ?? FROM ??', [names, table]);
      if (rows.length > 0) dump[table] = rows.map(dumpedRow);
    }
    return dump;
  } finally {
    connection.destroy();
  }
}

/** Into tables that are empty. A column that came later keeps its default, as after a migration. */
export async function loadTables(dump: TableDump): Promise<void> {
  const { url } = testDatabase();
  const connection = await createConnection({ uri: url, timezone: 'Z' });
  try {
    await connection.query('SET foreign_key_checks = 0');
    for (const [table, rows] of Object.entries(dump)) {
      for (const row of rows) await connection.query('INSERT INTO ?? SET ?', [table, loadedRow(row)]);
    }
  } finally {
    connection.destroy();
  }
}

function dumpedRow(row: RowDataPacket): Record<string, DumpedValue> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      Buffer.isBuffer(value) ? { hex: value.toString('hex') } : (value as string | number | null),
    ]),
  );
}

function loadedRow(row: Readonly<Record<string, DumpedValue>>): Record<string, string | number | null | Buffer> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value !== null && typeof value === 'object' ? Buffer.from(value.hex, 'hex') : value,
    ]),
  );
}
