import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { UnitOfWork } from '../db/unit-of-work.ts';
import { inTransaction } from '../db/transaction.ts';

/** What the outbox knows of one order and target. */
export interface LastDelivery {
  readonly target: string;
  readonly orderId: string;
  readonly state: 'due' | 'leased' | 'done' | 'parked';
  /** What the target left behind at the last delivery. */
  readonly digest: string;
  /** 1 when a later request without a response may have delivered something else. */
  readonly inDoubt: number;
  /** Hash of the digest for which a comparison made it due last, or took it for an order from before the target. */
  readonly detectedDigest: Buffer | null;
  /** 1 when it was only ever taken for an order from before the target. */
  readonly isFromBefore: number;
}

/** For a page of orders, by one query. */
export async function lastDeliveries(
  db: Knex,
  targets: readonly string[],
  orderIds: readonly string[],
): Promise<readonly LastDelivery[]> {
  if (targets.length === 0 || orderIds.length === 0) return [];
  return db('bl_outbox')
    .whereIn('target', targets)
    .whereIn('order_id', orderIds)
    .select({
      target: 'target',
      orderId: 'order_id',
      state: 'state',
      digest: 'memo',
      inDoubt: 'unsure',
      detectedDigest: 'noticed',
    })
    .select<LastDelivery[]>(db.raw('reason = ? AS isFromBefore', [FROM_BEFORE]));
}

/** Never renamed: rows hold it. Whatever else becomes of such a row takes it away. */
const FROM_BEFORE = 'from before this target was switched on';

/** Writes down that these orders stood so when their target was switched on; one that is known already stays as it is. */
export async function rememberBaseline(
  unit: UnitOfWork,
  orders: readonly { readonly target: string; readonly orderId: string; readonly digest: string }[],
  at: Date,
): Promise<void> {
  if (orders.length === 0) return;
  const rows = orders.map(({ target, orderId, digest }) => ({
    ...{ target, order_id: orderId, state: 'done', reason: FROM_BEFORE, noticed: digestHash(digest) },
    ...{ memo: '', due_at: at, due_since: at },
  }));
  await unit('bl_outbox').insert(rows).onConflict(['target', 'order_id']).merge(['target']);
}

/** Whether anything was ever delivered to this target. */
export async function hasDelivered(db: Knex, target: string): Promise<boolean> {
  return (await db('bl_outbox').where({ target }).whereNotNull('delivered_at').first('id')) !== undefined;
}

/** Writes down for which states these orders were made due, each once; for the unit of work that enqueues them. */
export async function rememberDetected(
  unit: UnitOfWork,
  target: string,
  noticed: readonly { readonly orderId: string; readonly digest: string }[],
): Promise<void> {
  if (noticed.length === 0) return;
  const cases = noticed.map(() => 'WHEN ? THEN ?').join(' ');
  await unit.raw(
    `UPDATE bl_outbox SET noticed = CASE order_id ${cases} END
     WHERE target = ? AND order_id IN (${noticed.map(() => '?').join()})`,
    [
      ...noticed.flatMap(({ orderId, digest }) => [orderId, digestHash(digest)]),
      target,
      ...noticed.map(({ orderId }) => orderId),
    ],
  );
}

/**
 * Keeps rows that a change scan still names from being deleted: an order whose change time lies in the future is named
 * until that time has come, and would be sent again each time its row was deleted. Only rows last remembered before
 * `before`.
 */
export async function remember(
  db: Knex,
  targets: readonly string[],
  orderIds: readonly string[],
  { before, at }: { readonly before: Date; readonly at: Date },
): Promise<void> {
  if (targets.length === 0 || orderIds.length === 0) return;
  // Looked for without a lock: hardly ever is there any.
  const rows = db('bl_outbox').whereIn('target', targets).whereIn('order_id', orderIds);
  const ids = await rows.where({ state: 'done' }).andWhere('due_at', '<', before).pluck<(number | string)[]>('id');
  if (ids.length > 0) await db('bl_outbox').whereIn('id', ids).where({ state: 'done' }).update({ due_at: at });
}

/**
 * Deletes at most `limit` rows of orders that have had nothing new to send since `before`. They must be orders that no
 * change scan names any more (`remember`): without the row, a scan would take such an order for one that was never
 * delivered.
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

export function digestHash(digest: string): Buffer {
  return createHash('sha256').update(digest).digest();
}
