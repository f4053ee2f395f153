import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import type { Knex } from 'knex';
import { IdSet } from '../domain/id-set.ts';
import type { HeldDrop } from '../domain/stock-drop.ts';
import { VariantSet, type InStock } from '../domain/variant-set.ts';

const deflated = promisify(deflate);
const inflated = promisify(inflate);

interface Row {
  readonly connection: string;
  readonly accepted_ids: Buffer;
  readonly accepted_count: number;
  /** Null where an older version, which knew no variants, wrote the row. */
  readonly accepted_variant_ids: Buffer | null;
  readonly accepted_variant_count: number | null;
  readonly held_drop: number | null;
  readonly held_variant_drop: number | null;
  readonly held_at: Date | null;
}

/** What the last accepted stock dump showed in stock; 'damaged' when the bytes are not those that were stored. */
export async function acceptedStock(db: Knex, connection: string): Promise<InStock | 'damaged' | undefined> {
  const row = await db<Row>('bl_stock_guard').where({ connection }).first('accepted_ids', 'accepted_variant_ids');
  if (!row) return undefined;
  const products = await unpacked(row.accepted_ids);
  const variants = row.accepted_variant_ids === null ? new IdSet() : await unpacked(row.accepted_variant_ids);
  if (products === 'damaged' || variants === 'damaged') return 'damaged';
  return { products, variants: new VariantSet(variants) };
}

export async function acceptStock(db: Knex, connection: string, inStock: InStock, at: Date): Promise<void> {
  const accepted = {
    ...{ accepted_ids: await packed(inStock.products), accepted_count: inStock.products.size, accepted_at: at },
    accepted_variant_ids: await packed(inStock.variants.ids),
    accepted_variant_count: inStock.variants.size,
  };
  await db('bl_stock_guard')
    .insert({ connection, ...accepted, ...RELEASED })
    .onConflict()
    .merge();
}

/** Remembers the dump that is held back, for the operator to look at and to confirm. */
export async function holdStock(
  db: Knex,
  connection: string,
  inStock: InStock,
  { drop, variants }: HeldDrop,
  at: Date,
): Promise<void> {
  const held = {
    ...{ held_ids: await packed(inStock.products), held_count: inStock.products.size, held_drop: drop, held_at: at },
    held_variant_ids: await packed(inStock.variants.ids),
    held_variant_count: inStock.variants.size,
    held_variant_drop: variants?.drop ?? null,
  };
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
): Promise<(HeldDrop & { readonly since: Date }) | undefined> {
  const row = await db<Row>('bl_stock_guard')
    .where({ connection })
    .first('held_at', 'held_drop', 'accepted_count', 'held_variant_drop', 'accepted_variant_count');
  if (!row?.held_at) return undefined;
  const variants = { drop: row.held_variant_drop ?? 0, before: row.accepted_variant_count ?? 0 };
  return {
    ...{ since: row.held_at, drop: row.held_drop ?? 0, before: row.accepted_count },
    ...(row.held_variant_drop !== null && { variants }),
  };
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
      accepted_variant_ids: db.ref('held_variant_ids'),
      accepted_variant_count: db.ref('held_variant_count'),
      ...RELEASED,
    });
  return changed > 0;
}

const RELEASED = {
  ...{ held_ids: null, held_count: null, held_drop: null, held_at: null },
  ...{ held_variant_ids: null, held_variant_count: null, held_variant_drop: null },
} as const;

async function packed(ids: IdSet): Promise<Buffer> {
  return deflated(ids.toBytes());
}

/** The packed form ends with a checksum of all of it. */
async function unpacked(bytes: Buffer): Promise<IdSet | 'damaged'> {
  try {
    return IdSet.fromBytes(await inflated(bytes));
  } catch {
    return 'damaged';
  }
}
