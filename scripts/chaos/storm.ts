import { setTimeout as sleep } from 'node:timers/promises';
import { baseLinker } from '../../connector/check/baselinker.ts';
import { randomOf, type Random } from '../seed/random.ts';
import type { Tally } from './calls.ts';
import { runClient } from './client.ts';
import { createGate } from './gate.ts';
import { KEY, openGround, type Ground } from './ground.ts';
import { openLedger } from './open-ledger.ts';
import { verify, type Verified } from './verify.ts';
import { Violation } from './violation.ts';

export interface StormOptions {
  readonly kills: number;
  /** Decides what is sent and what is broken; the moments depend on the machine as well. */
  readonly seed: number;
  readonly mostMs: number;
  readonly clients: number;
  /** The books are compared after so many kills, and at the end. */
  readonly verifyEvery: number;
  readonly say: (line: string) => void;
}

export interface Summary {
  readonly kills: number;
  /** How often each blow fell, the cut lines included, which are no kills. */
  readonly blows: ReadonlyMap<string, number>;
  readonly tally: Tally;
  readonly verified: Verified;
  readonly verifications: number;
  /** From the end of a blow's repair to the first good answer, in milliseconds. */
  readonly recoveries: readonly number[];
  readonly tookMs: number;
}

interface Blow {
  readonly name: string;
  readonly isKill: boolean;
  readonly weight: number;
  strike(ground: Ground, pause: () => Promise<unknown>): Promise<unknown>;
}

const BLOWS: readonly Blow[] = [
  {
    name: 'connector kill -9',
    isKill: true,
    weight: 40,
    async strike(ground, pause) {
      await ground.killConnector();
      await pause();
      await ground.startConnector();
    },
  },
  {
    name: 'database kill -9',
    isKill: true,
    weight: 30,
    async strike(ground, pause) {
      await ground.killDatabase();
      await pause();
      await ground.startDatabase();
    },
  },
  {
    name: 'both kill -9',
    isKill: true,
    weight: 6,
    async strike(ground, pause) {
      await Promise.all([ground.killDatabase(), ground.killConnector()]);
      await pause();
      await ground.startDatabase();
      await ground.startConnector();
    },
  },
  {
    name: 'connector SIGTERM',
    isKill: true,
    weight: 8,
    async strike(ground, pause) {
      const how = await ground.stopConnector();
      if (how !== 0) throw new Violation(`SIGTERM ended the connector with ${how} instead of 0`);
      await pause();
      await ground.startConnector();
    },
  },
  {
    name: 'database SIGTERM',
    isKill: true,
    weight: 4,
    async strike(ground, pause) {
      await ground.stopDatabase();
      await pause();
      await ground.startDatabase();
    },
  },
  {
    name: 'lines to the connector cut',
    isKill: false,
    weight: 8,
    strike(ground) {
      ground.cutClientLines();
      return Promise.resolve();
    },
  },
  {
    name: 'lines to the database cut',
    isKill: false,
    weight: 10,
    strike(ground) {
      ground.cutDatabaseLines();
      return Promise.resolve();
    },
  },
];

const MOST_CALM_MS = 1000;
const MOST_PAUSE_MS = 200;
const RECOVERY_MS = 20_000; // usually well under one second; a busy machine takes longer

/** Breaks connector and database again and again under clients that never give up, and compares the books. */
export async function storm(options: StormOptions): Promise<Summary> {
  const ground = await openGround(options.seed);
  let isWell = false;
  try {
    const summary = await rage(ground, options);
    isWell = true;
    return summary;
  } finally {
    await ground.close(!isWell);
    if (!isWell) options.say(`What was left is in ${ground.directory}`);
  }
}

async function rage(ground: Ground, options: StormOptions): Promise<Summary> {
  const { seed, kills, mostMs, clients, verifyEvery, say } = options;
  const startedAt = performance.now();
  const random = randomOf(seed, 0);
  const ledger = await openLedger(ground.databaseUrl, clients);
  const tally: Tally = { calls: 0, attempts: 0, lost: 0, troubled: new Map() };
  const gate = createGate(clients);
  const atWork = Promise.all(
    Array.from({ length: clients }, (_, number) => {
      const own = ledger.own.filter((_article, n) => n % clients === number);
      return runClient({ number, ground, ledger, own, tally, gate, random: randomOf(seed, 1, number) });
    }),
  );
  // What a client finds ends the storm wherever it is.
  const trouble = Promise.race([atWork.then(() => new Promise<never>(() => undefined)), ground.mishap]);
  trouble.catch(() => undefined);

  const blows = new Map<string, number>();
  const recoveries: number[] = [];
  let verified: Verified | undefined;
  let verifications = 0;
  let step = 0;
  let killed = 0;
  let last = 'no blow';
  const compare = async (): Promise<void> => {
    await Promise.race([gate.close(), trouble]);
    verified = await verify(ground.databaseUrl, ledger);
    verifications += 1;
    say(progress(killed, tally, verified, performance.now() - startedAt));
  };
  try {
    while (killed < kills && performance.now() - startedAt < mostMs) {
      step += 1;
      await Promise.race([sleep(random.int(0, MOST_CALM_MS)), trouble]);
      const blow = pick(random);
      last = blow.name;
      blows.set(blow.name, (blows.get(blow.name) ?? 0) + 1);
      const pauseMs = random.int(0, MOST_PAUSE_MS);
      await Promise.race([blow.strike(ground, () => sleep(pauseMs)), trouble]);
      recoveries.push(await Promise.race([recovery(ground), trouble]));
      if (blow.isKill) killed += 1;
      if (blow.isKill && killed % verifyEvery === 0 && killed < kills) {
        await compare();
        gate.open();
      }
    }
    await compare();
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    throw new Violation(`seed ${seed}, step ${step}, ${killed} kills, at last ${last}:\n${error.message}`, {
      cause: error,
    });
  } finally {
    gate.end();
  }
  await atWork;
  if (!verified) throw new Error('nothing was compared');
  return { kills: killed, blows, tally, verified, verifications, recoveries, tookMs: performance.now() - startedAt };
}

function pick(random: Random): Blow {
  let rest = random.next() * BLOWS.reduce((sum, { weight }) => sum + weight, 0);
  for (const blow of BLOWS) {
    rest -= blow.weight;
    if (rest < 0) return blow;
  }
  throw new Error('the weights do not add up');
}

/** How long it takes until somebody who asks is answered. */
async function recovery(ground: Ground): Promise<number> {
  const startedAt = performance.now();
  const desk = baseLinker({ url: ground.url, key: KEY, patienceMs: RECOVERY_MS });
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
