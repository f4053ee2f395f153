import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import type { Knex } from 'knex';
import { IdSet } from '../domain/id-set.ts';

const deflated = promisify(deflate);
const inflated = promisify(inflate);

interface Row {
  readonly connection: string;
  readonly accepted_ids: Buffer;
  readonly accepted_count: number;
  readonly held_drop: number | null;
  readonly held_at: Date | null;
}

/** What the last accepted stock dump showed in stock; 'damaged' when the bytes are not those that were stored. */
export async function acceptedStock(db: Knex, connection: string): Promise<IdSet | 'damaged' | undefined> {
  const row = await db<Row>('bl_stock_guard').where({ connection }).first('accepted_ids');
  return row && unpacked(row.accepted_ids);
}

export async function acceptStock(db: Knex, connection: string, ids: IdSet, at: Date): Promise<void> {
  const accepted = { accepted_ids: await packed(ids), accepted_count: ids.size, accepted_at: at };
  await db('bl_stock_guard')
    .insert({ connection, ...accepted, ...RELEASED })
    .onConflict()
    .merge();
}

/** Remembers the dump that is held back, for the operator to look at and to confirm. */
export async function holdStock(db: Knex, connection: string, ids: IdSet, drop: number, at: Date): Promise<void> {
  const held = { held_ids: await packed(ids), held_count: ids.size, held_drop: drop, held_at: at };
  await db('bl_stock_guard').where({ connection }).update(held);
}

/** Forgets the dump that was held back: the shop's stock has come back by itself. */
export async function releaseStock(db: Knex, connection: string): Promise<void> {
  await db('bl_stock_guard').where({ connection }).whereNotNull('held_at').update(RELEASED);
}

/** What is held back at the moment. */
export async function heldStock(
  db: Knex,
  connection: string,
): Promise<{ readonly since: Date; readonly drop: number; readonly before: number } | undefined> {
  const row = await db<Row>('bl_stock_guard').where({ connection }).first('held_at', 'held_drop', 'accepted_count');
  return row?.held_at ? { since: row.held_at, drop: row.held_drop ?? 0, before: row.accepted_count } : undefined;
}

/** The operator's word that the dump held back is right: it becomes what later dumps are compared with. */
export async function confirmHeldStock(db: Knex, connection: string): Promise<boolean> {
  const changed = await db('bl_stock_guard')
    .where({ connection })
    .whereNotNull('held_at')
    // The server assigns from left to right, so what was held is read before it is emptied.
    .update({
      accepted_ids: db.ref('held_ids'),
      accepted_count: db.ref('held_count'),
      accepted_at: db.ref('held_at'),
      ...RELEASED,
    });
  return changed > 0;
}

const RELEASED = { held_ids: null, held_count: null, held_drop: null, held_at: null } as const;

async function packed(ids: IdSet): Promise<Buffer> {
  return deflated(ids.toBytes());
}

/** The packed form ends with a checksum of the whole. */
async function unpacked(bytes: Buffer): Promise<IdSet | 'damaged'> {
  try {
    return IdSet.fromBytes(await inflated(bytes));
  } catch {
    return 'damaged';
  }
}
