import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bisect } from '../../../connector/integrations/expertsender/bisect.ts';
import type { Received, Script } from '../../support/stub-server.ts';
import { aDelivery, anOrder, aRelayedOrder } from '../../relay/an-order.ts';
import { again, aPlatform, deliver, kinds, stored } from './a-platform.ts';
import { aStatus } from './our-settings.ts';

describe('a delivery to ExpertSender', () => {
  const { received, answers, target, calls } = aPlatform();

  describe('of several orders', () => {
    const some = (count: number) => Array.from({ length: count }, (_, n) => aDelivery(aRelayedOrder({ id: `o${n}` })));
    const idsIn = ({ body }: Received) => (JSON.parse(body) as { data: { id: string }[] }).data.map(({ id }) => id);
    const not =
      (bad: readonly string[]): Script =>
      (request) =>
        idsIn(request).some((id) => bad.includes(id))
          ? { status: 400, body: { errors: ['data: no'] } }
          : { status: 201 };

    it('sends them in batches', async () => {
      assert.ok((await deliver(target({ batchSize: 4 }), ...some(9))).every(({ kind }) => kind === 'delivered'));
      assert.deepEqual(
        received().map((request) => idsIn(request).length),
        [4, 4, 1],
      );
      assert.equal(target({ batchSize: 4 }).batchSize, 4);
    });

    it('finds exactly the bad ones, each with its own outcome', async () => {
      answers(not(['o3', 'o4']));
      const outcomes = await deliver(target(), ...some(9));
      const expected = some(9).map(({ order: { id } }) => (['o3', 'o4'].includes(id) ? 'refused' : 'delivered'));
      assert.deepEqual(kinds(outcomes), expected);
      const memos = outcomes.map((outcome) => (outcome.kind === 'delivered' ? outcome.reference : ''));
      assert.deepEqual(memos, ['o0', 'o1', 'o2', '', '', 'o5', 'o6', 'o7', 'o8']);
    });

    it('stops where the connection breaks, and keeps what was delivered', async () => {
      answers(not(['o3']), { status: 201 }, 'drop-after-reading', { status: 201 });
      const outcomes = await deliver(target(), ...some(4));
      assert.deepEqual(kinds(outcomes), ['delivered', 'delivered', 'retry', 'retry']);
      assert.equal(received().length, 3);
    });

    it('sends alone what has failed before, so that one of them cannot hold back the rest', async () => {
      answers((request) => (idsIn(request).includes('o1') ? { status: 500 } : { status: 201 }));
      assert.deepEqual(kinds(await deliver(target(), ...some(3))), ['retry', 'retry', 'retry']);
      const third = some(3).map((delivery) => ({ ...delivery, attempt: 3 }));
      assert.deepEqual(kinds(await deliver(target(), ...third)), ['delivered', 'retry', 'delivered']);
    });

    it('keeps a request below a megabyte', async () => {
      const lines = Array.from({ length: 40 }, () =>
        anOrder().lines.map((one) => ({ ...one, name: 'x'.repeat(2000) })),
      ).flat();
      const large = some(20).map((one) => ({ ...one, order: { ...one.order, lines } }));
      assert.ok((await deliver(target(), ...large)).every(({ kind }) => kind === 'delivered'));
      assert.ok(received().length > 1 && received().every(({ body }) => body.length < 1_000_000));
    });
  });

  describe('with the mode Add', () => {
    const absent = { status: 404 };

    it('looks first, because the answer to an earlier try may have been lost', async () => {
      answers('drop-after-reading');
      assert.deepEqual(kinds(await deliver(target({ mode: 'Add' }), aDelivery())), ['retry']);
      answers(absent, 'drop-after-reading');
      assert.deepEqual(kinds(await deliver(target({ mode: 'Add' }), aDelivery())), ['retry']);
      answers(stored('Paid'), { status: 400 });
      assert.deepEqual(kinds(await deliver(target({ mode: 'Add' }), aDelivery())), ['delivered']);
      assert.deepEqual(calls(), ['GET /orders/1001', 'GET /orders/1001', 'POST /orders', 'GET /orders/1001']);
    });

    it('adds one by one', async () => {
      answers(absent, absent, { status: 201 });
      await deliver(target({ mode: 'Add' }), aDelivery(), aDelivery(aRelayedOrder({ id: 'a/b #1' })));
      assert.deepEqual(calls(), ['GET /orders/1001', 'GET /orders/a%2Fb%20%231', 'POST /orders', 'POST /orders']);
    });

    it('changes nothing but the status of an order that is there', async () => {
      answers(stored('placed'), { status: 200 });
      await deliver(target({ mode: 'Add' }), aDelivery());
      const to = target({ mode: 'Add' });
      await deliver(to, again(to, aDelivery(aRelayedOrder({ total: '40.00' }, aStatus('completed')))));
      assert.deepEqual(calls(), ['GET /orders/1001', 'PUT /orders/status', 'PUT /orders/status']);
    });
  });
});

describe('sending in halves', () => {
  it('finds exactly the bad records, whatever their number', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 60 }), async (bad) => {
        const records = bad.map((isBad, at) => ({ isBad, at }));
        const taken: number[] = [];
        const verdicts = await bisect(records, (some) => {
          if (some.some(({ isBad }) => isBad))
            return Promise.resolve({ kind: 'rejected', status: 400, reason: '' } as const);
          taken.push(...some.map(({ at }) => at));
          return Promise.resolve({ kind: 'accepted', text: '' } as const);
        });
        assert.deepEqual(
          verdicts.map(({ kind }) => kind === 'rejected'),
          bad,
        );
        assert.deepEqual(
          taken,
          records.filter(({ isBad }) => !isBad).map(({ at }) => at),
          'each good one once, in order',
        );
      }),
    );
  });
});
