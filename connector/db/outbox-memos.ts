import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { UnitOfWork } from './unit-of-work.ts';
import { inTransaction } from './transaction.ts';

/** What the outbox knows of one order and target. */
export interface LastDelivery {
  readonly target: string;
  readonly orderId: string;
  readonly state: 'due' | 'leased' | 'done' | 'parked';
  /** What the target left behind at the last delivery. */
  readonly memo: string;
  /** 1 when a later call, of which nothing was heard, may have told the party something else. */
  readonly unsure: number;
  /** Hash of the memo for which a comparison made it due last. */
  readonly noticed: Buffer | null;
}

/** For a page of orders, by one query. */
export async function lastDeliveries(
  db: Knex,
  targets: readonly string[],
  orderIds: readonly string[],
): Promise<readonly LastDelivery[]> {
  if (targets.length === 0 || orderIds.length === 0) return [];
  return db('bl_outbox').whereIn('target', targets).whereIn('order_id', orderIds).select<LastDelivery[]>({
    target: 'target',
    orderId: 'order_id',
    state: 'state',
    memo: 'memo',
    unsure: 'unsure',
    noticed: 'noticed',
  });
}

/** Writes down for which states these orders were made due, each once; for the unit of work that enqueues them. */
export async function rememberNoticed(
  unit: UnitOfWork,
  target: string,
  noticed: readonly { readonly orderId: string; readonly memo: string }[],
): Promise<void> {
  if (noticed.length === 0) return;
  const cases = noticed.map(() => 'WHEN ? THEN ?').join(' ');
  await unit.raw(
    `UPDATE bl_outbox SET noticed = CASE order_id ${cases} END
     WHERE target = ? AND order_id IN (${noticed.map(() => '?').join()})`,
    [
      ...noticed.flatMap(({ orderId, memo }) => [orderId, memoHash(memo)]),
      target,
      ...noticed.map(({ orderId }) => orderId),
    ],
  );
}

/**
 * Forgets at most `limit` orders that have had nothing new to tell since `before`. Theirs must be orders that no change
 * scan names any more: without the row, a scan would take such an order for one that was never delivered.
 */
export async function deleteDelivered(db: Knex, before: Date, limit: number): Promise<number> {
  const targets = await db('bl_outbox').distinct('target').pluck<string[]>('target');
  let deleted = 0;
  for (const target of targets) {
    deleted += await inTransaction(db, async (unit) => {
      const [rows] = (await unit.raw(
        `SELECT id FROM bl_outbox FORCE INDEX (bl_outbox_claim)
         WHERE target = ? AND state = 'done' AND due_at < ?
         ORDER BY due_at, id LIMIT ? FOR UPDATE SKIP LOCKED`,
        [target, before, limit],
      )) as [{ id: number | string }[]];
      const ids = rows.map(({ id }) => id);
      return ids.length === 0 ? 0 : unit('bl_outbox').whereIn('id', ids).del();
    });
  }
  return deleted;
}

export function memoHash(memo: string): Buffer {
  return createHash('sha256').update(memo).digest();
}
