import type { Knex } from 'knex';
import type { Queryable, UnitOfWork } from '../db/unit-of-work.ts';
import type { PartLine, PartState } from '../domain/supply.ts';
import type { PartChange, SupplyPart } from '../domain/supply-part.ts';

const MAX_NOTE = 500;
const MAX_TEMPLATE = 500;

/** The newest attempt; undefined when nothing was ever to be ordered there for this order. */
export async function newestPart(db: Queryable, wholesaler: string, orderId: string): Promise<SupplyPart | undefined> {
  const row = await parts(db).where({ wholesaler, order_id: orderId }).orderBy('attempt', 'desc').first();
  return row && toPart(row);
}

/** The attempts before this one, the oldest first. */
export async function earlierParts(
  db: Queryable,
  { wholesaler, orderId, attempt }: Pick<SupplyPart, 'wholesaler' | 'orderId' | 'attempt'>,
): Promise<readonly SupplyPart[]> {
  const earlier = parts(db).where({ wholesaler, order_id: orderId }).andWhere('attempt', '<', attempt);
  return (await earlier.orderBy('attempt').select()).map(toPart);
}

/** Begins a part, or gives the one that another process has begun meanwhile. */
export async function openPart(
  db: Queryable,
  part: Pick<SupplyPart, 'wholesaler' | 'orderId' | 'attempt' | 'reference' | 'content' | 'lines'> &
    Partial<Pick<SupplyPart, 'basketAt'>>,
  at: Date,
): Promise<SupplyPart> {
  const { wholesaler, orderId, attempt, reference, content, lines, basketAt } = part;
  await parts(db)
    .insert({
      ...{ wholesaler, order_id: orderId, attempt, reference, content, state: 'draft' },
      ...{ lines_json: JSON.stringify(lines), basket_at: basketAt ?? null, created_at: at, changed_at: at },
    })
    .onConflict(['wholesaler', 'order_id', 'attempt'])
    .merge(['wholesaler']);
  const opened = await newestPart(db, wholesaler, orderId);
  if (!opened) throw new Error(`the part of order ${orderId} at ${wholesaler} was lost`);
  return opened;
}

/** The part whose lines may lie in the basket of the account. */
export async function partInBasket(db: Knex, wholesaler: string): Promise<SupplyPart | undefined> {
  const row = await parts(db).where({ wholesaler }).whereNotNull('basket_at').orderBy('basket_at').first();
  return row && toPart(row);
}

/** The newest attempt at each wholesaler. */
export async function partsOfOrder(db: Queryable, orderId: string): Promise<readonly SupplyPart[]> {
  const rows = await parts(db).where({ order_id: orderId }).orderBy(['wholesaler', 'attempt']).select();
  return [...new Map(rows.map((row) => [row.wholesaler, toPart(row)])).values()];
}

/** False when the part is no longer in the state in which it was seen: then somebody else has gone on with it. */
export async function changePart(
  db: Queryable,
  { id, state }: Pick<SupplyPart, 'id' | 'state'>,
  change: PartChange,
  at: Date,
): Promise<boolean> {
  const changed = await parts(db)
    .where({ id, state })
    .update({ ...toColumns(change), changed_at: at });
  return changed === 1;
}

/** Locks the row until the unit of work ends. */
export async function lockPart(unit: UnitOfWork, id: string): Promise<SupplyPart | undefined> {
  const row = await parts(unit).where({ id }).forUpdate().first();
  return row && toPart(row);
}

/** Parts whose status is due for a poll, the longest overdue first. */
export async function partsToPoll(
  db: Knex,
  wholesaler: string,
  now: Date,
  limit: number,
): Promise<readonly SupplyPart[]> {
  const rows = await parts(db).where({ wholesaler }).andWhere('ask_at', '<=', now).orderBy('ask_at').limit(limit);
  return rows.map(toPart);
}

