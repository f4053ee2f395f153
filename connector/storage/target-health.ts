import type { Knex } from 'knex';
import { readRows } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';

/** How the calls of one target went lately; every process sees the same. */
export interface TargetHealth {
  /** Calls in a row that failed. */
  readonly failures: number;
  /** Nothing is sent before; undefined while all is well. */
  readonly openUntil: Date | undefined;
  /** Why nothing is sent, or the result of the last request. */
  readonly reason: string;
}

interface Row {
  readonly failures: number;
  readonly open_until: Date | null;
  readonly reason: string;
}

const HEALTHY: TargetHealth = { failures: 0, openUntil: undefined, reason: '' };

export async function targetHealth(db: Knex, target: string): Promise<TargetHealth> {
  const [row] = (await readRows(db, HEALTH_SQL, [target])) as unknown as HealthRow[];
  if (!row) return HEALTHY;
  const [failures, open_until, reason] = row;
  return healthOf({ failures, open_until, reason });
}

const HEALTH_SQL = 'SELECT failures, open_until, reason FROM bl_targets WHERE target = ?';

type HealthRow = readonly [failures: number, openUntil: Date | null, reason: string];

export async function allTargetHealth(db: Knex): Promise<ReadonlyMap<string, TargetHealth>> {
  const rows = await db<Row & { target: string }>('bl_targets').orderBy('target');
  return new Map(rows.map((row) => [row.target, healthOf(row)]));
}

/** Writes what `next` makes of the present state, one process after the other. */
export async function changeHealth(
  db: Knex,
  target: string,
  now: Date,
  next: (health: TargetHealth) => TargetHealth,
): Promise<TargetHealth> {
  return inTransaction(db, async (unit) => {
    await unit.raw(
      'INSERT INTO bl_targets (target, changed_at) VALUES (?, ?) ON DUPLICATE KEY UPDATE target = bl_targets.target',
      [target, now],
    );
    const row = await unit<Row & { target: string }>('bl_targets').where({ target }).forUpdate().first();
    const { failures, openUntil, reason } = next(healthOf(row));
    await unit('bl_targets')
      .where({ target })
      .update({ failures, open_until: openUntil ?? null, reason: reason.slice(0, 500), changed_at: now });
    return { failures, openUntil, reason };
  });
}

/**
 * Claims the one trial request of an open breaker: whoever moves `open_until` has it. When that process dies,
 * the breaker is half-open again at `until`, and another process tries.
 */
export async function claimTrial(db: Knex, target: string, seen: Date, until: Date, now: Date): Promise<boolean> {
  const changed = await db('bl_targets')
    .where({ target, open_until: seen })
    .update({ open_until: until, changed_at: now });
  return changed === 1;
}

/** After a request that got through. One that began before the last failure proves nothing about it. */
export async function markHealthy(db: Knex, target: string, startedAt: Date, now: Date): Promise<boolean> {
  const changed = await db('bl_targets')
    .where({ target })
    .andWhere('changed_at', '<=', startedAt)
    .andWhere((failing) => void failing.where('failures', '>', 0).orWhereNotNull('open_until'))
    .update({ failures: 0, open_until: null, reason: '', changed_at: now });
  return changed === 1;
}

/** By hand: whatever the failure was, the target is tried again at once. */
export async function resumeTarget(db: Knex, target: string, now: Date): Promise<boolean> {
  const changed = await db('bl_targets')
    .where({ target })
    .whereNotNull('open_until')
    .update({ failures: 0, open_until: null, reason: '', changed_at: now });
  return changed === 1;
}

function healthOf(row: Row | undefined): TargetHealth {
  if (!row) return HEALTHY;
  return { failures: row.failures, openUntil: row.open_until ?? undefined, reason: row.reason };
}
