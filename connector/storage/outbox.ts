import type { Knex } from 'knex';
import type { Queryable, UnitOfWork } from '../db/unit-of-work.ts';
import { readRows, write } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';

/** What one worker holds for a while; its row is its own as long as the lease was not taken back. */
export interface Lease {
  readonly id: string;
  readonly orderId: string;
  readonly owner: string;
  readonly until: Date;
  /** Tries since the order last became due, the coming one included. */
  readonly attempt: number;
  /** Since when something of this order is undelivered. */
  readonly dueSince: Date;
  /** What the target left behind at the last delivery; '' when there was none. */
  readonly digest: string;
  /** A later request without a response may have delivered something else than the digest says. */
  readonly isInDoubt: boolean;
}

/** What becomes of a leased row. */
export type Settlement =
  /** Nothing is left to send. `delivered` is missing when no request was needed. */
  | {
      readonly state: 'done';
      readonly reason: string;
      readonly delivered?: { readonly reference: string; readonly digest: string };
    }
  | { readonly state: 'due'; readonly dueAt: Date; readonly attempts: number; readonly reason: string }
  /** A person must look. */
  | { readonly state: 'parked'; readonly reason: string };

const MAX_REASON = 500;
const MAX_REFERENCE = 200;

/**
 * Makes an order due at each of these targets, in the transaction that changes it. A row that is leased stays so: its
 * version has moved, which makes it due again when it is settled.
 */
export async function enqueue(unit: UnitOfWork, targets: readonly string[], orderId: string, at: Date): Promise<void> {
  if (targets.length === 0) return;
  // Sorted, so that two transactions lock the rows of one order in the same sequence. Both servers assign from left to
  // right: `state` comes last, as the other columns read its old value. A dead-lettered row begins a new wait, or it
  // would expire at once.
  await write(
    unit,
    `INSERT INTO bl_outbox (target, order_id, state, due_at, due_since, memo)
     VALUES ${targets.map(() => `(?, ?, 'due', ?, ?, '')`).join(', ')}
     ON DUPLICATE KEY UPDATE
       version = bl_outbox.version + 1,
       due_since = IF(bl_outbox.state IN ('done', 'parked'), ?, bl_outbox.due_since),
       due_at = IF(bl_outbox.state = 'leased', bl_outbox.due_at, ?),
       attempts = IF(bl_outbox.state = 'leased', bl_outbox.attempts, 0),
       state = IF(bl_outbox.state = 'leased', 'leased', 'due')`,
    [...[...targets].sort().flatMap((target) => [target, orderId, at, at]), at, at],
  );
}

/** Whether a claim would find anything: a look that takes no lock. */
export async function hasDue(db: Knex, target: string, now: Date): Promise<boolean> {
  return (await readRows(db, HAS_DUE_SQL, [target, now])).length > 0;
}

const HAS_DUE_SQL =
  "SELECT 1 FROM bl_outbox WHERE target = ? AND state = 'due' AND due_at <= ? ORDER BY due_at LIMIT 1";

/**
 * Leases up to `limit` due rows to `owner`. Short on purpose: no network call happens inside.
 *
 * READ COMMITTED, and an ORDER BY that follows the index bl_outbox_claim: under the default isolation the gap locks of
 * this SELECT make every enqueue() of the shop wait, and a sort would lock the rows that LIMIT then throws away.
 */
export async function claim(
  db: Knex,
  by: {
    readonly target: string;
    readonly owner: string;
    readonly now: Date;
    readonly until: Date;
    readonly limit: number;
  },
): Promise<readonly Lease[]> {
  const { target, owner, now, until, limit } = by;
  return inTransaction(db, async (unit) => {
    const rows = await lockDue(unit, target, now, limit);
    if (rows.length > 0) await write(unit, LEASE_SQL, [JSON.stringify(rows.map(([id]) => id)), owner, until]);
    return rows.map(([id, orderId, attempts, dueSince, digest, unsure]) => ({
      id: String(id),
      orderId,
      owner,
      until,
      attempt: attempts + 1,
      dueSince,
      digest,
      isInDoubt: unsure === 1,
    }));
  });
}

const LEASE_SQL = `
  UPDATE JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS j
    STRAIGHT_JOIN bl_outbox AS o FORCE INDEX (PRIMARY) ON o.id = j.id
  SET o.state = 'leased', o.owner = ?, o.leased_until = ?, o.leased_version = o.version, o.attempts = o.attempts + 1`;

type DueRow = readonly [
  ...[id: number | string, orderId: string, attempts: number, dueSince: Date, memo: string, unsure: number],
];

/** Exported for the test that holds it open. */
export async function lockDue(unit: UnitOfWork, target: string, now: Date, limit: number): Promise<readonly DueRow[]> {
  // The limit is part of the statement: as a value that is prepared, the two servers want it in different types.
  const sql = `SELECT id, order_id, attempts, due_since, memo, unsure FROM bl_outbox FORCE INDEX (bl_outbox_claim)
    WHERE target = ? AND state = 'due' AND due_at <= ?
    ORDER BY due_at, id LIMIT ${Math.trunc(limit)} FOR UPDATE SKIP LOCKED`;
  return (await readRows(unit, sql, [target, now])) as unknown as DueRow[];
}

