import { readRows, write } from '../../db/connect.ts';
import type { UnitOfWork } from '../shop-writing.ts';
import { idNumber } from './columns.ts';
import { cutCharacters, MOST_CHARACTERS } from './texts.ts';

/** Two names are one where the shop's own order of letters says so: "kubki" is "Kubki". */
export async function saveCategory(
  unit: UnitOfWork,
  name: string,
  parentId: string | undefined,
): Promise<string | undefined> {
  const parent = parentId === undefined ? 0 : await categoryNumber(unit, parentId);
  if (parent === undefined) return undefined;
  return String(
    await findOrInsert(unit, 'shop_categories', {
      parent_id: parent,
      name: cutCharacters(name, MOST_CHARACTERS.shop_categories.name),
    }),
  );
}

/** The category's number, if there is such a category. */
export async function categoryNumber(unit: UnitOfWork, id: string): Promise<number | undefined> {
  const number = idNumber(id);
  if (number === undefined) return undefined;
  const rows = await readRows(unit, 'SELECT id FROM shop_categories WHERE id = ?', [number]);
  return rows.length > 0 ? number : undefined;
}

/**
 * The id of the row of this unique key. The second statement gives it even when somebody else inserted the row a moment
 * ago; the first one saves an id and a lock in all other cases.
 */
export async function findOrInsert(
  unit: UnitOfWork,
  table: 'shop_categories' | 'shop_manufacturers',
  key: Readonly<Record<string, string | number>>,
): Promise<number> {
  const names = Object.keys(key);
  const values = Object.values(key);
  const condition = names.map((name) => `${name} = ?`).join(' AND ');
  const [row] = await readRows(unit, `SELECT id FROM ${table} WHERE ${condition}`, values);
  if (row) return Number(row[0]);
  const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
    ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)`;
  return (await write(unit, sql, values)).insertId;
}
