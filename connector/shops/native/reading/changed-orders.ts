import type { Knex } from 'knex';
import type { ShopProfile } from '../../../contracts/shop.ts';
import { beginning, passEnded, passOf, readCursor, writeCursor, type Marks, type Pass } from './change-cursor.ts';

/** Longer than a shop's transaction lasts, and than clocks differ. */
const OVERLAP_MS = 10 * 60_000;

/**
 * Tables whose rows belong to orders but do not move the order's own change time when another program adds some. Their
 * ids are watched. A row that is changed or deleted in place, without touching the order, is not seen here: only a
 * comparison of everything (`relay resync`) finds it.
 */
const TAILS = ['shop_parcels', 'shop_order_lines', 'shop_order_adjustments'] as const;

/** A row that was found, where it stands, and whose it is. */
interface ChangedHead {
  readonly at: Date;
  readonly id: number;
  readonly orderId: number;
}

/**
 * Walks over what changed, in passes: orders by (changed_at, id), then the newest rows of the other tables. A pass begins
 * one overlap before the pass before it began, by the database's clock, so a transaction is missed only if it stayed
 * open longer than the overlap. How far a pass has come stands in the cursor; so a page is never more than the limit.
 */
export function changedOrders(db: Knex, { changesOverlapMs = OVERLAP_MS }: ShopProfile) {
  return async (cursor: string | undefined, limit: number) => {
    if (cursor === undefined) return { ids: [], cursor: writeCursor(beginning(await readMarks(db))), more: false };
    const scan = readCursor(cursor);
    const begun = scan.pass ?? passOf(scan, await readMarks(db), changesOverlapMs);
    const ids = new Set<string>();
    let pass: Pass | undefined = begun;
    while (pass && ids.size < limit) {
      const capacity = limit - ids.size;
      const rows: readonly ChangedHead[] =
        pass.step === 0 ? await changedHeads(db, pass, capacity) : await newParts(db, pass, tailOf(pass), capacity);
      for (const { orderId } of rows) ids.add(String(orderId));
      const last: ChangedHead | undefined = rows.at(-1);
      if (last && rows.length === capacity) pass = { ...pass, at: last.at.getTime(), id: last.id };
      else
        pass =
          pass.step === TAILS.length
            ? undefined
            : { ...pass, step: pass.step + 1, id: scan.tails[pass.step]?.old ?? 0 };
    }
    const next = pass ? { ...scan, pass } : passEnded(scan, begun, changesOverlapMs);
    return { ids: [...ids], cursor: writeCursor(next), more: pass !== undefined };
  };
}

function tailOf({ step }: Pass): (typeof TAILS)[number] {
  const table = TAILS[step - 1];
  if (!table) throw new Error(`the change scan has no step ${step}`);
  return table;
}

/** The clock that writes `changed_at`, and the last ids so far. Highest first: that is one look at each primary key. */
async function readMarks(db: Knex): Promise<Marks> {
  const last = TAILS.map((table) => `(SELECT MAX(id) FROM ${table}) AS ${table}`);
  const [rows] = (await db.raw(`SELECT UTC_TIMESTAMP(3) AS now, ${last.join(', ')}`)) as [
    ({ now: Date } & Record<(typeof TAILS)[number], number | null>)[],
  ];
  const [row] = rows;
  if (!row) throw new Error('the database does not tell its time');
  return { now: row.now.getTime(), last: TAILS.map((table) => row[table] ?? 0) };
}

/**
 * Two statements, because a bulk change gives thousands of orders one time: the first goes on inside that time by id,
 * the second after it, and each begins in the index exactly where it has to read. FORCE INDEX: statistics are behind
 * just after such a change, and then the server would rather sort the whole table.
 */
async function changedHeads(db: Knex, { at, id }: Pass, capacity: number): Promise<readonly ChangedHead[]> {
  const time = new Date(at);
  const same = await heads(db, 'changed_at = ? AND id > ?', [time, id, capacity]);
  if (same.length === capacity) return same;
  return [...same, ...(await heads(db, 'changed_at > ?', [time, capacity - same.length]))];
}

async function heads(db: Knex, condition: string, values: readonly (Date | number)[]): Promise<readonly ChangedHead[]> {
  const [rows] = (await db.raw(
    `SELECT changed_at AS at, id, id AS orderId FROM shop_orders FORCE INDEX (shop_orders_changed)
     WHERE ${condition} AND is_draft = 0 ORDER BY changed_at, id LIMIT ?`,
    [...values],
  )) as [ChangedHead[]];
  return rows;
}

/**
 * Orders with new rows that this pass does not name by their change time anyway. STRAIGHT_JOIN: otherwise the server may
 * begin with the orders, which are nearly all that there are.
 */
async function newParts(
  db: Knex,
  { id, floor }: Pass,
  table: string,
  capacity: number,
): Promise<readonly ChangedHead[]> {
  const [rows] = (await db.raw(
    `SELECT o.changed_at AS at, t.id, t.order_id AS orderId
     FROM ${table} t STRAIGHT_JOIN shop_orders o ON o.id = t.order_id
     WHERE t.id > ? AND o.changed_at < ? AND o.is_draft = 0 ORDER BY t.id LIMIT ?`,
    [id, new Date(floor), capacity],
  )) as [ChangedHead[]];
  return rows;
}
