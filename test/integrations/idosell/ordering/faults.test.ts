import assert from 'node:assert/strict';
import { targetHealth } from '../../../../connector/storage/target-health.ts';
import type { OperationName } from '../../../../connector/integrations/idosell/client/profile.ts';
import { FAILURES_TO_OPEN } from '../../../../connector/relay/breaker.ts';
import type { Outcome } from '../../../../connector/contracts/target.ts';
import type { FaultInput } from '../../../../simulators/idosell/faults.ts';
import { emptyTables, testDatabase } from '../../../support/database.ts';
import { aRelay, aTarget, makeDue, rowsOf, stopRelays, until } from '../../../relay/a-relay.ts';
import { aSupplied, aWholesaler, NOW, type TestWholesaler } from './a-wholesaler.ts';

const BEFORE = ['authenticate', 'checkAvailability', 'listCouriersForOrder', 'importBasket'] as const;
type Kind = Outcome['kind'];

/** Longer than any call may still be on its way. */
const LANDED_SECONDS = 301;

/** What is wrong, what it means before the order, what it means to the order, and how that ends. */
const FAULTS: readonly [string, FaultInput['fault'], Kind, Kind, Kind][] = [
  ['a fault of the server', { kind: 'soap-fault', by: 'server' }, 'retry', 'retry', 'refused'],
  ['a fault of ours', { kind: 'soap-fault', by: 'client' }, 'refused', 'refused', 'delivered'],
  ['a page that says 500', { kind: 'html' }, 'retry', 'retry', 'refused'],
  ['a page that says 200', { kind: 'html', status: 200 }, 'retry', 'retry', 'refused'],
  ['nothing', { kind: 'blank' }, 'retry', 'retry', 'refused'],
  ['something else', { kind: 'strange' }, 'refused', 'retry', 'refused'],
  ['a redirect', { kind: 'redirect', to: 'http://127.0.0.1:1/' }, 'refused', 'retry', 'refused'],
  ['429', { kind: 'busy', retryAfter: 7 }, 'retry', 'retry', 'delivered'],
  ['503', { kind: 'unavailable', retryAfter: 7 }, 'retry', 'retry', 'refused'],
  ['an answer that is broken off', { kind: 'truncated' }, 'retry', 'retry', 'delivered'],
  ['half an answer', { kind: 'half' }, 'retry', 'retry', 'delivered'],
  ['another encoding', { kind: 'wrong-encoding' }, 'retry', 'retry', 'delivered'],
  ['a bomb of entities', { kind: 'doctype' }, 'retry', 'retry', 'delivered'],
  ['20,000 elements in each other', { kind: 'deep' }, 'retry', 'retry', 'delivered'],
  ['a flood', { kind: 'flood', bytes: 12_000_000 }, 'retry', 'retry', 'delivered'],
  ['silence', { kind: 'silent' }, 'retry', 'retry', 'refused'],
  ['a number that nobody knows', { kind: 'house', number: '4711' }, 'refused', 'refused', 'delivered'],
  ['a refused key', { kind: 'house', fault: 'auth' }, 'halted', 'halted', 'delivered'],
  ['a refused dropshipping key', { kind: 'house', fault: 'dropshipping-disabled' }, 'halted', 'halted', 'delivered'],
];

