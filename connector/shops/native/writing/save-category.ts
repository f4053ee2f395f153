import { readRows, write } from '../../../db/connect.ts';
import type { UnitOfWork } from '../../../contracts/shop-writing.ts';
import { cleanCode, codeCondition, codeValues } from '../codes.ts';
import { idNumber } from '../columns.ts';
import { cutCharacters, MAX_CHARACTERS } from '../texts.ts';

/** Names are equal where the shop's collation says so: "kubki" is "Kubki"; but no emoji equals another. */
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
 * The id of the row of this name. The first look saves an id and a lock in nearly all cases. The last one waits for whoever
 * inserts a name of this kind at the same moment, as the unique key knows only names that are equal to the letter: the
 * earlier row stays.
 */
export async function findOrInsert(unit: UnitOfWork, table: NamedTable, key: NameKey): Promise<number> {
  const known = await findByName(unit, table, key);
  if (known !== undefined) return known;
  const names = Object.keys(key);
  await unit.raw('SAVEPOINT before_name');
  const insert = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
    ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)`;
  const { insertId } = await write(unit, insert, Object.values(key));
  const first = (await findByName(unit, table, key, 'LOCK IN SHARE MODE')) ?? insertId;
  if (first !== insertId) await unit.raw('ROLLBACK TO SAVEPOINT before_name');
  return first;
}

type NamedTable = 'shop_categories' | 'shop_manufacturers';
type NameKey = Readonly<{ name: string; parent_id?: number }>;

/** The lowest id of a row with this name. */
async function findByName(
  unit: UnitOfWork,
  table: NamedTable,
  { name, parent_id: parent }: NameKey,
  lock = '',
): Promise<number | undefined> {
  const among = parent === undefined ? '' : 'parent_id = ? AND ';
  const sql = `SELECT id, name, name = ? FROM ${table} WHERE ${among}${codeCondition('name')} ORDER BY id ${lock}`;
  const asked = [name, ...(parent === undefined ? [] : [parent]), ...codeValues(name)];
  const rows = (await readRows(unit, sql, asked)) as [id: number, name: string, isEqual: number][];
  return rows.find(([, stored, isEqual]) => isSameName(stored, name, isEqual === 1))?.[0];
}

/** As the database finds, which takes "kubki" for "Kubki", but every emoji for every other. */
function isSameName(stored: string, name: string, isEqual: boolean): boolean {
  if (emojiOf(stored) !== emojiOf(name)) return false;
  return isEqual || cleanCode(stored).toLowerCase() === cleanCode(name).toLowerCase();
}

/** Everything outside Unicode's first plane: the tables' collation sees no difference there. */
const emojiOf = (text: string): string => Array.from(text.matchAll(/[\u{10000}-\u{10ffff}]/gu)).join('');
