import type { Knex } from 'knex';
import { readRows, write } from '../db/connect.ts';
import { isWrongServer } from '../db/driver-errors.ts';

export type DatabaseHealth = 'ok' | 'not reachable' | 'takes no writes';

/** One question to the server; what a refused write has left in the pools is thrown away by the way. */
export async function databaseHealth(db: Knex): Promise<DatabaseHealth> {
  try {
    // A question that a cluster's member without a quorum refuses, too.
    const [[readOnly, innodbReadOnly] = []] = await readRows(
      db,
      'SELECT @@global.read_only, @@global.innodb_read_only',
    );
    const isOff = [readOnly, innodbReadOnly].every((value) => ['0', 'OFF'].includes(String(value)));
    return isOff || (await mayWriteNevertheless(db)) ? 'ok' : 'takes no writes';
  } catch (error) {
    return isWrongServer(error) ? 'takes no writes' : 'not reachable';
  }
}

/**
 * Some accounts may write although the server is read-only; and after a failover this may be the old server, which a
 * write reveals.
 */
async function mayWriteNevertheless(db: Knex): Promise<boolean> {
  try {
    await write(db, 'UPDATE bl_stock_guard SET accepted_count = accepted_count WHERE 1 = 0');
    return true;
  } catch {
    return false;
  }
}
