import type { Queryable } from '../../db/connect.ts';
import { readRows } from '../../db/connect.ts';

/** A code as it arrives from the wire: in composed Unicode, and without blanks of any kind around it. */
export const cleanCode = (code: string): string => code.normalize('NFC').trim();

/**
 * SQL that finds by the column's index whatever may be this code: with blanks before or behind it, in either form of
 * Unicode, in capitals or not. What it finds is to be compared in code. Its values are those of `codeValues`.
 *
 * Blanks and line ends sort before all that a code may begin with, some of them before the empty text, which the column
 * fills up with blanks: what begins with one stands in two ranges of its own, which are empty in a shop without typing errors.
 */
export function codeCondition(column: string): string {
  return `(${column} BETWEEN ? AND ? OR ${column} BETWEEN ? AND ? OR ${column} < '' OR (${column} > '' AND ${column} < '_'))`;
}

/** Tabs and line ends sort below a blank, and a blank below everything else: all tails of blanks lie between these two. */
export function codeValues(code: string): string[] {
  return [code.normalize('NFC'), code.normalize('NFD')].flatMap((form) => [`${form}\t`, `${form}   `]);
}

/** The texts that products and variants hold for this code, as they stand there. */
export async function storedCodes(db: Queryable, column: 'sku' | 'ean', code: string): Promise<readonly string[]> {
  const wanted = cleanCode(code);
  if (wanted === '') return ['']; // those without a code
  const sql = `SELECT ${column} FROM shop_products WHERE ${codeCondition(column)}
    UNION ALL SELECT ${column} FROM shop_variants WHERE ${codeCondition(column)}`;
  const values = codeValues(wanted);
  const rows = (await readRows(db, sql, [...values, ...values])) as [string][];
  return [...new Set(rows.map(([stored]) => stored))].filter((stored) => cleanCode(stored) === wanted);
}