describe('a wholesaler that answers', () => {
  let hurt: TestWholesaler;
  beforeEach(emptyTables);
  afterEach(async () => {
    await stopRelays();
    await hurt.close();
  });

  const orders = () => hurt.simulator.shop.orders.all.map(({ reference }) => reference);
  async function meet(fault: FaultInput['fault'], on: OperationName): Promise<Outcome> {
    hurt = await aWholesaler({ timeoutSeconds: 1, availabilityTimeoutSeconds: 1 });
    hurt.simulator.misbehave({ fault, on, times: fault.kind === 'house' ? 2 : 1 });
    const outcome = await hurt.deliver(aSupplied());
    assert.ok('reason' in outcome && outcome.reason.length > 10, JSON.stringify(outcome));
    const part = await hurt.part();
    assert.notEqual(part?.note, '', 'a sentence for the operator');
    if (outcome.kind !== 'retry') assert.equal(part?.alert, true);
    assert.doesNotMatch(hurt.log(), /"level":"error"/);
    return outcome;
  }

  for (const [what, fault, before, toOrder, end] of FAULTS) {
    for (const on of BEFORE) {
      it(`${what} to ${on} has the order once it is well again`, async () => {
        const outcome = await meet(fault, on);
        const forAll = before === 'refused' && on === 'authenticate' ? 'halted' : before;
        assert.equal(outcome.kind, forAll, JSON.stringify(outcome));
        assert.deepEqual(orders(), []);
        hurt.simulator.behave();
        hurt.clock.pass(LANDED_SECONDS);
        assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered');
        assert.deepEqual(orders(), ['1001/A']);
      });
    }

    it(`${what} to the order itself has it once, or a person is asked`, async () => {
      const outcome = await meet(fault, 'placeOrder');
      assert.equal(outcome.kind, toOrder, JSON.stringify(outcome));
      const kinds: Kind[] = [];
      do {
        hurt.simulator.behave();
        hurt.clock.pass(LANDED_SECONDS);
        kinds.push((await hurt.deliver(aSupplied())).kind);
      } while (kinds.at(-1) === 'retry' && kinds.length < 5);
      assert.equal(kinds.at(-1), end, kinds.join());
      assert.deepEqual(orders(), end === 'delivered' ? ['1001/A'] : []);
      const note = (await hurt.part())?.note ?? '';
      if (end === 'refused')
        assert.match(note, /connector idosell placed hurt 1001.*connector idosell resend hurt 1001/);
    });
  }

  it('nothing at all delays nobody else, and rests in the end', async () => {
    hurt = await aWholesaler({ timeoutSeconds: 1, availabilityTimeoutSeconds: 1 });
    hurt.simulator.misbehave({ fault: { kind: 'silent' } });
    const shelf = aTarget({ name: 'shelf', digest: () => 'told' });
    const ids = ['1', '2', '3', '4', '5'];
    await makeDue(ids, NOW, ['idosell-hurt', 'shelf']);
    const readOrders = (wanted: readonly string[]) => Promise.resolve(wanted.map((id) => aSupplied({ id })));
    const relay = aRelay([hurt.target, shelf], { readOrders, now: () => NOW });
    await until(() => shelf.told.length === ids.length, 'all is told to the other');
    assert.deepEqual(orders(), []);
    await until(() => /"message":"target rests"/.test(relay.log()), 'it rests');
    const asked = hurt.simulator.requests.length;
    assert.equal(asked, FAILURES_TO_OPEN);
    const { openUntil } = await targetHealth(testDatabase().db, 'idosell-hurt');
    assert.ok(openUntil && openUntil > NOW);
  });

  it('that a key is wrong is asked no more until it is time, whichever order it was', async () => {
    hurt = await aWholesaler();
    hurt.simulator.misbehave({ fault: { kind: 'house', fault: 'dropshipping-disabled' } });
    await makeDue(['1', '2', '3'], NOW, ['idosell-hurt']);
    const readOrders = (wanted: readonly string[]) => Promise.resolve(wanted.map((id) => aSupplied({ id })));
    const relay = aRelay([hurt.target], { readOrders });
    await until(() => /"message":"target rests"/.test(relay.log()), 'it rests');
    await stopRelays();
    assert.equal(hurt.simulator.requests.length, 1);
    assert.deepEqual(
      (await rowsOf('idosell-hurt')).map(({ state, attempts }) => [state, attempts]),
      [
        ['due', 0],
        ['due', 0],
        ['due', 0],
      ],
    );
  });
});
