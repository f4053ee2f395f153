import assert from 'node:assert/strict';
import type { Knex } from 'knex';
import request from 'supertest';
import { loadConfig } from '../../config/index.ts';
import { createApp } from '../../connector/compose/app.ts';
import { connect, isConnectionError, readRows, write } from '../../connector/db/connect.ts';
import { isWrongServer } from '../../connector/db/driver-errors.ts';
import { migrate } from '../../connector/db/migrations.ts';
import { describeStartupError } from '../../connector/db/startup-error.ts';
import { inTransaction } from '../../connector/db/transaction.ts';
import { createLog } from '../../connector/lib/log.ts';
import { composeApp } from '../../connector/compose/shop.ts';
import { startPrivateMariadb, type PrivateMariadb } from '../../scripts/private-mariadb.ts';
import { accountOn } from '../support/account.ts';
import { KEY } from '../support/app.ts';
import { startFaultyProxy, type FaultyProxy } from '../../simulators/faulty-proxy.ts';
import { memoryStream } from '../support/memory-stream.ts';

const START_MS = 120_000;
const NOW = new Date('2027-01-04T09:00:00Z');
const ADD = 'INSERT INTO bl_targets (target, failures, reason, changed_at) VALUES (?, 0, ?, ?)';

/** Two servers of which one takes the writes, and an address that leads to the one or the other. */
describe('a database that fails over', function () {
  this.timeout(START_MS);
  const servers: PrivateMariadb[] = [];
  const roots: Knex[] = [];
  let proxy: FaultyProxy;
  let url: string;
  let db: Knex;

  before(async () => {
    for (let n = 0; n < 2; n += 1) {
      const server = await startPrivateMariadb();
      servers.push(server);
      const root = connect(server.url);
      roots.push(root);
      await migrate(root, { shop: 'native' });
      url = await accountOn(root, server.url);
    }
  });
  after(async () => {
    await Promise.all(roots.map((root) => root.destroy()));
    await Promise.all(servers.map((server) => server.remove()));
  });

  beforeEach(async () => {
    for (const root of roots) await root('bl_targets').del();
    proxy = await startFaultyProxy({ port: portOf(0) });
    const through = new URL(url);
    through.port = String(proxy.port);
    url = through.href;
    db = connect(url, { poolSize: 2 });
  });
  afterEach(async () => {
    for (const root of roots) await root.raw('SET GLOBAL read_only = 0');
    await db.destroy();
    await proxy.close();
  });

  const portOf = (n: number): number => servers[n]?.port ?? 0;
  const rootOf = (n: number): Knex => roots[n] ?? assert.fail();
  const targetsOn = (n: number) => rootOf(n)('bl_targets').orderBy('target').pluck<string[]>('target');

  const writers: [string, (target: string) => Promise<unknown>][] = [
    ['a statement that stands alone', (target) => write(db, ADD, [target, '', NOW])],
    ['the builder', (target) => db('bl_targets').insert({ target, failures: 0, reason: '', changed_at: NOW })],
    ['raw SQL', (target) => db.raw(ADD, [target, '', NOW])],
    ['a unit of work', (target) => inTransaction(db, (unit) => write(unit, ADD, [target, '', NOW]))],
    [
      'a unit of work that builds',
      (target) =>
        inTransaction(db, async (unit) => {
          await readRows(unit, 'SELECT COUNT(*) FROM bl_targets');
          await unit('bl_targets').insert({ target, failures: 0, reason: '', changed_at: NOW });
        }),
    ],
  ];

  const idle = async (): Promise<void> => {
    await Promise.all([1, 2].map(() => readRows(db, 'SELECT SLEEP(0.01)')));
    await Promise.all([1, 2].map(() => inTransaction(db, (unit) => readRows(unit, 'SELECT SLEEP(0.01)'))));
  };

  for (const [what, add] of writers) {
    it(`is not noticed by ${what}, although every connection leads to the old server`, async () => {
      await add('before');
      await idle();
      await rootOf(0).raw('SET GLOBAL read_only = 1');
      proxy.switchTo({ port: portOf(1) });
      await add('after');
      assert.deepEqual(await targetsOn(0), ['before']);
      assert.deepEqual(await targetsOn(1), ['after']);
      // Whoever reads sees what was written: no connection to the old server is used again.
      for (const target of await Promise.all([1, 2].map(() => readRows(db, 'SELECT target FROM bl_targets')))) {
        assert.deepEqual(target, [['after']]);
      }
    });

    it(`is a connection error for ${what} as long as nobody takes the writes, and over without a restart`, async () => {
      await idle();
      await rootOf(0).raw('SET GLOBAL read_only = 1');
      await assert.rejects(add('refused'), isConnectionError);
      await assert.rejects(add('refused'), isConnectionError);
      await rootOf(0).raw('SET GLOBAL read_only = 0');
      await add('again');
      assert.deepEqual(await targetsOn(0), ['again']);
    });
  }

  it('leaves nobody reading on the old server once a write went through on the new one', async () => {
    await idle();
    await rootOf(0).raw('SET GLOBAL read_only = 1');
    const add = (target: string) => inTransaction(db, (unit) => write(unit, ADD, [target, '', NOW]));
    await assert.rejects(add('refused'), isConnectionError);
    // These are new connections, and lead to the old server as well.
    await Promise.all([1, 2].map(() => readRows(db, 'SELECT SLEEP(0.01)')));
    proxy.switchTo({ port: portOf(1) });
    await add('after');
    for (const target of await Promise.all([1, 2].map(() => readRows(db, 'SELECT target FROM bl_targets')))) {
      assert.deepEqual(target, [['after']]);
    }
  });

  it('runs the whole unit of work once more, not a part of it', async () => {
    await idle();
    await rootOf(0).raw('SET GLOBAL read_only = 1');
    proxy.switchTo({ port: portOf(1) });
    let runs = 0;
    await inTransaction(db, async (unit) => {
      runs += 1;
      await readRows(unit, 'SELECT 1');
      await write(unit, ADD, [`run ${runs}`, '', NOW]);
    });
    assert.deepEqual([runs, await targetsOn(1)], [2, ['run 2']]);
    await rootOf(1).raw('SET GLOBAL read_only = 1');
    runs = 0;
    const story = inTransaction(db, (unit) => {
      runs += 1;
      return write(unit, ADD, ['never', '', NOW]);
    });
    await assert.rejects(story, isConnectionError);
    assert.equal(runs, 2, 'once more, and no oftener');
  });

  it('is told by /health while it lasts, and by no restart ended', async () => {
    const stream = memoryStream();
    const log = createLog('info', stream);
    const config = loadConfig({ DATABASE_URL: url, BASELINKER_KEY: KEY });
    const app = createApp(await composeApp(config, db, log, () => NOW));
    const health = async () => {
      const { status, body } = await request(app).get('/health');
      return [status, body as unknown];
    };
    const ok = [200, { status: 'ok' }];
    const noWrites = [503, { status: 'database takes no writes' }];
    assert.deepEqual(await health(), ok);
    await rootOf(0).raw('SET GLOBAL read_only = 1');
    assert.deepEqual(await health(), noWrites);
    assert.deepEqual(await health(), noWrites);
    // One call that writes, for the answer that BaseLinker gets.
    const call = () =>
      request(app).post('/baselinker').type('form').send({ bl_pass: KEY, action: 'ProductsQuantity', page: '1' });
    assert.match((await call()).text, /"error_code":"db_connection"/);
    proxy.switchTo({ port: portOf(1) });
    assert.deepEqual(await health(), ok);
    assert.doesNotMatch((await call()).text, /error/);
    await rootOf(1).raw('SET GLOBAL read_only = 1');
    assert.deepEqual(await health(), noWrites);
    await rootOf(1).raw('SET GLOBAL read_only = 0');
    assert.deepEqual(await health(), ok);
    await proxy.close();
    proxy = await startFaultyProxy({ port: portOf(0) });
    assert.deepEqual(await health(), [503, { status: 'database not reachable' }]);
  });

  it('leaves an account healthy that may write in spite of it', async () => {
    const config = loadConfig({ DATABASE_URL: servers[0]?.url, BASELINKER_KEY: KEY });
    const app = createApp(await composeApp(config, rootOf(0), createLog('error', memoryStream()), () => NOW));
    await rootOf(0).raw('SET GLOBAL read_only = 1');
    assert.equal((await request(app).get('/health')).status, 200);
  });

  it('stops who starts, or migrates, on a server that takes no writes, with a sentence', async () => {
    await rootOf(0).raw('SET GLOBAL read_only = 1');
    const error: unknown = await db('bl_targets')
      .del()
      .catch((caught: unknown) => caught);
    assert.match(describeStartupError(error, url), /takes no writes \(.*read-only.*\): is it a replica/);
  });
});

