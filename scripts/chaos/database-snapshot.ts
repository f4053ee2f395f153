import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';

/** What the database holds, read by SQL of our own and not by the connector's. */
export interface DatabaseSnapshot {
  readonly references: readonly { baselinker_id: string; order_id: string | null; is_bound: number }[];
  readonly orders: readonly {
    id: number;
    source_reference: string;
    status_id: number;
    total: string;
    paid_amount: string;
    delivery_price: string;
  }[];
  readonly lines: readonly {
    order_id: number;
    product_id: number | null;
    variant_id: number;
    name: string;
    quantity: number;
    price: string;
  }[];
  readonly parcels: readonly { order_id: number; tracking_number: string }[];
  readonly allocations: readonly { order_id: string; product_id: string; variant_id: string; quantity: number }[];
  readonly audit: readonly AuditRow[];
  readonly stock: readonly { product_id: number; variant_id: number; quantity: number }[];
  /** Orders without lines, and rows of an order that is not there. */
  readonly strays: readonly { what: string; id: number }[];
}

export interface AuditRow {
  readonly id: number;
  readonly product_id: string;
  readonly variant_id: string;
  readonly before_value: string | null;
  readonly after_value: string | null;
  readonly action: string;
  readonly call_id: string;
  readonly order_id: string | null;
}

const QUERIES: Readonly<Record<keyof DatabaseSnapshot, string>> = {
  references: `SELECT baselinker_id, order_id, fingerprint IS NOT NULL AS is_bound FROM bl_orders`,
  orders: `SELECT id, source_reference, status_id, total, paid_amount, delivery_price
    FROM shop_orders WHERE source = 'baselinker'`,
  lines: `SELECT l.order_id, l.product_id, l.variant_id, l.name, l.quantity, l.price
    FROM shop_order_lines AS l JOIN shop_orders AS o ON o.id = l.order_id
    WHERE o.source = 'baselinker' ORDER BY l.order_id, l.position, l.id`,
  parcels: `SELECT p.order_id, p.tracking_number
    FROM shop_parcels AS p JOIN shop_orders AS o ON o.id = p.order_id WHERE o.source = 'baselinker'`,
  allocations: `SELECT order_id, product_id, variant_id, quantity FROM bl_booked_stock`,
  audit: `SELECT id, product_id, variant_id, before_value, after_value, action, call_id, order_id
    FROM bl_changes WHERE kind = 'stock' ORDER BY id`,
  stock: `SELECT id AS product_id, 0 AS variant_id, quantity FROM shop_products
    UNION ALL SELECT product_id, id, quantity FROM shop_variants`,
  strays: `SELECT 'order without lines' AS what, o.id FROM shop_orders AS o
      WHERE NOT EXISTS (SELECT 1 FROM shop_order_lines AS l WHERE l.order_id = o.id)
    UNION ALL SELECT 'line without an order', l.id FROM shop_order_lines AS l
      WHERE NOT EXISTS (SELECT 1 FROM shop_orders AS o WHERE o.id = l.order_id)
    UNION ALL SELECT 'parcel without an order', p.id FROM shop_parcels AS p
      WHERE NOT EXISTS (SELECT 1 FROM shop_orders AS o WHERE o.id = p.order_id)`,
};

const LOCKABLE = ['shop_orders', 'shop_order_lines', 'shop_products', 'shop_variants', 'bl_orders', 'bl_booked_stock'];

const CACHE_MS = 200; // the server shows the same list of transactions again to whoever asks within 100 ms

/** Read while nobody works, or it is no single picture. */
export async function readSnapshot(databaseUrl: string): Promise<DatabaseSnapshot> {
  return withConnection(databaseUrl, async (connection) => {
    const snapshot: Record<string, unknown> = {};
    for (const [name, sql] of Object.entries(QUERIES)) snapshot[name] = await ask(connection, sql);
    // The cast: the keys are those of QUERIES, and each holds the columns that it asks for.
    return snapshot as unknown as DatabaseSnapshot;
  });
}

/** What still holds something when nobody works: open transactions, and tables whose rows cannot all be locked. */
export async function leftOpen(databaseUrl: string, timeoutMs: number): Promise<readonly string[]> {
  return withConnection(databaseUrl, async (connection) => {
    const deadline = performance.now() + timeoutMs;
    await sleep(CACHE_MS);
    let open = await openTransactions(connection);
    while (open.length > 0 && performance.now() < deadline) {
      await sleep(CACHE_MS);
      open = await openTransactions(connection);
    }
    return [...open, ...(await lockedTables(connection))];
  });
}

async function openTransactions(connection: Connection): Promise<string[]> {
  const sql = `SELECT trx_mysql_thread_id AS thread, trx_state AS state, trx_rows_locked AS locked
    FROM information_schema.innodb_trx WHERE trx_mysql_thread_id NOT IN (0, CONNECTION_ID())`;
  const rows = await ask<{ thread: number; state: string; locked: number }>(connection, sql);
  return rows.map(
    ({ thread, state, locked }) => `a transaction is open: thread ${thread}, ${state}, ${locked} rows locked`,
  );
}

async function lockedTables(connection: Connection): Promise<string[]> {
  const locked: string[] = [];
  for (const table of LOCKABLE) {
    await connection.beginTransaction();
    await ask(connection, `SELECT COUNT(*) FROM (SELECT 1 FROM ${table} FOR UPDATE NOWAIT) AS rows_of_it`).catch(
      (error: unknown) => locked.push(`rows of ${table} are locked: ${String(error)}`),
    );
    await connection.rollback();
  }
  return locked;
}

async function withConnection<T>(databaseUrl: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection(databaseUrl);
  try {
    return await work(connection);
  } finally {
    connection.destroy();
  }
}

async function ask<Row>(connection: Connection, sql: string): Promise<Row[]> {
  const [rows] = await connection.query<RowDataPacket[]>(sql);
  return rows as Row[];
}
