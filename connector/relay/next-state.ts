import type { Settlement } from '../storage/outbox.ts';
import { backoffMs } from './backoff.ts';
import type { Outcome } from '../contracts/target.ts';

const DAY_MS = 86_400_000;

/** A remote system that asks for a year's pause is tried again tomorrow. */
const MAX_RETRY_AFTER_MS = DAY_MS;
const MIN_RETRY_AFTER_MS = 1000;

/**
 * The row's state after an outcome. Dead-lettering depends on time, never on the number of attempts: a remote system
 * may be down for days, and a busy one may answer "later" very often.
 */
export function nextState(
  delivery: { readonly attempt: number; readonly dueSince: Date },
  outcome: Outcome,
  { now, random, giveUpDays }: { readonly now: Date; readonly random: () => number; readonly giveUpDays: number },
): Settlement {
  switch (outcome.kind) {
    case 'delivered':
      return { state: 'done', reason: '', delivered: { reference: outcome.reference, digest: outcome.memo } };
    case 'refused':
      return { state: 'parked', reason: outcome.reason };
    case 'halted':
      // Not about this order: the target is suspended, and the row is charged neither an attempt nor a wait.
      return { state: 'due', dueAt: now, attempts: delivery.attempt - 1, reason: outcome.reason };
    case 'retry': {
      if (now.getTime() - delivery.dueSince.getTime() >= giveUpDays * DAY_MS) {
        return { state: 'parked', reason: `given up after ${giveUpDays} days: ${outcome.reason}` };
      }
      const dueAt = new Date(now.getTime() + waitMs(delivery.attempt, outcome.afterMs, random));
      return { state: 'due', dueAt, attempts: delivery.attempt, reason: outcome.reason };
    }
  }
}

/**
 * Never before the remote system wants it, and a tenth more by chance, so that not all come back at the same moment.
 */
function waitMs(attempt: number, afterMs: number | undefined, random: () => number): number {
  if (afterMs === undefined || Number.isNaN(afterMs)) return backoffMs(attempt, random);
  const requestedMs = Math.min(Math.max(afterMs, MIN_RETRY_AFTER_MS), MAX_RETRY_AFTER_MS);
  return Math.ceil(requestedMs * (1 + random() / 10));
}
