import type { Knex } from 'knex';
import { inOneUnit, type UnitOfWork } from './unit-of-work.ts';

/** A deadlock is the server's way of asking to begin again. */
const MOST_REPEATS = 3;

/**
 * Runs a story in one transaction. Our connections are READ COMMITTED, so that a read that found nothing locks no gap
 * that others insert into. A deadlock re-runs the whole story from its beginning, so it must not have touched anything else.
 */
export async function inTransaction<T>(db: Knex, story: (unit: UnitOfWork) => Promise<T>): Promise<T> {
  for (let repeats = 0; ; repeats += 1) {
    try {
      return await inOneUnit(db, story);
    } catch (error) {
      if (!isDeadlock(error) || repeats >= MOST_REPEATS) throw error;
    }
  }
}

function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ER_LOCK_DEADLOCK';
}
