import type { Knex } from 'knex';
import request from 'supertest';
import { loadConfig } from '../../config/index.ts';
import { createApp, type AppDeps } from '../../connector/compose/app.ts';
import { connect } from '../../connector/db/connect.ts';
import { createLog } from '../../connector/lib/log.ts';
import { composeApp } from '../../connector/compose/shop.ts';
import type { Answer } from '../support/app.ts';
import { KEY } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { memoryStream } from '../support/memory-stream.ts';

export interface RelayingConnector {
  readonly db: Knex;
  readonly deps: AppDeps;
  call(action: string, fields?: Readonly<Record<string, string | number>>): Promise<Answer>;
  close(): Promise<void>;
}

/** A connector whose orders become due at these targets; nobody delivers them. */
export async function openRelaying(targets: readonly string[], now: () => Date): Promise<RelayingConnector> {
  const log = createLog('error', memoryStream());
  const config = loadConfig({ DATABASE_URL: testDatabase().url, BASELINKER_KEY: KEY, RESTOCK_CANCELLED: 'ours' });
  const db = connect(config.databaseUrl, { log });
  const deps = await composeApp(config, db, log, now, targets);
  const app = createApp(deps);
  return {
    db,
    deps,
    async call(action, fields = {}) {
      const sent = { bl_pass: KEY, action, ...fields };
      const { text, body } = await request(app).post(config.settings.endpointPath).type('form').send(sent);
      return { text, body: body as Answer['body'] };
    },
    close: () => db.destroy(),
  };
}

export interface OutboxTestRow {
  readonly target: string;
  readonly order_id: string;
  readonly state: string;
  readonly version: number;
  readonly memo: string;
  readonly attempts: number;
}

export async function outboxRows(): Promise<readonly OutboxTestRow[]> {
  return testDatabase().db('bl_outbox').orderBy(['target', 'id']).select<OutboxTestRow[]>();
}

/** As the worker leaves a row after a delivery. */
export async function delivered(target: string, orderId: string, digest: string): Promise<void> {
  await testDatabase()
    .db('bl_outbox')
    .where({ target, order_id: orderId })
    .update({ state: 'done', memo: digest, attempts: 0 });
}
