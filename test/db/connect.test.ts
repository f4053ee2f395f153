import assert from 'node:assert/strict';
import type { Knex } from 'knex';
import {
  checkServer,
  connect,
  isConnectionError,
  isQueryError,
  readRows,
  type ConnectOptions,
} from '../../connector/db/connect.ts';
import { testDatabase } from '../support/database.ts';
import { startFaultyProxy, type FaultyProxy } from '../../simulators/faulty-proxy.ts';

describe('the connection to the database', () => {
  const opened: Knex[] = [];
  let proxy: FaultyProxy;

  beforeEach(async () => {
    const { hostname, port } = new URL(testDatabase().url);
    proxy = await startFaultyProxy({ host: hostname, port: Number(port || 3306) });
  });

  afterEach(async () => {
    await proxy.close();
    await Promise.all(opened.splice(0).map((db) => db.destroy()));
  });

  function open(url: string, options?: ConnectOptions): Knex {
    const db = connect(url, options);
    opened.push(db);
    return db;
  }

  /** Through the proxy, with one connection, so that a test knows which one it breaks. */
  function openThroughProxy(options?: ConnectOptions): Knex {
    return open(at({ port: proxy.port }), { poolSize: 1, ...options });
  }

  function at(changes: { port?: number; password?: string; schema?: string }): string {
    const url = new URL(testDatabase().url);
    if (changes.port !== undefined) url.port = String(changes.port);
    if (changes.password !== undefined) url.password = changes.password;
    if (changes.schema !== undefined) url.pathname = `/${changes.schema}`;
    return url.href;
  }

  describe('values', () => {
    it('reads rows as arrays, money as text and times as instants', async () => {
      const rows = await readRows(
        testDatabase().db,
        `SELECT CAST(19.90 AS DECIMAL(12,2)), 9007199254740993, 7, CAST('2027-03-28 02:30:00.125' AS DATETIME(3)),
           CAST('2027-03-28' AS DATE), NULL, ?`,
        ['żółw'],
      );
      assert.deepEqual(rows, [
        ['19.90', '9007199254740993', 7, new Date('2027-03-28T02:30:00.125Z'), '2027-03-28', null, 'żółw'],
      ]);
    });

    it('binds numbers, large numbers, instants, bytes and nothing', async () => {
      const at = new Date('2027-10-31T00:30:00.250Z');
      const [row] = await readRows(
        testDatabase().db,
        'SELECT ? + 1, CAST(? AS UNSIGNED), ? <=> NULL, HEX(?), CAST(? AS DATETIME(3))',
        [41, 9007199254740993n, null, Buffer.from([0, 255]), at],
      );
      assert.deepEqual(row, [42, '9007199254740993', 1, '00FF', at]);
    });

    it('takes a number for LIMIT in a prepared statement', async () => {
      const rows = await readRows(testDatabase().db, 'SELECT 1 UNION SELECT 2 UNION SELECT 3 LIMIT ?', [2]);
      assert.equal(rows.length, 2);
    });
  });

  describe('the session', () => {
    it('speaks UTC, our SQL mode and UTF-8 on every connection', async () => {
      const [row] = await readRows(
        testDatabase().db,
        'SELECT @@session.time_zone, @@session.sql_mode, @@session.character_set_connection, @@session.innodb_lock_wait_timeout',
      );
      assert.equal(row?.[0], '+00:00');
      assert.match(String(row[1]), /STRICT_ALL_TABLES/);
      assert.deepEqual(row.slice(2), ['utf8mb4', 10]);
    });

    it('understands a user name and a password with special characters', async () => {
      const { db } = testDatabase();
      const user = 'bl_test@odd:name';
      const password = 'p@ss:w/rd?#%ż';
      await db.raw('CREATE USER ?@? IDENTIFIED BY ?', [user, '%', password]);
      try {
        const url = new URL(testDatabase().url);
        url.username = encodeURIComponent(user);
        url.password = encodeURIComponent(password);
        url.pathname = '/information_schema';
        assert.deepEqual(await readRows(open(url.href), 'SELECT 1'), [[1]]);
      } finally {
        await db.raw('DROP USER ?@?', [user, '%']);
      }
    });

    it('reaches the server through a socket that the URL names', async function () {
      const [row] = await readRows(testDatabase().db, 'SELECT @@socket');
      const url = new URL(testDatabase().url);
      url.hostname = 'nowhere.invalid';
      url.searchParams.set('socket', String(row?.[0]));
      try {
        assert.deepEqual(await readRows(open(url.href), 'SELECT 1'), [[1]]);
      } catch (error) {
        // A server elsewhere, or in a root folder of its own, has its socket where we cannot see it.
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') this.skip();
        throw error;
      }
    });

    it('says so when the URL is none, without repeating its password', () => {
      for (const url of ['', 'shop', 'postgres://shop:hidden-word@127.0.0.1/shop']) {
        assert.throws(
          () => connect(url),
          (error: Error) => error.message.includes('mysql://') && !error.message.includes('hidden-word'),
        );
      }
    });
  });

  describe('the pool', () => {
    it('takes back the connection of every read, good or bad', async () => {
      const db = open(testDatabase().url, { poolSize: 1 });
      for (let i = 0; i < 5; i += 1) {
        await readRows(db, 'SELECT 1');
        await assert.rejects(readRows(db, 'SELECT no_such_column'));
        // Refused by the driver before anything is sent.
        await assert.rejects(readRows(db, 'SELECT ?', [undefined as unknown as null]));
      }
    });

    it('keeps the number of prepared statements within bounds', async () => {
      const db = open(testDatabase().url, { poolSize: 1 });
      for (let i = 0; i < 450; i += 1) await readRows(db, `SELECT ${i}`);
      const [opened] = await readRows(db, `SHOW SESSION STATUS LIKE 'Com_stmt_prepare'`);
      const [closed] = await readRows(db, `SHOW SESSION STATUS LIKE 'Com_stmt_close'`);
      const held = Number(opened?.[1]) - Number(closed?.[1]);
      assert.ok(held > 0 && held <= 201, `${held} statements are held`);
    });

    it('reads what its transaction has written, and nothing once that is over', async () => {
      const { db } = testDatabase();
      const over = await db.transaction(async (trx) => {
        await trx.raw('SET @bl_mark = 17');
        assert.deepEqual(await readRows(trx, 'SELECT @bl_mark'), [[17]]);
        return trx;
      });
      await assert.rejects(readRows(over, 'SELECT 1'), /transaction is over/);
    });
  });

  describe('when the line fails', () => {
    it('recovers with the next question after all lines were cut', async () => {
      const db = openThroughProxy();
      await readRows(db, 'SELECT 1');
      proxy.cut();
      await until(() => proxy.lines === 0);
      assert.deepEqual(await readRows(db, 'SELECT 2'), [[2]]);
    });

    it('calls a line cut in the middle of a question a connection error, and goes on with another line', async () => {
      const db = openThroughProxy();
      const question = assert.rejects(readRows(db, 'SELECT SLEEP(20)'), isConnectionError);
      await until(() => proxy.lines === 1);
      await until(async () => (await sleeping()) > 0);
      proxy.cut();
      await question;
      assert.deepEqual(await readRows(db, 'SELECT 2'), [[2]]);
    });

    it('gives up on a silent line, in a read as in a transaction', async () => {
      const db = openThroughProxy({ timeoutMs: 2000 });
      await readRows(db, 'SELECT 1');
      proxy.blackHole();
      await assert.rejects(readRows(db, 'SELECT 1'), isConnectionError);

      proxy.forward();
      await assert.rejects(
        db.transaction(async (trx) => {
          await trx.raw('SELECT 1');
          proxy.blackHole();
          await trx.raw('SELECT 2');
        }),
        isConnectionError,
      );
      proxy.forward();
      assert.deepEqual(await readRows(db, 'SELECT 3'), [[3]]);
    });

    it('does not wait for ever for a line on which nobody greets', async () => {
      const db = openThroughProxy();
      proxy.blackHole();
      await assert.rejects(readRows(db, 'SELECT 1'), isConnectionError);
    });

    it('waits out a slow line', async () => {
      const db = openThroughProxy();
      proxy.delay(30);
      assert.deepEqual(await readRows(db, 'SELECT 1'), [[1]]);
    });

    it('leaves a connection that the server has ended', async () => {
      const db = open(testDatabase().url, { poolSize: 1 });
      const [row] = await readRows(db, 'SELECT CONNECTION_ID()');
      await testDatabase().db.raw('KILL ?', [row?.[0] as number]);
      await until(async () => {
        try {
          await readRows(db, 'SELECT 1');
          return true;
        } catch (error) {
          assert.ok(isConnectionError(error), String(error));
          return false;
        }
      });
    });

    it('tells the log and prints nothing by itself', async () => {
      const said: string[] = [];
      const reasons: string[] = [];
      const log = {
        warn: (text: string, fields: { reason?: string } = {}) => {
          said.push(text);
          reasons.push(fields.reason ?? '');
        },
        debug: () => 0,
      };
      proxy.refuse();
      await assert.rejects(readRows(openThroughProxy({ log }), 'SELECT 1'));
      assert.deepEqual(said, ['database connection troubled']);
      assert.doesNotMatch(reasons.join(), /\n/, 'no stack');
    });
  });

  describe('errors', () => {
    const lost: [string, () => Knex][] = [
      ['a port where nobody listens', () => open(at({ port: 1 }))],
      ['a wrong password', () => open(at({ password: 'wrong' }))],
      ['a schema that does not exist', () => open(at({ schema: 'bl_test_missing' }))],
      ['a host that does not exist', () => open('mysql://shop:x@nowhere.invalid/shop')],
    ];
    for (const [what, failing] of lost) {
      it(`calls ${what} a connection error`, async () => {
        await assert.rejects(readRows(failing(), 'SELECT 1'), isConnectionError);
      });
    }

    it('calls a full pool a connection error', async () => {
      const db = open(testDatabase().url, { poolSize: 1 });
      await db.transaction(async () => {
        await assert.rejects(readRows(db, 'SELECT 1'), isConnectionError);
      });
    });

    const refused: [string, string][] = [
      ['a missing table', 'SELECT 1 FROM bl_test_missing'],
      ['a syntax error', 'SELEC 1'],
    ];
    for (const [what, sql] of refused) {
      it(`calls ${what} a query error, and not a connection error`, async () => {
        const { db } = testDatabase();
        await assert.rejects(readRows(db, sql), isQueryError);
        await assert.rejects(db.raw(sql), isQueryError);
        await assert.rejects(readRows(db, sql), (error) => !isConnectionError(error));
      });
    }

    it('has the server end a slow query before the line is given up', async () => {
      const db = open(testDatabase().url, { poolSize: 1, timeoutMs: 2000 });
      const product = Array.from({ length: 6 }, (_, i) => `information_schema.columns c${i}`).join(', ');
      await assert.rejects(
        readRows(db, `SELECT COUNT(*) FROM ${product} WHERE c0.column_name < c5.column_name`),
        isQueryError,
      );
    });

    it('knows them below a use case’s own words', () => {
      const driver = Object.assign(new Error('gone'), { fatal: true, code: 'PROTOCOL_CONNECTION_LOST' });
      assert.ok(isConnectionError(new Error('order 17 cannot be read', { cause: driver })));
    });

    it('takes nothing else for an error of the database', () => {
      const others = [
        new Error('a bug'),
        Object.assign(new Error('no file'), { code: 'ENOENT' }),
        undefined,
        'text',
        null,
      ];
      for (const error of others) assert.ok(!isConnectionError(error) && !isQueryError(error), String(error));
    });

    it('leaves values out of the message of a failed statement', async () => {
      await assert.rejects(
        testDatabase().db.raw('SELECT ? FROM bl_test_missing', ['ala@example.test']),
        (error: Error) => {
          assert.ok(!error.message.includes('ala@example.test'), error.message);
          return true;
        },
      );
    });
  });

  it('accepts the server that the tests run on', async () => {
    const { product, major } = await checkServer(testDatabase().db);
    assert.ok(product === 'MariaDB' ? major >= 10 : major >= 8);
  });
});

async function sleeping(): Promise<number> {
  const rows = await readRows(
    testDatabase().db,
    "SELECT 1 FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(20)%'",
  );
  return rows.length;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
