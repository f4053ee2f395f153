import { createConnection, type Connection } from 'mysql2/promise';

/** Waits longer than this are cut short: a real wait of a second or two is worth seeing, one of minutes is not. */
const MAX_WAIT_S = 2;

/** A connection for one piece of work. */
export async function withConnection<T>(databaseUrl: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection({ uri: databaseUrl, timezone: 'Z' });
  try {
    return await work(connection);
  } finally {
    connection.destroy();
  }
}

/** What is put off comes due, and targets have rested enough; short waits are left to the clock. */
export async function waitsEnd(connection: Connection): Promise<void> {
  const isFar = `> UTC_TIMESTAMP(3) + INTERVAL ${MAX_WAIT_S} SECOND`;
  await connection.query(`UPDATE bl_outbox SET due_at = UTC_TIMESTAMP(3) WHERE state = 'due' AND due_at ${isFar}`);
  await connection.query(`UPDATE bl_targets SET open_until = UTC_TIMESTAMP(3) WHERE open_until ${isFar}`);
}

/** Only for leases of a process that is dead: one that lives counts on its lease. */
export function leasesRunOut(databaseUrl: string): Promise<void> {
  return withConnection(databaseUrl, async (connection) => {
    await connection.query(`UPDATE bl_outbox SET leased_until = UTC_TIMESTAMP(3) WHERE state = 'leased'`);
    // Who looks for changes holds a lease, too; its end stands where a cursor's time does.
    await connection.query(`UPDATE bl_cursors SET changed_at = UTC_TIMESTAMP(3) WHERE name LIKE 'lease:%'`);
  });
}
