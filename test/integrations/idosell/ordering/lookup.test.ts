import assert from 'node:assert/strict';
import { decidePart, type Decision } from '../../../../connector/operator/decide-part.ts';
import type { Outcome } from '../../../../connector/contracts/target.ts';
import { emptyTables, testDatabase } from '../../../support/database.ts';
import { aSupplied, aWholesaler, type TestWholesaler } from './a-wholesaler.ts';

const reasonOf = (outcome: Outcome): string => ('reason' in outcome ? outcome.reason : '');
const DAY = 86_400;

describe('an order of which nobody knows whether the wholesaler has it', () => {
  let hurt: TestWholesaler;
  beforeEach(emptyTables);
  afterEach(() => hurt.close());

  const orders = () => hurt.simulator.shop.orders.all.map(({ reference }) => reference);
  const decide = (decision: Decision) =>
    decidePart({ db: testDatabase().db, now: hurt.clock.now }, 'hurt', 'idosell-hurt', decision);

  /** Sent, and neither answered nor, as it seems, taken. */
  async function lose(at: 'received' | 'accepted' = 'received', changes: object = {}): Promise<void> {
    hurt = await aWholesaler(changes);
    hurt.simulator.misbehave({ fault: { kind: 'drop', at }, on: 'placeOrder', times: 1 });
    assert.equal((await hurt.deliver(aSupplied())).kind, 'retry');
  }

  async function askPerson(): Promise<Outcome> {
    for (let time = 0; time < 10; time += 1) {
      const outcome = await hurt.deliver(aSupplied());
      if (outcome.kind !== 'retry') return outcome;
      hurt.clock.pass(200);
    }
    throw new Error('nobody was asked');
  }

  it('is for a person when the wholesaler refuses to tell of orders', async () => {
    await lose();
    hurt.simulator.misbehave({ fault: { kind: 'soap-fault', by: 'client' }, on: 'getOrderStatuses' });
    const outcome = await askPerson();
    assert.equal(outcome.kind, 'refused');
    assert.match(reasonOf(outcome), /connector idosell placed hurt 1001 NUMBER.*connector idosell resend hurt 1001/);
  });

  it('is found among more orders than one answer tells', async () => {
    hurt = await aWholesaler({ maxElements: 2 });
    for (const id of ['2001', '2002', '2003']) {
      assert.equal((await hurt.deliver(aSupplied({ id }))).kind, 'delivered');
      hurt.clock.pass(20);
    }
    hurt.simulator.misbehave({ fault: { kind: 'drop', at: 'accepted' }, on: 'placeOrder', times: 1 });
    assert.equal((await hurt.deliver(aSupplied())).kind, 'retry');
    assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered');
    assert.equal((await hurt.part())?.supplierOrderId, 'sklep-demo-4');
  });

  it('waits as long as the wholesaler is down', async () => {
    await lose();
    await hurt.simulator.down();
    for (let time = 0; time < 6; time += 1) assert.equal((await hurt.deliver(aSupplied())).kind, 'retry');
    assert.equal((await hurt.part())?.state, 'sending');
    await hurt.simulator.up();
  });

  it('can be decided by a person once it has lain for a day, and not while it may be under way', async () => {
    await lose();
    const resend = { kind: 'resend', orderId: '1001' } as const;
    assert.deepEqual(await decide(resend), {
      isDone: false,
      sentence: 'Order 1001 is sending at hurt: that is nothing to decide.',
    });
    hurt.clock.pass(DAY);
    assert.equal((await decide(resend)).isDone, true);
  });

  it('is sent anew under another name when a person says so', async () => {
    await lose();
    await askPerson();
    assert.equal(
      (await decide({ kind: 'resend', orderId: '1001' })).sentence,
      'Order 1001 is sent to hurt again, as 1001/A-2.',
    );
    assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered');
    assert.deepEqual(orders(), ['1001/A-2']);
  });

  it('keeps its own number in every name', async () => {
    await lose('received', { referenceTemplate: '{part}-{id}' });
    const names = [(await hurt.part())?.reference];
    for (let time = 0; time < 2; time += 1) {
      await askPerson();
      await decide({ kind: 'resend', orderId: '1001' });
      hurt.simulator.misbehave({ fault: { kind: 'drop', at: 'received' }, on: 'placeOrder', times: 1 });
      await hurt.deliver(aSupplied());
      names.push((await hurt.part())?.reference);
    }
    assert.deepEqual(names, ['A-1001', 'A-1001-2', 'A-1001-3']);
    assert.deepEqual(orders(), []);
  });

  it('is not sent anew when it has come there meanwhile', async () => {
    hurt = await aWholesaler();
    hurt.simulator.misbehave({ fault: { kind: 'drop', at: 'accepted' }, on: 'placeOrder', times: 1 });
    hurt.simulator.misbehave({ fault: { kind: 'house', fault: 'empty' }, on: 'getOrderStatuses', times: 3 });
    await askPerson();
    await decide({ kind: 'resend', orderId: '1001' });
    assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered');
    assert.deepEqual(orders(), ['1001/A']);
    const part = await hurt.part();
    assert.deepEqual([part?.attempt, part?.state, part?.supplierOrderId], [2, 'submitted', 'sklep-demo-1']);
  });

  it('is what the person says it is there', async () => {
    await lose('accepted');
    hurt.simulator.misbehave({ fault: { kind: 'house', fault: 'empty' }, on: 'getOrderStatuses', times: 3 });
    await askPerson();
    for (const [number, id, serial] of [
      ['40212', '', '40212'],
      ['sklep-demo-1', 'sklep-demo-1', ''],
    ] as const) {
      assert.equal((await decide({ kind: 'placed', orderId: '1001', number })).isDone, true);
      const part = await hurt.part();
      assert.deepEqual([part?.state, part?.supplierOrderId, part?.supplierSerial], ['submitted', id, serial]);
    }
    assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered');
    assert.equal((await decide({ kind: 'resend', orderId: '1001' })).isDone, false);
    assert.deepEqual(orders(), ['1001/A']);
  });

  it('of which the wholesaler has been heard is as it says, whatever a person says then', async () => {
    hurt = await aWholesaler();
    await hurt.deliver(aSupplied());
    assert.equal((await decide({ kind: 'placed', orderId: '1001', number: '7' })).isDone, false);
  });

  it('lets the next order wait whose lines would come into its basket, and is asked about in the log', async () => {
    await lose();
    const next = aSupplied({ id: '1002' });
    const first = /^the basket holds the lines of order 1001, which comes first$/;
    assert.match(reasonOf(await hurt.deliver(next)), first);
    assert.equal((await askPerson()).kind, 'refused');
    assert.match(
      hurt.log(),
      /"level":"warn","message":"a wholesaler’s order needs a person","source":"idosell-hurt","orderId":"1001"/,
    );
    const halted = await hurt.deliver(next);
    assert.equal(halted.kind, 'halted');
    assert.match(reasonOf(halted), /holds the lines of order 1001, of which it is not known whether it was ordered/);
    await decide({ kind: 'resend', orderId: '1001' });
    const again = await hurt.deliver(next);
    assert.deepEqual([again.kind, first.test(reasonOf(again))], ['retry', true], JSON.stringify(again));
    assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered');
    assert.equal((await hurt.deliver(next)).kind, 'delivered');
    assert.deepEqual(orders(), ['1001/A-2', '1002/A']);
  });

  it('that was cancelled in the shop is not sent anew', async () => {
    await lose();
    await askPerson();
    await decide({ kind: 'resend', orderId: '1001' });
    const cancelled = { ...aSupplied(), status: { id: '5', name: 'Anulowane', meaning: 'cancelled' as const } };
    assert.equal((await hurt.deliver(cancelled)).kind, 'delivered');
    assert.deepEqual(orders(), []);
  });
});
