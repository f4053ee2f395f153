import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { enqueue } from '../connector/storage/outbox.ts';
import { inTransaction } from '../connector/db/transaction.ts';
import { startExpertSender, type ExpertSender } from '../simulators/expertsender/server.ts';
import { allAre, until } from './relay/a-relay.ts';
import { KEY } from './support/app.ts';
import { emptyTables, testDatabase } from './support/database.ts';
import { addEntry, addOrder } from './support/shop-rows.ts';

const API_KEY = 'an-api-key-of-the-simulator';
const TIMEOUT_MS = 60_000; // a busy machine starts slowly

describe('the relay as a process of its own', function () {
  this.timeout(2 * TIMEOUT_MS);
  let simulator: ExpertSender;
  const started: ChildProcess[] = [];

  beforeEach(async () => {
    await emptyTables();
    simulator = await startExpertSender({ apiKey: API_KEY });
  });
  afterEach(async () => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
    await simulator.close();
  });
  after(emptyTables);

  /** As `npm run relay` starts it; a folder of tests holds no .env file. */
  function start(changes: Readonly<Record<string, string>> = {}) {
    const env = {
      ...{ PATH: process.env['PATH'], DATABASE_URL: testDatabase().url, BASELINKER_KEY: KEY, RELAY: 'apart' },
      ...{ EXPERTSENDER_URL: simulator.url, EXPERTSENDER_API_KEY: API_KEY },
      ...changes,
    };
    const main = join(import.meta.dirname, '..', 'connector', 'relay-main.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', main], {
      ...{ cwd: import.meta.dirname, env, stdio: ['ignore', 'ignore', 'pipe'] },
    });
    started.push(child);
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')));
    const ended = new Promise<number | NodeJS.Signals>((resolve) =>
      child.once('close', (code, signal) => resolve(signal ?? code ?? 0)),
    );
    return { ended, said: () => said, stop: () => child.kill('SIGTERM') };
  }

  it('delivers what is due, and follows SIGTERM', async () => {
    await addEntry('shop_statuses', 'Nowe', { id: 1, meaning: 'new' });
    const orderId = await addOrder();
    await inTransaction(testDatabase().db, (unit) => enqueue(unit, ['expertsender'], orderId, new Date()));
    const relay = start();
    await until(allAre('done', 'expertsender'), 'the delivery', TIMEOUT_MS);
    assert.equal(simulator.store.history(orderId).length, 1);
    assert.match(relay.said(), /"message":"relay started".*"targets":\["expertsender"\]/);
    assert.doesNotMatch(relay.said(), /our account lacks/);
    relay.stop();
    assert.equal(await relay.ended, 0, relay.said());
  });

  it('says so when no target is switched on', async () => {
    const relay = start({ EXPERTSENDER_API_KEY: '' });
    await until(() => relay.said().includes('relay started'), 'the start', TIMEOUT_MS);
    assert.match(relay.said(), /no target is switched on: there is nothing to deliver/);
  });

  const refusals: readonly (readonly [string, Readonly<Record<string, string>>, RegExp, number])[] = [
    [
      'beside a server that delivers, too',
      { RELAY: 'inside' },
      /^The relay cannot start: a relay of its own needs RELAY=apart, for the servers too\n$/,
      78,
    ],
    [
      'on a database that is not there, which it names without the password',
      { DATABASE_URL: 'mysql://ala:hidden-word@127.0.0.1:1/shop' },
      /^The relay cannot start: the database at 127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)/,
      1,
    ],
  ];
  for (const [what, changes, sentence, code] of refusals) {
    it(`does not start ${what}`, async () => {
      const relay = start(changes);
      assert.equal(await relay.ended, code, relay.said());
      assert.match(relay.said(), sentence);
      assert.doesNotMatch(relay.said(), /hidden-word/);
    });
  }
});
