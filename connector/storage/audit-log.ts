import type { Knex } from 'knex';
import type { UnitOfWork } from '../db/unit-of-work.ts';
import type { ChangedBy } from '../domain/changed-by.ts';
import { write } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';

/** A value before and after; undefined where it was not known. */
export interface AuditedValue {
  readonly productId: string;
  readonly variantId: string;
  readonly before: string | number | undefined;
  readonly after: string | number | undefined;
}

/** Leaves one audit row for each value, in the transaction that changes it. */
export async function recordAudit(
  unit: UnitOfWork,
  kind: 'stock' | 'price',
  changed: readonly AuditedValue[],
  by: ChangedBy,
  at: Date,
): Promise<void> {
  if (changed.length === 0) return;
  const rows = changed.map(({ productId, variantId, before, after }) => [productId, variantId, before, after]);
  await write(unit, RECORD_SQL, [at, kind, by.action, by.callId, by.orderId ?? null, JSON.stringify(rows)]);
}

/** One statement, prepared once, for any number of rows. */
const RECORD_SQL = `
  INSERT INTO bl_changes (at, kind, action, call_id, order_id, product_id, variant_id, before_value, after_value)
  SELECT ?, ?, ?, ?, ?, j.product_id, j.variant_id, j.before_value, j.after_value FROM JSON_TABLE(?, '$[*]' COLUMNS (
    product_id VARCHAR(30) PATH '$[0]' ERROR ON ERROR,
    variant_id VARCHAR(30) PATH '$[1]' ERROR ON ERROR,
    before_value VARCHAR(32) PATH '$[2]' ERROR ON ERROR,
    after_value VARCHAR(32) PATH '$[3]' ERROR ON ERROR
  )) AS j`;

/** Deletes at most `limit` audit rows, the oldest first. */
export async function deleteOldAuditEntries(db: Knex, before: Date, limit: number): Promise<number> {
  return inTransaction(db, async (unit) => {
    const ids = await unit('bl_changes').where('at', '<', before).orderBy('at').limit(limit).pluck<number[]>('id');
    return ids.length === 0 ? 0 : unit('bl_changes').whereIn('id', ids).del();
  });
}
