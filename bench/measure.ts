import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from './calls.ts';
import { ask, start, type Contestant, type Program } from './contestants.ts';
import type { Generator } from './load.ts';
import { memoryMb, processorMs } from './process-facts.ts';

/** Medians over all rounds. */
export interface Side {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time a request, in milliseconds. */
  readonly processor: number | undefined;
  /** Of all rounds together. */
  readonly errors: number;
}

export interface Figures {
  readonly call: Call;
  readonly connections: number;
  readonly floor: Side;
  readonly connector: Side;
  /** Requests a second against the floor: the median of the rounds' own ratios. */
  readonly speed: number;
  /** Processor time a request against the floor. */
  readonly processor: number | undefined;
}

export interface Plan {
  readonly connections: readonly number[];
  readonly seconds: number;
  /** How often floor and connector take turns. */
  readonly rounds: number;
}

const SETTLE_MS = 100;

/** Ends the run where the two do not give the same bytes. */
export async function compare(floor: Contestant, connector: Contestant, call: Call): Promise<void> {
  for (const fields of call.requests) {
    const [a, b] = await Promise.all([ask(floor.url, fields), ask(connector.url, fields)]);
    if (a === b) continue;
    let at = 0;
    while (a[at] === b[at]) at += 1;
    const part = (text: string) => text.slice(Math.max(0, at - 200), at + 100);
    throw new Error(
      `${call.title}: the answers differ at character ${at} (${a.length} and ${b.length} in all)\n` +
        `floor:     ${part(a)}\nconnector: ${part(b)}`,
    );
  }
}

/** Floor and connector take turns, because the machine is not the same from one minute to the next. */
export async function time(
  floor: Contestant,
  connector: Contestant,
  call: Call,
  generator: Generator,
  plan: Plan,
): Promise<Figures[]> {
  for (const one of [floor, connector]) await generator.run(one.url, call.requests, 8, 1);
  const figures: Figures[] = [];
  for (const connections of plan.connections) {
    const rounds: [Side, Side][] = [];
    for (let round = 0; round < plan.rounds; round += 1) {
      const a = await oneRound(floor, call, generator, connections, plan.seconds);
      rounds.push([a, await oneRound(connector, call, generator, connections, plan.seconds)]);
    }
    figures.push({
      call,
      connections,
      floor: together(rounds.map(([a]) => a)),
      connector: together(rounds.map(([, b]) => b)),
      speed: median(rounds.map(([a, b]) => b.perSecond / a.perSecond)) ?? 0,
      processor: median(rounds.map(([a, b]) => (b.processor ?? NaN) / (a.processor ?? NaN))),
    });
  }
  return figures;
}

async function oneRound(
  { url, pid }: Contestant,
  { requests }: Call,
  generator: Generator,
  connections: number,
  seconds: number,
): Promise<Side> {
  await sleep(SETTLE_MS);
  const before = await processorMs(pid);
  const load = await generator.run(url, requests, connections, seconds);
  const after = await processorMs(pid);
  const { p50, p99, errors } = load;
  const processor = before === undefined || after === undefined ? undefined : (after - before) / load.requests;
  return { perSecond: load.requests / load.seconds, p50, p99, processor, errors };
}

function together(rounds: readonly Side[]): Side {
  const middle = (of: (side: Side) => number | undefined) => median(rounds.map((side) => of(side) ?? NaN));
  return {
    perSecond: middle((side) => side.perSecond) ?? 0,
    p50: middle((side) => side.p50) ?? 0,
    p99: middle((side) => side.p99) ?? 0,
    processor: middle((side) => side.processor),
    errors: rounds.reduce((sum, { errors }) => sum + errors, 0),
  };
}

export function median(values: readonly number[]): number | undefined {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** From the start of the process to its first right answer, in milliseconds. */
export async function timeStart(program: Program, databaseUrl: string, logFile: string, call: Call): Promise<number> {
  const [fields = {}] = call.requests;
  const startedAt = performance.now();
  const contestant = await start(program, databaseUrl, logFile);
  try {
    const answer = await ask(contestant.url, fields);
    if (!answer.includes('"pages":')) throw new Error(`not a page: ${answer.slice(0, 200)}`);
    return performance.now() - startedAt;
  } finally {
    await contestant.stop();
  }
}

export interface Memory {
  /** Resident megabytes: after the first tenth of all pages, after the last page, and the most in between. */
  readonly early: number;
  readonly late: number;
  readonly most: number;
  readonly pages: number;
}

/** Every page of every dump, one after the other, from a process that has done nothing else. */
export async function dumpAll({ url, pid }: Contestant, pages: number): Promise<Memory | undefined> {
  const actions = ['ProductsList', 'ProductsPrices', 'ProductsQuantity'];
  const all = actions.flatMap((action) => Array.from({ length: pages }, (_, n) => ({ action, page: String(n + 1) })));
  let early: number | undefined;
  for (const [n, fields] of all.entries()) {
    await ask(url, fields);
    if (n === Math.floor(all.length / 10)) early = (await memoryMb(pid))?.now;
  }
  const last = await memoryMb(pid);
  return last && { early: early ?? last.now, late: last.now, most: last.most, pages: all.length };
}
