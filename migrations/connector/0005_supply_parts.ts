import type { Knex } from 'knex';
import { createTable, dropTable } from '../../connector/db/ddl.ts';

const TABLES: readonly (readonly [string, string])[] = [
  [
    'bl_supply_parts',
    `id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  wholesaler VARCHAR(24) NOT NULL COMMENT 'name of the profile',
  order_id VARCHAR(30) NOT NULL,
  attempt SMALLINT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'more than 1 only by a person',
  reference VARCHAR(64) NOT NULL COMMENT 'ours, as the wholesaler is told it',
  state VARCHAR(32) NOT NULL COMMENT 'see connector/domain/supply.ts; never renamed',
  content CHAR(64) NOT NULL COMMENT 'hash of what is ordered for whom',
  lines_json TEXT NOT NULL COMMENT 'what is ordered',
  note VARCHAR(500) NOT NULL DEFAULT '' COMMENT 'for the operator',
  alert TINYINT(1) NOT NULL DEFAULT 0 COMMENT 'a person must look',
  supplier_order_id VARCHAR(100) NOT NULL DEFAULT '',
  supplier_serial VARCHAR(32) NOT NULL DEFAULT '',
  courier_id VARCHAR(32) NOT NULL DEFAULT '',
  symbol VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'the status as the wholesaler told it last',
  symbol_at DATETIME(3) NULL COMMENT 'when it says that the order changed',
  lookups SMALLINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'how often it was looked for in vain',
  basket_at DATETIME(3) NULL COMMENT 'since when our lines may lie in the basket of the account',
  sent_at DATETIME(3) NULL COMMENT 'when it was about to be ordered',
  placed_at DATETIME(3) NULL COMMENT 'when the wholesaler was known to have it',
  asked_at DATETIME(3) NULL COMMENT 'when its status was asked last',
  ask_at DATETIME(3) NULL COMMENT 'when its status is asked next; NULL = never again',
  created_at DATETIME(3) NOT NULL,
  changed_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY bl_supply_parts_order (wholesaler, order_id, attempt),
  KEY bl_supply_parts_of_order (order_id),
  KEY bl_supply_parts_reference (wholesaler, reference),
  KEY bl_supply_parts_supplier (wholesaler, supplier_order_id),
  KEY bl_supply_parts_serial (wholesaler, supplier_serial),
  KEY bl_supply_parts_basket (wholesaler, basket_at),
  KEY bl_supply_parts_ask (wholesaler, ask_at)`,
  ],
  [
    'bl_inbox',
    `id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  source VARCHAR(32) NOT NULL,
  digest BINARY(32) NOT NULL COMMENT 'of the body: the same again is no news',
  content_type VARCHAR(100) NOT NULL DEFAULT '',
  body MEDIUMBLOB NOT NULL COMMENT 'as it came',
  state VARCHAR(12) NOT NULL COMMENT 'new, done, unmatched or unreadable; never renamed',
  note VARCHAR(500) NOT NULL DEFAULT '',
  tries SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  due_at DATETIME(3) NULL COMMENT 'when it is looked at next; NULL = never again',
  received_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY bl_inbox_digest (source, digest),
  KEY bl_inbox_due (source, due_at),
  KEY bl_inbox_received (received_at)`,
  ],
];

/** What is ordered at wholesalers for the shop's orders, and what they notify us of. */
export async function up(knex: Knex): Promise<void> {
  for (const [name, body] of TABLES) await createTable(knex, name, body, 'utf8mb4_bin');
}

export async function down(knex: Knex): Promise<void> {
  for (const [name] of TABLES.toReversed()) await dropTable(knex, name);
}
