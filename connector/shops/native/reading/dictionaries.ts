import type { Knex } from 'knex';
import { readRows } from '../../../db/connect.ts';
import type { Category, DictionaryEntry, DictionaryKind } from '../../../contracts/shop.ts';
import type { StatusMeaning } from '../../../domain/order.ts';

const TABLES: Readonly<Record<DictionaryKind, string>> = {
  statuses: 'shop_statuses',
  deliveries: 'shop_deliveries',
  payments: 'shop_payments',
};

/** Where an order keeps its entry. */
const COLUMNS: Readonly<Record<DictionaryKind, string>> = {
  statuses: 'status_id',
  deliveries: 'delivery_id',
  payments: 'payment_id',
};

type EntryRow = readonly [id: number, name: string, retired: number, meaning: string];
type CategoryRow = readonly [id: number, parentId: number, name: string, active: number];

const MEANINGS: ReadonlySet<string> = new Set<StatusMeaning>([
  'new',
  'paid',
  'shipped',
  'completed',
  'cancelled',
  'returned',
]);

export async function dictionary(db: Knex, kind: DictionaryKind): Promise<readonly DictionaryEntry[]> {
  const meaning = kind === 'statuses' ? 'meaning' : "''";
  const sql = `SELECT id, name, retired_at IS NOT NULL, ${meaning} FROM ${TABLES[kind]} ORDER BY position, id`;
  const rows = (await readRows(db, sql)) as unknown as EntryRow[];
  return rows.map(([id, name, retired, means]) => ({
    id: String(id),
    name: name || String(id),
    retired: retired === 1,
    ...(isMeaning(means) && { meaning: means }),
  }));
}

/** Looks through all orders: an index would burden every new order for a list that a person opens now and then. */
export async function usedEntries(db: Knex, kind: DictionaryKind): Promise<ReadonlySet<string>> {
  const column = COLUMNS[kind];
  const rows = await readRows(db, `SELECT DISTINCT ${column} FROM shop_orders WHERE is_draft = 0`);
  return new Set(rows.flatMap(([id]) => (isNone(kind, id) ? [] : [String(id)])));
}

/** As on an order: every one has a status, and not every one a method of delivery or payment. */
const isNone = (kind: DictionaryKind, id: unknown): boolean => id === null || (id === 0 && kind !== 'statuses');

/** Anything else that the shop wrote there means nothing to us. */
const isMeaning = (text: string): text is StatusMeaning => MEANINGS.has(text);

export async function categories(db: Knex): Promise<readonly Category[]> {
  const sql = 'SELECT id, parent_id, name, active FROM shop_categories ORDER BY id';
  const rows = (await readRows(db, sql)) as unknown as CategoryRow[];
  return rows.map(([id, parentId, name, active]) => ({
    id: String(id),
    parentId: parentId === 0 ? undefined : String(parentId),
    name,
    active: active === 1,
  }));
}
