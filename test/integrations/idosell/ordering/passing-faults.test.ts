import assert from 'node:assert/strict';
import { targetHealth } from '../../../../connector/storage/target-health.ts';
import { FAILURES_TO_OPEN } from '../../../../connector/relay/breaker.ts';
import { emptyTables, testDatabase } from '../../../support/database.ts';
import { aRelay, makeDue, rowsOf, stopRelays, until } from '../../../relay/a-relay.ts';
import { aSupplied, aWholesaler, type TestWholesaler } from './a-wholesaler.ts';

const TARGET = 'idosell-hurt';
const ids = (from: number, count: number) => Array.from({ length: count }, (_, n) => String(from + n));

describe('a wholesaler with passing faults', () => {
  let hurt: TestWholesaler;
  beforeEach(emptyTables);
  afterEach(async () => {
    await stopRelays();
    await hurt.close();
  });

  const placed = () => hurt.simulator.shop.orders.all.map(({ reference }) => reference);
  const health = () => targetHealth(testDatabase().db, TARGET);
  const relayed = () =>
    aRelay([hurt.target], {
      now: hurt.clock.now,
      readOrders: (wanted) => Promise.resolve(wanted.map((id) => aSupplied({ id }))),
    });

  it('is well while one answer is lost: neither the search for that order nor those that wait for it make it rest', async () => {
    hurt = await aWholesaler();
    hurt.simulator.misbehave({ fault: { kind: 'drop', at: 'received' }, on: 'placeOrder', times: 1 });
    await makeDue(['1'], hurt.clock.now(), [TARGET]);
    const relay = relayed();
    await until(() => relay.records.length === 1, 'the answer that was lost');
    hurt.clock.pass(1);
    await makeDue(ids(2, FAILURES_TO_OPEN + 2), hurt.clock.now(), [TARGET]);
    await until(() => relay.records.length === 1 + FAILURES_TO_OPEN + 2, 'all the others wait');
    hurt.clock.pass(240);
    await until(
      () => relay.records.some(({ orderId, attempt }) => orderId === '1' && attempt === 2),
      'it is looked for',
    );
    await until(async () => (await rowsOf(TARGET)).every(({ state }) => state !== 'leased'), 'it was settled');
    assert.doesNotMatch(relay.log(), /target rests/);
    assert.deepEqual(await health(), { failures: 0, openUntil: undefined, reason: '' });
  });

  it('that meet five orders in a row rests for seconds, and then takes the next order', async () => {
    hurt = await aWholesaler();
    const fault = { kind: 'soap-fault', by: 'server' } as const;
    hurt.simulator.misbehave({ fault, on: 'checkAvailability', times: FAILURES_TO_OPEN });
    await makeDue(ids(1, FAILURES_TO_OPEN), hurt.clock.now(), [TARGET]);
    const relay = relayed();
    await until(async () => (await health()).openUntil !== undefined, 'it rests');
    await makeDue(['9'], hurt.clock.now(), [TARGET]);
    hurt.clock.pass(5);
    await until(
      () => relay.records.some(({ orderId, result }) => orderId === '9' && result === 'delivered'),
      'the next',
    );
    hurt.clock.pass(30);
    await until(() => placed().length === FAILURES_TO_OPEN + 1, 'all of them');
    await until(async () => (await rowsOf(TARGET)).every(({ state }) => state === 'done'), 'all are settled');
    assert.deepEqual(await health(), { failures: 0, openUntil: undefined, reason: '' });
  });
});
