import { claim, hasDue, settleAll, type Lease, type Settlement } from '../storage/outbox.ts';
import { releaseLease } from '../storage/outbox-leases.ts';
import { changeHealth, claimTrial, targetHealth, type TargetHealth } from '../storage/target-health.ts';
import { createWakeSignal } from '../lib/wake-signal.ts';
import { backoffMs } from './backoff.ts';
import { breakerState } from './breaker.ts';
import { deliverBatch, INTERNAL_ERROR } from './deliver-batch.ts';
import { nextState } from './next-state.ts';
import { openPrefetch } from './prefetch.ts';
import { leaseMs, type RelayDeps, type Timing } from './deps.ts';
import { planDeliveries, type Skip, type Send } from './plan.ts';
import type { Target } from '../contracts/target.ts';

const MAX_PAUSE_MS = 30_000;

/** The loop that delivers to one target; targets do not hold each other up. */
export interface Dispatcher {
  wake(): void;
  /** Claims nothing more, and resolves when all that is under way has ended. */
  finish(): Promise<void>;
}

/** What one request delivers. */
interface Batch {
  readonly toSend: readonly Send[];
  readonly permit: Permit;
}

/** Leave to send: everything, or one trial request of a breaker that was open until `openUntil`. */
type Permit =
  { readonly kind: 'all'; readonly afterFailure: boolean } | { readonly kind: 'trial'; readonly openUntil: Date };

