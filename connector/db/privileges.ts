import type { Knex } from 'knex';
import { isQueryError, readRows } from './connect.ts';

export type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** Whether our account has this privilege on that table; true where the server does not reveal it. */
export type Privileges = (table: string, privilege: Privilege) => boolean;

/**
 * What was granted to our account itself: on everything, on the schema, on tables, or on some of their columns. Rights
 * that come by a role are not listed, so an account with roles is believed to have them all.
 */
export async function readPrivileges(db: Knex): Promise<Privileges> {
  try {
    const roles = await readRows(db, 'SELECT 1 FROM information_schema.applicable_roles LIMIT 1');
    if (roles.length > 0) return () => true;
    const rows = await readRows(db, GRANTS_SQL);
    const granted = new Set(rows.map(([table, privilege]) => `${String(table)} ${String(privilege)}`.toLowerCase()));
    return (table, privilege) =>
      granted.has(`${EVERYWHERE} ${privilege}`.toLowerCase()) || granted.has(`${table} ${privilege}`.toLowerCase());
  } catch (error) {
    if (isQueryError(error)) return () => true;
    throw error;
  }
}

/** What is missing of the rights that are wanted on some tables: "INSERT and UPDATE on shop_orders". */
export function missingPrivileges(may: Privileges, wanted: Readonly<Record<string, readonly Privilege[]>>): string[] {
  return Object.entries(wanted).flatMap(([table, privileges]) => {
    const missing = privileges.filter((privilege) => !may(table, privilege));
    return missing.length === 0 ? [] : [`${missing.join(' and ')} on ${table}`];
  });
}

const EVERYWHERE = '*';

/** The host follows the last @; a user's name may hold one, too. A schema is granted by a pattern. */
const OURS = `grantee IN ('PUBLIC', CONCAT('''',
  LEFT(CURRENT_USER(), CHAR_LENGTH(CURRENT_USER()) - CHAR_LENGTH(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)) - 1),
  '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), ''''))`;

const GRANTS_SQL = `
  SELECT '${EVERYWHERE}', privilege_type FROM information_schema.user_privileges WHERE ${OURS}
  UNION SELECT '${EVERYWHERE}', privilege_type FROM information_schema.schema_privileges
    WHERE ${OURS} AND DATABASE() LIKE table_schema
  UNION SELECT table_name, privilege_type FROM information_schema.table_privileges
    WHERE ${OURS} AND table_schema = DATABASE()
  UNION SELECT table_name, privilege_type FROM information_schema.column_privileges
    WHERE ${OURS} AND table_schema = DATABASE()`;
