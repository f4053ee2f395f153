import type { Knex } from 'knex';
import { deleteOldCalls } from '../db/calls.ts';
import { deleteOldChanges } from '../db/changes.ts';
import { deleteOldMessages } from '../db/inbox.ts';
import { deleteDelivered } from '../db/outbox-memos.ts';
import { returnExpired } from '../db/outbox-returns.ts';
import { every } from '../lib/every.ts';
import type { Log } from '../lib/log.ts';

export interface HousekeepingParts {
  readonly db: Knex;
  readonly now: () => Date;
  readonly log: Log;
  readonly keep: Keep;
  /** Told how many rows were returned or deleted. */
  readonly onCleaned: (what: Chore, rows: number) => void;
  readonly timing?: { readonly sweepMs: number; readonly cleanMs: number };
}

/** How many days what is over stays to be looked at; 0 = for ever. */
export interface Keep {
  /** What was delivered is remembered so long: the change scan compares with it. */
  readonly deliveredDays: number;
  readonly callsDays: number;
  readonly changesDays: number;
}

export type Chore = 'expired leases' | 'delivered rows' | 'calls' | 'changes' | 'notifications';

export interface Housekeeping {
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;
const TIMING = { sweepMs: 5000, cleanMs: 600_000 };
/** Small steps, so that nobody waits long for a lock; and so many at most, the rest is for the next time. */
const ROWS_A_STEP = 1000;
const MOST_STEPS = 20;

/** Leases every few seconds, old rows every few minutes; several processes may do it at the same time. */
export function startHousekeeping(parts: HousekeepingParts): Housekeeping {
  const { sweepMs, cleanMs } = parts.timing ?? TIMING;
  const sweeping = every(sweepMs, () => sweepLeases(parts));
  const cleaning = every(cleanMs, () => cleanUp(parts));
  return {
    stop: async () => {
      await Promise.all([sweeping.stop(), cleaning.stop()]);
    },
  };
}

/** Returns the leases of those who have died. */
export async function sweepLeases(parts: HousekeepingParts): Promise<void> {
  await chore(parts, 'expired leases', () => returnExpired(parts.db, parts.now(), ROWS_A_STEP));
}

/** Deletes what is older than it is to be kept. */
export async function cleanUp(parts: HousekeepingParts): Promise<void> {
  const { db, now, keep } = parts;
  const until = (days: number): Date => new Date(now().getTime() - days * DAY_MS);
  const chores: [Chore, number, (before: Date) => Promise<number>][] = [
    ['delivered rows', keep.deliveredDays, (before) => deleteDelivered(db, before, ROWS_A_STEP)],
    ['calls', keep.callsDays, (before) => deleteOldCalls(db, before, ROWS_A_STEP)],
    ['changes', keep.changesDays, (before) => deleteOldChanges(db, before, ROWS_A_STEP)],
    ['notifications', keep.callsDays, (before) => deleteOldMessages(db, before, ROWS_A_STEP)],
  ];
  for (const [what, days, step] of chores) {
    if (days > 0) await chore(parts, what, () => step(until(days)));
  }
}

/** One that fails is logged and done again the next time; the others go on. */
async function chore({ log, onCleaned }: HousekeepingParts, what: Chore, step: () => Promise<number>): Promise<void> {
  let rows = 0;
  try {
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      const done = await step();
      rows += done;
      if (done < ROWS_A_STEP) break;
    }
  } catch (error) {
    log.error('housekeeping failed', { what, err: error });
  }
  if (rows === 0) return;
  log.info('housekeeping done', { what, rows });
  onCleaned(what, rows);
}
