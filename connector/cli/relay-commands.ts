import { InvalidArgumentError, type Command } from 'commander';
import type { Knex } from 'knex';
import { listOutbox, retryNow, type OutboxRow, replay, retryAll } from '../storage/outbox-admin.ts';
import { changeHealth } from '../storage/target-health.ts';
import { backfill, resync, type Period, type Progress } from '../relay/feed/catch-up.ts';
import { relayedOrders } from '../relay/feed/relayed-order.ts';
import type { Target } from '../contracts/target.ts';
import { relayStatus } from './relay-status.ts';
import type { Shop } from '../contracts/shop.ts';

/** What the operator's commands about the relay work with. */
export interface OperatorContext {
  readonly db: Knex;
  readonly shop: Shop;
  /** Those that the settings switch on. */
  readonly targets: readonly Target[];
  readonly connection: string;
  /** Names of the wholesalers that are switched on. */
  readonly wholesalers: readonly string[];
  readonly now: () => Date;
  readonly print: (line: string) => void;
  /** The operator wants it to end. */
  readonly signal: AbortSignal;
}

/** Runs a command with its context; the result is the exit code: 0 done, 1 not (all) possible, 130 interrupted. */
export type WithOperatorContext = (work: (context: OperatorContext) => Promise<number>) => Promise<void>;

const LISTED = 50;
const STATES = ['parked', 'leased', 'due'] as const;

export function addRelayCommands(program: Command, withOperatorContext: WithOperatorContext): void {
  const relay = program.command('relay').description('orders on their way to other parties');

  relay
    .command('status')
    .description('how many orders wait at each target, for how long, and whether it rests')
    .action(() => withOperatorContext(async (context) => (await relayStatus(context), 0)));

  relay
    .command('list')
    .description('orders that are not delivered, and why; newest first')
    .option('--state <state>', `one of ${STATES.join(', ')}`, oneOf(STATES))
    .option('--target <name>', 'only those for this target')
    .option('--limit <n>', 'at most so many of each state', positiveInteger, LISTED)
    .action((which: Which) => withOperatorContext((context) => list(context, which)));

  relay
    .command('retry')
    .description('try again now: these orders, or all that are parked, or all that wait for their next try')
    .argument('<target>')
    .argument('[orderIds...]')
    .option('--all-parked', 'everything that was refused')
    .action((target: string, orderIds: readonly string[], { allParked = false }: { readonly allParked?: boolean }) =>
      withOperatorContext((context) => retry(context, target, orderIds, allParked)),
    );

  relay
    .command('replay')
    .description('send these orders again although they were delivered')
    .argument('<target>')
    .argument('<orderIds...>')
    .action((target: string, orderIds: readonly string[]) =>
      withOperatorContext((context) => withTarget(context, target, () => replayOrders(context, target, orderIds))),
    );

  relay
    .command('resync')
    .description('send every order that the target knows otherwise than it now stands in the shop, or not at all')
    .argument('<target>')
    .option('--since <date>', 'only orders placed since then (UTC)', firstInstant)
    .action((target: string, { since }: { readonly since?: Date }) =>
      withOperatorContext((context) =>
        withTarget(context, target, (one) =>
          printProgress(context, target, resync(context, one, { since, until: undefined }), 'resync'),
        ),
      ),
    );

  relay
    .command('backfill')
    .description('send the orders of a past period, oldest first; broken off, the same command goes on')
    .argument('<target>')
    .requiredOption('--since <date>', 'orders placed since then (UTC)', firstInstant)
    .option('--until <date>', 'orders placed until then, that day included; default: now', lastInstant)
    .action((target: string, { since, until }: { readonly since: Date; readonly until?: Date }) =>
      withOperatorContext((context) => {
        if (until && until < since) throw new InvalidArgumentError('--until lies before --since');
        return withTarget(context, target, (one) => fill(context, one, { since, until }));
      }),
    );
}

interface Which {
  readonly state?: (typeof STATES)[number];
  readonly target?: string;
  readonly limit: number;
}

async function list({ db, print }: OperatorContext, { state, target, limit }: Which): Promise<number> {
  let listed = 0;
  for (const one of state ? [state] : STATES) {
    const rows = await listOutbox(db, { state: one, limit, ...(target !== undefined && { target }) });
    for (const row of rows) print(formatOutboxRow(row));
    if (rows.length === limit) print(`… only the newest ${limit} that are ${one}; --limit shows more.`);
    listed += rows.length;
  }
  if (listed === 0) print('Nothing is undelivered.');
  return 0;
}

