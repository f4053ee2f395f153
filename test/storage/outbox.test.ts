import assert from 'node:assert/strict';
import { deleteOldCallRows, insertCallRows, listCalls, type CallRow } from '../../connector/storage/call-log.ts';
import { claim, enqueue, lockDue, settle, settleAll, type Settlement } from '../../connector/storage/outbox.ts';
import { backlogs, listOutbox, deadLetter, retryNow } from '../../connector/storage/outbox-admin.ts';
import { deleteDelivered } from '../../connector/storage/outbox-digests.ts';
import { releaseLease, releaseExpired, releaseLeases } from '../../connector/storage/outbox-leases.ts';
import { inTransaction } from '../../connector/db/transaction.ts';
import { emptyTables, testDatabase } from '../support/database.ts';

const NOW = new Date('2027-01-04T09:00:00Z');
const at = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
const TARGET = 'little';

function makeDue(orderIds: readonly string[], when = NOW, targets: readonly string[] = [TARGET]): Promise<void> {
  return inTransaction(testDatabase().db, async (unit) => {
    for (const id of orderIds) await enqueue(unit, targets, id, when);
  });
}

const claimFor = (owner: string, { now = NOW, limit = 10, target = TARGET } = {}) =>
  claim(testDatabase().db, { target, owner, now, until: new Date(now.getTime() + 60_000), limit });

async function rowOf(orderId: string, target = TARGET) {
  const [row] = await listOutbox(testDatabase().db, { target, orderId, limit: 1 });
  assert.ok(row);
  return row;
}

async function oneLease(owner = 'one', now = NOW) {
  const [lease] = await claimFor(owner, { now, limit: 1 });
  assert.ok(lease);
  return lease;
}

const tenOrders = Array.from({ length: 10 }, (_, n) => String(n + 1));
const done = { state: 'done', reason: '', delivered: { reference: 'R-1', digest: 'memo-1' } } as const;

