import { forgetCursor, moveCursor, readCursor } from '../../storage/cursors.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Shop } from '../../contracts/shop.ts';
import type { RelayedOrderDeps } from './relayed-order.ts';
import { enqueueUndelivered, findUndelivered, type Listener } from './undelivered.ts';

const PAGE = 100;

export interface CatchUpDeps extends RelayedOrderDeps {
  readonly shop: RelayedOrderDeps['shop'] & Pick<Shop, 'orderPages'>;
  readonly now: () => Date;
}

/** Which orders, by when they were placed. */
export interface Period {
  readonly since: Date | undefined;
  /** Left out: as far as there are orders when it begins. */
  readonly until: Date | undefined;
}

/** How far it has come, counted from where this run began. */
export interface Progress {
  readonly checked: number;
  readonly enqueued: number;
  readonly of: number;
  readonly lastOrderId: string;
}

/**
 * Compares every order of a period with what was last delivered to this target, oldest first, and enqueues what
 * differs: a page of orders and one transaction a step. What the target has already, or what is due, is left alone.
 */
export async function* resync(deps: CatchUpDeps, listener: Listener, period: Period): AsyncGenerator<Progress> {
  yield* steps(deps, listener, period, undefined, async (step) => {
    await inTransaction(deps.db, (unit) => enqueueUndelivered(unit, step.undelivered, deps.now()));
  });
}

export const BACKFILL_RUNNING = 'another backfill of this target is running';

/**
 * The same, in steps that are stored together with what they enqueue: the same request resumes where it was
 * interrupted. Reports first after which order it resumes.
 */
export async function backfill(
  deps: CatchUpDeps,
  listener: Listener,
  period: Period,
): Promise<{ readonly after: string | undefined; readonly progress: AsyncGenerator<Progress> }> {
  const { db } = deps;
  const name = `backfill:${listener.name}`;
  let stored = await readCursor(db, name);
  const { after, until } = readPlace(stored, period) ?? { after: undefined, until: period.until ?? deps.now() };

  async function* progress(): AsyncGenerator<Progress> {
    yield* steps(deps, listener, { since: period.since, until }, after, async ({ undelivered, lastOrderId }) => {
      const next = JSON.stringify({ period, until, after: lastOrderId } satisfies Place);
      await inTransaction(db, async (unit) => {
        if (!(await moveCursor(unit, name, stored, next, deps.now()))) throw new Error(BACKFILL_RUNNING);
        await enqueueUndelivered(unit, undelivered, deps.now());
      });
      stored = next;
    });
    await forgetCursor(db, name);
  }
  return { after, progress: progress() };
}

/** As stored: which request it was, which end it was given when it began, and the last order that is done. */
interface Place {
  readonly period: Period;
  readonly until: Date;
  readonly after: string;
}

/** Undefined when the stored place is of another period: that one is then abandoned. */
function readPlace(text: string | undefined, period: Period): { after: string; until: Date } | undefined {
  if (text === undefined || text === '') return undefined;
  // Written by ourselves; dates have become text.
  const place = JSON.parse(text) as { period: unknown; until: string; after: string };
  if (JSON.stringify(place.period) !== JSON.stringify(period)) return undefined;
  return { after: place.after, until: new Date(place.until) };
}

interface Step {
  readonly undelivered: Awaited<ReturnType<typeof findUndelivered>>;
  readonly lastOrderId: string;
}

async function* steps(
  deps: CatchUpDeps,
  listener: Listener,
  { since, until }: Period,
  after: string | undefined,
  write: (step: Step) => Promise<void>,
): AsyncGenerator<Progress> {
  const window = {
    pageSize: PAGE,
    onlyPaid: false,
    ...(since && { placedFrom: since }),
    ...(until && { placedUntil: until }),
    ...(after !== undefined && { idFrom: after }),
  };
  // Held here, so that a listing that others make room for does not change under way.
  const pages = await deps.shop.orderPages({ ...window, page: 1 });
  const all = (pages.count - 1) * PAGE + pages.at(pages.count).length;
  const of = pages.at(1)[0] === after ? all - 1 : all;
  let checked = 0;
  let enqueued = 0;
  for (let page = 1; page <= pages.count; page += 1) {
    const ids = pages.at(page).filter((id) => id !== after);
    const lastOrderId = ids.at(-1);
    if (lastOrderId === undefined) continue;
    const undelivered = await findUndelivered(deps, [listener], ids, { fromBefore: true });
    await write({ undelivered, lastOrderId });
    checked += ids.length;
    enqueued += undelivered.length;
    yield { checked, enqueued, of, lastOrderId };
  }
}