describe('an error that means the wrong server', () => {
  const answer = (errno: number, message = 'said so') =>
    Object.assign(new Error(message), { code: `ER_${errno}`, errno, sqlState: 'HY000' });

  const wrong: [number, string][] = [
    [1290, 'The MariaDB server is running with the --read-only option so it cannot execute this statement'],
    [1290, 'The MySQL server is running with the --super-read-only option so it cannot execute this statement'],
    [1036, "Table 'bl_calls' is read only"],
    [1047, 'WSREP has not yet prepared node for application use'],
    [1836, 'Running in read-only mode'],
    [1874, 'InnoDB is in read only mode.'],
    [3032, 'The server is currently in offline mode'],
    [3100, "Error on observer while running replication hook 'before_commit'."],
    [3168, "Server isn't available"],
    [3796, 'The option group_replication_consistency cannot be used on the current member state.'],
  ];
  for (const [errno, message] of wrong) {
    it(`is ${errno} ${message}`, () => {
      assert.ok(isWrongServer(answer(errno, message)));
      assert.ok(isConnectionError(new Error('order 17', { cause: answer(errno, message) })));
    });
  }

  const others: [number, string][] = [
    [1290, 'The MariaDB server is running with the --secure-file-priv option so it cannot execute this statement'],
    [1205, 'Lock wait timeout exceeded'],
    [1213, 'Deadlock found'],
    [1062, 'Duplicate entry'],
  ];
  for (const [errno, message] of others) {
    it(`is not ${errno} ${message}`, () => {
      assert.ok(!isWrongServer(answer(errno, message)));
    });
  }
});