describe('the outbox', () => {
  beforeEach(emptyTables);

  it('shares due rows between two sessions whose claims are open at the same time', async () => {
    const { db } = testDatabase();
    await makeDue(tenOrders);
    await inTransaction(db, async (one) => {
      const first = await lockDue(one, TARGET, NOW, 4);
      await inTransaction(db, async (other) => {
        const second = await lockDue(other, TARGET, NOW, 4);
        const ids = [...first, ...second].map(([, orderId]) => orderId);
        assert.deepEqual(ids, tenOrders.slice(0, 8));
      });
    });
  });

  it('takes a new order while a claim is open, without waiting', async () => {
    const { db } = testDatabase();
    await makeDue(tenOrders);
    await inTransaction(db, async (one) => {
      await lockDue(one, TARGET, NOW, 100);
      await inTransaction(db, async (unit) => {
        await unit.raw('SET SESSION innodb_lock_wait_timeout = 1');
        try {
          await enqueue(unit, [TARGET], '5000', NOW);
          await enqueue(unit, [TARGET], '0', NOW);
        } finally {
          await unit.raw('SET SESSION innodb_lock_wait_timeout = 10');
        }
      });
    });
    assert.equal((await claimFor('one', { limit: 100 })).length, 12);
  });

  it('is not claimed ahead of time, nor for another target', async () => {
    await makeDue(['1'], at(10));
    assert.deepEqual(await claimFor('one'), []);
    assert.deepEqual(await claimFor('one', { now: at(11), target: 'other' }), []);
    assert.equal((await claimFor('one', { now: at(11) })).length, 1);
    assert.deepEqual(await claimFor('two', { now: at(11) }), []);
  });

  it('has one row for an order and target, which waits since the first change', async () => {
    await makeDue(['1'], NOW, ['b', 'a']);
    await makeDue(['1'], at(5), ['a', 'b']);
    const rows = await listOutbox(testDatabase().db, { orderId: '1', limit: 10 });
    assert.deepEqual(
      rows.map(({ target, dueAt, dueSince }) => [target, dueAt, dueSince]),
      [
        ['b', at(5), NOW],
        ['a', at(5), NOW],
      ],
    );
  });

  it('forgets an order that is rolled back with its use case', async () => {
    const story = inTransaction(testDatabase().db, async (unit) => {
      await enqueue(unit, [TARGET], '1', NOW);
      throw new Error('the story failed');
    });
    await assert.rejects(story, /story failed/);
    assert.deepEqual(await listOutbox(testDatabase().db, { limit: 10 }), []);
  });

  it('writes down what was delivered', async () => {
    await makeDue(['1']);
    const lease = await oneLease();
    assert.deepEqual([lease.attempt, lease.digest, lease.dueSince], [1, '', NOW]);
    assert.equal(await settle(testDatabase().db, lease, done, at(2)), true);
    const row = await rowOf('1');
    assert.deepEqual([row.state, row.reference, row.deliveredAt], ['done', 'R-1', at(2)]);
    await makeDue(['1'], at(10));
    const again = await oneLease('one', at(10));
    assert.deepEqual([again.attempt, again.digest, again.dueSince], [1, 'memo-1', at(10)]);
  });

  for (const settlement of [done, { state: 'parked', reason: 'no' } as const]) {
    it(`is due again when the order changed before it was ${settlement.state}`, async () => {
      await makeDue(['1']);
      const lease = await oneLease();
      await makeDue(['1'], at(1));
      assert.deepEqual(await claimFor('two', { now: at(1) }), [], 'it is still leased');
      assert.equal(await settle(testDatabase().db, lease, settlement, at(2)), true);
      const row = await rowOf('1');
      assert.deepEqual([row.state, row.dueAt, row.dueSince, row.attempts], ['due', at(2), at(2), 0]);
      const again = await oneLease('two', at(2));
      assert.equal(again.digest, settlement.state === 'done' ? 'memo-1' : '');
      assert.equal(await settle(testDatabase().db, again, done, at(3)), true);
      assert.equal((await rowOf('1')).state, 'done');
    });
  }

  it('keeps the wait that the remote system asked for, also when the order changed meanwhile', async () => {
    await makeDue(['1']);
    const lease = await oneLease();
    await makeDue(['1'], at(1));
    await settle(testDatabase().db, lease, { state: 'due', dueAt: at(60), attempts: 1, reason: 'HTTP 429' }, at(2));
    const row = await rowOf('1');
    assert.deepEqual([row.state, row.dueAt, row.dueSince, row.reason], ['due', at(60), NOW, 'HTTP 429']);
  });

  it('does not listen to a late word: the lease ran out, and somebody else has it, or has had it', async () => {
    const { db } = testDatabase();
    await makeDue(['1']);
    const late = await oneLease('one');
    assert.equal(await releaseExpired(db, at(59), 10), 0);
    assert.equal(await releaseExpired(db, at(60), 10), 1);
    assert.equal(await settle(db, late, done, at(61)), false);
    // The same owner, in a later lease: still not this one.
    const again = await oneLease('one', at(62));
    assert.equal(again.attempt, 2);
    assert.equal(await settle(db, late, done, at(63)), false);
    assert.equal(await settle(db, again, { state: 'done', reason: '' }, at(64)), true);
    assert.equal(await settle(db, late, done, at(65)), false);
    assert.deepEqual([(await rowOf('1')).state, (await rowOf('1')).reference], ['done', '']);
  });

  it('settles the rest of a batch of which one lease was lost, and names that one', async () => {
    const { db } = testDatabase();
    await makeDue(['1', '2', '3', '4']);
    const leases = await claimFor('one');
    await db('bl_outbox')
      .where({ order_id: '2' })
      .update({ leased_until: at(1) });
    await releaseExpired(db, at(1), 10);
    await claimFor('two', { now: at(100) });
    const settlements: readonly Settlement[] = [
      { state: 'done', reason: '', delivered: { reference: 'R-1', digest: 'told' } },
      { state: 'done', reason: '', delivered: { reference: 'R-2', digest: 'late' } },
      { state: 'due', dueAt: at(60), attempts: 1, reason: 'HTTP 503 „później” 😀' },
      { state: 'parked', reason: 'no "such" product' },
    ];
    const settled = leases.map((lease, n) => ({ lease, settlement: settlements[n]! }));
    const lost = await settleAll(db, settled, at(3));
    assert.deepEqual(
      lost.map(({ orderId }) => orderId),
      ['2'],
    );
    const rows = await db('bl_outbox').orderBy('id').select<object[]>('state', 'reference', 'memo', 'reason', 'unsure');
    assert.deepEqual(rows, [
      { state: 'done', reference: 'R-1', memo: 'told', reason: '', unsure: 0 },
      {
        state: 'leased',
        reference: '',
        memo: '',
        reason: 'the lease ran out before anything was heard of it',
        unsure: 1,
      },
      { state: 'due', reference: '', memo: '', reason: 'HTTP 503 „później” 😀', unsure: 1 },
      { state: 'parked', reference: '', memo: '', reason: 'no "such" product', unsure: 0 },
    ]);
    assert.deepEqual([(await rowOf('3')).dueAt, (await rowOf('3')).attempts], [at(60), 1]);
  });

  it('gets back a lease that a clock took which was days ahead', async () => {
    await makeDue(['1']);
    await claimFor('one', { now: at(2 * 86_400) });
    assert.equal(await releaseExpired(testDatabase().db, at(1), 10), 1);
    assert.equal((await rowOf('1')).state, 'due');
    await claimFor('one', { now: at(1) });
    assert.equal(await releaseExpired(testDatabase().db, at(2), 10), 0);
  });

  it('lets what killed its process again and again wait longer', async () => {
    const { db } = testDatabase();
    await makeDue(['1']);
    let now = 0;
    const waits: number[] = [];
    for (let deaths = 0; deaths < 4; deaths += 1) {
      await oneLease(`run-${deaths}`, at(now));
      now += 60;
      await releaseExpired(db, at(now), 10);
      const waitsUntil = (await rowOf('1')).dueAt.getTime() - NOW.getTime();
      waits.push(waitsUntil / 1000 - now);
      now = waitsUntil / 1000;
    }
    assert.deepEqual(waits, [0, 60, 120, 180]);
  });

  it('gets back what was leased and not begun, for nothing, and what was begun, for a try', async () => {
    const { db } = testDatabase();
    await makeDue(['1', '2', '3']);
    const lease = await oneLease();
    await releaseLease(db, lease);
    assert.deepEqual([(await rowOf('1')).state, (await rowOf('1')).attempts], ['due', 0]);
    await claimFor('one', { limit: 2 });
    await claimFor('two');
    assert.equal(await releaseLeases(db, 'one', at(1)), 2);
    const rows = await listOutbox(db, { limit: 10 });
    assert.deepEqual(
      rows.map(({ orderId, state, attempts }) => [orderId, state, attempts]),
      [
        ['3', 'leased', 1],
        ['2', 'due', 1],
        ['1', 'due', 1],
      ],
    );
  });

  it('parks and retries by hand, and begins the wait anew', async () => {
    const { db } = testDatabase();
    await makeDue(['1', '2'], NOW, ['a', 'b']);
    assert.equal(await deadLetter(db, { target: 'a', orderId: '1' }, 'a test order'), true);
    assert.equal(await deadLetter(db, { target: 'a', orderId: '1' }, 'again'), false);
    assert.deepEqual(
      (await listOutbox(db, { state: 'parked', limit: 9 })).map(({ target, orderId, reason }) => [
        target,
        orderId,
        reason,
      ]),
      [['a', '1', 'a test order']],
    );
    assert.equal(await retryNow(db, { target: 'a', orderId: '1' }, at(9)), 1);
    const row = await rowOf('1', 'a');
    assert.deepEqual([row.state, row.dueAt, row.dueSince], ['due', at(9), at(9)]);
    assert.equal(await retryNow(db, { target: 'b' }, at(9)), 2);
  });

  it('makes a parked order due again when it changes', async () => {
    await makeDue(['1']);
    await settle(testDatabase().db, await oneLease(), { state: 'parked', reason: 'no such product' }, at(1));
    await makeDue(['1'], at(100));
    const row = await rowOf('1');
    assert.deepEqual([row.state, row.dueAt, row.dueSince, row.attempts], ['due', at(100), at(100), 0]);
  });

  it('counts what is not delivered, and how long the oldest waits', async () => {
    const { db } = testDatabase();
    assert.deepEqual(await backlogs(db), []);
    await makeDue(['1', '2', '3'], NOW, ['a', 'b']);
    await makeDue(['2'], at(30), ['a', 'b']);
    const [lease] = await claimFor('one', { target: 'a', limit: 1 });
    assert.ok(lease);
    await deadLetter(db, { target: 'b', orderId: '1' }, 'no');
    assert.deepEqual(await backlogs(db), [
      { target: 'a', due: 2, leased: 1, parked: 0, oldest: NOW },
      { target: 'b', due: 2, leased: 0, parked: 1, oldest: NOW },
    ]);
  });

  it('forgets what was delivered long ago, and nothing else', async () => {
    const { db } = testDatabase();
    await makeDue(['1', '2', '3', '4']);
    for (const lease of await claimFor('one', { limit: 3 })) await settle(db, lease, done, at(1));
    await makeDue(['2'], at(1000));
    const [lease] = await claimFor('one', { now: at(1000), limit: 1 });
    assert.ok(lease);
    assert.equal(lease.orderId, '4');
    assert.equal(await deleteDelivered(db, at(500), 1), 1);
    assert.equal(await deleteDelivered(db, at(500), 10), 1);
    assert.deepEqual(
      (await listOutbox(db, { limit: 10 })).map(({ orderId, state }) => [orderId, state]),
      [
        ['4', 'leased'],
        ['2', 'due'],
      ],
    );
  });
});

