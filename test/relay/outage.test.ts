import assert from 'node:assert/strict';
import type { Knex } from 'knex';
import { connect } from '../../connector/db/connect.ts';
import { allTargetHealth, changeHealth, resumeTarget, targetHealth } from '../../connector/storage/target-health.ts';
import type { Delivery, Outcome } from '../../connector/contracts/target.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { aClock, allAre, aRelay, aShop, aTarget, makeDue, NOW, rowsOf, stopRelays, until, yes } from './a-relay.ts';

const down: Outcome = { kind: 'retry', reason: 'HTTP 503' };

describe('a remote system in trouble', () => {
  let other: Knex;
  beforeEach(emptyTables);
  before(() => {
    other = connect(testDatabase().url, { poolSize: 2 });
  });
  afterEach(stopRelays);
  after(() => other.destroy());

  it('delays no other remote system, however many days it is down, and is told everything when it is back', async () => {
    const clock = aClock();
    const ids = Array.from({ length: 30 }, (_, n) => String(n + 1));
    let isDown = true;
    const sick = aTarget({ name: 'sick', answer: (delivery) => (isDown ? down : yes(delivery)) });
    const well = aTarget({ name: 'well' });
    const relay = aRelay([sick, well], { readOrders: aShop(...ids).read, now: clock.now });
    for (const [day, id] of ids.slice(0, 10).entries()) {
      await makeDue([id], clock.now(), ['sick', 'well']);
      relay.wake();
      await until(() => well.told.length === day + 1, `day ${day}: the healthy party`);
      await until(() => sick.told.length > day, `day ${day}: the sick party was tried`);
      clock.pass(86_400);
    }
    assert.equal((await targetHealth(other, 'sick')).reason, 'HTTP 503');
    isDown = false;
    // A try that was under way until now is put off from now on: time goes on.
    const told = (): Promise<boolean> => (clock.pass(60), allAre('done', 'sick')());
    await until(told, 'the sick party is told everything');
    assert.equal((await targetHealth(other, 'sick')).openUntil, undefined);
  });

  it('is given up after so many days, with the reason, and not by the number of tries', async () => {
    const clock = aClock();
    const sick = aTarget({ answer: () => down });
    await makeDue(['1']);
    const relay = aRelay([sick], { readOrders: aShop('1').read, now: clock.now });
    for (let hours = 0; hours < 14 * 24; hours += 8) {
      const tried = sick.told.length;
      await until(() => relay.records.length > tried || sick.told.length > tried, 'another try');
      await until(allAre('due'), 'it was settled');
      assert.ok((await rowsOf('little'))[0]);
      clock.pass(8 * 3600);
    }
    await until(allAre('parked'), 'it is parked');
    assert.equal((await rowsOf('little'))[0]?.reason, 'given up after 14 days: HTTP 503');
    assert.equal(sick.told.length, 14 * 3 + 1);
  });

  it('is left alone as long as it asks for', async () => {
    const clock = aClock();
    const target = aTarget({
      answer: (delivery) =>
        delivery.attempt === 1 ? { kind: 'retry', reason: 'HTTP 429', afterMs: 600_000 } : yes(delivery),
    });
    await makeDue(['1']);
    const relay = aRelay([target], { readOrders: aShop('1').read, now: clock.now });
    await until(() => relay.records.length === 1, 'the first try');
    await until(allAre('due'), 'it was settled');
    clock.pass(599);
    await rounds(relay);
    assert.equal(target.told.length, 1);
    clock.pass(60);
    await until(allAre('done'), 'the second try');
  });

  it('rests for every process, is tried with one call, and is well for every process when that gets through', async () => {
    const clock = aClock();
    let isDown = true;
    let calls = 0;
    let max = 0;
    const target = () =>
      aTarget({
        concurrency: 2,
        async answer(delivery) {
          calls += 1;
          max = Math.max(max, calls);
          await new Promise((resolve) => setImmediate(resolve));
          calls -= 1;
          return isDown ? down : yes(delivery);
        },
      });
    const ids = Array.from({ length: 40 }, (_, n) => String(n + 1));
    const parts = { readOrders: aShop(...ids).read, now: clock.now };
    const [one, two] = [target(), target()];
    const told = (): number => one.told.length + two.told.length;
    await makeDue(ids);
    const relays = [aRelay([one], parts), aRelay([two], { ...parts, db: other })];
    await until(async () => (await targetHealth(other, 'little')).openUntil !== undefined, 'the breaker opens');
    await until(async () => (await rowsOf('little')).every(({ state }) => state === 'due'), 'nothing is under way');
    const before = told();
    assert.ok(before >= 5 && before <= 5 + 2 * 4, `${before} calls`);
    const untouched = (await rowsOf('little')).filter(({ attempts }) => attempts === 0);
    assert.equal(untouched.length, 40 - before, 'an open breaker costs no tries');
    await Promise.all(relays.map(rounds));
    assert.equal(told(), before);

    // Half-open: one call of both processes together, which fails and opens it again.
    max = 0;
    clock.pass(200);
    await until(() => told() === before + 1, 'one call');
    await until(async () => (await rowsOf('little')).every(({ state }) => state === 'due'), 'nothing is under way');
    await Promise.all(relays.map(rounds));
    assert.deepEqual([told(), max], [before + 1, 1]);
    assert.ok(((await targetHealth(other, 'little')).openUntil?.getTime() ?? 0) > clock.now().getTime());

    isDown = false;
    clock.pass(3600);
    await until(allAre('done'), 'everything is delivered');
    assert.deepEqual(await targetHealth(other, 'little'), { failures: 0, openUntil: undefined, reason: '' });
    assert.ok(one.told.length > 0 && two.told.length > 0);
  });

  it('with a key that is not valid rests at once, costs the orders nothing, and goes on when the operator says so', async () => {
    const clock = aClock();
    let isValid = false;
    const target = aTarget({
      concurrency: 1,
      answer: (delivery) => (isValid ? yes(delivery) : { kind: 'halted', reason: 'the key is not valid' }),
    });
    await makeDue(['1', '2', '3']);
    const relay = aRelay([target], { readOrders: aShop('1', '2', '3').read, now: clock.now });
    await until(() => relay.records.length === 1, 'the first call');
    await until(allAre('due'), 'it was settled');
    await rounds(relay);
    assert.equal(target.told.length, 1);
    assert.deepEqual(
      (await rowsOf('little')).map(({ attempts }) => attempts),
      [0, 0, 0],
    );
    assert.equal((await allTargetHealth(other)).get('little')?.reason, 'the key is not valid');

    isValid = true;
    assert.equal(await resumeTarget(other, 'little', clock.now()), true);
    assert.equal(await resumeTarget(other, 'little', clock.now()), false);
    await until(allAre('done'), 'everything is delivered');
    assert.deepEqual(await targetHealth(other, 'little'), { failures: 0, openUntil: undefined, reason: '' });
  });

  describe('after its rest', () => {
    const three = ['1', '2', '3'];

    /** A remote system that was down for five calls in a row, a moment before its rest ends. */
    async function rested(answer: (delivery: Delivery, isBack: boolean) => Outcome | Promise<Outcome>) {
      const clock = aClock();
      let isBack = false;
      const target = aTarget({ concurrency: 1, answer: (delivery) => answer(delivery, isBack) });
      const relay = aRelay([target], { readOrders: aShop(...three).read, now: clock.now });
      await makeDue(['1']);
      for (let calls = 1; calls <= 5; calls += 1) {
        await until(() => relay.records.length === calls, `call ${calls}`);
        await until(allAre('due'), 'it was settled');
        if (calls < 5) clock.pass(3600);
      }
      const { openUntil } = await targetHealth(other, 'little');
      assert.ok(openUntil && openUntil.getTime() - clock.now().getTime() <= 5000, 'the first rest is one of seconds');
      isBack = true;
      return { clock, target, relay };
    }

    it('is not held responsible for the order that is tried: one that must wait ends the rest', async () => {
      const { clock, relay } = await rested((delivery, isBack) => {
        if (!isBack) return down;
        return delivery.order.id === '1' ? { kind: 'retry', reason: 'not found yet', remote: 'well' } : yes(delivery);
      });
      await makeDue(['2', '3'], new Date(clock.now().getTime() + 3_600_000));
      clock.pass(3600);
      await until(() => relay.records.length === 8, 'each order was tried');
      await until(async () => (await rowsOf('little')).filter(({ state }) => state === 'done').length === 2, 'settled');
      assert.deepEqual(await targetHealth(other, 'little'), { failures: 0, openUntil: undefined, reason: '' });
    });

    it('is tried with the next order at once when the first fails by our own fault, and rests no longer for it', async () => {
      const { clock, relay } = await rested((delivery, isBack) => {
        if (!isBack) return down;
        if (delivery.order.id === '1') throw new Error('a mistake in the mapping');
        return yes(delivery);
      });
      await makeDue(['2', '3'], new Date(clock.now().getTime() + 3_600_000));
      clock.pass(3600);
      await until(() => relay.records.length === 8, 'each order was tried');
      await until(async () => (await rowsOf('little')).filter(({ state }) => state === 'done').length === 2, 'settled');
      assert.deepEqual(await targetHealth(other, 'little'), { failures: 0, openUntil: undefined, reason: '' });
    });

    it('is not taken for well because of an order for which it was not asked', async () => {
      const { clock, relay } = await rested((delivery, isBack) =>
        isBack && delivery.order.id === '2' ? { kind: 'refused', reason: 'no house number', remote: 'unheard' } : down,
      );
      await makeDue(['2'], new Date(clock.now().getTime() - 3_600_000));
      clock.pass(5);
      await until(() => relay.records.some(({ result }) => result === 'refused'), 'the order that needs no call');
      await rounds(relay);
      const { failures, openUntil } = await targetHealth(other, 'little');
      assert.equal(failures, 5);
      assert.ok(openUntil);
    });

    it('is tried with another order than the one that failed last, where there is one', async () => {
      const clock = aClock();
      const inSeconds = (seconds: number): Date => new Date(clock.now().getTime() + seconds * 1000);
      const target = aTarget({ concurrency: 1, answer: (one) => (one.order.id === '1' ? down : yes(one)) });
      await changeHealth(other, 'little', NOW, () => ({ failures: 10, openUntil: inSeconds(1), reason: 'HTTP 503' }));
      await makeDue(['1']);
      const relay = aRelay([target], { readOrders: aShop(...three).read, now: clock.now });
      clock.pass(2);
      await until(() => relay.records.length === 1, 'the first trial');
      await until(allAre('due'), 'it was settled');
      // It wants to come again after some seconds, which is before the rest ends.
      await makeDue(['2', '3'], inSeconds(60));
      clock.pass(3600);
      await until(() => relay.records.length >= 3, 'the others');
      assert.deepEqual(
        target.told.slice(0, 3).map(([id]) => id),
        ['1', '2', '3'],
      );
    });
  });

  it('does not use up its one call on an order that needs none', async () => {
    const clock = aClock();
    const target = aTarget({
      wants: ({ order }) => order.id !== '2',
      answer: (delivery) => (clock.now() > NOW ? yes(delivery) : { kind: 'halted', reason: 'key' }),
    });
    await makeDue(['1']);
    const relay = aRelay([target], { readOrders: aShop('1', '2').read, now: clock.now });
    await until(() => relay.records.length === 1, 'the first call');
    await until(allAre('due'), 'it was settled');
    await testDatabase()
      .db('bl_outbox')
      .update({ due_at: new Date(NOW.getTime() + 1_000_000) });
    await makeDue(['2']);
    clock.pass(2000);
    await until(allAre('done'), 'everything is delivered');
    assert.deepEqual(
      target.told.map(([id]) => id),
      ['1', '1'],
    );
  });
});

/** Gives a relay time for some looks: it is woken, and the database has answered others in between. */
async function rounds(relay: { wake(): void }): Promise<void> {
  for (let n = 0; n < 10; n += 1) {
    relay.wake();
    await testDatabase().db.raw('SELECT 1');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
