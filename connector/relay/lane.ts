import { claim, isAnythingDue, settleAll, type Lease, type Settlement } from '../db/outbox.ts';
import { giveBack } from '../db/outbox-returns.ts';
import { changeHealth, takeProbe, targetHealth, type TargetHealth } from '../db/targets.ts';
import { createBell } from '../lib/bell.ts';
import { backoffMs } from './backoff.ts';
import { breakerState } from './breaker.ts';
import { carryOut, OUR_FAULT } from './call.ts';
import { nextState } from './next-state.ts';
import { openGate } from './gate.ts';
import { leaseMs, type RelayParts, type Timing } from './parts.ts';
import { sift, type NoCall, type ToTell } from './sift.ts';
import type { Target } from './target.ts';

const LONGEST_PAUSE_MS = 30_000;

/** The deliveries to one target: what happens in one lane holds up no other. */
export interface Lane {
  wake(): void;
  /** Claims nothing more, and resolves when all that is under way has ended. */
  finish(): Promise<void>;
}

/** What one call tells. */
interface Batch {
  readonly toTell: readonly ToTell[];
  readonly passage: Passage;
}

/** May be sent: everything, or one call after a rest (which then ended at `rested`). */
type Passage =
  { readonly kind: 'all'; readonly afterTrouble: boolean } | { readonly kind: 'probe'; readonly rested: Date };

