import assert from 'node:assert/strict';
import type { Delivery, Outcome } from '../../connector/contracts/target.ts';
import { connect } from '../../connector/db/connect.ts';
import { releaseExpired } from '../../connector/storage/outbox-leases.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { startFaultyProxy } from '../../simulators/faulty-proxy.ts';
import {
  aClock,
  aGate,
  allAre,
  aRelay,
  aShop,
  aTarget,
  makeDue,
  NOW,
  rowsOf,
  stopRelays,
  until,
  yes,
} from './a-relay.ts';

describe('the relay', () => {
  beforeEach(emptyTables);
  afterEach(stopRelays);

  it('tells the remote system of each due order, and writes down what it answered', async () => {
    const target = aTarget({ batchSize: 3 });
    const shop = aShop('1', '2', '3', '4', '5');
    await makeDue(['1', '2', '3', '4', '5']);
    const relay = aRelay([target], { readOrders: shop.read });
    await until(allAre('done'), 'everything is delivered');
    assert.deepEqual(target.told.map(([id]) => id).sort(), ['1', '2', '3', '4', '5']);
    const [row] = await rowsOf('little');
    assert.deepEqual([row?.reference, row?.deliveredAt, row?.reason], ['R-5', NOW, '']);
    assert.deepEqual(
      relay.records.map(({ orderId, result, attempt }) => [orderId, result, attempt]).sort(),
      ['1', '2', '3', '4', '5'].map((id) => [id, 'delivered', 1]),
    );
  });

  it('says in the log what went well together in one line, and what else became of an order in a line of its own', async () => {
    const answer = (delivery: Delivery): Outcome =>
      delivery.order.id === '2' ? { kind: 'refused', reason: 'no such country' } : yes(delivery);
    const shop = aShop('1', '2', '3');
    await makeDue(['1', '2', '3']);
    const relay = aRelay([aTarget({ batchSize: 3, answer })], { readOrders: shop.read });
    await until(
      async () => (await rowsOf('little')).every(({ state }) => ['done', 'parked'].includes(state)),
      'the end',
    );
    const lines = relay
      .log()
      .split('\n')
      .filter((line) => /orders? relayed/.test(line))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      lines.map(({ message, orderId, orderIds, result, detail }) => [message, orderId ?? orderIds, result, detail]),
      [
        ['order relayed', '2', 'refused', 'no such country'],
        ['orders relayed', ['1', '3'], 'delivered', undefined],
      ],
    );
  });

  it('says in the log what the remote system answered to an order that was told alone', async () => {
    await makeDue(['1']);
    const relay = aRelay([aTarget()], { readOrders: aShop('1').read });
    await until(allAre('done'), 'it is delivered');
    assert.match(relay.log(), /"message":"order relayed","target":"little","orderId":"1".*"detail":"R-1"/);
  });

  it('delivers again, with what the target left behind, when the order says something new', async () => {
    const target = aTarget();
    const shop = aShop('1');
    await makeDue(['1']);
    const relay = aRelay([target], { readOrders: shop.read });
    await until(allAre('done'), 'the first delivery');
    shop.put('1', '3');
    await makeDue(['1']);
    relay.wake();
    await until(() => target.told.length === 2, 'the second delivery');
    assert.deepEqual(
      target.deliveries.map(({ lastDigest: digest, order }) => [digest, order.statusId]),
      [
        ['', '1'],
        ['status 1', '3'],
      ],
    );
  });

  it('makes no call for an order that says nothing new, is not for the remote system, or is gone', async () => {
    const target = aTarget({ wants: ({ order }) => order.id !== '2' });
    const shop = aShop('1', '2');
    await makeDue(['1']);
    const relay = aRelay([target], { readOrders: shop.read });
    await until(allAre('done'), 'the first delivery');
    await makeDue(['1', '2', '3']);
    relay.wake();
    await until(async () => (await rowsOf('little')).length === 3 && (await allAre('done')()), 'all rows are done');
    assert.deepEqual(target.told, [['1', '1']]);
    assert.deepEqual(
      (await rowsOf('little')).map(({ reason, reference }) => [reason, reference]),
      [
        ['the order is no longer in the shop', ''],
        ['not for this party', ''],
        ['', 'R-1'],
      ],
    );
  });

  it('tells the newest state once more when the order changed while it was under way', async () => {
    const gate = aGate();
    const target = aTarget({
      async answer(delivery) {
        if (delivery.order.statusId === '1') await gate.passed;
        return yes(delivery);
      },
    });
    const shop = aShop('1');
    await makeDue(['1']);
    aRelay([target], { readOrders: shop.read });
    await until(() => target.told.length === 1, 'the call is under way');
    for (const statusId of ['2', '3']) {
      shop.put('1', statusId);
      await makeDue(['1']);
    }
    gate.open();
    await until(allAre('done'), 'everything is delivered');
    assert.deepEqual(target.told, [
      ['1', '1'],
      ['1', '3'],
    ]);
  });

  it('does not count a word that comes after the lease ran out', async () => {
    const gate = aGate();
    const clock = aClock();
    const slow = aTarget({ answer: (delivery) => gate.passed.then(() => ({ ...yes(delivery), reference: 'late' })) });
    const quick = aTarget();
    const parts = { readOrders: aShop('1').read, now: clock.now };
    await makeDue(['1']);
    const first = aRelay([slow], parts);
    await until(() => slow.told.length === 1, 'the call is under way');
    clock.pass(11);
    assert.equal(await releaseExpired(testDatabase().db, clock.now(), 10), 1);
    aRelay([quick], parts);
    await until(allAre('done'), 'the other one has delivered');
    gate.open();
    await until(() => first.log().includes('lease on a delivery was lost'), 'the late word');
    assert.equal((await rowsOf('little'))[0]?.reference, 'R-1');
  });

  it('takes a target that throws for our own fault: it says so in the log and tries again later', async () => {
    const clock = aClock();
    const target = aTarget({
      answer(delivery) {
        if (delivery.order.id === '1' && delivery.attempt === 1) throw new Error('undefined is not a parcel');
        return yes(delivery);
      },
    });
    await makeDue(['1', '2']);
    const relay = aRelay([target], { readOrders: aShop('1', '2').read, now: clock.now });
    await until(() => relay.records.length === 2, 'both were tried');
    const failed = relay.records.find(({ orderId }) => orderId === '1');
    assert.deepEqual([failed?.result, failed?.detail], ['retry', 'a fault of the connector: see its log']);
    assert.match(relay.log(), /undefined is not a parcel/);
    clock.pass(60);
    await until(allAre('done'), 'the second try');
  });

  it('takes too few outcomes, and a target that does not listen to its signal, for our own fault', async () => {
    const short = aTarget({ name: 'short', deliver: () => Promise.resolve([]) });
    const deaf = aTarget({ name: 'deaf', deliver: () => new Promise(() => undefined) });
    await makeDue(['1'], NOW, ['short', 'deaf']);
    const relay = aRelay([short, deaf], { readOrders: aShop('1').read, timing: { timeoutMs: 50 } });
    await until(() => relay.records.length === 2, 'both were tried');
    assert.deepEqual(new Set(relay.records.map(({ result }) => result)), new Set(['retry']));
    assert.match(relay.log(), /gave 0 outcomes for 1 deliveries/);
    assert.match(relay.log(), /did not end when its signal said so/);
  });

  it('is not held up by an order that cannot be read, nor by one that a target cannot judge', async () => {
    const target = aTarget({
      digest: ({ order }) => {
        if (order.id === '2') throw new Error('no memo for this');
        return `status ${order.statusId}`;
      },
      wants: ({ order }) => order.id !== '3' || order.lines[99]!.sku === '',
    });
    const shop = aShop('2', '3', '4');
    const readOrders = (ids: readonly string[]) =>
      ids.includes('1') ? Promise.reject(new Error('order 1 is broken')) : shop.read(ids);
    await makeDue(['1', '2', '3', '4']);
    await testDatabase().db('bl_outbox').where({ order_id: '2' }).update({ memo: 'status 0' });
    aRelay([target], { readOrders });
    await until(
      async () => (await rowsOf('little')).every(({ state, reason }) => state === 'done' || reason !== ''),
      'all were tried',
    );
    assert.deepEqual(target.told, [['4', '1']]);
    assert.deepEqual(
      (await rowsOf('little')).map(({ orderId, state }) => [orderId, state]),
      [
        ['4', 'done'],
        ['3', 'due'],
        ['2', 'due'],
        ['1', 'due'],
      ],
    );
  });

  it('goes on when the database comes back, and settles what was delivered meanwhile', async () => {
    const { hostname, port } = new URL(testDatabase().url);
    const proxy = await startFaultyProxy({ host: hostname, port: Number(port || 3306) });
    const url = new URL(testDatabase().url);
    url.port = String(proxy.port);
    const db = connect(url.href, { timeoutMs: 2000 });
    const gate = aGate();
    const target = aTarget({ answer: (delivery) => gate.passed.then(() => yes(delivery)) });
    await makeDue(['1']);
    const relay = aRelay([target], { db, readOrders: aShop('1', '2').read });
    try {
      await until(() => target.told.length === 1, 'the call is under way');
      proxy.refuse();
      proxy.cut();
      gate.open();
      await until(() => relay.failedRounds.length > 0, 'a round has failed');
      await until(() => relay.log().includes('could not be settled'), 'it could not be settled');
      await makeDue(['2']);
      proxy.forward();
      await until(allAre('done'), 'everything is delivered');
      assert.deepEqual(
        target.told.map(([id]) => id),
        ['1', '2'],
      );
    } finally {
      await relay.stop();
      await db.destroy();
      await proxy.close();
    }
  });

  it('keeps what tells who a buyer is out of reasons, rows and the log', async () => {
    const target = aTarget({
      answer: () => ({ kind: 'refused', reason: 'ala@example.test, tel. +48 600 100 200: not valid' }),
    });
    await makeDue(['1']);
    const relay = aRelay([target], { readOrders: aShop('1').read });
    await until(allAre('parked'), 'the order is parked');
    assert.equal((await rowsOf('little'))[0]?.reason, '[e-mail], tel. [phone]: not valid');
    assert.equal(relay.records[0]?.detail, '[e-mail], tel. [phone]: not valid');
    assert.doesNotMatch(relay.log(), /ala@|600 100/);
  });
});
