import type { TargetHealth } from '../storage/target-health.ts';
import { backoffMs } from './backoff.ts';
import type { Outcome } from '../contracts/target.ts';

/** Failed requests in a row after which the breaker opens. */
export const FAILURES_TO_OPEN = 5;

/** A passing fault is over in seconds; each open period in a row is twice as long. */
const FIRST_OPEN_MS = 4000;
const MAX_OPEN_MS = 600_000;
/** A key that is not valid seldom becomes so within minutes. */
const SUSPENDED_MS = 900_000;
/** A remote system that wants a longer pause still gets a trial request every hour. */
const MAX_RETRY_AFTER_MS = 3_600_000;

export type BreakerState = 'closed' | 'open' | 'half-open';

/** Half-open: the next request is a trial that shows whether the remote system is back. */
export function breakerState({ openUntil }: TargetHealth, now: Date): BreakerState {
  if (openUntil === undefined) return 'closed';
  return openUntil > now ? 'open' : 'half-open';
}

/** What one request shows about the remote system, whatever became of the orders. */
export type CallResult =
  | { readonly kind: 'healthy' }
  /** No request was made. */
  | { readonly kind: 'unheard' }
  | { readonly kind: 'failed'; readonly reason: string; readonly afterMs: number }
  | { readonly kind: 'halted'; readonly reason: string };

/**
 * A remote system that accepted or refused anything, or responded properly about an order that must wait, is healthy; a
 * request failed only when every outcome is "later".
 */
export function resultOf(outcomes: readonly Outcome[]): CallResult {
  const halted = outcomes.find(({ kind }) => kind === 'halted');
  if (halted?.kind === 'halted') return { kind: 'halted', reason: halted.reason };
  const heard = outcomes.filter(({ remote }) => remote !== 'unheard');
  if (heard.length === 0) return { kind: 'unheard' };
  const later = heard.filter((outcome) => outcome.kind === 'retry' && outcome.remote !== 'well');
  const [first] = later;
  if (first?.kind !== 'retry' || later.length < heard.length) return { kind: 'healthy' };
  return { kind: 'failed', reason: first.reason, afterMs: Math.max(...later.map(askedMs)) };
}

function askedMs(outcome: Outcome): number {
  return outcome.kind === 'retry' ? (outcome.afterMs ?? 0) : 0;
}

/** The target's health after a call that did not get through. */
export function afterFailure(
  health: TargetHealth,
  result: Extract<CallResult, { kind: 'failed' | 'halted' }>,
  { now, random, isTrial }: { readonly now: Date; readonly random: () => number; readonly isTrial: boolean },
): TargetHealth {
  const in_ = (ms: number): Date => new Date(now.getTime() + ms);
  const failures = health.failures + 1;
  const { reason } = result;
  if (result.kind === 'halted') return { failures, openUntil: in_(SUSPENDED_MS), reason };
  // Requests that were in flight when it opened show nothing new.
  if (!isTrial && breakerState(health, now) !== 'closed') return health;
  if (!isTrial && failures < FAILURES_TO_OPEN) return { failures, openUntil: undefined, reason };
  const openings = failures - FAILURES_TO_OPEN + 1;
  const openMs = backoffMs(openings, random, FIRST_OPEN_MS, MAX_OPEN_MS);
  return { failures, openUntil: in_(Math.max(openMs, Math.min(result.afterMs, MAX_RETRY_AFTER_MS))), reason };
}
