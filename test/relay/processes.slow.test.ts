import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { connect } from '../../connector/db/connect.ts';
import { enqueue } from '../../connector/storage/outbox.ts';
import { releaseExpired } from '../../connector/storage/outbox-leases.ts';
import { inTransaction } from '../../connector/db/transaction.ts';
import type { Delivery } from '../../connector/contracts/target.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { startStubServer } from '../support/stub-server.ts';
import { aGate, allAre, aRelay, aShop, aTarget, makeDue, NOW, rowsOf, stopRelays, until, yes } from './a-relay.ts';

const WORKERS = 8;
/** About so many, of which some become one when an order changes before it was told. docs/operating.md names the long run. */
const DELIVERIES = Number(process.env['TEST_DELIVERIES'] ?? 3000);
/** At each of two targets: once when it is new, and again when it changes. */
const MEANWHILE = Math.ceil((DELIVERIES * 2) / 15);
const AT_FIRST = Math.ceil(DELIVERIES / 2 - 2 * MEANWHILE);
const ORDERS = AT_FIRST + MEANWHILE;
const TIMEOUT_MS = 30_000 + 15 * DELIVERIES;

describe('several relays over one database', () => {
  const pools: Knex[] = [];
  beforeEach(emptyTables);
  afterEach(async () => {
    await stopRelays();
    await Promise.all(pools.splice(0).map((db) => db.destroy()));
  });

  function pool(size: number): Knex {
    const db = connect(testDatabase().url, { poolSize: size });
    pools.push(db);
    return db;
  }

  it('deliver everything, no order twice and none twice at a time, while orders go on changing', async function () {
    this.timeout(2 * TIMEOUT_MS);
    const ids = Array.from({ length: ORDERS }, (_, n) => String(n + 1));
    const shop = aShop(...ids);
    const underWay = new Set<string>();
    const faults: string[] = [];
    const times = new Map<string, string[]>();
    const counted = (name: string) =>
      async function answer(delivery: Delivery) {
        const key = `${name} ${delivery.order.id}`;
        if (underWay.has(key)) faults.push(`${key} twice at a time`);
        underWay.add(key);
        times.set(key, [...(times.get(key) ?? []), delivery.order.statusId]);
        await new Promise((resolve) => setImmediate(resolve));
        underWay.delete(key);
        return yes(delivery);
      };
    const targets = () => [
      aTarget({ name: 'single', concurrency: 4, answer: counted('single') }),
      aTarget({ name: 'batches', batchSize: 20, concurrency: 2, answer: counted('batches') }),
    ];
    const writer = pool(1);
    const before = await deadlocks();
    await makeDue(ids.slice(0, AT_FIRST), NOW, ['single', 'batches']);
    const relays = Array.from({ length: WORKERS }, () => aRelay(targets(), { readOrders: shop.read, db: pool(2) }));
    // The shop goes on meanwhile: new orders, and orders that change, one use case each.
    for (const id of ids.slice(AT_FIRST)) {
      await inTransaction(writer, (unit) => enqueue(unit, ['single', 'batches'], id, NOW));
      const changed = String(Number(id) - AT_FIRST);
      await inTransaction(writer, async (unit) => {
        await enqueue(unit, ['single', 'batches'], changed, NOW);
        shop.put(changed, '2');
      });
    }
    await until(
      async () => (await allAre('done', 'single')()) && allAre('done', 'batches')(),
      'all is delivered',
      TIMEOUT_MS,
    );
    assert.deepEqual(faults, []);
    const deliveries = [...times.values()].flat().length;
    assert.ok(deliveries <= DELIVERIES + 10 && deliveries > (2 * DELIVERIES) / 3, String(deliveries));
    assert.equal(times.size, 2 * ORDERS);
    const wrong = [...times].filter(([key, told]) => {
      const isChanged = Number(key.split(' ')[1]) <= MEANWHILE;
      // Status 1 and then 2, or 2 alone when the change came first; the others once.
      return isChanged ? !['1,2', '2'].includes(told.join(',')) : told.join(',') !== '1';
    });
    assert.deepEqual(wrong, []);
    const complaints = relays.flatMap((relay) => relay.log().match(/^.*"level":"(error|warn)".*$/gm) ?? []);
    assert.deepEqual(complaints, []);
    assert.equal((await deadlocks()) - before, 0, 'deadlocks');
    assert.ok(
      relays.every(({ records }) => records.length > 0),
      'every relay had its share',
    );
  });

  it('deliver again what was under way when a process was killed, once its lease is over', async function () {
    this.timeout(30_000);
    const simulator = await startStubServer({ status: 200 });
    await makeDue(['1']);
    const script = join(import.meta.dirname, 'dying-relay.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, testDatabase().url, simulator.url], {
      stdio: 'inherit',
    });
    try {
      await simulator.hasReceived(1);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const target = aTarget();
      const relay = aRelay([target], { readOrders: aShop('1').read });
      relay.wake();
      assert.equal(await releaseExpired(testDatabase().db, NOW, 10), 0);
      assert.deepEqual(target.told, []);
      await testDatabase().db('bl_outbox').update({ leased_until: NOW });
      assert.equal(await releaseExpired(testDatabase().db, NOW, 10), 1);
      await until(allAre('done'), 'it is delivered again');
      assert.equal(target.deliveries[0]?.attempt, 2);
    } finally {
      child.kill('SIGKILL');
      await simulator.close();
    }
  });
});

describe('stopping the relay', () => {
  beforeEach(emptyTables);
  afterEach(stopRelays);

  it('lets what is under way finish, and begins nothing more', async () => {
    const gate = aGate();
    const target = aTarget({ concurrency: 1, answer: (delivery) => gate.passed.then(() => yes(delivery)) });
    await makeDue(['1', '2', '3']);
    const relay = aRelay([target], { readOrders: aShop('1', '2', '3').read });
    await until(() => target.told.length === 1, 'the call is under way');
    const stopped = relay.stop();
    gate.open();
    await stopped;
    assert.deepEqual(
      (await rowsOf('little')).map(({ orderId, state, attempts }) => [orderId, state, attempts]),
      [
        ['3', 'due', 0],
        ['2', 'due', 0],
        ['1', 'done', 1],
      ],
    );
  });

  it('returns the leases of what does not finish in time, and tells the target', async () => {
    const signals: AbortSignal[] = [];
    const target = aTarget({
      answer: (_delivery, signal) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
    });
    await makeDue(['1']);
    const relay = aRelay([target], { readOrders: aShop('1').read, timing: { stopMs: 50 } });
    await until(() => signals.length === 1, 'the call is under way');
    await relay.stop();
    assert.equal(signals[0]?.aborted, true);
    const [row] = await rowsOf('little');
    assert.deepEqual([row?.state, row?.dueAt, row?.reason], ['due', NOW, 'returned when the connector stopped']);
    assert.match(relay.log(), /"inTime":false.*"returned":1|"returned":1.*"inTime":false/);
  });

  it('is done at once when nothing is under way, and can be asked for twice', async () => {
    const relay = aRelay([aTarget()], { timing: { pollMs: 60_000 } });
    await Promise.all([relay.stop(), relay.stop()]);
  });
});

/** Counted by the server: those that a use case repeats by itself leave no other trace. */
async function deadlocks(): Promise<number> {
  const row = await testDatabase()
    .db('information_schema.INNODB_METRICS')
    .where({ NAME: 'lock_deadlocks' })
    .first<{ count: number | string } | undefined>({ count: 'COUNT' });
  return Number(row?.count);
}
