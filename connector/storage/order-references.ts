import type { Knex } from 'knex';
import type { UnitOfWork } from '../db/unit-of-work.ts';
import { readRows, write } from '../db/connect.ts';

/** What is known of an order of BaseLinker; its row is locked until the unit of work ends. */
export interface OrderReference {
  /** Undefined when BaseLinker's number is new here. */
  readonly orderId: string | undefined;
  /** Of the last call that was carried out. */
  readonly fingerprint: Buffer | undefined;
  /** The status and payment that this call requested. */
  readonly requestedStatus: string;
  readonly requestedPaid: boolean | undefined;
}

type Row = readonly [orderId: string | null, fingerprint: Buffer | null, askedStatus: string, askedPaid: number | null];

/**
 * Takes BaseLinker's number for this unit of work. Whoever else comes with the same number waits here, on the unique
 * key, until the first one is done, and then sees its order.
 */
export async function claimReference(
  unit: UnitOfWork,
  connection: string,
  baselinkerId: string,
  at: Date,
): Promise<OrderReference> {
  const { insertId: wasThere } = await write(unit, CLAIM_SQL, [connection, baselinkerId, at, at]);
  if (wasThere === 0) return NEW;
  const [row] = (await readRows(unit, CLAIMED_SQL, [connection, baselinkerId])) as unknown as Row[];
  if (!row) throw new Error(`the claim on order ${baselinkerId} was lost`);
  const [orderId, fingerprint, requestedStatus, requestedPaid] = row;
  return {
    orderId: orderId ?? undefined,
    fingerprint: fingerprint ?? undefined,
    requestedStatus,
    requestedPaid: requestedPaid === null ? undefined : requestedPaid === 1,
  };
}

const NEW: OrderReference = {
  orderId: undefined,
  fingerprint: undefined,
  requestedStatus: '',
  requestedPaid: undefined,
};

// ON DUPLICATE KEY takes an exclusive lock at once; IGNORE would share it, and two callers would deadlock over it.
// LAST_INSERT_ID, which the table itself never sets, shows that the row existed: the number of rows is 1 either way.
const CLAIM_SQL = `INSERT INTO bl_orders (connection, baselinker_id, created_at, changed_at) VALUES (?, ?, ?, ?)
  ON DUPLICATE KEY UPDATE connection = IF(LAST_INSERT_ID(1) = 1, bl_orders.connection, '')`;
const CLAIMED_SQL = `SELECT order_id, fingerprint, asked_status, asked_paid FROM bl_orders
  WHERE connection = ? AND baselinker_id = ? FOR UPDATE`;

/** Whether this shop order was made for another number of BaseLinker. The order must be locked. */
export async function belongsToOther(
  unit: UnitOfWork,
  { connection, baselinkerId }: { readonly connection: string; readonly baselinkerId: string },
  orderId: string,
): Promise<boolean> {
  return (await readRows(unit, OTHERS_SQL, [connection, orderId, baselinkerId])).length > 0;
}

const OTHERS_SQL = `SELECT 1 FROM bl_orders WHERE connection = ? AND order_id = ? AND baselinker_id <> ? LIMIT 1`;

/** The numbers in BaseLinker of those among these shop orders that were made for one. */
export async function baselinkerIds(
  db: Knex,
  connection: string,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const numbers = new Map<string, string>();
  for (let at = 0; at < orderIds.length; at += IDS_AT_ONCE) {
    const some = orderIds.slice(at, at + IDS_AT_ONCE);
    // Filled up with the last one, so that one statement stays prepared.
    const ids = Array.from({ length: some.length === 1 ? 1 : IDS_AT_ONCE }, (_, n) => some[n] ?? some.at(-1) ?? '');
    const sql = `SELECT order_id, baselinker_id FROM bl_orders
      WHERE connection = ? AND order_id IN (${ids.map(() => '?').join()})`;
    for (const [orderId, number] of (await readRows(db, sql, [connection, ...ids])) as [string, string][])
      numbers.set(orderId, number);
  }
  return numbers;
}

const IDS_AT_ONCE = 100;

/** Stores which shop order it is, and what the call that made it so requested. */
export async function bindReference(
  unit: UnitOfWork,
  key: { readonly connection: string; readonly baselinkerId: string },
  bound: {
    readonly orderId: string;
    readonly fingerprint: Buffer;
    readonly requestedStatus: string;
    readonly requestedPaid: boolean | undefined;
    readonly at: Date;
  },
): Promise<void> {
  const { orderId, fingerprint, requestedStatus, requestedPaid, at } = bound;
  const values = [orderId, fingerprint, requestedStatus, requestedPaid ?? null, at];
  await write(unit, BIND_SQL, [...values, key.connection, key.baselinkerId]);
}

const BIND_SQL = `UPDATE bl_orders SET order_id = ?, fingerprint = ?, asked_status = ?, asked_paid = ?, changed_at = ?
  WHERE connection = ? AND baselinker_id = ?`;
