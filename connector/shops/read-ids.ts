import type { EventEmitter } from 'node:events';
import type { Knex } from 'knex';
import type { SqlValue } from '../db/connect.ts';

/** What we use of mysql2's connection: a query without a callback emits its rows one by one and keeps none of them. */
interface StreamingConnection extends EventEmitter {
  query(statement: { sql: string; values: readonly IdQueryValue[]; rowsAsArray: true }): EventEmitter;
}

interface PoolClient {
  acquireConnection(): Promise<StreamingConnection>;
  releaseConnection(connection: StreamingConnection): Promise<void>;
}

/** A list stands for the values of `IN (?)`. */
export type IdQueryValue = SqlValue | readonly number[] | readonly string[];

/**
 * Reads the ids of a query, below 2^32, row after row in four bytes each: a million rows as arrays would take 200 MB.
 * The statement is not prepared, because hardly two such queries are alike.
 */
export async function readIds(db: Knex, sql: string, values: readonly IdQueryValue[]): Promise<Uint32Array> {
  const client = db.client as PoolClient;
  const connection = await client.acquireConnection();
  try {
    return await collect(connection, sql, values);
  } finally {
    await client.releaseConnection(connection);
  }
}

function collect(connection: StreamingConnection, sql: string, values: readonly IdQueryValue[]): Promise<Uint32Array> {
  return new Promise((resolve, reject) => {
    let ids = new Uint32Array(1024);
    let length = 0;
    const query = connection.query({ sql, values, rowsAsArray: true });
    // Only the connection reports that it was closed. knex listens there too, and hands the connection out no more.
    connection.once('error', reject);
    query.on('error', reject);
    query.on('result', (row: readonly number[]) => {
      if (length + row.length > ids.length) {
        const longer = new Uint32Array(ids.length * 2);
        longer.set(ids);
        ids = longer;
      }
      ids.set(row, length);
      length += row.length;
    });
    query.on('end', () => {
      connection.off('error', reject);
      resolve(ids.slice(0, length));
    });
  });
}
