import type { Who, Call, Writes } from './writes.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { ask, start, type Contestant, type Program } from './contestants.ts';
import { numbered, type Generator, type Load } from './load.ts';
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

/** Both run for months: what is timed is code that the engine has compiled already, which takes the longer one longer. */
const WARM_UP_SECONDS = 8;

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

/** Ends the run where the two do not give the same answer, or do not leave the same rows behind. */
export async function compareWrites(
  db: Knex,
  contestants: readonly Contestant[],
  call: Call,
  writes: Writes,
): Promise<void> {
  const found: string[] = [];
  for (const { name, url } of contestants) {
    const { first, once } = await firstWrite(db, url, writes.requests[name][0] ?? {}, writes);
    if (!first.startsWith(writes.answer)) throw new Error(`${call.title}: the ${name} answers ${first.slice(0, 300)}`);
    found.push(JSON.stringify(once, undefined, 1));
  }
  await writes.reset(db);
  const [a = [], b = []] = found.map((rows) => rows.split('\n'));
  const at = a.findIndex((line, n) => line !== b[n]);
  if (a.length === b.length && at < 0) return;
  const part = (lines: readonly string[]) => lines.slice(Math.max(0, at - 3), at + 3).join('\n');
  throw new Error(`${call.title}: the rows differ\nfloor:\n${part(a)}\nconnector:\n${part(b)}`);
}

async function firstWrite(db: Knex, url: string, fields: Call['requests'][number], writes: Writes) {
  const sent = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, numbered(value, 0)]));
  await writes.reset(db);
  const first = await ask(url, sent);
  const once = await writes.rows(db);
  if (writes.isRepeatable) {
    const again = await ask(url, sent);
    const twice = await writes.rows(db);
    if (again !== first || JSON.stringify(twice) !== JSON.stringify(once))
      throw new Error(`${url} does something else when the same is sent again: ${again}`);
  }
  return { first, once };
}

/** Floor and connector take turns, because the machine is not the same from one minute to the next. */
export async function time(
  db: Knex,
  floor: Contestant,
  connector: Contestant,
  call: Call,
  generator: Generator,
  plan: Plan,
): Promise<Figures[]> {
  const senders = { floor: new Sender(call, 'floor', generator), connector: new Sender(call, 'connector', generator) };
  for (const one of [floor, connector]) await senders[one.name].run(one.url, 8, WARM_UP_SECONDS);
  const figures: Figures[] = [];
  for (const connections of plan.connections) {
    const rounds: [Side, Side][] = [];
    for (let round = 0; round < plan.rounds; round += 1) {
      const floorsTurn = () => oneRound(floor, senders.floor, connections, plan.seconds);
      const connectorsTurn = () => oneRound(connector, senders.connector, connections, plan.seconds);
      // Whoever comes second finds what the first has left the database to tidy up.
      if (round % 2 === 0) rounds.push([await floorsTurn(), await connectorsTurn()]);
      else rounds.push(swapped([await connectorsTurn(), await floorsTurn()]));
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
  for (const sender of Object.values(senders)) await sender.check(db);
  await call.writes?.reset(db);
  return figures;
}

function swapped<A, B>([a, b]: [A, B]): [B, A] {
  return [b, a];
}

/** Sends one contestant's requests, and goes on in the next round where the last one ended. */
class Sender {
  readonly #call: Call;
  readonly #who: Who;
  readonly #generator: Generator;
  #sent = 0;
  #answered = 0;

  constructor(call: Call, who: Who, generator: Generator) {
    this.#call = call;
    this.#who = who;
    this.#generator = generator;
  }

  async run(url: string, connections: number, seconds: number): Promise<Load> {
    const { requests, writes } = this.#call;
    const volley = { requests: writes?.requests[this.#who] ?? requests, sent: this.#sent, answer: writes?.answer };
    const load = await this.#generator.run(url, volley, connections, seconds);
    this.#sent = load.sent;
    this.#answered += load.requests - load.errors;
    return load;
  }

  /** An answer that says "done" must have its rows. */
  async check(db: Knex): Promise<void> {
    const written = await this.#call.writes?.written?.(db, this.#who);
    if (written === undefined || (written >= this.#answered && written <= this.#sent)) return;
    throw new Error(
      `${this.#call.title}, ${this.#who}: ${this.#sent} sent, ${this.#answered} answered, ${written} written`,
    );
  }
}

async function oneRound({ url, pid }: Contestant, sender: Sender, connections: number, seconds: number): Promise<Side> {
  await sleep(SETTLE_MS);
  const before = await processorMs(pid);
  const load = await sender.run(url, connections, seconds);
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
  readonly max: number;
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
  return last && { early: early ?? last.now, late: last.now, max: last.max, pages: all.length };
}
