import type { Knex } from 'knex';
import type { Queryable, UnitOfWork } from './unit-of-work.ts';
import { inTransaction } from './transaction.ts';

/** What one worker holds for a while; its row is its own as long as nobody has taken it back. */
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
  readonly memo: string;
  /** A later call, of which nothing was heard, may have told the party something else than the memo says. */
  readonly isUnsure: boolean;
}

/** What becomes of a leased row. */
export type Settlement =
  /** Nothing is left to tell. `delivered` is missing when that was so without a call. */
  | {
      readonly state: 'done';
      readonly reason: string;
      readonly delivered?: { readonly reference: string; readonly memo: string };
    }
  | { readonly state: 'due'; readonly dueAt: Date; readonly attempts: number; readonly reason: string }
  /** A person must look. */
  | { readonly state: 'parked'; readonly reason: string };

const LONGEST_REASON = 500;
const LONGEST_REFERENCE = 200;

/**
 * Makes an order due at each of these targets, in the transaction that changes it. A row that is leased stays so: its
 * version has moved, which makes it due again when it is settled.
 */
export async function enqueue(unit: UnitOfWork, targets: readonly string[], orderId: string, at: Date): Promise<void> {
  if (targets.length === 0) return;
  // Sorted, so that two transactions take the rows of one order in one order. Both servers assign from left to right:
  // `state` comes last, as the others look at what it was. A parked row begins a new wait, or it would be given up at once.
  await unit.raw(
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
export async function isAnythingDue(db: Knex, target: string, now: Date): Promise<boolean> {
  const due = db('bl_outbox').where({ target, state: 'due' }).andWhere('due_at', '<=', now);
  return (await due.orderBy(['due_at', 'id']).first('id')) !== undefined;
}

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
    if (rows.length > 0) {
      const leased = { state: 'leased', owner, leased_until: until, leased_version: unit.raw('version') };
      await unit('bl_outbox')
        .whereIn(
          'id',
          rows.map(({ id }) => id),
        )
        .update({ ...leased, attempts: unit.raw('attempts + 1') });
    }
    return rows.map(({ id, order_id, attempts, due_since, memo, unsure }) => ({
      id: String(id),
      orderId: order_id,
      owner,
      until,
      attempt: attempts + 1,
      dueSince: due_since,
      memo,
      isUnsure: unsure === 1,
    }));
  });
}

interface DueRow {
  readonly id: number | string;
  readonly order_id: string;
  readonly attempts: number;
  readonly due_since: Date;
  readonly memo: string;
  readonly unsure: number;
}

/** Exported for the test that holds it open. */
export async function lockDue(unit: UnitOfWork, target: string, now: Date, limit: number) {
  const [rows] = (await unit.raw(
    `SELECT id, order_id, attempts, due_since, memo, unsure FROM bl_outbox FORCE INDEX (bl_outbox_claim)
     WHERE target = ? AND state = 'due' AND due_at <= ?
     ORDER BY due_at, id LIMIT ? FOR UPDATE SKIP LOCKED`,
    [target, now, limit],
  )) as [DueRow[]];
  return rows;
}

/**
 * Writes down what became of a leased row. False when the lease was taken back meanwhile: then somebody else has the
 * row, or had it, and their word counts. An order that changed while it was under way is due again at once, unless
 * the party wants to be left alone for a while.
 */
export async function settle(db: Queryable, lease: Lease, settlement: Settlement, now: Date): Promise<boolean> {
  const moved = 'version > leased_version';
  const end: Record<string, Knex.Value | Knex.Raw> =
    settlement.state === 'due'
      ? { due_at: settlement.dueAt, attempts: settlement.attempts, state: 'due', unsure: 1 }
      : {
          due_at: db.raw(`IF(${moved}, ?, due_at)`, [now]),
          due_since: db.raw(`IF(${moved}, ?, due_since)`, [now]),
          attempts: db.raw(`IF(${moved}, 0, attempts)`),
          state: db.raw(`IF(${moved}, 'due', ?)`, [settlement.state]),
        };
  const delivered =
    settlement.state === 'done' && settlement.delivered
      ? {
          reference: settlement.delivered.reference.slice(0, LONGEST_REFERENCE),
          memo: settlement.delivered.memo,
          unsure: 0,
          delivered_at: now,
        }
      : {};
  const changed = await heldBy(db, lease).update({
    ...end,
    ...delivered,
    reason: settlement.reason.slice(0, LONGEST_REASON),
    ...NOT_LEASED,
  });
  return changed === 1;
}