/**
 * Writes down what became of a leased row. False when the lease was taken back meanwhile: then somebody else has the
 * row, or had it, and their word counts. An order that changed while it was under way is due again at once, unless
 * the remote system wants to be left alone for a while.
 */
export async function settle(db: Knex, lease: Lease, settlement: Settlement, now: Date): Promise<boolean> {
  return (await writeSettled(db, [{ lease, settlement }], now)) === 1;
}

interface SettledRow {
  readonly lease: Lease;
  readonly settlement: Settlement;
}

/** The rows of one claim, by one statement. Names those of which the lease was lost. */
export async function settleAll(db: Knex, settled: readonly SettledRow[], now: Date): Promise<readonly Lease[]> {
  if ((await writeSettled(db, settled, now)) === settled.length) return [];
  const ids = JSON.stringify(settled.map(({ lease: { id } }) => id));
  const owned = settled.slice(0, 1).flatMap(({ lease: { owner, until } }) => [owner, until]);
  const stillOwned = new Set((await readRows(db, STILL_OWNED_SQL, [ids, ...owned])).map(([id]) => String(id)));
  return settled.flatMap(({ lease }) => (stillOwned.has(lease.id) ? [] : [lease]));
}

/** How many rows were still held. */
async function writeSettled(db: Knex, settled: readonly SettledRow[], now: Date): Promise<number> {
  const [first] = settled;
  if (!first) return 0;
  const { owner, until } = first.lease;
  const ends = settled.map(({ lease: { id }, settlement }) => ({ id, ...endOf(settlement) }));
  const { rows } = await write(db, SETTLE_SQL, [JSON.stringify(ends), now, now, now, owner, until]);
  return rows;
}

function endOf(settlement: Settlement) {
  const reason = settlement.reason.slice(0, MAX_REASON);
  switch (settlement.state) {
    case 'due':
      return { state: 'due', dueAt: sqlTime(settlement.dueAt), attempts: settlement.attempts, reason };
    case 'parked':
      return { state: 'parked', reason };
    case 'done': {
      const { reference, digest } = settlement.delivered ?? {};
      return { state: 'done', reason, reference: reference?.slice(0, MAX_REFERENCE), memo: digest };
    }
  }
}

/** The connection uses UTC. */
function sqlTime(at: Date): string {
  return at.toISOString().replace('T', ' ').slice(0, -1);
}

// No assignment reads an assigned column, because an UPDATE of two tables guarantees no order; so the version that was
// leased stays where it is, and the lease itself too: it shows who settled the row. By the primary key, as in heldBy.
// Text stays long until the column takes it: the column refuses what it cannot hold, where JSON_TABLE would give NULL.
const MOVED = "j.state <> 'due' AND o.version > o.leased_version";
const SETTLE_SQL = `
  UPDATE JSON_TABLE(?, '$[*]' COLUMNS (
      id BIGINT UNSIGNED PATH '$.id', state VARCHAR(8) PATH '$.state', due_at DATETIME(3) PATH '$.dueAt',
      attempts INT UNSIGNED PATH '$.attempts', reason LONGTEXT PATH '$.reason',
      reference LONGTEXT PATH '$.reference', memo LONGTEXT PATH '$.memo')) AS j
    STRAIGHT_JOIN bl_outbox AS o FORCE INDEX (PRIMARY) ON o.id = j.id
  SET
    o.due_at = IF(${MOVED}, ?, COALESCE(j.due_at, o.due_at)),
    o.due_since = IF(${MOVED}, ?, o.due_since),
    o.attempts = IF(${MOVED}, 0, COALESCE(j.attempts, o.attempts)),
    o.state = IF(${MOVED}, 'due', j.state),
    o.unsure = IF(j.state = 'due', 1, IF(j.memo IS NULL, o.unsure, 0)),
    o.delivered_at = IF(j.memo IS NULL, o.delivered_at, ?),
    o.reference = COALESCE(j.reference, o.reference),
    o.memo = COALESCE(j.memo, o.memo),
    o.reason = j.reason
  WHERE o.owner = ? AND o.state = 'leased' AND o.leased_until = ?`;

/** Those among some rows that have been settled under this lease, and not been leased since. */
const STILL_OWNED_SQL = `
  SELECT o.id FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS j
    STRAIGHT_JOIN bl_outbox AS o FORCE INDEX (PRIMARY) ON o.id = j.id
  WHERE o.owner = ? AND o.leased_until = ?`;

export const NOT_LEASED = { owner: null, leased_until: null, leased_version: null } as const;

/**
 * The end of the lease distinguishes two leases of one owner. By the primary key and nothing else: left to themselves
 * the servers use bl_outbox_lease, and the gaps that this locks make claims and settlements deadlock.
 */
export function heldBy(unit: Queryable, { id, owner, until }: Lease) {
  return unit(unit.raw('bl_outbox FORCE INDEX (PRIMARY)')).where({ id, owner, state: 'leased', leased_until: until });
}
