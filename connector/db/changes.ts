import type { Knex } from 'knex';
import type { ChangedBy } from '../domain/changed-by.ts';
import { inTransaction } from './transaction.ts';

/** A value before and after; undefined where it was not known. */
export interface ChangedValue {
  readonly productId: string;
  readonly variantId: string;
  readonly before: string | number | undefined;
  readonly after: string | number | undefined;
}

/** Leaves one audit row for each value, in the transaction that changes it. */
export async function recordChanges(
  unit: Knex.Transaction,
  kind: 'stock' | 'price',
  changed: readonly ChangedValue[],
  by: ChangedBy,
  at: Date,
): Promise<void> {
  if (changed.length === 0) return;
  const values = changed.map(({ productId, variantId, before, after }) => [
    at,
    kind,
    productId,
    variantId,
    before === undefined ? null : String(before),
    after === undefined ? null : String(after),
    by.action,
    by.callId,
    by.orderId ?? null,
  ]);
  await unit.raw(
    `INSERT INTO bl_changes
      (at, kind, product_id, variant_id, before_value, after_value, action, call_id, order_id)
     VALUES ${values.map(() => '(?, ?, ?, ?, ?, ?, ?, ?, ?)').join(', ')}`,
    values.flat(),
  );
}

/** Deletes at most `limit` audit rows, the oldest first. */
export async function deleteOldChanges(db: Knex, before: Date, limit: number): Promise<number> {
  return inTransaction(db, async (unit) => {
    const ids = await unit('bl_changes').where('at', '<', before).orderBy('at').limit(limit).pluck<number[]>('id');
    return ids.length === 0 ? 0 : unit('bl_changes').whereIn('id', ids).del();
  });
}
