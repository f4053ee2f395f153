import { randomUUID } from 'node:crypto';
import { settleAll, type Lease, type Settlement } from '../db/outbox.ts';
import { changeHealth, markWell } from '../db/targets.ts';
import { withRequestId } from '../lib/log.ts';
import { withoutPersonalData } from '../lib/personal.ts';
import { afterTrouble, resultOf } from './breaker.ts';
import { nextState } from './next-state.ts';
import { leaseMs, type RelayParts, type Timing } from './parts.ts';
import type { ToTell } from './sift.ts';
import type { Outcome, Target } from './target.ts';

/** What is told of a delivery that failed because of us. */
export const OUR_FAULT: Outcome = { kind: 'retry', reason: 'a fault of the connector: see its log', remote: 'unheard' };

export interface Call {
  readonly target: Target;
  readonly batch: readonly ToTell[];
  /** The one call after a rest of the target. */
  readonly isProbe: boolean;
  /** Whether calls before this one failed: then its success is news. */
  readonly afterTrouble: boolean;
  /** Speaks when the process cannot wait any longer. */
  readonly stopping: AbortSignal;
}

/** What a call has shown. */
export interface CallEnd {
  /** Whether the next call may follow at once. */
  readonly isWell: boolean;
  /** Whether it says anything of the party, for good or bad. */
  readonly isHeard: boolean;
}

/** Delivers one batch and writes down what became of each of its rows. Never rejects. */
export function carryOut(parts: RelayParts, timing: Timing, call: Call): Promise<CallEnd> {
  const deliveryId = randomUUID();
  return withRequestId(deliveryId, async () => {
    const startedAt = parts.now();
    const beganAt = performance.now();
    const { outcomes, isOurFault } = await outcomesOf(parts, timing, call);
    const ms = Math.round(performance.now() - beganAt);
    // When the process gave up waiting, the leases were returned, and nothing was heard.
    if (call.stopping.aborted) return { isWell: false, isHeard: false };
    // First the target's health: rows that become due again must find the breaker as this call leaves it.
    const restsUntil = await noteHealth(parts, call, outcomes, startedAt);
    const context = { now: parts.now(), random: parts.random, giveUpDays: parts.giveUpDays };
    const told = call.batch.map(({ lease }, index) => ({ lease, outcome: outcomes[index] ?? OUR_FAULT }));
    note(parts, call.target, told, ms, deliveryId);
    const settled = told.map(({ lease, outcome }) => ({
      ...{ lease, settlement: afterRest(nextState(lease, outcome, context), outcome, restsUntil) },
    }));
    await settleInTime(parts, timing, call.stopping, settled);
    const { kind } = resultOf(outcomes);
    return { isWell: !isOurFault && (kind === 'well' || kind === 'unheard'), isHeard: kind !== 'unheard' };
  });
}

async function outcomesOf(
  { log }: RelayParts,
  { patienceMs }: Timing,
  { target, batch, stopping }: Call,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly isOurFault: boolean }> {
  const deaf = createDeadline(patienceMs * 1.25);
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(patienceMs), stopping]);
    const deliveries = batch.map(({ delivery }) => delivery);
    const outcomes = await Promise.race([target.deliver(deliveries, signal), deaf.passed]);
    if (outcomes.length !== batch.length) {
      throw new Error(`${target.name} gave ${outcomes.length} outcomes for ${batch.length} deliveries`);
    }
    return { outcomes: outcomes.map(withoutBuyers), isOurFault: false };
  } catch (error) {
    log.error('delivery failed by our own fault', { target: target.name, err: error });
    return { outcomes: batch.map(() => OUR_FAULT), isOurFault: true };
  } finally {
    deaf.clear();
  }
}

/** For a target that does not listen to its signal: its place in the lane must not be lost for ever. */
function createDeadline(ms: number): { readonly passed: Promise<never>; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the target did not end when its signal said so')), ms);
  });
  return { passed, clear: () => clearTimeout(timer) };
}

function withoutBuyers(outcome: Outcome): Outcome {
  return outcome.kind === 'delivered' ? outcome : { ...outcome, reason: withoutPersonalData(outcome.reason) };
}

/** What failed comes again behind what became due during the rest: the next trial carries another order if there is one. */
function afterRest(settlement: Settlement, { kind }: Outcome, restsUntil: Date | undefined): Settlement {
  if (kind !== 'retry' || settlement.state !== 'due' || !restsUntil || settlement.dueAt >= restsUntil)
    return settlement;
  return { ...settlement, dueAt: restsUntil };
}

/** Until when the target rests; undefined when it does not, or when that is not known. */
async function noteHealth(
  { db, now, random, log }: RelayParts,
  { target, isProbe, ...call }: Call,
  outcomes: readonly Outcome[],
  startedAt: Date,
): Promise<Date | undefined> {
  const result = resultOf(outcomes);
  try {
    if (result.kind === 'unheard') return undefined;
    if (result.kind === 'well') {
      if (!call.afterTrouble) return undefined;
      if (await markWell(db, target.name, startedAt, now())) log.info('target is well again', { target: target.name });
      return undefined;
    }
    const at = now();
    const health = await changeHealth(db, target.name, at, (before) =>
      afterTrouble(before, result, { now: at, random, isProbe }),
    );
    if (health.openUntil) log.warn('target rests', { target: target.name, ...health });
    return health.openUntil;
  } catch (error) {
    log.error('the health of a target could not be written down', { target: target.name, err: error });
    return undefined;
  }
}

/** What went well together is one line of the log, everything else a line for each order; the rows tell of each. */
function note(
  { now, log, onDelivery }: RelayParts,
  { name: target }: Target,
  told: readonly { readonly lease: Lease; readonly outcome: Outcome }[],
  ms: number,
  deliveryId: string,
): void {
  const together: string[] = [];
  for (const { lease, outcome } of told) {
    const { orderId, attempt } = lease;
    const detail = outcome.kind === 'delivered' ? outcome.reference : outcome.reason;
    onDelivery({ at: now(), target, orderId, result: outcome.kind, detail, attempt, ms, deliveryId });
    if (outcome.kind === 'delivered' && told.length > 1) together.push(orderId);
    else log.info('order relayed', { target, orderId, result: outcome.kind, detail, attempt, ms });
  }
  if (together.length > 0) log.info('orders relayed', { target, orderIds: together, result: 'delivered', ms });
}

/**
 * What was delivered must not be forgotten because the database was away for a moment: the party would be told again.
 * So it is tried as long as the lease may hold.
 */
async function settleInTime(
  { db, now, log }: RelayParts,
  timing: Timing,
  stopping: AbortSignal,
  settled: Parameters<typeof settleAll>[1],
): Promise<void> {
  const triesUntil = performance.now() + leaseMs(timing);
  for (;;) {
    try {
      for (const { orderId } of await settleAll(db, settled, now()))
        log.warn('the lease on a delivery was lost', { orderId });
      return;
    } catch (error) {
      log.error('deliveries could not be settled', { orders: settled.map(({ lease }) => lease.orderId), err: error });
      if (stopping.aborted || performance.now() >= triesUntil) return;
      await new Promise((resolve) => setTimeout(resolve, timing.pollMs));
    }
  }
}
