import assert from 'node:assert/strict';
import { createLog } from '../../../connector/lib/log.ts';
import { expertSender } from '../../../connector/integrations/expertsender/index.ts';
import type { ExpertSenderSettings } from '../../../connector/integrations/expertsender/settings.ts';
import type { Delivery, Outcome } from '../../../connector/contracts/target.ts';
import { startExpertSender, type ExpertSender } from '../../../simulators/expertsender/server.ts';
import { memoryStream } from '../../support/memory-stream.ts';
import { aDelivery, anOrder, aRelayedOrder } from '../../relay/an-order.ts';
import { aStatus, KEY, ourSettings, quickPace } from './our-settings.ts';

type Account = NonNullable<Parameters<typeof startExpertSender>[0]['account']>;

describe('orders told to a strict ExpertSender', () => {
  let simulator: ExpertSender | undefined;
  afterEach(async () => {
    const there = simulator;
    simulator = undefined;
    if (!there) return; // a test that provokes complaints has looked at them and closed it
    assert.deepEqual([there.complaints, [...there.unknownFields]], [[], []]);
    await there.close();
  });

  async function open(account: Account = {}, settings: Partial<ExpertSenderSettings> = {}) {
    const there = await startExpertSender({ apiKey: KEY, account });
    simulator = there;
    const log = createLog('debug', memoryStream());
    const now = (): Date => new Date('2027-03-04T10:00:00Z');
    const target = expertSender(ourSettings({ url: there.url, ...settings }), { now, clock: quickPace(), log });
    const deliver = (...some: Delivery[]) => target.deliver(some, AbortSignal.timeout(8000));
    return { simulator: there, target, deliver };
  }

  const kinds = (outcomes: readonly Outcome[]) =>
    outcomes.map((outcome) => ('reason' in outcome ? outcome.reason : outcome.kind));
  const stored = (id: string) => simulator?.store.orders.get(id);

  it('go through an order’s whole life', async () => {
    const { target, deliver, simulator: there } = await open();
    let digest = '';
    const states = [
      aRelayedOrder({ payment: { ...anOrder().payment, paidAmount: '0.00' } }, aStatus('new')),
      ...(['paid', 'shipped', 'completed', 'returned'] as const).map((meaning) => aRelayedOrder({}, aStatus(meaning))),
    ];
    const seen: unknown[] = [];
    for (const state of states) {
      if (target.digest(state) === digest) continue;
      const [outcome] = await deliver(aDelivery(state, { lastDigest: digest }));
      assert.equal(outcome?.kind, 'delivered', JSON.stringify(outcome));
      digest = outcome.memo;
      seen.push(stored('1001')?.status);
    }
    assert.deepEqual(seen, ['Placed', 'Paid', 'Completed', 'Completed']);
    assert.deepEqual(
      there.store.history('1001').map(({ by }) => by),
      [...['POST AddOrReplace', 'PUT', 'PUT', 'POST AddOrReplace']],
    );
    const order = stored('1001')?.order;
    assert.deepEqual([order?.totalValue, order?.returnsValue, order?.products[0]?.returned], [36.89, 24.9, 1]);
  });

  it('are found bad one by one, and the good ones of the batch are all there, once', async () => {
    const { deliver, simulator: there } = await open({ orderAttributes: [] });
    const some = Array.from({ length: 12 }, (_, n) =>
      aDelivery(aRelayedOrder({ id: `o${n}`, ...(n % 5 === 1 && { total: '-1.00' }) })),
    );
    const outcomes = await deliver(...some);
    assert.deepEqual(
      outcomes.flatMap(({ kind }, at) => (kind === 'refused' ? [at] : [])),
      [1, 6, 11],
    );
    assert.equal(there.store.orders.size, 9);
    assert.equal(there.store.doubles.length, 0);
  });

  it('are told in every mode', async () => {
    const { deliver } = await open({}, { mode: 'Add' });
    assert.deepEqual(kinds(await deliver(aDelivery())), ['delivered']);
    assert.deepEqual(kinds(await deliver(aDelivery())), ['delivered']);
    await simulator?.close();
    const replacing = await open({}, { mode: 'Replace' });
    assert.match(kinds(await replacing.deliver(aDelivery()))[0] ?? '', /there is no such order/);
  });

  it('are not told twice after a lost answer in the mode Add', async () => {
    const { deliver, simulator: there } = await open({}, { mode: 'Add' });
    there.misbehave({ fault: { kind: 'drop', at: 'accepted' }, times: 1, on: 'POST /orders' });
    assert.equal((await deliver(aDelivery()))[0]?.kind, 'retry');
    assert.deepEqual(kinds(await deliver(aDelivery({ ...aRelayedOrder() }, { attempt: 2 }))), ['delivered']);
    assert.equal(there.store.history('1001').length, 1);
  });

  it('may be for customers that must be known, in an account by phone or by the shop’s own id', async () => {
    for (const matchField of ['email', 'phone', 'crmId'] as const) {
      const { deliver } = await open({ matchField, knownCustomersOnly: true }, { matchField, ensureCustomer: true });
      assert.deepEqual(kinds(await deliver(aDelivery(aRelayedOrder({ customerId: '5' })))), ['delivered']);
      await simulator?.close();
    }
    const { deliver } = await open({ knownCustomersOnly: true });
    assert.match(kinds(await deliver(aDelivery()))[0] ?? '', /there is no such customer/);
  });

  it('carry only attributes that the account has', async () => {
    const { deliver } = await open(
      { orderAttributes: [{ name: 'Source', type: 'String' }], productAttributes: [{ name: 'Ean', type: 'Text' }] },
      {
        orderAttributes: new Map([
          ['Source', 'source'],
          ['Other', 'number'],
        ]),
        productAttributes: new Map([
          ['Ean', 'ean'],
          ['Sku', 'sku'],
        ]),
      },
    );
    assert.deepEqual(kinds(await deliver(aDelivery())), ['delivered']);
    assert.deepEqual(stored('1001')?.order.orderAttributes, [{ name: 'Source', value: 'shop' }]);
    assert.deepEqual(stored('1001')?.order.products[0]?.productAttributes, [{ name: 'Ean', value: '5900000000012' }]);
  });

  it('fall back to the complete order when the platform has forgotten it', async () => {
    for (const unknownOrder of [404, 400] as const) {
      const { target, deliver, simulator: there } = await open({ unknownOrder });
      const digest = target.digest(aRelayedOrder());
      assert.deepEqual(
        kinds(await deliver(aDelivery(aRelayedOrder({}, aStatus('completed')), { lastDigest: digest }))),
        ['delivered'],
      );
      assert.equal(stored('1001')?.status, 'Completed');
      assert.match(there.complaints.join(), /its status comes before the order/);
      await there.close();
      simulator = undefined;
    }
  });

  it('are dated in a zone that the platform knows', async () => {
    const { deliver } = await open({}, { timeZone: 'Europe/Warsaw' });
    assert.deepEqual(kinds(await deliver(aDelivery())), ['delivered']);
    assert.equal(stored('1001')?.order.timeZone, 'Central European Standard Time');
  });

  it('wait out every trouble, and are there once it is over', async () => {
    const { deliver, simulator: there } = await open({}, { timeoutMs: 2000 });
    const faults = [
      { kind: 'busy', retryAfter: 7 },
      { kind: 'unavailable' },
      { kind: 'html' },
      { kind: 'truncated' },
      { kind: 'silent', at: 'accepted' },
      ...(['connected', 'received', 'accepted'] as const).map((at) => ({ kind: 'drop', at }) as const),
    ] as const;
    for (const fault of faults) {
      there.misbehave({ fault, times: 1 });
      const [outcome] = await deliver(aDelivery());
      const isTaken = fault.kind === 'truncated' && outcome?.kind === 'delivered'; // its status had come
      assert.ok(outcome?.kind === 'retry' || isTaken, `${fault.kind}: ${JSON.stringify(outcome)}`);
      there.behave();
    }
    assert.deepEqual(kinds(await deliver(aDelivery())), ['delivered']);
    assert.equal(there.store.orders.size, 1);
  });

  it('are taken out by an operator alone', async () => {
    const { target, deliver } = await open();
    await deliver(aDelivery());
    const signal = AbortSignal.timeout(8000);
    assert.equal((await target.remove('1001', signal)).kind, 'found');
    assert.equal((await target.read('1001', signal)).kind, 'absent');
    assert.equal((await target.remove('1001', signal)).kind, 'absent');
  });
});
