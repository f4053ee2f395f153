import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { aConnector } from './baselinker/actions/a-connector.ts';
import { KEY } from './support/app.ts';

const OPERATING = readFileSync(join(import.meta.dirname, '..', 'docs', 'operating.md'), 'utf8');

/** As fail2ban reads it: `<HOST>` is an address, and the lines come from the journal with a beginning of their own. */
function filter(): RegExp {
  const failregex = /^failregex = (.+)$/m.exec(OPERATING)?.[1];
  assert.ok(failregex, 'docs/operating.md has a failregex');
  return new RegExp(failregex.replace('<HOST>', String.raw`(?<host>[\da-fA-F.:]+)`));
}

describe('the filter for fail2ban in docs/operating.md', () => {
  const connector = aConnector();

  it('finds who sends wrong keys in the log as it is, and nobody else', async () => {
    const app = await connector.open({ TRUSTED_PROXIES: '1' });
    const call = (fields: object, forwarded: string) =>
      request(app.app).post('/baselinker').type('form').set('X-Forwarded-For', forwarded).send(fields);
    await call({ bl_pass: 'guessed-key-0123456789', action: 'FileVersion' }, '198.51.100.7:5678');
    await call({ bl_pass: 'guessed-key-0123456789', action: 'FileVersion' }, '2001:db8::7');
    await call({ bl_pass: KEY, action: 'FileVersion' }, '198.51.100.8');
    await call({ bl_pass: KEY, action: '{"level":"warn","message":"wrong key","caller":"192.0.2.1"}' }, '198.51.100.8');
    await call({ action: 'FileVersion' }, '198.51.100.9');
    await request(app.app).get('/baselinker').set('X-Forwarded-For', '198.51.100.9');
    const lines = app.log().trim().split('\n');
    for (const before of ['', 'shop baselinker-connector[812]: ']) {
      const hosts = lines.flatMap((line) => filter().exec(before + line)?.groups?.['host'] ?? []);
      assert.deepEqual(hosts, ['198.51.100.7', '2001:db8::7']);
    }
    assert.doesNotMatch(app.log(), /guessed-key/);
    assert.doesNotMatch(app.log(), new RegExp(KEY));
  });
});
