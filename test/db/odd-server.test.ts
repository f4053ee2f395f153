import assert from 'node:assert/strict';
import type { Knex } from 'knex';
import { checkServer, connect, readRows, write, type Queryable } from '../../connector/db/connect.ts';
import { migrate } from '../../connector/db/migrations.ts';
import { inTransaction } from '../../connector/db/transaction.ts';
import { startPrivateMariadb, type PrivateMariadb } from '../../scripts/private-mariadb.ts';
import { accountOn } from '../support/account.ts';

const START_MS = 120_000;
const NOW = new Date('2027-01-04T09:00:00Z');
const TEXT = 'Zażółć gęślą jaźń 🎁';
const BYTES = Buffer.from(TEXT).toString('hex').toUpperCase();

/** What an installation may have been told for another program's sake. */
const INIT_CONNECT = [
  'SET NAMES latin2',
  'sql_safe_updates = 1',
  'autocommit = 0',
  'sql_auto_is_null = 1',
  'sql_select_limit = 1',
  'foreign_key_checks = 0',
  "completion_type = 'CHAIN'",
  'tx_read_only = 1',
].join(', ');

describe('a server with odd settings', function () {
  this.timeout(START_MS);
  let server: PrivateMariadb;
  let root: Knex;
  let db: Knex;

  before(async () => {
    server = await startPrivateMariadb({
      flags: [
        '--skip-character-set-client-handshake',
        '--character-set-server=latin2',
        '--collation-server=latin2_general_ci',
        '--innodb-default-row-format=compact',
        '--log-bin=bin',
        '--binlog-format=MIXED',
        `--init-connect=${INIT_CONNECT}`,
      ],
    });
    root = connect(server.url);
    // Not an administrator's: those are spared init_connect.
    db = connect(await accountOn(root, server.url));
    await migrate(db, { shop: 'native' });
  });

  after(async () => {
    await db.destroy();
    await root.destroy();
    await server.remove();
  });

  beforeEach(() => db('bl_targets').del());

  const add = (on: Queryable, target: string) =>
    write(on, 'INSERT INTO bl_targets (target, failures, reason, changed_at) VALUES (?, 0, ?, ?)', [target, TEXT, NOW]);

  it('keeps Polish letters and emoji byte by byte, however they are written', async () => {
    const row = { failures: 0, reason: TEXT, changed_at: NOW };
    await db('bl_targets').insert({ target: 'builder', ...row });
    await db.raw('INSERT INTO bl_targets (target, failures, reason, changed_at) VALUES (?, 0, ?, ?)', [
      'raw',
      TEXT,
      NOW,
    ]);
    await add(db, 'prepared');
    await inTransaction(db, async (unit) => {
      await add(unit, 'unit');
      await unit('bl_targets').insert({ target: 'unit builder', ...row });
    });

    const all = ['builder', 'prepared', 'raw', 'unit', 'unit builder'];
    const sql = 'SELECT target, HEX(reason), reason FROM bl_targets ORDER BY target';
    assert.deepEqual(
      await readRows(root, sql),
      all.map((target) => [target, BYTES, TEXT]),
    );
    assert.deepEqual(
      await readRows(db, sql),
      all.map((target) => [target, BYTES, TEXT]),
    );
    assert.deepEqual(await db('bl_targets').where({ reason: TEXT }).pluck('reason'), Array<string>(5).fill(TEXT));
    assert.deepEqual(await readRows(db, 'SELECT COUNT(*) FROM bl_targets WHERE reason = ?', [TEXT]), [[5]]);
  });

  it('has every setting on which our SQL depends said by the connection itself', async () => {
    const sql = `SELECT @@character_set_client, @@character_set_results, @@collation_connection, @@sql_safe_updates,
      @@autocommit, @@sql_auto_is_null, @@sql_select_limit > 1000000, @@foreign_key_checks, @@completion_type,
      @@tx_read_only, @@tx_isolation`;
    const right = ['utf8mb4', 'utf8mb4', 'utf8mb4_general_ci', 0];
    const rest = [0, 1, 1, 'NO_CHAIN', 0, 'READ-COMMITTED'];
    assert.deepEqual(await readRows(db, sql), [[...right, 1, ...rest]]);
    assert.deepEqual(await inTransaction(db, (unit) => readRows(unit, sql)), [[...right, 0, ...rest]]);
  });

  it('commits what stands alone, and changes rows that no key names', async () => {
    await add(db, 'a');
    await add(db, 'b');
    assert.equal((await write(db, 'UPDATE bl_targets SET failures = 3')).rows, 2);
    assert.deepEqual(await readRows(root, 'SELECT SUM(failures) FROM bl_targets'), [['6']]);
  });

  it('has our tables in the row format that our indexes need, whatever its default is', async () => {
    const sql = `SELECT DISTINCT row_format FROM information_schema.tables
      WHERE table_schema = DATABASE() AND table_comment = 'baselinker-shop-connector'`;
    assert.deepEqual(await readRows(root, sql), [['Dynamic']]);
  });

  it('is refused at the start when it logs statements, which our transactions cannot be written as', async () => {
    await checkServer(db);
    await root.raw("SET GLOBAL binlog_format = 'STATEMENT'");
    const later = connect(server.url);
    try {
      await assert.rejects(
        checkServer(later),
        /binlog_format is STATEMENT, .*READ COMMITTED.*: set binlog_format = MIXED or ROW/,
      );
    } finally {
      await later.destroy();
      await root.raw("SET GLOBAL binlog_format = 'MIXED'");
    }
  });
});
