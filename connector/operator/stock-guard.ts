import type { Knex } from 'knex';
import { confirmHeldStock, heldStock } from '../storage/stock-guard.ts';

/** The stock dump that the guard holds back; undefined when there is none. */
export type HeldDump = NonNullable<Awaited<ReturnType<typeof heldStock>>>;

export function heldDump(db: Knex, connection: string): Promise<HeldDump | undefined> {
  return heldStock(db, connection);
}

/** Lets the dump that is held back through: what it was, or undefined when there is none. */
export async function confirmHeldDump(db: Knex, connection: string): Promise<HeldDump | undefined> {
  const held = await heldStock(db, connection);
  return held && (await confirmHeldStock(db, connection)) ? held : undefined;
}
