import type { Call } from './writes.ts';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { readRows } from '../connector/db/connect.ts';
import { startBound } from '../scripts/bound-process.ts';
import { start, type Program } from './contestants.ts';
import type { Generator } from './load.ts';
import { median, time } from './measure.ts';
import { openRelayReceiver, type RelayReceiver } from './relay-receiver.ts';

/** How fast orders travel on, and what that they do costs OrderAdd. */
export interface RelayFigures {
  readonly deliveries: readonly Deliveries[];
  /** OrderAdd's requests a second with a target switched on, against those without one. */
  readonly orderAdd: number;
}

export interface Deliveries {
  readonly workers: number;
  readonly batch: number;
  /** A second. */
  readonly floor: number;
  readonly connector: number;
  /** The median of the rounds' own ratios. */
  readonly speed: number;
}

export interface RelayBench {
  readonly db: Knex;
  readonly url: string;
  readonly directory: string;
  /** Those that answer calls; their relays stand beside them. */
  readonly servers: readonly [floor: Program, connector: Program];
  readonly calls: readonly Call[];
  readonly generator: Generator;
  readonly rounds: number;
  readonly seconds: number;
  readonly tell: (sentence: string) => void;
}

/** Below so many orders a run is over before it can be timed. */
export const MIN_ORDERS = 10_000;

const API_KEY = 'the-key-of-a-party-that-takes-everything';
const CALLS_AT_A_TIME = 2;
/** As shipped, and one order a call, as remote systems without batches take them. */
const KINDS = [
  { batch: 50, orders: 60_000 },
  { batch: 1, orders: 3000 },
] as const;
const WORKERS = [1, 4] as const;

export async function benchRelay(bench: RelayBench): Promise<RelayFigures> {
  const receiver = await openRelayReceiver();
  try {
    const deliveries: Deliveries[] = [];
    for (const { batch, orders } of KINDS) {
      const due = await someOrders(bench.db, orders);
      await compareRelays(bench, receiver, due.slice(0, 3 * batch), batch);
      for (const workers of WORKERS) {
        bench.tell(`the relay, ${workers} at a time, ${batch} orders a call`);
        deliveries.push(await timeRelays(bench, receiver, { due, batch, workers }));
      }
    }
    await emptyOutbox(bench.db);
    bench.tell('OrderAdd with a target and without');
    return { deliveries, orderAdd: await timeOrderAdd(bench) };
  } finally {
    await receiver.close();
  }
}

function relaysOf({ servers: [floor, connector] }: RelayBench): readonly [Program, Program] {
  const beside = (one: Program, main: RegExp, relay: string): Program => ({
    ...one,
    command: one.command.map((argument) => argument.replace(main, relay)),
  });
  return [beside(floor, /index\.js$/, 'relay.js'), beside(connector, /main\.js$/, 'relay-main.js')];
}

/** Whose status the platform understands, and which need no call besides the one that tells them. */
async function someOrders(db: Knex, count: number): Promise<readonly string[]> {
  const ids = await db('shop_orders as o')
    .join('shop_statuses as s', 's.id', 'o.status_id')
    .where({ is_draft: 0 })
    .whereIn('s.meaning', ['new', 'paid', 'shipped', 'completed'])
    .orderBy('o.id')
    .limit(count)
    .pluck<number[]>('o.id');
  return ids.map(String);
}

interface Run {
  readonly due: readonly string[];
  readonly batch: number;
  readonly workers: number;
}

/** Ends the run where the two do not tell the remote system the same, or do not leave the same rows behind. */
async function compareRelays(bench: RelayBench, receiver: RelayReceiver, due: readonly string[], batch: number) {
  const found: string[][] = [];
  for (const program of relaysOf(bench)) {
    await deliver(bench, receiver, program, { due, batch, workers: 1 });
    const rows = [
      ...(await bench.db<Record<string, unknown>>('bl_outbox').orderBy('id')),
      ...(await bench.db<Record<string, unknown>>('bl_calls').orderBy('order_id')),
    ];
    found.push([...ordersIn(receiver.bodies), ...rows.map((row) => JSON.stringify(comparable(row)))]);
  }
  const [a = [], b = []] = found;
  const at = a.findIndex((line, n) => line !== b[n]);
  if (a.length === b.length && at < 0) return;
  throw new Error(`the relays differ (${a.length} and ${b.length} in all)\nfloor:     ${a[at]}\nconnector: ${b[at]}`);
}

function ordersIn(bodies: readonly Buffer[]): string[] {
  const told = bodies.flatMap((body) => (JSON.parse(body.toString()) as { data: { id: string }[] }).data);
  return told.map((order) => JSON.stringify(order)).sort();
}

const OF_ONE_RUN = new Set([
  'id',
  'at',
  'due_at',
  'due_since',
  'delivered_at',
  'owner',
  'leased_until',
  'ms',
  'request_id',
]);