/** The rows of one batch, by one commit. Names those of which the lease was lost. */
export async function settleAll(
  db: Knex,
  settled: readonly { readonly lease: Lease; readonly settlement: Settlement }[],
  now: Date,
): Promise<readonly Lease[]> {
  const settleEach = async (unit: Queryable): Promise<Lease[]> => {
    const lost: Lease[] = [];
    for (const { lease, settlement } of settled) {
      if (!(await settle(unit, lease, settlement, now))) lost.push(lease);
    }
    return lost;
  };
  return settled.length > 1 ? inTransaction(db, settleEach) : settleEach(db);
}

/** Gives back a lease with which nothing was done: it costs the row no attempt. */
export async function giveBack(db: Knex, lease: Lease): Promise<void> {
  await inTransaction(db, (unit) =>
    heldBy(unit, lease).update({ state: 'due', attempts: lease.attempt - 1, ...NOT_LEASED }),
  );
}

/** Returns every lease of this owner, for a clean stop. A delivery of which nothing was heard may have been made. */
export async function returnLeases(db: Knex, owner: string, now: Date): Promise<number> {
  return inTransaction(db, (unit) =>
    unit('bl_outbox')
      .where({ state: 'leased', owner })
      .update({ state: 'due', due_at: now, reason: 'returned when the connector stopped', unsure: 1, ...NOT_LEASED }),
  );
}

/**
 * Returns leases that ran out: whoever had them has died or is stuck. What has come back so before waits a minute more
 * each time, since it may be what kills the process.
 */
export async function returnExpired(db: Knex, now: Date, limit: number): Promise<number> {
  return inTransaction(db, async (unit) => {
    const [rows] = (await unit.raw(
      `SELECT id FROM bl_outbox FORCE INDEX (bl_outbox_lease)
       WHERE state = 'leased' AND leased_until <= ?
       ORDER BY leased_until LIMIT ? FOR UPDATE SKIP LOCKED`,
      [now, limit],
    )) as [{ id: number | string }[]];
    if (rows.length === 0) return 0;
    return unit('bl_outbox')
      .whereIn(
        'id',
        rows.map(({ id }) => id),
      )
      .update({
        state: 'due',
        due_at: unit.raw('DATE_ADD(?, INTERVAL LEAST(GREATEST(attempts, 1) - 1, 60) MINUTE)', [now]),
        reason: 'the lease ran out before anything was heard of it',
        unsure: 1,
        ...NOT_LEASED,
      });
  });
}

/** Last in an UPDATE: what comes before it looks at the version that was leased. */
const NOT_LEASED = { owner: null, leased_until: null, leased_version: null } as const;

/**
 * The end of the lease tells apart two leases of one owner. By the primary key and nothing else: left to themselves the
 * servers go by bl_outbox_lease, and the gaps that this locks make claims and settlements run into deadlocks.
 */
function heldBy(unit: Queryable, { id, owner, until }: Lease) {
  return unit(unit.raw('bl_outbox FORCE INDEX (PRIMARY)')).where({ id, owner, state: 'leased', leased_until: until });
}

/**
 * Forgets at most `limit` orders that have had nothing new to tell since `before`. Theirs must be orders that no change
 * scan names any more: without the row, a scan would take such an order for one that was never delivered.
 */
export async function deleteDelivered(db: Knex, before: Date, limit: number): Promise<number> {
  const targets = await db('bl_outbox').distinct('target').pluck<string[]>('target');
  let deleted = 0;
  for (const target of targets) {
    deleted += await inTransaction(db, async (unit) => {
      const [rows] = (await unit.raw(
        `SELECT id FROM bl_outbox FORCE INDEX (bl_outbox_claim)
         WHERE target = ? AND state = 'done' AND due_at < ?
         ORDER BY due_at, id LIMIT ? FOR UPDATE SKIP LOCKED`,
        [target, before, limit],
      )) as [{ id: number | string }[]];
      const ids = rows.map(({ id }) => id);
      return ids.length === 0 ? 0 : unit('bl_outbox').whereIn('id', ids).del();
    });
  }
  return deleted;
}
