import type { Knex } from 'knex';
import { inTransaction } from '../db/transaction.ts';
import { enqueue } from './outbox.ts';

/** Never renamed: rows hold it. */
export type OutboxState = 'due' | 'leased' | 'done' | 'parked';

/** One order at one target, as the operator sees it. */
export interface OutboxRow {
  readonly id: string;
  readonly target: string;
  readonly orderId: string;
  readonly state: OutboxState;
  readonly dueAt: Date;
  readonly dueSince: Date;
  readonly attempts: number;
  readonly reason: string;
  readonly reference: string;
  readonly deliveredAt: Date | undefined;
}

/** What is not delivered at one target. */
export interface Backlog {
  readonly target: string;
  readonly due: number;
  readonly leased: number;
  readonly parked: number;
  /** The longest wait among those that are due or leased. */
  readonly oldest: Date | undefined;
}

interface CountRow {
  readonly target: string;
  readonly state: OutboxState;
  readonly count: number;
  readonly oldest: Date;
}

/** Targets at which everything is delivered are left out. */
export async function backlogs(db: Knex): Promise<readonly Backlog[]> {
  const rows = await db('bl_outbox')
    .whereIn('state', ['due', 'leased', 'parked'])
    .groupBy('target', 'state')
    .orderBy('target')
    .select<CountRow[]>('target', 'state', db.raw('COUNT(*) AS count'), db.raw('MIN(due_since) AS oldest'));
  return [...new Set(rows.map(({ target }) => target))].map((target) => {
    const own = rows.filter((row) => row.target === target);
    const countOf = (state: OutboxState): number => own.find((row) => row.state === state)?.count ?? 0;
    const waits = own.filter(({ state }) => state !== 'parked').map(({ oldest }) => oldest.getTime());
    return {
      target,
      due: countOf('due'),
      leased: countOf('leased'),
      parked: countOf('parked'),
      oldest: waits.length === 0 ? undefined : new Date(Math.min(...waits)),
    };
  });
}

type ListedRow = Omit<OutboxRow, 'id' | 'deliveredAt'> & {
  readonly id: number | string;
  readonly deliveredAt: Date | null;
};

/** Newest first; `before` is the id of the last row that was seen. */
export async function listOutbox(
  db: Knex,
  which: {
    readonly target?: string;
    readonly state?: OutboxState;
    readonly orderId?: string;
    readonly before?: string;
    readonly limit: number;
  },
): Promise<readonly OutboxRow[]> {
  const { target, state, orderId, before, limit } = which;
  const rows = db('bl_outbox').orderBy('id', 'desc').limit(limit);
  if (target !== undefined) void rows.where({ target });
  if (state !== undefined) void rows.where({ state });
  if (orderId !== undefined) void rows.where({ order_id: orderId });
  if (before !== undefined) void rows.where('id', '<', before);
  const found = await rows.select<ListedRow[]>({
    id: 'id',
    target: 'target',
    orderId: 'order_id',
    state: 'state',
    dueAt: 'due_at',
    dueSince: 'due_since',
    attempts: 'attempts',
    reason: 'reason',
    reference: 'reference',
    deliveredAt: 'delivered_at',
  });
  return found.map((row) => ({ ...row, id: String(row.id), deliveredAt: row.deliveredAt ?? undefined }));
}

/** By hand: what is dead-lettered or waits for its next attempt is tried at once and begins its wait anew. */
export async function retryNow(
  db: Knex,
  which: { readonly target?: string; readonly orderId?: string },
  now: Date,
): Promise<number> {
  return inTransaction(db, (unit) =>
    unit('bl_outbox')
      .where(chosen(which))
      .whereIn('state', ['due', 'parked'])
      .update({ due_since: now, due_at: now, attempts: 0, state: 'due' }),
  );
}

/** By hand: this order is not to be tried again as it is. What is under way is left alone. */
export async function deadLetter(
  db: Knex,
  which: { readonly target: string; readonly orderId: string },
  reason: string,
): Promise<boolean> {
  const parked = await inTransaction(db, (unit) =>
    unit('bl_outbox')
      .where({ ...chosen(which), state: 'due' })
      .update({ state: 'parked', reason: reason.slice(0, 500) }),
  );
  return parked === 1;
}

function chosen({ target, orderId }: { readonly target?: string; readonly orderId?: string }) {
  return {
    ...(target === undefined ? {} : { target }),
    ...(orderId === undefined ? {} : { order_id: orderId }),
  };
}

/** How many orders each target has in their current state; orders that were not meant for it do not count. */
export async function deliveredCounts(db: Knex): Promise<ReadonlyMap<string, number>> {
  const rows = await db('bl_outbox')
    .where({ state: 'done' })
    .whereNotNull('delivered_at')
    .groupBy('target')
    .select<{ target: string; count: number }[]>('target', db.raw('COUNT(*) AS count'));
  return new Map(rows.map(({ target, count }) => [target, count]));
}

/** By hand: every row of this target that is dead-lettered or waits for its next attempt is tried at once. */
export async function retryAll(db: Knex, target: string, state: 'due' | 'parked', now: Date): Promise<number> {
  return inTransaction(db, (unit) =>
    unit('bl_outbox').where({ target, state }).update({ due_since: now, due_at: now, attempts: 0, state: 'due' }),
  );
}

/**
 * By hand: the order is delivered to the target as if for the first time. False while a delivery is in flight, whose
 * settlement would mark the row as done.
 */
export async function replay(db: Knex, target: string, orderId: string, now: Date): Promise<boolean> {
  return inTransaction(db, async (unit) => {
    await enqueue(unit, [target], orderId, now);
    const forgotten = await unit('bl_outbox')
      .where({ target, order_id: orderId, state: 'due' })
      .update({ memo: '', noticed: null });
    return forgotten === 1;
  });
}
