import type { Knex } from 'knex';
import type { UnitOfWork } from '../db/unit-of-work.ts';

interface Row {
  readonly name: string;
  readonly cursor_text: string;
  readonly changed_at: Date;
}

/** The stored position; undefined when there is none yet. */
export async function readCursor(db: Knex, name: string): Promise<string | undefined> {
  const row = await db<Row>('bl_cursors').where({ name }).first('cursor_text');
  return row?.cursor_text;
}

/** Those of these names that somebody has begun. */
export async function knownCursors(db: Knex, names: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set(await db<Row>('bl_cursors').whereIn('name', names).pluck('name'));
}

/**
 * Moves the cursor from where it was read to where it is now. False when somebody else has moved it meanwhile: then their
 * work counts, and what was done since belongs to be rolled back.
 */
export async function moveCursor(
  unit: UnitOfWork,
  name: string,
  from: string | undefined,
  to: string,
  at: Date,
): Promise<boolean> {
  if (from === undefined) {
    await unit<Row>('bl_cursors').insert({ name, cursor_text: '', changed_at: at }).onConflict('name').ignore();
  }
  const before = from ?? '';
  const moved = await unit<Row>('bl_cursors')
    .where({ name, cursor_text: before })
    .update({ cursor_text: to, changed_at: at });
  return moved > 0;
}

export async function forgetCursor(db: Knex, name: string): Promise<void> {
  await db<Row>('bl_cursors').where({ name }).delete();
}

/**
 * Lets one process at a time do something, until `until`; the holder may extend it. A lease, no lock: it expires by
 * itself when its holder dies. Two holders are possible where clocks differ, so the work itself must bear that.
 */
export async function takeLease(
  db: Knex,
  name: string,
  owner: string,
  { now, until }: { readonly now: Date; readonly until: Date },
): Promise<boolean> {
  const row = { name: `lease:${name}`, cursor_text: owner, changed_at: until };
  await db<Row>('bl_cursors')
    .insert({ ...row, cursor_text: '', changed_at: now })
    .onConflict('name')
    .ignore();
  const taken = await db<Row>('bl_cursors')
    .where({ name: row.name })
    .andWhere((free) => void free.where('changed_at', '<=', now).orWhere({ cursor_text: owner }))
    .update(row);
  return taken > 0;
}

export async function returnLease(db: Knex, name: string, owner: string, now: Date): Promise<void> {
  await db<Row>('bl_cursors')
    .where({ name: `lease:${name}`, cursor_text: owner })
    .update({ changed_at: now });
}
