import type { Knex } from 'knex';

/** Written into every table that we make, so that a later run knows it for ours. */
const MARK = 'baselinker-shop-connector';

/**
 * Creates one table in a single statement, which is atomic on both servers: a migration that was killed half-way can
 * simply be run again. A table of this name that is not ours is left alone with an error. The row format is explicit,
 * because a server's default may be one whose indexes hold no text of 255 characters.
 */
export async function createTable(knex: Knex, name: string, body: string, collation: string): Promise<void> {
  const owner = await tableComment(knex, name);
  if (owner === MARK) return;
  if (owner !== undefined) {
    throw new Error(`the table ${name} exists and is not ours: use another schema, or rename that table`);
  }
  await knex.raw(
    `CREATE TABLE ${name} (\n${body}\n) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=${collation} COMMENT='${MARK}'`,
  );
}

/** Adds the columns that the table lacks, in one statement; safe to repeat after a run that was killed. */
export async function addColumns(knex: Knex, table: string, columns: Readonly<Record<string, string>>): Promise<void> {
  const [rows] = (await knex.raw(
    'SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?',
    [table],
  )) as [{ name: string }[]];
  const missing = Object.entries(columns).filter(([name]) => !rows.some((row) => row.name === name));
  if (missing.length === 0) return;
  await knex.raw(`ALTER TABLE ${table} ${missing.map(([name, type]) => `ADD COLUMN ${name} ${type}`).join(', ')}`);
}

/** Drops a table only when it is ours. */
export async function dropTable(knex: Knex, name: string): Promise<void> {
  if ((await tableComment(knex, name)) === MARK) await knex.raw(`DROP TABLE ${name}`);
}

async function tableComment(knex: Knex, name: string): Promise<string | undefined> {
  const [rows] = (await knex.raw(
    'SELECT table_comment AS comment FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?',
    [name],
  )) as [{ comment: string }[]];
  return rows[0]?.comment;
}
