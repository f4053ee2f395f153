import { setTimeout as sleep } from 'node:timers/promises';
import { baseLinker } from '../../connector/baselinker/check/client.ts';
import { randomOf, type Random } from '../seed/random.ts';
import type { Tally } from './requests.ts';
import { runClient } from './client.ts';
import { createBarrier } from './barrier.ts';
import { KEY, openHarness, type Harness } from './harness.ts';
import { initialState } from './initial-state.ts';
import { verify, type Verified } from './verify.ts';
import { Violation } from './violation.ts';

export interface LoadRunOptions {
  readonly kills: number;
  /** Decides what is sent and what is broken; the moments depend on the machine as well. */
  readonly seed: number;
  readonly maxMs: number;
  readonly clients: number;
  /** The books are compared after so many kills, and at the end. */
  readonly verifyEvery: number;
  readonly say: (line: string) => void;
}

export interface Summary {
  readonly kills: number;
  /** How often each blow fell, the cut lines included, which are no kills. */
  readonly faults: ReadonlyMap<string, number>;
  readonly tally: Tally;
  readonly verified: Verified;
  readonly verifications: number;
  /** From the end of a blow's repair to the first good answer, in milliseconds. */
  readonly recoveries: readonly number[];
  readonly tookMs: number;
}

interface Fault {
  readonly name: string;
  readonly isKill: boolean;
  readonly weight: number;
  inject(harness: Harness, pause: () => Promise<unknown>): Promise<unknown>;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'connector kill -9',
    isKill: true,
    weight: 40,
    async inject(harness, pause) {
      await harness.killConnector();
      await pause();
      await harness.startConnector();
    },
  },
  {
    name: 'database kill -9',
    isKill: true,
    weight: 30,
    async inject(harness, pause) {
      await harness.killDatabase();
      await pause();
      await harness.startDatabase();
    },
  },
  {
    name: 'both kill -9',
    isKill: true,
    weight: 6,
    async inject(harness, pause) {
      await Promise.all([harness.killDatabase(), harness.killConnector()]);
      await pause();
      await harness.startDatabase();
      await harness.startConnector();
    },
  },
  {
    name: 'connector SIGTERM',
    isKill: true,
    weight: 8,
    async inject(harness, pause) {
      const how = await harness.stopConnector();
      if (how !== 0) throw new Violation(`SIGTERM ended the connector with ${how} instead of 0`);
      await pause();
      await harness.startConnector();
    },
  },
  {
    name: 'database SIGTERM',
    isKill: true,
    weight: 4,
    async inject(harness, pause) {
      await harness.stopDatabase();
      await pause();
      await harness.startDatabase();
    },
  },
  {
    name: 'lines to the connector cut',
    isKill: false,
    weight: 8,
    inject(harness) {
      harness.cutClientLines();
      return Promise.resolve();
    },
  },
  {
    name: 'lines to the database cut',
    isKill: false,
    weight: 10,
    inject(harness) {
      harness.cutDatabaseLines();
      return Promise.resolve();
    },
  },
];

const MAX_CALM_MS = 1000;
const MAX_PAUSE_MS = 200;
const RECOVERY_MS = 20_000; // usually well under one second; a busy machine takes longer

/** Breaks connector and database again and again under clients that never give up, and compares the books. */
export async function loadRun(options: LoadRunOptions): Promise<Summary> {
  const harness = await openHarness(options.seed);
  let isWell = false;
  try {
    const summary = await runLoad(harness, options);
    isWell = true;
    return summary;
  } finally {
    await harness.close(!isWell);
    if (!isWell) options.say(`What was left is in ${harness.directory}`);
  }
}

async function runLoad(harness: Harness, options: LoadRunOptions): Promise<Summary> {
  const { seed, kills, maxMs, clients, verifyEvery, say } = options;
  const startedAt = performance.now();
  const random = randomOf(seed, 0);
  const expectedState = await initialState(harness.databaseUrl, clients);
  const tally: Tally = { calls: 0, attempts: 0, lost: 0, failed: new Map() };
  const barrier = createBarrier(clients);
  const atWork = Promise.all(
    Array.from({ length: clients }, (_, number) => {
      const own = expectedState.own.filter((_article, n) => n % clients === number);
      return runClient({
        number,
        ground: harness,
        expectedState,
        own,
        tally,
        barrier,
        random: randomOf(seed, 1, number),
      });
    }),
  );
  // What a client finds ends the storm wherever it is.
  const trouble = Promise.race([atWork.then(() => new Promise<never>(() => undefined)), harness.mishap]);
  trouble.catch(() => undefined);

  const faults = new Map<string, number>();
  const recoveries: number[] = [];
  let verified: Verified | undefined;
  let verifications = 0;
  let step = 0;
  let killed = 0;
  let last = 'no blow';
  const compare = async (): Promise<void> => {
    await Promise.race([barrier.close(), trouble]);
    verified = await verify(harness.databaseUrl, expectedState);
    verifications += 1;
    say(progress(killed, tally, verified, performance.now() - startedAt));
  };
  try {
    while (killed < kills && performance.now() - startedAt < maxMs) {
      step += 1;
      await Promise.race([sleep(random.int(0, MAX_CALM_MS)), trouble]);
      const fault = pick(random);
      last = fault.name;
      faults.set(fault.name, (faults.get(fault.name) ?? 0) + 1);
      const pauseMs = random.int(0, MAX_PAUSE_MS);
      await Promise.race([fault.inject(harness, () => sleep(pauseMs)), trouble]);
      recoveries.push(await Promise.race([recovery(harness), trouble]));
      if (fault.isKill) killed += 1;
      if (fault.isKill && killed % verifyEvery === 0 && killed < kills) {
        await compare();
        barrier.open();
      }
    }
    await compare();
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    throw new Violation(`seed ${seed}, step ${step}, ${killed} kills, at last ${last}:\n${error.message}`, {
      cause: error,
    });
  } finally {
    barrier.end();
  }
  await atWork;
  if (!verified) throw new Error('nothing was compared');
  return { kills: killed, faults, tally, verified, verifications, recoveries, tookMs: performance.now() - startedAt };
}

function pick(random: Random): Fault {
  let rest = random.next() * FAULTS.reduce((sum, { weight }) => sum + weight, 0);
  for (const fault of FAULTS) {
    rest -= fault.weight;
    if (rest < 0) return fault;
  }
  throw new Error('the weights do not add up');
}

/** How long it takes until somebody who asks is answered. */
async function recovery(harness: Harness): Promise<number> {
  const startedAt = performance.now();
  const desk = baseLinker({ url: harness.url, key: KEY, timeoutMs: RECOVERY_MS });
  for (;;) {
    const answer = await desk.call('StatusesList');
    const tookMs = performance.now() - startedAt;
    if (answer.kind === 'answered' && !answer.text.includes('"error":true')) return tookMs;
    if (tookMs > RECOVERY_MS) {
      const said = answer.kind === 'answered' ? answer.text : answer.reason;
      throw new Violation(`the connector did not answer within ${RECOVERY_MS / 1000} s of its repair: ${said}`);
    }
    await sleep(20);
  }
}

function progress(killed: number, { calls, attempts }: Tally, { orders, auditRows }: Verified, tookMs: number): string {
  const seconds = (tookMs / 1000).toFixed(0).padStart(4);
  return `${seconds} s  ${killed} kills, ${calls} calls in ${attempts} attempts: ${orders} orders and ${auditRows} stock changes are right`;
}
