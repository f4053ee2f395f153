import type { Knex } from 'knex';
import { createTable, dropTable } from '../../connector/db/ddl.ts';

/** Ids of the shop are text here: not every schema has numbers. */
const TABLES: readonly (readonly [string, string])[] = [
  [
    'bl_orders',
    `connection VARCHAR(32) NOT NULL,
  baselinker_id VARCHAR(30) NOT NULL COMMENT 'the number in BaseLinker',
  order_id VARCHAR(30) NULL COMMENT 'the shop order; NULL only while the first call is under way',
  fingerprint BINARY(32) NULL COMMENT 'of the last call that was carried out',
  asked_status VARCHAR(50) NOT NULL DEFAULT '' COMMENT 'the status that call named',
  asked_paid TINYINT(1) NULL COMMENT 'the payment state it named',
  created_at DATETIME(3) NOT NULL,
  changed_at DATETIME(3) NOT NULL,
  PRIMARY KEY (connection, baselinker_id),
  KEY bl_orders_order (order_id)`,
  ],
  [
    'bl_booked_stock',
    `order_id VARCHAR(30) NOT NULL,
  product_id VARCHAR(30) NOT NULL,
  variant_id VARCHAR(30) NOT NULL,
  quantity INT NOT NULL COMMENT 'pieces that the connector has taken for this order and not put back',
  PRIMARY KEY (order_id, product_id, variant_id)`,
  ],
  [
    'bl_changes',
    `id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  at DATETIME(3) NOT NULL,
  kind VARCHAR(16) NOT NULL COMMENT 'stock or price',
  product_id VARCHAR(30) NOT NULL,
  variant_id VARCHAR(30) NOT NULL,
  before_value VARCHAR(32) NULL,
  after_value VARCHAR(32) NULL,
  action VARCHAR(32) NOT NULL COMMENT 'what did it',
  call_id CHAR(36) NOT NULL COMMENT 'the request id, as in the log',
  order_id VARCHAR(30) NULL,
  PRIMARY KEY (id),
  KEY bl_changes_article (product_id, variant_id, id),
  KEY bl_changes_at (at)`,
  ],
  [
    'bl_added_products',
    `connection VARCHAR(32) NOT NULL,
  sku VARCHAR(64) NOT NULL COMMENT 'the row at which two calls that add one product meet',
  PRIMARY KEY (connection, sku)`,
  ],
];

/** Who is who between BaseLinker and the shop, what was taken from the stock for whom, and every change of ours. */
export async function up(knex: Knex): Promise<void> {
  for (const [name, body] of TABLES) await createTable(knex, name, body, 'utf8mb4_bin');
}

export async function down(knex: Knex): Promise<void> {
  for (const [name] of TABLES.toReversed()) await dropTable(knex, name);
}
