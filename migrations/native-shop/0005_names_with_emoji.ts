import type { Knex } from 'knex';

/**
 * To the tables' order of letters every emoji is the same, so that "Prezenty 🎁" and "Prezenty 🎄" could not both be
 * there. The unique keys now compare the names as they are written; the old ones stay as plain keys, to search by.
 */
const TABLES = [
  { table: 'shop_categories', length: 200, key: 'shop_categories_name', before: 'parent_id, ' },
  { table: 'shop_manufacturers', length: 100, key: 'shop_manufacturers_name', before: '' },
] as const;

export async function up(knex: Knex): Promise<void> {
  for (const { table, length, key, before } of TABLES) {
    if (await knex.schema.hasColumn(table, 'name_exact')) continue;
    await knex.raw(
      `ALTER TABLE ${table}
       ADD COLUMN name_exact VARCHAR(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
         GENERATED ALWAYS AS (name) VIRTUAL COMMENT 'the name, for the unique key',
       DROP INDEX ${key}, ADD KEY ${key} (${before}name), ADD UNIQUE KEY ${table}_exact (${before}name_exact)`,
    );
  }
}

export async function down(knex: Knex): Promise<void> {
  for (const { table, key, before } of TABLES) {
    if (!(await knex.schema.hasColumn(table, 'name_exact'))) continue;
    await knex.raw(
      `ALTER TABLE ${table} DROP INDEX ${table}_exact, DROP INDEX ${key}, ADD UNIQUE KEY ${key} (${before}name),
       DROP COLUMN name_exact`,
    );
  }
}
