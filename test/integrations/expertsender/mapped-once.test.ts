import assert from 'node:assert/strict';
import type { Lease } from '../../../connector/storage/outbox.ts';
import { planDeliveries } from '../../../connector/relay/plan.ts';
import type { RelayedOrder } from '../../../connector/contracts/target.ts';
import { aRelayedOrder } from '../../relay/an-order.ts';
import { aPlatform, deliver, NOW, TIMEOUT_MS } from './a-platform.ts';
import { aStatus } from './our-settings.ts';

const lease = (digest: string): Lease => ({
  ...{ id: '1', orderId: '1001', owner: 'run-1', until: NOW(), attempt: 1, dueSince: NOW() },
  ...{ digest, isInDoubt: false },
});

/** Says how often its lines were looked at: mapping is what looks at them. */
function countedOrder(relayed: RelayedOrder): { readonly relayed: RelayedOrder; readonly looks: () => number } {
  let looks = 0;
  const { lines } = relayed.order;
  const order = Object.defineProperty({ ...relayed.order }, 'lines', {
    enumerable: true,
    get: () => {
      looks += 1;
      return lines;
    },
  });
  return { relayed: { ...relayed, order }, looks: () => looks };
}

describe('an order that ExpertSender knows', () => {
  const { target, sent, calls } = aPlatform();

  for (const [what, changes, meaning, call] of [
    ['whose status has changed', {}, 'completed', 'PUT /orders/status'],
    ['of which more has changed', { total: '40.00' }, 'completed', 'POST /orders'],
  ] as const) {
    it(`and ${what} is mapped once, and told and remembered as ever`, async () => {
      const to = target();
      const changed = aRelayedOrder(changes, aStatus(meaning));
      const once = countedOrder(changed);
      to.digest(once.relayed);
      const before = to.digest(aRelayedOrder());
      const { relayed, looks } = countedOrder(changed);
      const { toSend } = await planDeliveries(() => Promise.resolve([relayed]), to, [lease(before)]);
      const outcomes = await to.deliver(
        toSend.map(({ delivery }) => delivery),
        AbortSignal.timeout(TIMEOUT_MS),
      );
      assert.equal(looks(), once.looks());
      assert.deepEqual(calls(), [call]);
      assert.deepEqual(outcomes, [{ kind: 'delivered', reference: '1001', memo: to.digest(changed) }]);
      const body = sent();
      await deliver(to, { ...changed, lastDigest: before, attempt: 1 });
      assert.deepEqual(sent(1), body);
    });
  }

  it('and that says nothing new needs no delivery', async () => {
    const to = target();
    const { toSend, toSkip } = await planDeliveries(() => Promise.resolve([aRelayedOrder()]), to, [
      lease(to.digest(aRelayedOrder())),
    ]);
    assert.deepEqual([toSend.length, toSkip.map(({ kind }) => kind)], [0, ['nothing-to-send']]);
  });
});
