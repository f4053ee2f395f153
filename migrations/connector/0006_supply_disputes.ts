import type { Knex } from 'knex';
import { addColumns } from '../../connector/db/ddl.ts';

const PARTS = {
  dispute: "VARCHAR(500) NOT NULL DEFAULT '' COMMENT 'what a person is to settle with the wholesaler'",
  tracking_template: "VARCHAR(500) NOT NULL DEFAULT '' COMMENT 'of the chosen courier, as the wholesaler told it'",
};

/** A note is written anew each time the wholesaler is asked; what a person must settle stays until they have. */
export async function up(knex: Knex): Promise<void> {
  await addColumns(knex, 'bl_supply_parts', PARTS);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('bl_supply_parts', (table) => table.dropColumns(...Object.keys(PARTS)));
}
