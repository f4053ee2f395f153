import { readRows, write } from '../../../db/connect.ts';
import type { UnitOfWork } from '../../../contracts/shop-writing.ts';
import { cleanCode, codeCondition, codeValues } from '../codes.ts';
import { idNumber } from '../columns.ts';
import { cutCharacters, MAX_CHARACTERS } from '../texts.ts';

/** Two names are one where the shop's own order of letters says so: "kubki" is "Kubki"; but no emoji is another. */
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
      name: cutCharacters(name, MAX_CHARACTERS.shop_categories.name),
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
 * The id of the row of this name. The second statement gives it even when somebody else inserted the row a moment ago;
 * the first one saves an id and a lock in all other cases.
 */
export async function findOrInsert(
  unit: UnitOfWork,
  table: 'shop_categories' | 'shop_manufacturers',
  key: Readonly<{ name: string; parent_id?: number }>,
): Promise<number> {
  const names = Object.keys(key);
  const values = Object.values(key);
  const { name, parent_id: parent } = key;
  const among = parent === undefined ? '' : 'parent_id = ? AND ';
  const sql = `SELECT id, name, name = ? FROM ${table} WHERE ${among}${codeCondition('name')} ORDER BY id`;
  const asked = [name, ...(parent === undefined ? [] : [parent]), ...codeValues(name)];
  const rows = (await readRows(unit, sql, asked)) as [id: number, name: string, isEqual: number][];
  const found = rows.find(([, stored, isEqual]) => isSameName(stored, name, isEqual === 1));
  if (found) return found[0];
  const insert = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
    ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)`;
  return (await write(unit, insert, values)).insertId;
}

/** As the database finds, which takes "kubki" for "Kubki", but every emoji for every other. */
function isSameName(stored: string, name: string, isEqual: boolean): boolean {
  if (emojiOf(stored) !== emojiOf(name)) return false;
  return isEqual || cleanCode(stored).toLowerCase() === cleanCode(name).toLowerCase();
}

/** All that stands outside Unicode's first plane: the tables' order of letters knows no difference there. */
const emojiOf = (text: string): string => Array.from(text.matchAll(/[\u{10000}-\u{10ffff}]/gu)).join('');