function formatOutboxRow({ target, orderId, state, dueSince, dueAt, attempts, reason }: OutboxRow): string {
  const tries = attempts === 1 ? '1 try' : `${attempts} tries`;
  const why = reason === '' ? '' : `: ${reason}`;
  const next = state === 'due' && attempts > 0 ? `, next at ${dueAt.toISOString()}` : '';
  return `Order ${orderId} at ${target}: ${state} since ${dueSince.toISOString()}, ${tries}${next}${why}`;
}

async function retry(context: OperatorContext, target: string, orderIds: readonly string[], allParked: boolean) {
  const { db, now, print } = context;
  if (allParked && orderIds.length > 0) throw new InvalidArgumentError('name orders, or use --all-parked, not both');
  let missed = 0;
  for (const orderId of orderIds) {
    if ((await retryNow(db, { target, orderId }, now())) === 0) {
      missed += 1;
      print(`Order ${orderId} neither waits nor is parked at ${target}.`);
    }
  }
  const retried =
    orderIds.length > 0 ? orderIds.length - missed : await retryAll(db, target, allParked ? 'parked' : 'due', now());
  // Whoever asks for a try now does not want to wait for the end of a rest.
  if (retried > 0) await changeHealth(db, target, now(), () => ({ failures: 0, openUntil: undefined, reason: '' }));
  print(retried === 1 ? 'One order is tried again now.' : `${retried} orders are tried again now.`);
  const isOn = context.targets.some(({ name }) => name === target);
  if (!isOn) print(`${target} is not switched on: nobody delivers to it.`);
  return missed === 0 && (isOn || retried > 0) ? 0 : 1;
}

async function replayOrders(context: OperatorContext, target: string, orderIds: readonly string[]): Promise<number> {
  const { db, now, print } = context;
  const known = new Set((await relayedOrders(context, orderIds)).map(({ order }) => order.id));
  let missed = 0;
  for (const orderId of orderIds) {
    const problem = !known.has(orderId)
      ? 'the shop has no such order'
      : (await replay(db, target, orderId, now()))
        ? undefined
        : 'a delivery is under way; repeat this when it has ended';
    if (problem !== undefined) missed += 1;
    print(`Order ${orderId}: ${problem ?? `is sent to ${target} again`}.`);
  }
  return missed === 0 ? 0 : 1;
}

async function fill(context: OperatorContext, target: Target, period: Period): Promise<number> {
  const { after, progress } = await backfill(context, target, period);
  if (after !== undefined) context.print(`Going on behind order ${after}.`);
  return printProgress(context, target.name, progress, 'backfill');
}

/** Prints a step for each percent, and ends between two of them when the operator wants it. */
async function printProgress(
  { print, signal }: OperatorContext,
  target: string,
  progress: AsyncIterable<Progress>,
  what: string,
) {
  let last: Progress | undefined;
  let printed = 0;
  for await (const step of progress) {
    last = step;
    const percent = Math.floor((100 * step.checked) / step.of);
    if (percent > printed) print(`${step.checked} of ${step.of} orders looked at, ${step.enqueued} to send`);
    printed = percent;
    if (!signal.aborted) continue;
    print(`Broken off behind order ${step.lastOrderId}. What was enqueued stays so.`);
    return 130;
  }
  print(`The ${what} is done: ${last?.enqueued ?? 0} of ${last?.checked ?? 0} orders are sent to ${target}.`);
  return 0;
}

/** Only a target that is switched on can say what it wants. */
async function withTarget(
  context: OperatorContext,
  name: string,
  work: (target: Target) => Promise<number>,
): Promise<number> {
  const target = context.targets.find((one) => one.name === name);
  if (target) return work(target);
  const names = context.targets.map((one) => one.name).join(', ') || 'none';
  throw new Error(`${name} is not switched on. Switched on: ${names}.`);
}

function oneOf<const T extends string>(words: readonly T[]) {
  return (text: string): T => {
    const word = words.find((one) => one === text);
    if (word === undefined) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
    return word;
  };
}

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
}

const DAY_MS = 86_400_000;

function firstInstant(text: string): Date {
  const date = new Date(text);
  if (!/^\d{4}-\d\d-\d\d(T.+Z)?$/.test(text) || Number.isNaN(date.getTime())) {
    throw new InvalidArgumentError('It must be a date such as 2026-01-31.');
  }
  return date;
}

function lastInstant(text: string): Date {
  const first = firstInstant(text);
  return text.includes('T') ? first : new Date(first.getTime() + DAY_MS - 1);
}