function comparable(row: Readonly<Record<string, unknown>>) {
  const entries = Object.entries(row).map(([name, value]) => [name, OF_ONE_RUN.has(name) ? value !== null : value]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** Floor and connector take turns, because the machine is not the same from one minute to the next. */
async function timeRelays(bench: RelayBench, receiver: RelayReceiver, run: Run): Promise<Deliveries> {
  const [floorOne, connectorOne] = relaysOf(bench);
  const rounds: { readonly floor: number; readonly connector: number }[] = [];
  for (let round = 0; round < bench.rounds; round += 1) {
    const floor = await deliver(bench, receiver, floorOne, run);
    rounds.push({ floor, connector: await deliver(bench, receiver, connectorOne, run) });
  }
  return {
    workers: run.workers,
    batch: run.batch,
    floor: median(rounds.map(({ floor }) => floor)) ?? 0,
    connector: median(rounds.map(({ connector }) => connector)) ?? 0,
    speed: median(rounds.map(({ floor, connector }) => connector / floor)) ?? 0,
  };
}

/** So large a part is delivered before time runs: both run for months, of code that is compiled. */
const WARM_UP = 0.5;

/**
 * Deliveries a second of some processes. First all of them tell the remote system what they can at once and wait for
 * its answers, so that none has a start; then a part is delivered before time runs.
 */
async function deliver(bench: RelayBench, receiver: RelayReceiver, program: Program, run: Run): Promise<number> {
  const { db } = bench;
  await emptyOutbox(db);
  receiver.shut();
  await db.raw(
    `INSERT INTO bl_outbox (target, order_id, state, due_at, due_since, memo)
     SELECT 'expertsender', j.order_id, 'due', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), ''
     FROM JSON_TABLE(?, '$[*]' COLUMNS (order_id VARCHAR(30) PATH '$')) AS j`,
    [JSON.stringify(run.due)],
  );
  const stops = await Promise.all(
    Array.from({ length: run.workers }, (_, n) => startRelay(bench, receiver, program, run, n)),
  );
  try {
    const calls = Math.min(run.workers * CALLS_AT_A_TIME, Math.ceil(run.due.length / run.batch));
    await receiver.areWaiting(calls);
    receiver.open();
    let left = await countLeft(db);
    while (left > run.due.length * (1 - WARM_UP)) {
      await sleep(5);
      left = await countLeft(db);
    }
    const beganAt = performance.now();
    while (await isAnyLeft(db)) await sleep(5);
    return (left * 1000) / (performance.now() - beganAt);
  } finally {
    await Promise.all(stops.map((stop) => stop()));
  }
}

async function startRelay(
  { url, directory }: RelayBench,
  receiver: RelayReceiver,
  { name, command, environment }: Program,
  { batch }: Run,
  number: number,
): Promise<() => Promise<void>> {
  const settings = {
    ...environment,
    DATABASE_URL: url,
    RELAY: 'apart',
    EXPERTSENDER_URL: receiver.url,
    EXPERTSENDER_API_KEY: API_KEY,
    EXPERTSENDER_BATCH: String(batch),
    // The pace is there to spare a real account.
    EXPERTSENDER_CALLS_PER_SECOND: '1000',
  };
  const relay = await startBound([
    ...['/usr/bin/env', '-i', `PATH=${process.env['PATH'] ?? ''}`],
    ...Object.entries(settings).map(([setting, value]) => `${setting}=${value}`),
    ...['/bin/sh', '-c', 'exec "$@" 2>"$0"', join(directory, `relay-${name}-${number}.log`)],
    ...[process.execPath, ...command],
  ]);
  return async () => {
    process.kill(relay.pid, 'SIGTERM');
    await relay.ended;
  };
}

async function isAnyLeft(db: Knex): Promise<boolean> {
  return (await db('bl_outbox').whereIn('state', ['due', 'leased']).first('id')) !== undefined;
}

async function countLeft(db: Knex): Promise<number> {
  const [row] = await readRows(db, "SELECT COUNT(*) FROM bl_outbox WHERE state IN ('due', 'leased')");
  return Number(row?.[0]);
}

async function emptyOutbox(db: Knex): Promise<void> {
  for (const table of ['bl_outbox', 'bl_targets', 'bl_calls']) await db(table).truncate();
}

/** The same server twice: once it writes down that the order is due at a target, once it has nobody to tell. */
async function timeOrderAdd({ db, url, directory, servers, calls, generator, rounds, seconds }: RelayBench) {
  const [, server] = servers;
  const call = calls.find(({ name }) => name === 'orderadd');
  if (!call) throw new Error('OrderAdd is not among the calls');
  const target = { RELAY: 'off', EXPERTSENDER_URL: 'http://127.0.0.1:9', EXPERTSENDER_API_KEY: API_KEY };
  const plain = await start({ ...server, name: 'floor' }, url, join(directory, 'without-target.log'));
  const relaying = await start(
    { ...server, environment: { ...server.environment, ...target } },
    url,
    join(directory, 'with-target.log'),
  );
  try {
    const plan = { connections: [8], seconds, rounds: 2 * rounds + 1 };
    const [figures] = await time(db, plain, relaying, call, generator, plan);
    const enqueued = await db('bl_outbox').count({ count: '*' }).first<{ count: number }>();
    if (!figures || enqueued.count === 0) throw new Error('no order became due');
    await emptyOutbox(db);
    return figures.speed;
  } finally {
    await Promise.all([plain.stop(), relaying.stop()]);
  }
}
