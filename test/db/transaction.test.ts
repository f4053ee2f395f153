import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import knex, { type Knex } from 'knex';
import { connect, connectionConfig, isConnectionError, readRows, write } from '../../connector/db/connect.ts';
import { inTransaction } from '../../connector/db/transaction.ts';
import type { UnitOfWork } from '../../connector/db/unit-of-work.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { startFaultyProxy, type FaultyProxy } from '../../simulators/faulty-proxy.ts';

const NOW = new Date('2027-01-04T09:00:00Z');

const add = (unit: UnitOfWork, target: string) =>
  write(unit, 'INSERT INTO bl_targets (target, failures, reason, changed_at) VALUES (?, 0, ?, ?)', [target, '', NOW]);

const targets = async () => (await testDatabase().db('bl_targets').orderBy('target').pluck<string[]>('target')).join();

describe('a unit of work', () => {
  const opened: Knex[] = [];
  let proxy: FaultyProxy;

  beforeEach(async () => {
    await emptyTables();
    const { hostname, port } = new URL(testDatabase().url);
    proxy = await startFaultyProxy({ host: hostname, port: Number(port || 3306) });
  });

  afterEach(async () => {
    await proxy.close();
    await Promise.all(opened.splice(0).map((db) => db.destroy()));
  });

  /** One connection, so that a unit of work which keeps it is noticed. */
  function openOne(port?: number): Knex {
    const url = new URL(testDatabase().url);
    if (port !== undefined) url.port = String(port);
    const db = connect(url.href, { poolSize: 1 });
    opened.push(db);
    return db;
  }

  it('writes what its use case has written, however it was said, and not before its end', async () => {
    const answer = await inTransaction(openOne(), async (unit) => {
      await add(unit, 'a');
      await unit('bl_targets').insert({ target: 'b', failures: 1, reason: '', changed_at: NOW });
      await unit.raw('UPDATE bl_targets SET failures = failures + ?', [1]);
      assert.deepEqual(await readRows(unit, 'SELECT target, failures FROM bl_targets ORDER BY target'), [
        ['a', 1],
        ['b', 2],
      ]);
      assert.equal(await targets(), '');
      return 17;
    });
    assert.equal(answer, 17);
    assert.equal(await targets(), 'a,b');
  });

  it('has no transaction begun for it, and leaves none open, not even for a use case that says nothing', async () => {
    const db = openOne();
    const [own, mode] = await inTransaction(db, async (unit) => {
      const [row] = await readRows(unit, 'SELECT CONNECTION_ID(), @@autocommit, COUNT(*) FROM bl_targets');
      return row as [number, number];
    });
    assert.equal(mode, 0);
    assert.deepEqual(await readRows(db, 'SELECT @@autocommit'), [[1]], 'statements that stand alone commit alone');
    await inTransaction(db, () => Promise.resolve());
    const open = 'SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = ?';
    assert.deepEqual(await readRows(db, open, [own]), [[0]]);
  });

  it('runs on nothing that was opened elsewhere, where its statements might commit alone', async () => {
    const elsewhere = knex(connectionConfig(testDatabase().url));
    opened.push(elsewhere);
    await assert.rejects(
      inTransaction(elsewhere, (unit) => add(unit, 'a')),
      /what connect\(\) has opened/,
    );
    assert.equal(await targets(), '');
  });

  it('leaves nothing of a use case that failed, and gives its connection back', async () => {
    const db = openOne();
    const failing = inTransaction(db, async (unit) => {
      await add(unit, 'a');
      await unit('bl_targets').insert({ target: 'b', failures: 1, reason: '', changed_at: NOW });
      throw new Error('the story failed');
    });
    await assert.rejects(failing, /the story failed/);
    await inTransaction(db, (unit) => add(unit, 'c'));
    assert.equal(await targets(), 'c');
  });

  it('is told again from its beginning after a deadlock', async () => {
    const { db } = testDatabase();
    await inTransaction(db, async (unit) => [await add(unit, 'a'), await add(unit, 'b')]);
    let told = 0;
    const bothHaveOne = new EventEmitter();
    let waiting = 0;
    const raise = (first: string, second: string) =>
      inTransaction(db, async (unit) => {
        told += 1;
        await write(unit, RAISE_SQL, [first]);
        waiting += 1;
        if (waiting === 1) await once(bothHaveOne, 'now');
        else bothHaveOne.emit('now');
        await write(unit, RAISE_SQL, [second]);
      });
    await Promise.all([raise('a', 'b'), raise('b', 'a')]);
    assert.deepEqual(await readRows(db, 'SELECT target, failures FROM bl_targets ORDER BY target'), [
      ['a', 2],
      ['b', 2],
    ]);
    assert.equal(told, 3);
  });

  it('is told again through twenty deadlocks, as another program may lock the same rows in another order', async () => {
    const db = openOne();
    let told = 0;
    const story = (deadlocks: number) => async (unit: UnitOfWork) => {
      told += 1;
      await add(unit, 'a');
      if (told <= deadlocks) throw Object.assign(new Error('Deadlock found'), { code: 'ER_LOCK_DEADLOCK' });
    };
    await inTransaction(db, story(20));
    assert.deepEqual([told, await targets()], [21, 'a']);
    await emptyTables();
    told = 0;
    await assert.rejects(inTransaction(db, story(21)), /Deadlock/);
    assert.deepEqual([told, await targets()], [21, '']);
  });

  it('takes nothing more once its use case has been told', async () => {
    const over = await inTransaction(openOne(), (unit) => Promise.resolve(unit));
    await assert.rejects(readRows(over, 'SELECT 1'), /transaction is over/);
    assert.throws(() => over('bl_targets'), /transaction is over/);
    assert.throws(() => over.raw('SELECT 1'), /transaction is over/);
  });

  it('does not hand on a line that was cut under it', async () => {
    const db = openOne(proxy.port);
    const cut = inTransaction(db, async (unit) => {
      await add(unit, 'a');
      proxy.cut();
      await add(unit, 'b');
    });
    await assert.rejects(cut, isConnectionError);
    await inTransaction(db, (unit) => add(unit, 'c'));
    assert.equal(await targets(), 'c');
  });

  it('does not hand on a line that is gone when the use case has failed for another reason', async () => {
    const db = openOne(proxy.port);
    const failing = inTransaction(db, async (unit) => {
      await add(unit, 'a');
      proxy.cut();
      throw new Error('the story failed');
    });
    await assert.rejects(failing, /the story failed/);
    await inTransaction(db, (unit) => add(unit, 'c'));
    assert.equal(await targets(), 'c');
  });
});

const RAISE_SQL = 'UPDATE bl_targets SET failures = failures + 1 WHERE target = ?';
