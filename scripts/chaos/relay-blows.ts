import type { Fault } from '../../simulators/expertsender/faults.ts';
import type { Moment } from '../../simulators/troubles.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RelayGround } from './relay-ground.ts';
import { Violation } from './violation.ts';

/** Something that breaks while orders are on their way, and is repaired. */
export interface Blow {
  readonly name: string;
  /** Gets ready, makes something happen by `cause`, and resolves when all that was broken is whole again. */
  strike(ground: RelayGround, cause: () => Promise<unknown>): Promise<unknown>;
}

const STRUCK_WITHIN_MS = 20_000;
const WRITES = ['POST /orders', 'PUT /orders'] as const;

/** While a request stands at this moment, whichever kind it is. */
async function whenAt(ground: RelayGround, moment: Moment, breaks: () => Promise<unknown>): Promise<void> {
  let isDone = false;
  const struck = new Promise<void>((resolve, reject) => {
    for (const on of WRITES) {
      ground.party.when(moment, on, async () => {
        if (isDone) return;
        isDone = true;
        ground.noteBlow();
        await breaks().then(() => resolve(), reject);
      });
    }
  });
  await within(struck, `no request came to the moment "${moment}"`);
  ground.noteBlow();
}

async function within<T>(promise: Promise<T>, otherwise: string): Promise<T> {
  const late = new AbortController();
  try {
    return await Promise.race([
      promise,
      sleep(STRUCK_WITHIN_MS, undefined, { signal: late.signal }).then(() => {
        throw new Violation(otherwise);
      }),
    ]);
  } finally {
    late.abort();
  }
}

const MOMENTS: readonly (readonly [Moment, string])[] = [
  ['received', 'before the party carries it out'],
  ['accepted', 'after the party carried it out, before it answers'],
  ['answered', 'as the party has answered'],
];

const connectorKills = MOMENTS.map(([moment, when]): Blow => ({
  name: `kill -9 of the connector, ${when}`,
  async strike(ground, cause) {
    const struck = whenAt(ground, moment, () => ground.killConnector()).then(() => ground.startConnector());
    await Promise.all([struck, cause()]);
  },
}));

const databaseKills = MOMENTS.map(([moment, when]): Blow => ({
  name: `kill -9 of the database, ${when}`,
  async strike(ground, cause) {
    const struck = whenAt(ground, moment, () => ground.killDatabase()).then(() => ground.startDatabase());
    await Promise.all([struck, cause()]);
  },
}));

const FAULTS: readonly (readonly [string, Fault])[] = [
  ['drops the line unread', { kind: 'drop', at: 'connected' }],
  ['drops the line before it carries it out', { kind: 'drop', at: 'received' }],
  ['drops the line instead of answering', { kind: 'drop', at: 'accepted' }],
  ['breaks off its answer', { kind: 'truncated' }],
  ['asks to slow down', { kind: 'busy', retryAfter: 1 }],
  ['is being repaired', { kind: 'unavailable' }],
  ['answers with a page of HTML', { kind: 'html' }],
];

/** Two requests fare ill, the third goes well, whenever it comes. */
const faults = FAULTS.map(([what, fault]): Blow => ({
  name: `the party ${what}`,
  async strike(ground, cause) {
    ground.noteBlow();
    ground.party.misbehave({ fault, times: 2 });
    await cause();
  },
}));

const others: readonly Blow[] = [
  {
    name: 'the party is gone for a while',
    async strike(ground, cause) {
      ground.noteBlow();
      await ground.party.down();
      await cause();
      await ground.party.up();
    },
  },
  {
    name: 'kill -9 of the connector as soon as it has said yes',
    async strike(ground, cause) {
      ground.noteBlow();
      await cause();
      await ground.killConnector();
      ground.noteBlow();
      await ground.startConnector();
    },
  },
  {
    name: 'kill -9 of connector and database together, after the party carried it out',
    async strike(ground, cause) {
      const both = () => Promise.all([ground.killConnector(), ground.killDatabase()]);
      const struck = whenAt(ground, 'accepted', both).then(async () => {
        await ground.startDatabase();
        await ground.startConnector();
      });
      await Promise.all([struck, cause()]);
    },
  },
  {
    name: 'SIGTERM of the connector while the party is slow to answer',
    async strike(ground, cause) {
      ground.party.misbehave({ fault: { kind: 'slow', ms: 300, at: 'accepted' }, times: 1 });
      let how: number | NodeJS.Signals = 0;
      const stop = new Promise<void>((resolve) => {
        const stops = async (): Promise<void> => {
          how = await ground.stopConnector();
          resolve();
        };
        // Not waited for: the request goes on while the connector stops.
        void whenAt(ground, 'accepted', () => Promise.resolve()).then(stops);
      });
      await Promise.all([stop.then(() => ground.startConnector()), cause()]);
      if (how !== 0) throw new Violation(`SIGTERM ended the connector with ${how} instead of 0`);
    },
  },
];

/** Everything that can go wrong with a call, one after the other, to whatever is called. */
const allFaults: Blow = {
  name: 'the party fails in every way, call after call',
  async strike(ground, cause) {
    ground.noteBlow();
    for (const [, fault] of FAULTS) ground.party.misbehave({ fault, times: 1 });
    await cause();
  },
};

export const BLOWS: readonly Blow[] = [...connectorKills, ...databaseKills, ...faults, allFaults, ...others];

/** One of each kind, for the suite: most of the time goes into starting a killed connector again. */
export const FEW_BLOWS: readonly Blow[] = BLOWS.filter(({ name }) =>
  [
    'kill -9 of the connector, after the party carried it out, before it answers',
    'kill -9 of the database, after the party carried it out, before it answers',
    'the party fails in every way, call after call',
    'the party is gone for a while',
    'SIGTERM of the connector while the party is slow to answer',
  ].includes(name),
);
