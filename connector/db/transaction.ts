import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { isGoingAway, isWrongServer } from './driver-errors.ts';
import { onceMore } from './renewal.ts';
import { inOneUnit, type UnitOfWork } from './unit-of-work.ts';

/** A deadlock is cured by starting over. */
const MAX_REPEATS = 20;

/** Transactions that repeat at once deadlock again, hence random pauses; they add up to six seconds at most. */
const FIRST_PAUSE_MS = 5;
const MAX_PAUSE_MS = 400;

/**
 * Runs a use case in one transaction. Our connections are READ COMMITTED, so that a read that found nothing locks no
 * gap that others insert into. A deadlock re-runs the whole use case from its beginning, so it must not have touched
 * anything else: another program may lock the same rows in another order than ours, again and again. A server that
 * turns out to be the wrong one, after a failover for instance, re-runs it once, on a new connection.
 */
export function inTransaction<T>(db: Knex, work: (unit: UnitOfWork) => Promise<T>): Promise<T> {
  const mayRunAgain = (error: unknown): boolean => isWrongServer(error) || isGoingAway(error);
  return onceMore(db, () => untilNoDeadlock(db, work), mayRunAgain);
}

async function untilNoDeadlock<T>(db: Knex, work: (unit: UnitOfWork) => Promise<T>): Promise<T> {
  for (let repeats = 0; ; repeats += 1) {
    try {
      return await inOneUnit(db, work);
    } catch (error) {
      if (!isDeadlock(error) || repeats >= MAX_REPEATS) throw error;
      await sleep(Math.random() * Math.min(FIRST_PAUSE_MS * 2 ** repeats, MAX_PAUSE_MS));
    }
  }
}

/** A cluster of several writers reports a deadlock at COMMIT by the second name. */
const DEADLOCKS: readonly unknown[] = ['ER_LOCK_DEADLOCK', 'ER_TRANSACTION_ROLLBACK_DURING_COMMIT'];

function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'code' in error && DEADLOCKS.includes(error.code);
}
