import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { relayVerdicts, type Verdict } from './relay-report.ts';
import type { RelayFigures } from './relay.ts';
import { median, type Figures, type Memory, type Side } from './measure.ts';

/** What was found at one size of shop. */
export interface SizeReport {
  readonly products: number;
  readonly orders: number;
  readonly figures: readonly Figures[];
  readonly startMs: readonly number[];
  readonly memory: Memory | undefined;
  /** Undefined where it was not asked for, or there are too few orders. */
  readonly relay: RelayFigures | undefined;
}

export interface Machine {
  readonly database: string;
  readonly generator: string;
}

/** Figures to reach; ratios are against the floor in the same run. */
const TARGETS = {
  connections: 8,
  speed: 0.75,
  processor: 1.35,
  /** From here on callers get into each other's way. */
  busy: 32,
  lastAgainstFirst: 1.3,
  startMs: 1500,
  memoryMb: 200,
};

export function machineFacts({ database, generator }: Machine): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  return [
    `${availableParallelism()} cores (${model}), ${gigabytes} GB, ${type()} ${release()}, Node ${process.versions.node},`,
    `${database} with durable commits, load by ${generator}.`,
    'Floor, connector, database and load generator share the machine. Ratios are of one run; absolute figures move.',
  ].join('\n');
}

export function sizeTable({ products, orders, figures }: SizeReport): string {
  return [
    `### ${inThousands(products)} products, ${inThousands(orders)} orders`,
    '',
    '| call | connections | requests/s: floor | connector | ratio | ms p50 / p99: floor | connector | processor ms a request: floor | connector | ratio | errors |',
    '| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |',
    ...figures.map(
      ({ call, connections, floor, connector, speed, processor }) =>
        `| ${call.title} | ${connections} | ${rate(floor)} | ${rate(connector)} | ${speed.toFixed(2)} ` +
        `| ${latency(floor)} | ${latency(connector)} | ${fixed(floor.processor)} | ${fixed(connector.processor)} ` +
        `| ${fixed(processor)} | ${connector.errors} |`,
    ),
  ].join('\n');
}

export function targetTable(sizes: readonly SizeReport[]): string {
  return [
    '### To reach',
    '',
    '| what | products | to reach | found | |',
    '| --- | --: | --: | --: | --- |',
    ...sizes.flatMap((size) =>
      [...againstFloor(size), ...lastPages(size), ...wholeProcess(size), ...relayVerdicts(size.relay)].map(
        ({ what, toReach, found, held }) =>
          `| ${what} | ${inThousands(size.products)} | ${toReach} | ${found} | ${held ? 'held' : '**not held**'} |`,
      ),
    ),
  ].join('\n');
}

function againstFloor({ figures }: SizeReport): Verdict[] {
  return figures
    .filter(({ connections }) => connections === TARGETS.connections)
    .flatMap(({ call, speed, processor }) => [
      {
        what: `${call.title}: requests/s`,
        toReach: `≥ ${TARGETS.speed}`,
        found: speed.toFixed(2),
        held: speed >= TARGETS.speed,
      },
      // Nothing is asked of calls that write: the database decides there.
      ...(processor === undefined || call.writes !== undefined
        ? []
        : [
            {
              what: `${call.title}: processor time`,
              toReach: `≤ ${TARGETS.processor}`,
              found: processor.toFixed(2),
              held: processor <= TARGETS.processor,
            },
          ]),
    ]);
}

/** How much longer the last page takes; where there is only one page there is nothing to compare. */
function lastPages({ figures }: SizeReport): Verdict[] {
  const at8 = figures.filter(({ connections }) => connections === TARGETS.connections);
  return at8.flatMap((first) => {
    const last = at8.find(
      ({ call }) => call.page === 'last' && call.name === first.call.name.replace(/-first$/, '-last'),
    );
    if (first.call.page !== 'first' || !last) return [];
    const ratio = first.connector.perSecond / last.connector.perSecond;
    return [
      {
        what: `${first.call.title.replace(', first page', '')}: last page against first`,
        toReach: `≤ ${TARGETS.lastAgainstFirst}`,
        found: ratio.toFixed(2),
        held: ratio <= TARGETS.lastAgainstFirst,
      },
    ];
  });
}

function wholeProcess({ figures, startMs, memory }: SizeReport): Verdict[] {
  const errors = figures.reduce((sum, { connector }) => sum + connector.errors, 0);
  const start = median(startMs);
  const busiest = figures.filter(({ call, connections }) => call.writes !== undefined && connections >= TARGETS.busy);
  const handedOn = busiest.reduce((sum, { connector }) => sum + connector.errors, 0);
  return [
    ...(busiest.length === 0
      ? []
      : [
          {
            what: `deadlocks and other refusals under updates at ${TARGETS.busy} connections`,
            toReach: '0',
            found: String(handedOn),
            held: handedOn === 0,
          },
        ]),
    { what: 'answers that are no answer', toReach: '0', found: String(errors), held: errors === 0 },
    ...(start === undefined
      ? []
      : [
          {
            what: 'start to first right answer',
            toReach: `< ${TARGETS.startMs} ms`,
            found: `${start.toFixed(0)} ms`,
            held: start < TARGETS.startMs,
          },
        ]),
    ...(memory
      ? [
          {
            what: `resident memory over ${memory.pages} pages (after a tenth ${memory.early.toFixed(0)}, at the end ${memory.late.toFixed(0)} MB)`,
            toReach: `< ${TARGETS.memoryMb} MB`,
            found: `${memory.max.toFixed(0)} MB`,
            held: memory.max < TARGETS.memoryMb,
          },
        ]
      : []),
  ];
}

const rate = ({ perSecond }: Side) => perSecond.toFixed(perSecond < 100 ? 1 : 0);
const latency = ({ p50, p99 }: Side) => `${p50.toFixed(1)} / ${p99.toFixed(1)}`;
const fixed = (value: number | undefined) => value?.toFixed(2) ?? '–';

function inThousands(count: number): string {
  return count.toLocaleString('en');
}
