import type { Knex } from 'knex';
import { write } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';

/** One call of BaseLinker, or one delivery of an order to a remote system. Holds nothing that identifies a buyer. */
export interface CallRow {
  readonly at: Date;
  readonly kind: 'call' | 'delivery';
  /** The action or the target; '' for a call that named no action of ours. */
  readonly name: string;
  readonly orderId?: string;
  /** `ok` or `delivered`, or the code of what went wrong. */
  readonly result: string;
  readonly detail: string;
  /** Of the answer, as sent. */
  readonly bytes: number;
  readonly ms: number;
  /** As in the log. */
  readonly requestId: string;
}

export async function insertCallRows(db: Knex, calls: readonly CallRow[]): Promise<void> {
  if (calls.length === 0) return;
  const rows = calls.map(({ at, kind, name, orderId, result, detail, bytes, ms, requestId }) => [
    ...[dateTime(at), kind, name.slice(0, 64), orderId?.slice(0, 30) ?? null, result.slice(0, 32)],
    ...[detail.slice(0, 500).toWellFormed(), bytes, Math.round(ms), requestId.slice(0, 36)],
  ]);
  await write(db, INSERT_SQL, [JSON.stringify(rows)]);
}

/** One statement, prepared once, for any number of rows. */
const INSERT_SQL = `
  INSERT INTO bl_calls (at, kind, name, order_id, result, detail, bytes, ms, request_id)
  SELECT j.at, j.kind, j.name, j.order_id, j.result, j.detail, j.bytes, j.ms, j.request_id
  FROM JSON_TABLE(?, '$[*]' COLUMNS (
    at VARCHAR(23) PATH '$[0]' ERROR ON ERROR,
    kind VARCHAR(16) PATH '$[1]' ERROR ON ERROR,
    name VARCHAR(64) PATH '$[2]' ERROR ON ERROR,
    order_id VARCHAR(30) PATH '$[3]' ERROR ON ERROR,
    result VARCHAR(32) PATH '$[4]' ERROR ON ERROR,
    detail VARCHAR(500) PATH '$[5]' ERROR ON ERROR,
    bytes INT UNSIGNED PATH '$[6]' ERROR ON ERROR,
    ms INT UNSIGNED PATH '$[7]' ERROR ON ERROR,
    request_id VARCHAR(36) PATH '$[8]' ERROR ON ERROR
  )) AS j`;

/** As DATETIME(3) reads it; our connections use UTC. */
function dateTime(at: Date): string {
  return at.toISOString().slice(0, 23).replace('T', ' ');
}

/** Newest first; `before` is the id of the last row that was seen. */
export async function listCalls(
  db: Knex,
  which: {
    readonly kind?: CallRow['kind'];
    readonly name?: string;
    readonly orderId?: string;
    readonly before?: string;
    readonly limit: number;
  },
): Promise<readonly (CallRow & { readonly id: string })[]> {
  const { kind, name, orderId, before, limit } = which;
  const rows = db('bl_calls').orderBy('id', 'desc').limit(limit);
  if (kind !== undefined) void rows.where({ kind });
  if (name !== undefined) void rows.where({ name });
  if (orderId !== undefined) void rows.where({ order_id: orderId });
  if (before !== undefined) void rows.where('id', '<', before);
  const found = await rows.select<StoredRow[]>();
  return found.map(({ id, order_id, request_id, ...row }) => ({
    id: String(id),
    ...row,
    ...(order_id === null ? {} : { orderId: order_id }),
    requestId: request_id,
  }));
}

type StoredRow = Omit<CallRow, 'orderId' | 'requestId'> & {
  readonly id: number | string;
  readonly order_id: string | null;
  readonly request_id: string;
};

/** Deletes at most `limit` rows, the oldest first. */
export async function deleteOldCallRows(db: Knex, before: Date, limit: number): Promise<number> {
  return inTransaction(db, async (unit) => {
    const ids = await unit('bl_calls').where('at', '<', before).orderBy('at').limit(limit).pluck<number[]>('id');
    return ids.length === 0 ? 0 : unit('bl_calls').whereIn('id', ids).del();
  });
}