describe('the rows of calls', () => {
  beforeEach(emptyTables);
  const call = (changes: Partial<CallRow>): CallRow => ({
    at: NOW,
    kind: 'call',
    name: 'ProductsList',
    result: 'ok',
    detail: '',
    bytes: 1234,
    ms: 5.4,
    requestId: 'b7f0a4de-2f86-4d0e-9c5b-0a5c0f6f3f11',
    ...changes,
  });

  it('are found by kind, name and order, the newest first', async () => {
    const { db } = testDatabase();
    await insertCallRows(db, [call({}), call({ name: 'OrderAdd', result: 'db_query' })]);
    await insertCallRows(db, [
      call({ kind: 'delivery', name: 'little', orderId: '17', result: 'retry', detail: 'x'.repeat(900) }),
    ]);
    await insertCallRows(db, []);
    const all = await listCalls(db, { limit: 10 });
    assert.deepEqual(
      all.map(({ name }) => name),
      ['little', 'OrderAdd', 'ProductsList'],
    );
    const [delivery] = await listCalls(db, { kind: 'delivery', orderId: '17', limit: 10 });
    assert.equal(delivery?.detail.length, 500);
    const [second] = await listCalls(db, { kind: 'call', before: delivery.id, limit: 1 });
    assert.deepEqual([second?.name, second?.result, second?.ms, second?.bytes], ['OrderAdd', 'db_query', 5, 1234]);
  });

  it('are deleted when they are old, a few at a time', async () => {
    const { db } = testDatabase();
    await insertCallRows(
      db,
      [1, 2, 3, 400].map((second) => call({ at: at(second) })),
    );
    assert.deepEqual([await deleteOldCallRows(db, at(100), 2), await deleteOldCallRows(db, at(100), 2)], [2, 1]);
    assert.equal((await listCalls(db, { limit: 10 })).length, 1);
  });
});
