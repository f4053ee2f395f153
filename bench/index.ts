import type { Call } from './writes.ts';
/** npm run bench: how fast the connector is against hand-written code that gives the same bytes. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { connect } from '../connector/db/connect.ts';
import { endsWhenMisused } from '../connector/lib/usage.ts';
import { buildConnector, connectorProgram, floorProgram, start, type Contestant, type Program } from './contestants.ts';
import { findGenerator, type Generator } from './load.ts';
import { compare, compareWrites, dumpAll, time, timeStart, type Figures, type Plan } from './measure.ts';
import { benchRelay, MIN_ORDERS } from './relay.ts';
import { machineFacts, sizeTable, targetTable, type SizeReport } from './report.ts';
import { openShop, type BenchShop } from './shop.ts';

interface Options {
  readonly products: readonly number[];
  readonly million?: true;
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: readonly number[];
  readonly only?: readonly string[];
  readonly connector?: string;
  readonly out?: string;
}

const HOME = join(import.meta.dirname, '..', '.data', 'bench');
const MILLION = 1_000_000;
const STARTS = 5;

const { products, million, seconds, rounds, connections, only, connector, out } = endsWhenMisused(
  new Command('bench')
    .description('Times the connector against hand-written code that gives the same bytes.')
    .option('--products <numbers>', 'sizes of shop, thousands, comma-separated', numbers, [1000, 100_000])
    .option('--million', 'a shop of a million products too')
    .option('--seconds <number>', 'length of one measurement', number, 2)
    .option('--rounds <number>', 'how often floor and connector take turns', number, 3)
    .option('--connections <numbers>', 'connections at the same time', numbers, [1, 8, 32])
    .option(
      '--only <names>',
      'only the calls whose names begin so: quantity, prices, list, data, orders, orderadd, orderupdate, stock, relay',
      words,
    )
    .option('--connector <file>', 'an already built dist/connector/main.js instead of this one')
    .option('--out <file>', 'writes the report there too'),
)
  .parse()
  .opts<Options>();

/** What is running, and is ended in reverse order. */
const running: (() => Promise<void>)[] = [];

async function endAll(): Promise<void> {
  for (let stop = running.pop(); stop; stop = running.pop()) await stop();
}

async function bench(): Promise<void> {
  await mkdir(HOME, { recursive: true });
  const generator = await findGenerator(HOME);
  const programs = [
    await floorProgram(HOME),
    await connectorProgram(connector === undefined ? await buildConnector() : resolve(connector)),
  ] as const;
  const sizes: SizeReport[] = [];
  let database = '';
  for (const size of million ? [...products, MILLION] : products) {
    tell(`${size} products: the shop is started, and filled if it is new`);
    const shop = await openShop(HOME, size);
    running.push(() => shop.close());
    database = shop.database;
    sizes.push(await benchSize(shop, programs, generator));
    await endAll();
  }
  const report = [
    machineFacts({ database, generator: generator.name }),
    ...sizes.map(sizeTable),
    targetTable(sizes),
  ].join('\n\n');
  console.log(`\n${report}`);
  if (out !== undefined) await writeFile(out, `${report}\n`);
}

async function benchSize(
  shop: BenchShop,
  [floorOne, connectorOne]: readonly [Program, Program],
  generator: Generator,
): Promise<SizeReport> {
  const plan: Plan = { connections, seconds, rounds };
  const calls = shop.calls.filter(
    ({ name, page }) =>
      (only === undefined || only.some((wanted) => name.startsWith(wanted))) && !(page === 'last' && shop.pages === 1),
  );
  const floor = await started(floorOne, shop);
  const contestant = await started(connectorOne, shop);
  const db = connect(shop.url, { timeoutMs: 0 });
  running.push(() => db.destroy());
  for (const call of calls) {
    if (call.writes) await compareWrites(db, [floor, contestant], call, call.writes);
    else await compare(floor, contestant, call);
  }
  const figures: Figures[] = [];
  for (const call of calls) {
    tell(`${shop.products} products: ${call.title}`);
    figures.push(...(await time(db, floor, contestant, call, generator, plan)));
  }
  await Promise.all([floor.stop(), contestant.stop()]);
  const { products, orders } = shop;
  const wantsRelay = orders >= MIN_ORDERS && (only?.includes('relay') ?? true);
  const relay = wantsRelay
    ? await benchRelay({
        ...shop,
        ...{ db, directory: HOME, servers: [floorOne, connectorOne], generator, rounds, seconds, tell },
      })
    : undefined;
  return only === undefined
    ? { products, orders, figures, relay, ...(await wholeProcess(shop, connectorOne)) }
    : { products, orders, figures, relay, startMs: [], memory: undefined };
}

async function wholeProcess(shop: BenchShop, program: Program): Promise<Pick<SizeReport, 'startMs' | 'memory'>> {
  tell(`${shop.products} products: start, and a dump of everything`);
  const startMs: number[] = [];
  const [call] = shop.calls.filter(({ name }) => name === 'list-first') as [Call];
  for (let n = 0; n < STARTS; n += 1) startMs.push(await timeStart(program, shop.url, logOf(program), call));
  const dumped = await started(program, shop);
  const memory = await dumpAll(dumped, shop.pages);
  await dumped.stop();
  return { startMs, memory };
}

async function started(program: Program, shop: BenchShop): Promise<Contestant> {
  const contestant = await start(program, shop.url, logOf(program));
  running.push(() => contestant.stop());
  return contestant;
}

const logOf = ({ name }: Program) => join(HOME, `${name}.log`);

function tell(sentence: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${sentence}\n`);
}

function number(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a whole number is wanted.');
  return Number(text);
}

function numbers(text: string): number[] {
  return words(text).map(number);
}

function words(text: string): string[] {
  return text.split(',').map((word) => word.trim());
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void endAll().finally(() => process.exit(130));
  });
}

try {
  await bench();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await endAll();
}
