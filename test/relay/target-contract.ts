import assert from 'node:assert/strict';
import { createLog, type Log } from '../../connector/lib/log.ts';
import type { Delivery, Outcome, RelayedOrder, Target } from '../../connector/contracts/target.ts';
import { memoryStream } from '../support/memory-stream.ts';
import { startStubServer, type Received, type Reply, type Script, type StubServer } from '../support/stub-server.ts';
import { until } from './a-relay.ts';
import { aDelivery, aRelayedOrder } from './an-order.ts';

/** What one remote system's test says of it; see `keepsTheTargetContract`. */
export interface PartyWords {
  /** What the remote system answers when it takes what it was sent. */
  readonly ok: (request: Received) => Reply;
  /** A plain no to the order; without it HTTP 422. It may repeat the request: remote systems do. */
  readonly no?: (request: Received) => Reply;
  /** How the remote system says that a key is not valid; without it HTTP 401. */
  readonly wrongKey?: (request: Received) => Reply;
  /** An order that the target wants, with this id. */
  readonly order?: (id: string) => RelayedOrder;
  /**
   * The calls of which one delivery consists, where there are several: whatever goes wrong goes wrong with each of them
   * in turn, and the calls before it go well.
   */
  readonly steps?: readonly Step[];
  /** Words of the target's configuration that nobody may ever see: its keys. */
  readonly secrets: readonly string[];
}

export interface Step {
  /** Ends the sentence "…, with". */
  readonly name: string;
  isThis(request: Received): boolean;
  /** A plain no to it is a no to every order, as it is to a login. */
  readonly isForAll?: boolean;
}

const ONLY_CALL: Step = { name: 'its call', isThis: () => true };

/** Long enough for a call on the loopback on a busy machine. */
const TIMEOUT_MS = 8000;

/**
 * What every target owes the relay. `makeTarget` is handed the address of a remote system that answers from a script,
 * and a log whose lines are looked at.
 */
