import type { Knex } from 'knex';
import { addColumns } from '../../connector/db/ddl.ts';

const ORDERS = {
  phone_e164: "VARCHAR(20) NOT NULL DEFAULT '' COMMENT 'the phone number in E.164, where it is one'",
  service: "VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'the marketplace'",
  service_account: "VARCHAR(100) NOT NULL DEFAULT '' COMMENT 'the seller account there'",
  client_login: "VARCHAR(100) NOT NULL DEFAULT '' COMMENT 'the login of the buyer there'",
};
const LINES = { auction_id: "VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'number of the offer on the marketplace'" };

/** What an order that BaseLinker adds brings along from a marketplace. */
export async function up(knex: Knex): Promise<void> {
  await addColumns(knex, 'shop_orders', ORDERS);
  await addColumns(knex, 'shop_order_lines', LINES);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('shop_orders', (table) => table.dropColumns(...Object.keys(ORDERS)));
  await knex.schema.alterTable('shop_order_lines', (table) => table.dropColumns(...Object.keys(LINES)));
}
