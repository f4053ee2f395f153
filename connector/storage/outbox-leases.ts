import type { Knex } from 'knex';
import { heldBy, NOT_LEASED, type Lease } from './outbox.ts';
import { inTransaction } from '../db/transaction.ts';

/** Gives back a lease with which nothing was done: it costs the row no attempt. */
export async function releaseLease(db: Knex, lease: Lease): Promise<void> {
  await inTransaction(db, (unit) =>
    heldBy(unit, lease).update({ state: 'due', attempts: lease.attempt - 1, ...NOT_LEASED }),
  );
}

/** Returns every lease of this owner, for an orderly shutdown. A delivery without a response may have been made. */
export async function releaseLeases(db: Knex, owner: string, now: Date): Promise<number> {
  return inTransaction(db, (unit) =>
    unit('bl_outbox')
      .where({ state: 'leased', owner })
      .update({ state: 'due', due_at: now, reason: 'returned when the connector stopped', unsure: 1, ...NOT_LEASED }),
  );
}

const DAY_MS = 86_400_000;

/**
 * Returns leases that ran out: whoever had them has died or is stuck. One of more than a day was taken by a clock that
 * has been set back since; it would hold the order for so long. What has come back so before waits a minute more
 * each time, since it may be what kills the process.
 */
export async function releaseExpired(db: Knex, now: Date, limit: number): Promise<number> {
  return inTransaction(db, async (unit) => {
    const [rows] = (await unit.raw(
      `SELECT id FROM bl_outbox FORCE INDEX (bl_outbox_lease)
       WHERE state = 'leased' AND (leased_until <= ? OR leased_until > ?)
       ORDER BY leased_until LIMIT ? FOR UPDATE SKIP LOCKED`,
      [now, new Date(now.getTime() + DAY_MS), limit],
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
