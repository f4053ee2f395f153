import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { inOneUnit, type UnitOfWork } from './unit-of-work.ts';

/** A deadlock is the server's way of asking to begin again. */
const MOST_REPEATS = 20;

/** Whoever repeats at once meets the same party in the same place. The pauses add up to six seconds at most. */
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 400;

/**
 * Runs a story in one transaction. Our connections are READ COMMITTED, so that a read that found nothing locks no gap
 * that others insert into. A deadlock re-runs the whole story from its beginning, so it must not have touched anything else:
 * another program may lock the same rows in another order than ours, again and again.
 */
export async function inTransaction<T>(db: Knex, story: (unit: UnitOfWork) => Promise<T>): Promise<T> {
  for (let repeats = 0; ; repeats += 1) {
    try {
      return await inOneUnit(db, story);
    } catch (error) {
      if (!isDeadlock(error) || repeats >= MOST_REPEATS) throw error;
      await sleep(Math.random() * Math.min(FIRST_PAUSE_MS * 2 ** repeats, LONGEST_PAUSE_MS));
    }
  }
}

function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ER_LOCK_DEADLOCK';
}