export function keepsTheTargetContract(
  name: string,
  makeTarget: (url: string, log: Log) => Target,
  words: PartyWords,
): void {
  const { ok, no = echoing(422), wrongKey = echoing(401), order = (id) => aRelayedOrder({ id }) } = words;
  const { steps = [ONLY_CALL], secrets } = words;

  describe(`the target ${name} keeps the contract`, () => {
    const written = memoryStream();
    let simulator: StubServer;
    let target: Target;
    let said: string[];

    beforeEach(async () => {
      simulator = await startStubServer(ok);
      target = makeTarget(simulator.url, createLog('debug', written));
      said = [];
    });
    afterEach(async () => {
      await simulator.close();
      const everything = [...said, written.text()].join('\n');
      for (const secret of secrets) assert.ok(!everything.includes(secret), 'a secret reached a reason or the log');
    });

    async function deliver(deliveries: readonly Delivery[], signal = AbortSignal.timeout(TIMEOUT_MS)) {
      const outcomes = await target.deliver(deliveries, signal);
      assert.equal(outcomes.length, deliveries.length, 'one outcome for each delivery');
      said.push(JSON.stringify(outcomes));
      return outcomes;
    }

    /** With one call it may be a line that drops before anything is read. */
    const at = (step: Step, script: Script): Script =>
      step === ONLY_CALL ? script : (request) => (step.isThis(request) ? replyOf(script, request) : ok(request));

    async function deliverOne(...script: [Script, ...Script[]]): Promise<Outcome> {
      simulator.answers(...script);
      const [outcome] = await deliver([aDelivery(order('1001'))]);
      assert.ok(outcome);
      return outcome;
    }

    it('has a name that a row can hold and limits that are limits', () => {
      assert.match(target.name, /^[a-z][a-z0-9-]{0,31}$/);
      assert.ok(Number.isInteger(target.batchSize) && target.batchSize >= 1);
      assert.ok(Number.isInteger(target.concurrency) && target.concurrency >= 1);
    });

    it('wants the order, and says the same of it twice', () => {
      assert.equal(target.wants(order('1001'), false), true);
      assert.equal(target.digest(order('1001')), target.digest(order('1001')));
      assert.equal(simulator.received.length, 0);
    });

    it('delivers on a yes, and leaves the digest that it had announced', async () => {
      const outcome = await deliverOne(ok);
      assert.equal(outcome.kind, 'delivered', JSON.stringify(outcome));
      assert.equal(outcome.memo, target.digest(order('1001')));
      assert.ok(outcome.memo !== '', 'an empty memo means: never delivered');
      assert.ok(Buffer.byteLength(outcome.memo) < 65_536 && outcome.reference.length <= 200);
      assert.ok(simulator.received.length > 0);
    });

    it('tells of every order of a full batch', async () => {
      const ids = Array.from({ length: target.batchSize }, (_, n) => String(2001 + n));
      const outcomes = await deliver(ids.map((id) => aDelivery(order(id))));
      assert.ok(
        outcomes.every(({ kind }) => kind === 'delivered'),
        JSON.stringify(outcomes).slice(0, 500),
      );
      const sent = simulator.received.map(({ path, body }) => path + body).join('\n');
      assert.deepEqual(
        ids.filter((id) => !sent.includes(id)),
        [],
      );
    });

    const later: [string, Script][] = [
      ['429 that names no time', { status: 429 }],
      ['500', echoing(500)],
      ['502 with a page of HTML', { status: 502, body: '<html><body>Bad Gateway</body></html>' }],
      ['503', { status: 503 }],
      ['a line that drops before the request was read', 'drop-before-reading'],
      ['a line that drops after the request was read', 'drop-after-reading'],
    ];
    for (const step of steps) {
      for (const [what, script] of later) {
        it(`tries again later on ${what}, with ${step.name}`, async () => {
          const outcome = await deliverOne(at(step, script));
          assert.equal(outcome.kind, 'retry', JSON.stringify(outcome));
          assert.notEqual(outcome.reason, '');
        });
      }

      it(`comes back no earlier than Retry-After says on 429, with ${step.name}`, async () => {
        const outcome = await deliverOne(at(step, { status: 429, headers: { 'Retry-After': '7' } }));
        assert.equal(outcome.kind, 'retry', JSON.stringify(outcome));
        const afterMs = outcome.afterMs ?? 0;
        assert.ok(afterMs >= 6500 && afterMs <= 120_000, `comes back after ${afterMs} ms`);
      });

      it(`ends when the signal says so, and tries again later, with ${step.name}`, async () => {
        simulator.answers(at(step, 'silence'));
        const impatience = new AbortController();
        const under = deliver([aDelivery(order('1001'))], impatience.signal);
        await until(() => simulator.received.some((request) => step.isThis(request)), 'the call was received');
        const beganAt = performance.now();
        impatience.abort(new DOMException('patience is over', 'TimeoutError'));
        const [outcome] = await under;
        assert.ok(performance.now() - beganAt < 2000);
        assert.equal(outcome?.kind, 'retry', JSON.stringify(outcome));
      });

      it(`${step.isForAll ? 'halts' : 'gives up'} on a plain no, with a reason, with ${step.name}`, async () => {
        const outcome = await deliverOne(at(step, no));
        assert.ok(outcome.kind === (step.isForAll ? 'halted' : 'refused'), JSON.stringify(outcome));
        assert.notEqual(outcome.reason, '');
      });

      it(`sends its key to nobody else: it follows no redirect, with ${step.name}`, async () => {
        const other = await startStubServer(ok);
        try {
          const outcome = await deliverOne(at(step, { status: 307, headers: { Location: other.url } }));
          assert.notEqual(outcome.kind, 'delivered');
          assert.equal(other.received.length, 0);
        } finally {
          await other.close();
        }
      });
    }

    it('tries again later when nobody listens', async () => {
      await simulator.close();
      const [outcome] = await deliver([aDelivery(order('1001'))]);
      simulator = await startStubServer(ok);
      assert.equal(outcome?.kind, 'retry', JSON.stringify(outcome));
    });

    it('does not begin when the signal has spoken already', async () => {
      const [outcome] = await deliver([aDelivery(order('1001'))], AbortSignal.abort());
      assert.equal(outcome?.kind, 'retry', JSON.stringify(outcome));
      assert.equal(simulator.received.length, 0);
    });

    it('halts when the key is not valid', async () => {
      const outcome = await deliverOne(wrongKey);
      assert.equal(outcome.kind, 'halted', JSON.stringify(outcome));
    });
  });
}

function replyOf(script: Script, request: Received): Reply {
  return typeof script === 'function' ? script(request) : script;
}

/** A remote system that repeats what it was sent, as those do that quote the request in an error. */
function echoing(status: number): (request: Received) => Reply {
  return ({ path, headers, body }) => ({ status, body: { error: 'no', path, headers, body } });
}
