import type { Knex } from 'knex';
import { deleteOldCallRows } from '../storage/call-log.ts';
import { deleteOldAuditEntries } from '../storage/audit-log.ts';
import { deleteOldMessages } from '../storage/inbox.ts';
import { deleteDelivered } from '../storage/outbox-digests.ts';
import { releaseExpired } from '../storage/outbox-leases.ts';
import { startInterval } from '../lib/interval.ts';
import type { Log } from '../lib/log.ts';

export interface HousekeepingDeps {
  readonly db: Knex;
  readonly now: () => Date;
  readonly log: Log;
  readonly retention: Retention;
  /** Called with the number of rows that were returned or deleted. */
  readonly onDeleted: (what: MaintenanceTask, rows: number) => void;
  readonly timing?: { readonly sweepMs: number; readonly cleanMs: number };
}

/** How many days what is over stays to be looked at; 0 = for ever. */
export interface Retention {
  /** What was delivered is remembered so long: the change scan compares with it. */
  readonly deliveredDays: number;
  readonly callsDays: number;
  readonly changesDays: number;
}

export type MaintenanceTask = 'expired leases' | 'delivered rows' | 'calls' | 'changes' | 'notifications';

export interface Housekeeping {
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;
const TIMING = { sweepMs: 5000, cleanMs: 600_000 };
/** Small steps, so that nobody waits long for a lock; and a limited number, the rest is for the next run. */
const ROWS_A_STEP = 1000;
const MAX_STEPS = 20;

/** Leases every few seconds, old rows every few minutes; several processes may do it at the same time. */
export function startHousekeeping(deps: HousekeepingDeps): Housekeeping {
  const { sweepMs, cleanMs } = deps.timing ?? TIMING;
  const sweeping = startInterval(sweepMs, () => sweepLeases(deps));
  const cleaning = startInterval(cleanMs, () => runTask(deps));
  return {
    stop: async () => {
      await Promise.all([sweeping.stop(), cleaning.stop()]);
    },
  };
}

/** Returns the leases of those who have died. */
export async function sweepLeases(deps: HousekeepingDeps): Promise<void> {
  await task(deps, 'expired leases', () => releaseExpired(deps.db, deps.now(), ROWS_A_STEP));
}

/** Deletes what is older than it is to be kept. */
export async function runTask(deps: HousekeepingDeps): Promise<void> {
  const { db, now, retention } = deps;
  const until = (days: number): Date => new Date(now().getTime() - days * DAY_MS);
  const tasks: [MaintenanceTask, number, (before: Date) => Promise<number>][] = [
    ['delivered rows', retention.deliveredDays, (before) => deleteDelivered(db, before, ROWS_A_STEP)],
    ['calls', retention.callsDays, (before) => deleteOldCallRows(db, before, ROWS_A_STEP)],
    ['changes', retention.changesDays, (before) => deleteOldAuditEntries(db, before, ROWS_A_STEP)],
    ['notifications', retention.callsDays, (before) => deleteOldMessages(db, before, ROWS_A_STEP)],
  ];
  for (const [what, days, step] of tasks) {
    if (days > 0) await task(deps, what, () => step(until(days)));
  }
}

/** One that fails is logged and done again the next time; the others go on. */
async function task(
  { log, onDeleted }: HousekeepingDeps,
  what: MaintenanceTask,
  step: () => Promise<number>,
): Promise<void> {
  let rows = 0;
  try {
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      const done = await step();
      rows += done;
      if (done < ROWS_A_STEP) break;
    }
  } catch (error) {
    log.error('housekeeping failed', { what, err: error });
  }
  if (rows === 0) return;
  log.info('housekeeping done', { what, rows });
  onDeleted(what, rows);
}