/** By any identifier that the wholesaler gave; of several parts the newest. Empty texts match nothing. */
export async function findPart(
  db: Knex,
  wholesaler: string,
  named: { readonly supplierOrderId: string; readonly supplierSerial: string; readonly reference: string },
): Promise<SupplyPart | undefined> {
  const columns = Object.entries({
    supplier_order_id: named.supplierOrderId,
    supplier_serial: named.supplierSerial,
    reference: named.reference,
  }).filter(([, text]) => text !== '');
  for (const [column, text] of columns) {
    const row = await parts(db)
      .where({ wholesaler, [column]: text })
      .orderBy('id', 'desc')
      .first();
    if (row) return toPart(row);
  }
  return undefined;
}

/** For the operator: newest first. */
export async function listParts(
  db: Knex,
  which: {
    readonly wholesaler?: string;
    readonly orderId?: string;
    readonly onlyAlerts: boolean;
    readonly limit: number;
  },
): Promise<readonly SupplyPart[]> {
  const { wholesaler, orderId, onlyAlerts, limit } = which;
  const rows = parts(db).orderBy('id', 'desc').limit(limit);
  if (wholesaler !== undefined) void rows.where({ wholesaler });
  if (orderId !== undefined) void rows.where({ order_id: orderId });
  if (onlyAlerts) void rows.whereRaw("(alert = 1 OR dispute <> '')");
  return (await rows.select()).map(toPart);
}

interface Row {
  readonly id: number | string;
  readonly wholesaler: string;
  readonly order_id: string;
  readonly attempt: number;
  readonly reference: string;
  readonly state: string;
  readonly content: string;
  readonly lines_json: string;
  readonly note: string;
  readonly alert: number;
  readonly dispute: string;
  readonly supplier_order_id: string;
  readonly supplier_serial: string;
  readonly courier_id: string;
  readonly tracking_template: string;
  readonly symbol: string;
  readonly symbol_at: Date | null;
  readonly lookups: number;
  readonly basket_at: Date | null;
  readonly sent_at: Date | null;
  readonly placed_at: Date | null;
  readonly asked_at: Date | null;
  readonly ask_at: Date | null;
  readonly created_at: Date;
  readonly changed_at: Date;
}

function parts(db: Queryable) {
  return db<Row>('bl_supply_parts');
}

function toPart(row: Row): SupplyPart {
  return {
    id: String(row.id),
    wholesaler: row.wholesaler,
    orderId: row.order_id,
    attempt: row.attempt,
    reference: row.reference,
    // The casts: written by ourselves.
    state: row.state as PartState,
    content: row.content,
    lines: JSON.parse(row.lines_json) as PartLine[],
    note: row.note,
    alert: row.alert === 1,
    dispute: row.dispute,
    supplierOrderId: row.supplier_order_id,
    supplierSerial: row.supplier_serial,
    courierId: row.courier_id,
    trackingTemplate: row.tracking_template,
    symbol: row.symbol,
    symbolAt: row.symbol_at ?? undefined,
    lookups: row.lookups,
    basketAt: row.basket_at ?? undefined,
    sentAt: row.sent_at ?? undefined,
    placedAt: row.placed_at ?? undefined,
    pollAt: row.ask_at ?? undefined,
  };
}

function toColumns({ lines, note, alert, dispute, supplierOrderId, supplierSerial, courierId, ...change }: PartChange) {
  const { trackingTemplate, symbol, symbolAt, basketAt, sentAt, placedAt, polledAt, pollAt, ...rest } = change;
  const columns = {
    ...rest,
    lines_json: lines && JSON.stringify(lines),
    note: note?.slice(0, MAX_NOTE),
    dispute: dispute?.slice(0, MAX_NOTE),
    alert: alert === undefined ? undefined : Number(alert),
    supplier_order_id: supplierOrderId?.slice(0, 100),
    supplier_serial: supplierSerial?.slice(0, 32),
    courier_id: courierId?.slice(0, 32),
    // A template that was cut leads nowhere.
    tracking_template: (trackingTemplate?.length ?? 0) <= MAX_TEMPLATE ? trackingTemplate : '',
    symbol: symbol?.slice(0, 64),
    ...{ symbol_at: symbolAt, basket_at: basketAt, sent_at: sentAt, placed_at: placedAt },
    ...{ asked_at: polledAt, ask_at: pollAt },
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}
