import { randomUUID } from 'node:crypto';
import { settleAll, type Lease, type Settlement } from '../storage/outbox.ts';
import { changeHealth, markHealthy } from '../storage/target-health.ts';
import { withRequestId } from '../lib/log.ts';
import { redactPersonalData } from '../lib/redact.ts';
import { afterFailure, resultOf } from './breaker.ts';
import { nextState } from './next-state.ts';
import { leaseMs, type RelayDeps, type Timing } from './deps.ts';
import type { Send } from './plan.ts';
import type { Outcome, Target } from '../contracts/target.ts';

/** The outcome of a delivery that failed through our own fault. */
export const INTERNAL_ERROR: Outcome = {
  kind: 'retry',
  reason: 'a fault of the connector: see its log',
  remote: 'unheard',
};

export interface BatchDelivery {
  readonly target: Target;
  readonly batch: readonly Send[];
  /** The trial request of a half-open breaker. */
  readonly isTrial: boolean;
  /** Whether earlier requests failed: then a success must be recorded. */
  readonly afterFailure: boolean;
  /** Aborts when shutdown cannot wait any longer. */
  readonly stopping: AbortSignal;
}

/** What a call has shown. */
export interface CallEnd {
  /** Whether the next call may follow at once. */
  readonly isWell: boolean;
  /** Whether it shows anything about the remote system, good or bad. */
  readonly isHeard: boolean;
}

/** Delivers one batch and writes down what became of each of its rows. Never rejects. */
export function deliverBatch(deps: RelayDeps, timing: Timing, call: BatchDelivery): Promise<CallEnd> {
  const deliveryId = randomUUID();
  return withRequestId(deliveryId, async () => {
    const startedAt = deps.now();
    const beganAt = performance.now();
    const { outcomes, isInternalError } = await outcomesOf(deps, timing, call);
    const ms = Math.round(performance.now() - beganAt);
    // When shutdown gave up waiting, the leases were returned, and there was no response.
    if (call.stopping.aborted) return { isWell: false, isHeard: false };
    // First the target's health: rows that become due again must find the breaker as this call leaves it.
    const restsUntil = await noteHealth(deps, call, outcomes, startedAt);
    const context = { now: deps.now(), random: deps.random, giveUpDays: deps.giveUpDays };
    const delivered = call.batch.map(({ lease }, index) => ({ lease, outcome: outcomes[index] ?? INTERNAL_ERROR }));
    note(deps, call.target, delivered, ms, deliveryId);
    const settled = delivered.map(({ lease, outcome }) => ({
      ...{ lease, settlement: afterRest(nextState(lease, outcome, context), outcome, restsUntil) },
    }));
    await settleInTime(deps, timing, call.stopping, settled);
    const { kind } = resultOf(outcomes);
    return { isWell: !isInternalError && (kind === 'healthy' || kind === 'unheard'), isHeard: kind !== 'unheard' };
  });
}

async function outcomesOf(
  { log }: RelayDeps,
  { timeoutMs }: Timing,
  { target, batch, stopping }: BatchDelivery,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly isInternalError: boolean }> {
  const guard = createTimeoutGuard(timeoutMs * 1.25);
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), stopping]);
    const deliveries = batch.map(({ delivery }) => delivery);
    const outcomes = await Promise.race([target.deliver(deliveries, signal), guard.passed]);
    if (outcomes.length !== batch.length) {
      throw new Error(`${target.name} gave ${outcomes.length} outcomes for ${batch.length} deliveries`);
    }
    return { outcomes: outcomes.map(redactedOutcome), isInternalError: false };
  } catch (error) {
    log.error('delivery failed by our own fault', { target: target.name, err: error });
    return { outcomes: batch.map(() => INTERNAL_ERROR), isInternalError: true };
  } finally {
    guard.clear();
  }
}

/** For a target that ignores its abort signal: its slot must not be lost for ever. */
function createTimeoutGuard(ms: number): { readonly passed: Promise<never>; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the target did not end when its signal said so')), ms);
  });
  return { passed, clear: () => clearTimeout(timer) };
}

function redactedOutcome(outcome: Outcome): Outcome {
  return outcome.kind === 'delivered' ? outcome : { ...outcome, reason: redactPersonalData(outcome.reason) };
}

/** What failed is due again behind what became due meanwhile: the next trial carries another order if there is one. */
function afterRest(settlement: Settlement, { kind }: Outcome, restsUntil: Date | undefined): Settlement {
  if (kind !== 'retry' || settlement.state !== 'due' || !restsUntil || settlement.dueAt >= restsUntil)
    return settlement;
  return { ...settlement, dueAt: restsUntil };
}

/** Until when the breaker is open; undefined when it is closed, or when that is not known. */
async function noteHealth(
  { db, now, random, log }: RelayDeps,
  { target, isTrial, ...call }: BatchDelivery,
  outcomes: readonly Outcome[],
  startedAt: Date,
): Promise<Date | undefined> {
  const result = resultOf(outcomes);
  try {
    if (result.kind === 'unheard') return undefined;
    if (result.kind === 'healthy') {
      if (!call.afterFailure) return undefined;
      if (await markHealthy(db, target.name, startedAt, now()))
        log.info('target is well again', { target: target.name });
      return undefined;
    }
    const at = now();
    const health = await changeHealth(db, target.name, at, (before) =>
      afterFailure(before, result, { now: at, random, isTrial }),
    );
    if (health.openUntil) log.warn('target rests', { target: target.name, ...health });
    return health.openUntil;
  } catch (error) {
    log.error('the health of a target could not be written down', { target: target.name, err: error });
    return undefined;
  }
}

/**
 * Orders that were delivered together share one log entry, every other outcome has its own; the rows hold each of them.
 */
function note(
  { now, log, onDelivery }: RelayDeps,
  { name: target }: Target,
  delivered: readonly { readonly lease: Lease; readonly outcome: Outcome }[],
  ms: number,
  deliveryId: string,
): void {
  const together: string[] = [];
  for (const { lease, outcome } of delivered) {
    const { orderId, attempt } = lease;
    const detail = outcome.kind === 'delivered' ? outcome.reference : outcome.reason;
    onDelivery({ at: now(), target, orderId, result: outcome.kind, detail, attempt, ms, deliveryId });
    if (outcome.kind === 'delivered' && delivered.length > 1) together.push(orderId);
    else log.info('order relayed', { target, orderId, result: outcome.kind, detail, attempt, ms });
  }
  if (together.length > 0) log.info('orders relayed', { target, orderIds: together, result: 'delivered', ms });
}

/**
 * A delivery must not go unrecorded because the database was away for a moment: the order would be sent again. So it is
 * retried as long as the lease may hold.
 */
async function settleInTime(
  { db, now, log }: RelayDeps,
  timing: Timing,
  stopping: AbortSignal,
  settled: Parameters<typeof settleAll>[1],
): Promise<void> {
  const retryUntil = performance.now() + leaseMs(timing);
  for (;;) {
    try {
      for (const { orderId } of await settleAll(db, settled, now()))
        log.warn('the lease on a delivery was lost', { orderId });
      return;
    } catch (error) {
      log.error('deliveries could not be settled', { orders: settled.map(({ lease }) => lease.orderId), err: error });
      if (stopping.aborted || performance.now() >= retryUntil) return;
      await new Promise((resolve) => setTimeout(resolve, timing.pollMs));
    }
  }
}
