import type { RequestListener } from 'node:http';
import request from 'supertest';
import { loadConfig } from '../../config/index.ts';
import { createApp } from '../../connector/compose/app.ts';
import { connect } from '../../connector/db/connect.ts';
import { createLog } from '../../connector/lib/log.ts';
import { composeApp } from '../../connector/compose/shop.ts';
import { memoryStream } from './memory-stream.ts';
import { testDatabase } from './database.ts';

export const KEY = 'test-communication-key-0123456789';

/** The whole connector over the test database, as `main.ts` puts it together. */
export interface TestApp {
  readonly app: RequestListener;
  /** Moves the connector's clock. */
  at(now: Date): void;
  /** The answer of one call, with the right key. */
  call(action: string, fields?: Readonly<Record<string, string | number>>): Promise<Answer>;
  log(): string;
  close(): Promise<void>;
}

export interface Answer {
  readonly text: string;
  /** Parsed by JavaScript: the order of number-like keys is lost here. */
  readonly body: Record<string, unknown>;
}

export interface AppChanges {
  /** Settings by their names in the environment. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly databaseUrl?: string;
  readonly now?: Date;
}

export async function openApp({
  settings = {},
  databaseUrl = testDatabase().url,
  now,
}: AppChanges = {}): Promise<TestApp> {
  let clock = now;
  const stream = memoryStream();
  const log = createLog('info', stream);
  const config = loadConfig({ DATABASE_URL: databaseUrl, BASELINKER_KEY: KEY, ...settings });
  const db = connect(config.databaseUrl, { log });
  const app = createApp(await composeApp(config, db, log, () => clock ?? new Date()));
  return {
    app,
    at: (instant) => {
      clock = instant;
    },
    async call(action, fields = {}) {
      const { text, body } = await request(app)
        .post(config.settings.endpointPath)
        .type('form')
        .send({ bl_pass: KEY, action, ...fields });
      return { text, body: body as Record<string, unknown> };
    },
    log: () => stream.text(),
    close: () => db.destroy(),
  };
}
