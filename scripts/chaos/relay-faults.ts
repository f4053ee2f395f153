import type { Fault } from '../../simulators/expertsender/faults.ts';
import type { Moment } from '../../simulators/fault-injection.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RelayHarness } from './relay-harness.ts';
import { Violation } from './violation.ts';

/** Something that breaks while orders are on their way, and is repaired. */
export interface RelayFault {
  readonly name: string;
  /** Gets ready, makes something happen by `cause`, and resolves when all that was broken is whole again. */
  inject(harness: RelayHarness, cause: () => Promise<unknown>): Promise<unknown>;
}

const STRUCK_WITHIN_MS = 20_000;
const WRITES = ['POST /orders', 'PUT /orders'] as const;

/** While a request stands at this moment, whichever kind it is. */
async function whenAt(harness: RelayHarness, moment: Moment, breaks: () => Promise<unknown>): Promise<void> {
  let isDone = false;
  const struck = new Promise<void>((resolve, reject) => {
    for (const on of WRITES) {
      harness.simulator.when(moment, on, async () => {
        if (isDone) return;
        isDone = true;
        harness.noteFault();
        await breaks().then(() => resolve(), reject);
      });
    }
  });
  await within(struck, `no request came to the moment "${moment}"`);
  harness.noteFault();
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

const connectorKills = MOMENTS.map(([moment, when]): RelayFault => ({
  name: `kill -9 of the connector, ${when}`,
  async inject(harness, cause) {
    const struck = whenAt(harness, moment, () => harness.killConnector()).then(() => harness.startConnector());
    await Promise.all([struck, cause()]);
  },
}));

const databaseKills = MOMENTS.map(([moment, when]): RelayFault => ({
  name: `kill -9 of the database, ${when}`,
  async inject(harness, cause) {
    const struck = whenAt(harness, moment, () => harness.killDatabase()).then(() => harness.startDatabase());
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
const faults = FAULTS.map(([what, fault]): RelayFault => ({
  name: `the party ${what}`,
  async inject(harness, cause) {
    harness.noteFault();
    harness.simulator.misbehave({ fault, times: 2 });
    await cause();
  },
}));

const others: readonly RelayFault[] = [
  {
    name: 'the party is gone for a while',
    async inject(harness, cause) {
      harness.noteFault();
      await harness.simulator.down();
      await cause();
      await harness.simulator.up();
    },
  },
  {
    name: 'kill -9 of the connector as soon as it has said yes',
    async inject(harness, cause) {
      harness.noteFault();
      await cause();
      await harness.killConnector();
      harness.noteFault();
      await harness.startConnector();
    },
  },
  {
    name: 'kill -9 of connector and database together, after the party carried it out',
    async inject(harness, cause) {
      const both = () => Promise.all([harness.killConnector(), harness.killDatabase()]);
      const struck = whenAt(harness, 'accepted', both).then(async () => {
        await harness.startDatabase();
        await harness.startConnector();
      });
      await Promise.all([struck, cause()]);
    },
  },
  {
    name: 'SIGTERM of the connector while the party is slow to answer',
    async inject(harness, cause) {
      harness.simulator.misbehave({ fault: { kind: 'slow', ms: 300, at: 'accepted' }, times: 1 });
      let how: number | NodeJS.Signals = 0;
      const stop = new Promise<void>((resolve) => {
        const stops = async (): Promise<void> => {
          how = await harness.stopConnector();
          resolve();
        };
        // Not waited for: the request goes on while the connector stops.
        void whenAt(harness, 'accepted', () => Promise.resolve()).then(stops);
      });
      await Promise.all([stop.then(() => harness.startConnector()), cause()]);
      if (how !== 0) throw new Violation(`SIGTERM ended the connector with ${how} instead of 0`);
    },
  },
];

/** Everything that can go wrong with a call, one after the other, to whatever is called. */
const allFaults: RelayFault = {
  name: 'the party fails in every way, call after call',
  async inject(harness, cause) {
    harness.noteFault();
    for (const [, fault] of FAULTS) harness.simulator.misbehave({ fault, times: 1 });
    await cause();
  },
};

export const RELAY_FAULTS: readonly RelayFault[] = [
  ...connectorKills,
  ...databaseKills,
  ...faults,
  allFaults,
  ...others,
];

/** One of each kind, for the suite: most of the time goes into starting a killed connector again. */
export const FEW_RELAY_FAULTS: readonly RelayFault[] = RELAY_FAULTS.filter(({ name }) =>
  [
    'kill -9 of the connector, after the party carried it out, before it answers',
    'kill -9 of the database, after the party carried it out, before it answers',
    'the party fails in every way, call after call',
    'the party is gone for a while',
    'SIGTERM of the connector while the party is slow to answer',
  ].includes(name),
);
