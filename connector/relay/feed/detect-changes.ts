import { knownCursors, moveCursor, readCursor, returnLease, takeLease } from '../../storage/cursors.ts';
import { hasDelivered, remember, rememberBaseline } from '../../storage/outbox-digests.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Log } from '../../lib/log.ts';
import type { Shop } from '../../contracts/shop.ts';
import type { RelayedOrderDeps } from './relayed-order.ts';
import { enqueueUndelivered, findUndelivered, type Listener } from './undelivered.ts';

/** Never renamed: the cursor and the lease are stored under it. */
const CURSOR = 'changed-orders';

const PAGE = 100;

/** Far less than anything is kept (RELAY_KEEP_DELIVERED_DAYS), and seldom enough not to be felt. */
const REMEMBERED_MS = 8 * 3_600_000;

/** Longer than a page takes; renewed with every page. */
const LEASE_MS = 60_000;

export interface DetectDeps extends RelayedOrderDeps {
  readonly shop: RelayedOrderDeps['shop'] & Pick<Shop, 'changedOrders'>;
  /** Names this process among those that share the database. */
  readonly owner: string;
  readonly now: () => Date;
  readonly log: Log;
}

/** What one round has done; `elsewhere` when another process is at it. */
export type Detection =
  { readonly kind: 'elsewhere' } | { readonly kind: 'looked'; readonly orders: number; readonly enqueued: number };

/**
 * Asks the shop what changed since the last time, whoever changed it, and enqueues what the targets do not know yet. The
 * cursor moves in the transaction that enqueues, so a crash repeats a page and loses nothing. The lease only saves work:
 * were two processes at it, the cursor lets one of them move it, and the other one's page is rolled back.
 */
export async function detectChanges(
  deps: DetectDeps,
  listeners: readonly Listener[],
  signal?: AbortSignal,
): Promise<Detection> {
  const { db, shop, owner, now, log } = deps;
  if (!(await renewLease(deps))) return { kind: 'elsewhere' };
  let orders = 0;
  let enqueued = 0;
  try {
    if (!(await baselineAll(deps, listeners))) return { kind: 'elsewhere' };
    for (let more = true; more && !signal?.aborted;) {
      const from = await readCursor(db, CURSOR);
      const page = await shop.changedOrders(from, PAGE);
      const undelivered = await findUndelivered(deps, listeners, page.ids, { fromBefore: false });
      await rememberNamed(deps, listeners, page.ids);
      const isOurs = await inTransaction(db, async (unit) => {
        const moved = await moveCursor(unit, CURSOR, from, page.cursor, now());
        if (moved) await enqueueUndelivered(unit, undelivered, now());
        return moved;
      });
      if (!isOurs) return { kind: 'elsewhere' };
      orders += page.ids.length;
      enqueued += undelivered.length;
      more = page.more && (await renewLease(deps));
    }
  } finally {
    await returnLease(db, CURSOR, owner, now());
  }
  if (enqueued > 0) log.info('changed orders noticed', { orders, enqueued });
  return { kind: 'looked', orders, enqueued };
}

/**
 * A change scan includes some time before it, and the last one may have been days ago. For a new target these orders
 * are baselined, not sent: they were handled without it. False when the lease went elsewhere.
 */
async function baselineAll(deps: DetectDeps, listeners: readonly Listener[]): Promise<boolean> {
  const { db, now } = deps;
  const baselined = await knownCursors(db, listeners.map(markOf));
  for (const listener of listeners.filter((one) => !baselined.has(markOf(one)))) {
    // Without a mark, but with deliveries: the target is older than the marks.
    if (!(await hasDelivered(db, listener.name)) && !(await baseline(deps, listener))) return false;
    await inTransaction(db, (unit) => moveCursor(unit, markOf(listener), undefined, now().toISOString(), now()));
  }
  return true;
}

/** Never renamed: the mark is stored under it. */
function markOf({ name }: Pick<Listener, 'name'>): string {
  return `introduced:${name}`;
}

/** Goes through what the next looks will see, as far as it stands now. */
async function baseline(deps: DetectDeps, listener: Listener): Promise<boolean> {
  const { db, shop, now } = deps;
  let cursor = (await readCursor(db, CURSOR)) ?? (await shop.changedOrders(undefined, PAGE)).cursor;
  for (let more = true; more;) {
    const page = await shop.changedOrders(cursor, PAGE);
    const standing = await findUndelivered(deps, [listener], page.ids, { fromBefore: false });
    await inTransaction(db, (unit) => rememberBaseline(unit, standing, now()));
    cursor = page.cursor;
    more = page.more;
    if (!(await renewLease(deps))) return false;
  }
  return true;
}

function rememberNamed({ db, now }: DetectDeps, listeners: readonly Listener[], ids: readonly string[]): Promise<void> {
  const [names, at] = [listeners.map(({ name }) => name), now()];
  return remember(db, names, ids, { before: new Date(at.getTime() - REMEMBERED_MS), at });
}

function renewLease({ db, owner, now }: DetectDeps): Promise<boolean> {
  const at = now();
  return takeLease(db, CURSOR, owner, { now: at, until: new Date(at.getTime() + LEASE_MS) });
}
