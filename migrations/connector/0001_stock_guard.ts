import type { Knex } from 'knex';
import { createTable, dropTable } from '../../connector/db/ddl.ts';

/** What the guard against a sudden mass drop to zero remembers: one row a connection. */
export async function up(knex: Knex): Promise<void> {
  await createTable(
    knex,
    'bl_stock_guard',
    `connection VARCHAR(32) NOT NULL,
  accepted_ids LONGBLOB NOT NULL COMMENT 'products shown in stock by the last accepted dump, as a deflated id set',
  accepted_count INT UNSIGNED NOT NULL,
  accepted_at DATETIME(3) NOT NULL,
  held_ids LONGBLOB NULL COMMENT 'the same of the dump that is held back, if one is',
  held_count INT UNSIGNED NULL,
  held_drop INT UNSIGNED NULL COMMENT 'how many products would drop to 0',
  held_at DATETIME(3) NULL,
  PRIMARY KEY (connection)`,
    'utf8mb4_bin',
  );
}

export async function down(knex: Knex): Promise<void> {
  await dropTable(knex, 'bl_stock_guard');
}
