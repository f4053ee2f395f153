import type { Knex } from 'knex';
import { createTable, dropTable } from '../../connector/db/ddl.ts';

/**
 * One row an order and target: a letter box, not a queue. Whatever happens to an order makes its row due; what is
 * delivered is the order as it stands then, so deliveries of one order come one after the other and only the newest
 * state travels. `version` tells a worker that the order changed while it was under way.
 */
const TABLES: readonly (readonly [string, string])[] = [
  [
    'bl_outbox',
    `id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  target VARCHAR(32) NOT NULL,
  order_id VARCHAR(30) NOT NULL,
  state VARCHAR(8) NOT NULL COMMENT 'due, leased, done or parked; never renamed',
  version INT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'counts how often the order became due',
  due_at DATETIME(3) NOT NULL,
  due_since DATETIME(3) NOT NULL COMMENT 'since when something is undelivered',
  attempts INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'tries since it became due',
  owner VARCHAR(64) NULL,
  leased_until DATETIME(3) NULL,
  leased_version INT UNSIGNED NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '' COMMENT 'why it is not delivered yet, or never',
  reference VARCHAR(200) NOT NULL DEFAULT '' COMMENT 'of the party',
  memo TEXT NOT NULL COMMENT 'what the target left behind at the last delivery',
  unsure TINYINT(1) NOT NULL DEFAULT 0 COMMENT 'a later call, of which nothing was heard, may have told something else',
  delivered_at DATETIME(3) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY bl_outbox_order (target, order_id),
  KEY bl_outbox_claim (target, state, due_at, id),
  KEY bl_outbox_lease (state, leased_until)`,
  ],
  [
    'bl_targets',
    `target VARCHAR(32) NOT NULL,
  failures INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'calls in a row that failed',
  open_until DATETIME(3) NULL COMMENT 'nothing is sent before',
  reason VARCHAR(500) NOT NULL DEFAULT '',
  changed_at DATETIME(3) NOT NULL,
  PRIMARY KEY (target)`,
  ],
  [
    'bl_cursors',
    `name VARCHAR(64) NOT NULL,
  cursor_text VARCHAR(500) NOT NULL COMMENT 'opaque: only who wrote it reads it',
  changed_at DATETIME(3) NOT NULL,
  PRIMARY KEY (name)`,
  ],
  [
    'bl_calls',
    `id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  at DATETIME(3) NOT NULL,
  kind VARCHAR(16) NOT NULL COMMENT 'call (BaseLinker asked) or delivery (we told a party)',
  name VARCHAR(64) NOT NULL COMMENT 'the action, or the target',
  order_id VARCHAR(30) NULL,
  result VARCHAR(32) NOT NULL COMMENT 'ok, or the code of what went wrong',
  detail VARCHAR(500) NOT NULL DEFAULT '',
  bytes INT UNSIGNED NOT NULL DEFAULT 0,
  ms INT UNSIGNED NOT NULL DEFAULT 0,
  request_id CHAR(36) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  KEY bl_calls_at (at),
  KEY bl_calls_name (name, at),
  KEY bl_calls_order (order_id)`,
  ],
];

/** Orders on their way to other parties, and one searchable row for every call and delivery. */
export async function up(knex: Knex): Promise<void> {
  for (const [name, body] of TABLES) await createTable(knex, name, body, 'utf8mb4_bin');
}

export async function down(knex: Knex): Promise<void> {
  for (const [name] of TABLES.toReversed()) await dropTable(knex, name);
}
