import type { Knex } from 'knex';
import { addColumns } from '../../connector/db/ddl.ts';

const GUARD = {
  accepted_variant_ids: "LONGBLOB NULL COMMENT 'variants shown in stock by the last accepted dump; NULL = not known'",
  accepted_variant_count: 'INT UNSIGNED NULL',
  held_variant_ids: "LONGBLOB NULL COMMENT 'the same of the dump that is held back'",
  held_variant_count: 'INT UNSIGNED NULL',
  held_variant_drop: "INT UNSIGNED NULL COMMENT 'how many variants would drop to 0, where that is why it is held back'",
};

/** The guard watches variants, too: many may drop to zero while their products keep stock. */
export async function up(knex: Knex): Promise<void> {
  await addColumns(knex, 'bl_stock_guard', GUARD);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('bl_stock_guard', (table) => table.dropColumns(...Object.keys(GUARD)));
}