export function startDispatcher(deps: RelayDeps, timing: Timing, target: Target, stopping: AbortSignal): Dispatcher {
  const { db, now, random, log } = deps;
  const wakeSignal = createWakeSignal();
  const beginnings = new Set<Promise<void>>();
  /** Batches whose orders are being read. */
  let beingRead = 0;
  /** Whether the last claim reached its limit: then there is likely more. */
  let isMoreLikely = false;
  let failed = 0;
  let healthKnown: { readonly health: TargetHealth; readonly untilMs: number } | undefined;
  let isFinishing = false;

  const prefetch = openPrefetch<Batch>({
    concurrency: target.concurrency,
    deliver: call,
    release: releaseBatch,
    onCapacity: () => wakeSignal.notify(),
    nowMs: () => performance.now(),
  });

  const later = (ms: number): Date => new Date(now().getTime() + ms);

  /** How many rows were leased. */
  async function claimRound(): Promise<number> {
    const capacity = prefetch.capacity() - beingRead;
    if (capacity <= 0 || !(isMoreLikely || (await hasDue(db, target.name, now())))) return 0;
    isMoreLikely = false;
    const permit = await acquirePermit();
    if (!permit) return 0;
    const limit = permit.kind === 'trial' ? target.batchSize : target.batchSize * capacity;
    const until = later(leaseMs(timing));
    const leases = await claim(db, { target: target.name, owner: deps.owner, now: now(), until, limit });
    isMoreLikely = leases.length === limit;
    const beginning = begin(leases, permit);
    if (permit.kind === 'all') runInBackground(beginning);
    else if ((await beginning) === 0) await returnTrial(permit.openUntil);
    return leases.length;
  }

  /** Not waited for: the orders of one claim are read while the next one is made. */
  function runInBackground(beginning: Promise<unknown>): void {
    // A failure does not wake the loop: it has a pause of its own.
    const begun = beginning.then(() => wakeSignal.notify(), noteFailure).finally(() => beginnings.delete(begun));
    beginnings.add(begun);
  }

  function noteFailure(error: unknown): void {
    failed += 1;
    deps.onRoundFailed?.(target.name);
    log.error('relay round failed', { target: target.name, err: error });
  }

  /** What other processes have found is read once a poll interval; our own failures count at once. */
  async function recentHealth(): Promise<TargetHealth> {
    if (healthKnown && performance.now() < healthKnown.untilMs) return healthKnown.health;
    const health = await targetHealth(db, target.name);
    const isHealthy = health.failures === 0 && health.openUntil === undefined;
    healthKnown = isHealthy ? { health, untilMs: performance.now() + timing.pollMs } : undefined;
    return health;
  }

  async function acquirePermit(): Promise<Permit | undefined> {
    const health = await recentHealth();
    switch (breakerState(health, now())) {
      case 'closed':
        return { kind: 'all', afterFailure: health.failures > 0 };
      case 'open':
        return undefined;
      case 'half-open': {
        const openUntil = health.openUntil;
        if (!openUntil || !(await claimTrial(db, target.name, openUntil, later(leaseMs(timing)), now())))
          return undefined;
        return { kind: 'trial', openUntil };
      }
    }
  }

  async function returnTrial(openUntil: Date): Promise<void> {
    await changeHealth(db, target.name, now(), (health) => ({ ...health, openUntil }));
  }

  /** A trial that showed nothing: another order may be tried at once. */
  async function giveProbeBack(openUntil: Date): Promise<void> {
    try {
      await returnTrial(openUntil);
    } catch (error) {
      log.error('a trial could not be given back: it ends with its lease', { target: target.name, err: error });
    }
  }

  /** How many calls are going to be made. */
  async function begin(leases: readonly Lease[], permit: Permit): Promise<number> {
    if (leases.length === 0) return 0;
    const capacity = Math.ceil(leases.length / target.batchSize);
    beingRead += capacity;
    try {
      const { toSend, toSkip } = await planOrRelease(leases);
      failed = 0;
      await settleSkipped(toSkip);
      const batches = inBatches(toSend, target.batchSize);
      for (const batch of batches) prefetch.add({ toSend: batch, permit });
      return batches.length;
    } finally {
      beingRead -= capacity;
    }
  }

  async function call({ toSend, permit }: Batch): Promise<boolean> {
    const isTrial = permit.kind === 'trial';
    const afterFailure = permit.kind === 'trial' || permit.afterFailure;
    const end = await deliverBatch(deps, timing, { target, batch: toSend, isTrial, afterFailure, stopping });
    if (!end.isWell) healthKnown = undefined;
    if (permit.kind === 'trial' && !end.isHeard && !stopping.aborted) await giveProbeBack(permit.openUntil);
    return end.isWell;
  }

  async function releaseBatch({ toSend, permit }: Batch): Promise<void> {
    try {
      for (const { lease } of toSend) await releaseLease(db, lease);
      if (permit.kind === 'trial') await returnTrial(permit.openUntil);
    } catch (error) {
      log.error('leases could not be given back: they run out by themselves', { target: target.name, err: error });
    }
  }

  async function planOrRelease(leases: readonly Lease[]) {
    try {
      return await planDeliveries(deps.readOrders, target, leases);
    } catch (error) {
      // Without a database this fails too, and the leases run out by themselves.
      for (const lease of leases) await releaseLease(db, lease);
      throw new Error(`the orders for ${target.name} could not be read`, { cause: error });
    }
  }

  async function settleSkipped(toSkip: readonly Skip[]): Promise<void> {
    const at = now();
    const settled = toSkip.map((one) => ({ lease: one.lease, settlement: settlementOf(one, at) }));
    if (settled.length > 0) await settleAll(db, settled, at);
  }

  function settlementOf(one: Skip, at: Date): Settlement {
    if (one.kind === 'nothing-to-send') return { state: 'done', reason: one.note };
    const { lease, error } = one;
    log.error('order not relayed by our own fault', { target: target.name, orderId: lease.orderId, err: error });
    return nextState(lease, INTERNAL_ERROR, { now: at, random, giveUpDays: deps.giveUpDays });
  }

  async function run(): Promise<void> {
    while (!isFinishing) {
      let leased = 0;
      try {
        leased = await claimRound();
        if (leased === 0 && beingRead === 0 && prefetch.isEmpty()) failed = 0;
      } catch (error) {
        noteFailure(error);
      }
      const pauseMs = failed === 0 ? timing.pollMs : backoffMs(failed, random, timing.pollMs, MAX_PAUSE_MS);
      if (leased === 0 || failed > 0) await wakeSignal.wait(pauseMs);
    }
  }

  const running = run();
  return {
    wake: () => wakeSignal.notify(),
    async finish() {
      isFinishing = true;
      wakeSignal.notify();
      await running;
      await prefetch.close();
      // What is being read meanwhile gives its rows back.
      while (beginnings.size > 0) await Promise.all(beginnings);
      await prefetch.close();
    },
  };
}

function inBatches(all: readonly Send[], size: number): Send[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}
