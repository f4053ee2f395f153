import assert from 'node:assert/strict';
import type { z } from 'zod';
import { validate } from '../../../connector/baselinker/check/validate-response.ts';
import { emptyTables } from '../../support/database.ts';
import { openApp, type Answer, type AppChanges, type TestApp } from '../../support/app.ts';

/** The day on which the tests of the actions happen. */
export const NOW = new Date('2027-01-04T09:00:00Z');

export interface AConnector {
  /** A call of the connector with its usual settings. */
  call: TestApp['call'];
  /** Another connector over the same database; it is closed after the test. */
  open(settings?: Readonly<Record<string, string>>, changes?: AppChanges): Promise<TestApp>;
}

/** Gives every test of a suite empty tables and a connector that has seen nothing yet. */
export function aConnector(): AConnector {
  const opened: TestApp[] = [];
  let usual: TestApp | undefined;
  const open: AConnector['open'] = async (settings = {}, changes = {}) => {
    const app = await openApp({ now: NOW, settings, ...changes });
    opened.push(app);
    return app;
  };
  beforeEach(emptyTables);
  afterEach(async () => {
    usual = undefined;
    await Promise.all(opened.splice(0).map((app) => app.close()));
  });
  return {
    open,
    async call(action, fields) {
      usual ??= await open();
      return usual.call(action, fields);
    },
  };
}

/** What the answer says, after it was judged as BaseLinker would read it. */
export function conforming<T>({ text }: Pick<Answer, 'text'>, schema: z.ZodType<T>): T {
  const verdict = validate({ kind: 'answered', status: 200, text, isUtf8: true, bytes: text.length, ms: 0 }, schema);
  if (!verdict.conforms) assert.fail(`${verdict.faults.join('\n')}\n${text.slice(0, 500)}`);
  return verdict.value;
}

/** The code of an answer that must be an error object. */
export function errorCode({ body }: Pick<Answer, 'body'>): string {
  assert.deepEqual(Object.keys(body), ['error', 'error_code', 'error_text'], JSON.stringify(body).slice(0, 300));
  assert.equal(body['error'], true);
  assert.equal(typeof body['error_text'], 'string');
  return String(body['error_code']);
}
