import type { Knex } from 'knex';
import { enqueue } from './outbox.ts';
import { inTransaction } from './transaction.ts';

/** How many orders each target was told of and knows as they are; those that were not for it are none. */
export async function deliveredCounts(db: Knex): Promise<ReadonlyMap<string, number>> {
  const rows = await db('bl_outbox')
    .where({ state: 'done' })
    .whereNotNull('delivered_at')
    .groupBy('target')
    .select<{ target: string; count: number }[]>('target', db.raw('COUNT(*) AS count'));
  return new Map(rows.map(({ target, count }) => [target, count]));
}

/** By hand: everything at this target that is parked, or that waits for its next try, is tried at once. */
export async function retryAll(db: Knex, target: string, state: 'due' | 'parked', now: Date): Promise<number> {
  return inTransaction(db, (unit) =>
    unit('bl_outbox').where({ target, state }).update({ due_since: now, due_at: now, attempts: 0, state: 'due' }),
  );
}

/**
 * By hand: the target is told of this order as if it never had been. False while a delivery is under way, which would
 * write down afterwards that there is nothing to tell.
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
