/**
 * npm run chaos [-- --kills 200 --seed N --minutes 15]: kills connector and database under load and checks the shop.
 * npm run chaos -- --supply: ends connector, database and wholesaler between any two steps of an order there.
 */

import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { endsWhenMisused } from '../../connector/lib/usage.ts';
import { loadRun, type Summary } from './load-run.ts';
import { supplyLoadRun } from './supply.ts';
import { Violation } from './violation.ts';

interface Options {
  readonly kills: number;
  readonly seed?: number;
  readonly minutes: number;
  readonly clients: number;
  readonly supply?: true;
}

const VERIFY_EVERY = 10;

const command = new Command('chaos')
  .description('Kills connector and database under load, again and again, and checks what the shop then holds.')
  .option('--kills <number>', 'how many kills', whole, 200)
  .option('--seed <number>', 'what is sent and what is killed; default: another each time', whole)
  .option('--minutes <number>', 'no new kill after this time', whole, 15)
  .option('--clients <number>', 'callers at a time', whole, 6)
  .option('--supply', 'instead: every step of orders at a wholesaler, about half an hour')
  .action(async ({ kills, seed = randomInt(1_000_000), minutes, clients, supply }: Options) => {
    if (supply) return supplyLoadRun(say);
    console.log(`Seed ${seed}: ${kills} kills under ${clients} clients, at most ${minutes} minutes.`);
    const options = { kills, seed, clients, maxMs: minutes * 60_000, verifyEvery: VERIFY_EVERY, say };
    console.log(report(seed, await loadRun(options)));
  });

// An ordinary end, so that the private database is taken along.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

try {
  await endsWhenMisused(command).parseAsync();
  process.exit(0);
} catch (error) {
  if (!(error instanceof Violation)) throw error;
  console.error(`\nViolated: ${error.message}`);
  process.exit(1);
}

function say(line: string): void {
  console.log(line);
}

function report(seed: number, { kills, faults, tally, verified, verifications, recoveries, tookMs }: Summary): string {
  const troubled = [...tally.failed].map(([code, count]) => `${count} answered ${code}`);
  const sorted = recoveries.toSorted((a, b) => a - b);
  const at = (share: number): string => `${(sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(0)} ms`;
  return [
    '',
    `All is right after ${kills} kills in ${(tookMs / 1000).toFixed(0)} s (seed ${seed}).`,
    ...[...faults].sort(([, a], [, b]) => b - a).map(([name, count]) => row(name, String(count))),
    row('calls', `${tally.calls}, in ${tally.attempts} attempts`),
    row('attempts without result', [`${tally.lost} lost`, ...troubled].join(', ')),
    row('first answer after repair', `median ${at(0.5)}, longest ${at(1)}`),
    row('orders', `${verified.orders} with ${verified.lines} lines and ${verified.parcels} parcels`),
    row('stock', `${verified.auditRows} changes of ${verified.variants} articles, no gap`),
    row('changes, answer lost', outcomes(verified.lost)),
    row('changes, answered trouble', outcomes(verified.troubled)),
    row('books compared', `${verifications} times`),
  ].join('\n');
}

function outcomes({ attempts, carriedOut }: Summary['verified']['lost']): string {
  return `${attempts}, of which ${carriedOut} were carried out, once`;
}

function row(what: string, text: string): string {
  return `  ${what.padEnd(28)}${text}`;
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is wanted.');
  return Number(text);
}
