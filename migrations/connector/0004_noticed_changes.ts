import type { Knex } from 'knex';
import { addColumns } from '../../connector/db/ddl.ts';

const OUTBOX = { noticed: "BINARY(32) NULL COMMENT 'hash of the state for which a comparison has made it due'" };

/** Without it a delivery that was refused would be made due again by every look at the same, unchanged order. */
export async function up(knex: Knex): Promise<void> {
  await addColumns(knex, 'bl_outbox', OUTBOX);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('bl_outbox', (table) => table.dropColumns(...Object.keys(OUTBOX)));
}