export function startLane(parts: RelayParts, timing: Timing, target: Target, stopping: AbortSignal): Lane {
  const { db, now, random, log } = parts;
  const bell = createBell();
  const beginnings = new Set<Promise<void>>();
  /** Batches whose orders are being read. */
  let beingRead = 0;
  /** Whether the last claim found as much as it asked for: then there is likely more. */
  let isMoreLikely = false;
  let failed = 0;
  let healthKnown: { readonly health: TargetHealth; readonly untilMs: number } | undefined;
  let isFinishing = false;

  const gate = openGate<Batch>({ concurrency: target.concurrency, call, giveBack: giveUp, onRoom: () => bell.ring() });

  const later = (ms: number): Date => new Date(now().getTime() + ms);

  /** How many rows were leased. */
  async function round(): Promise<number> {
    const places = gate.room() - beingRead;
    if (places <= 0 || !(isMoreLikely || (await isAnythingDue(db, target.name, now())))) return 0;
    isMoreLikely = false;
    const passage = await askPassage();
    if (!passage) return 0;
    const limit = passage.kind === 'probe' ? target.batchSize : target.batchSize * places;
    const until = later(leaseMs(timing));
    const leases = await claim(db, { target: target.name, owner: parts.owner, now: now(), until, limit });
    isMoreLikely = leases.length === limit;
    const beginning = begin(leases, passage);
    if (passage.kind === 'all') goesOn(beginning);
    else if ((await beginning) === 0) await returnProbe(passage.rested);
    return leases.length;
  }

  /** Not waited for: the orders of one claim are read while the next one is made. */
  function goesOn(beginning: Promise<unknown>): void {
    // Trouble rings no bell: it has a pause of its own.
    const begun = beginning.then(() => bell.ring(), troubled).finally(() => beginnings.delete(begun));
    beginnings.add(begun);
  }

  function troubled(error: unknown): void {
    failed += 1;
    parts.onRoundFailed?.(target.name);
    log.error('relay round failed', { target: target.name, err: error });
  }

  /** What other processes have found is asked for as often as an idle target looks; our own trouble counts at once. */
  async function recentHealth(): Promise<TargetHealth> {
    if (healthKnown && performance.now() < healthKnown.untilMs) return healthKnown.health;
    const health = await targetHealth(db, target.name);
    const isWell = health.failures === 0 && health.openUntil === undefined;
    healthKnown = isWell ? { health, untilMs: performance.now() + timing.pollMs } : undefined;
    return health;
  }

  async function askPassage(): Promise<Passage | undefined> {
    const health = await recentHealth();
    switch (breakerState(health, now())) {
      case 'closed':
        return { kind: 'all', afterTrouble: health.failures > 0 };
      case 'open':
        return undefined;
      case 'half-open': {
        const rested = health.openUntil;
        if (!rested || !(await takeProbe(db, target.name, rested, later(leaseMs(timing)), now()))) return undefined;
        return { kind: 'probe', rested };
      }
    }
  }

  async function returnProbe(rested: Date): Promise<void> {
    await changeHealth(db, target.name, now(), (health) => ({ ...health, openUntil: rested }));
  }

  /** A trial that showed nothing: another order may be tried at once. */
  async function giveProbeBack(rested: Date): Promise<void> {
    try {
      await returnProbe(rested);
    } catch (error) {
      log.error('a trial could not be given back: it ends with its lease', { target: target.name, err: error });
    }
  }

  /** How many calls are going to be made. */
  async function begin(leases: readonly Lease[], passage: Passage): Promise<number> {
    if (leases.length === 0) return 0;
    const places = Math.ceil(leases.length / target.batchSize);
    beingRead += places;
    try {
      const { toTell, noCall } = await siftOrGiveBack(leases);
      failed = 0;
      await settleWithoutCall(noCall);
      const batches = inBatches(toTell, target.batchSize);
      for (const batch of batches) gate.enter({ toTell: batch, passage });
      return batches.length;
    } finally {
      beingRead -= places;
    }
  }

  async function call({ toTell, passage }: Batch): Promise<boolean> {
    const isProbe = passage.kind === 'probe';
    const afterTrouble = passage.kind === 'probe' || passage.afterTrouble;
    const end = await carryOut(parts, timing, { target, batch: toTell, isProbe, afterTrouble, stopping });
    if (!end.isWell) healthKnown = undefined;
    if (passage.kind === 'probe' && !end.isHeard && !stopping.aborted) await giveProbeBack(passage.rested);
    return end.isWell;
  }

  async function giveUp({ toTell, passage }: Batch): Promise<void> {
    try {
      for (const { lease } of toTell) await giveBack(db, lease);
      if (passage.kind === 'probe') await returnProbe(passage.rested);
    } catch (error) {
      log.error('leases could not be given back: they run out by themselves', { target: target.name, err: error });
    }
  }

  async function siftOrGiveBack(leases: readonly Lease[]) {
    try {
      return await sift(parts.readOrders, target, leases);
    } catch (error) {
      // Without a database this fails too, and the leases run out by themselves.
      for (const lease of leases) await giveBack(db, lease);
      throw new Error(`the orders for ${target.name} could not be read`, { cause: error });
    }
  }

  async function settleWithoutCall(noCall: readonly NoCall[]): Promise<void> {
    const at = now();
    const settled = noCall.map((one) => ({ lease: one.lease, settlement: settlementOf(one, at) }));
    if (settled.length > 0) await settleAll(db, settled, at);
  }

  function settlementOf(one: NoCall, at: Date): Settlement {
    if (one.kind === 'nothing-to-tell') return { state: 'done', reason: one.note };
    const { lease, error } = one;
    log.error('order not relayed by our own fault', { target: target.name, orderId: lease.orderId, err: error });
    return nextState(lease, OUR_FAULT, { now: at, random, giveUpDays: parts.giveUpDays });
  }

  async function run(): Promise<void> {
    while (!isFinishing) {
      let leased = 0;
      try {
        leased = await round();
        if (leased === 0 && beingRead === 0 && gate.isEmpty()) failed = 0;
      } catch (error) {
        troubled(error);
      }
      const pauseMs = failed === 0 ? timing.pollMs : backoffMs(failed, random, timing.pollMs, LONGEST_PAUSE_MS);
      if (leased === 0 || failed > 0) await bell.rings(pauseMs);
    }
  }

  const running = run();
  return {
    wake: () => bell.ring(),
    async finish() {
      isFinishing = true;
      bell.ring();
      await running;
      await gate.close();
      // What is being read meanwhile gives its rows back.
      while (beginnings.size > 0) await Promise.all(beginnings);
      await gate.close();
    },
  };
}

function inBatches(all: readonly ToTell[], size: number): ToTell[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}
