import assert from 'node:assert/strict';
import { openSessions } from '../../../../../connector/integrations/idosell/client/session/session.ts';
import { systemKey, innerHash } from '../../../../../connector/integrations/idosell/client/session/system-key.ts';
import { createLog } from '../../../../../connector/lib/log.ts';
import { memoryStream } from '../../../../support/memory-stream.ts';
import { aWholesaler, DONE, fault, PASSWORD, PATIENCE, type Format } from '../a-wholesaler.ts';
import { LINES, PLACE } from '../requests.ts';

const OK = { errors: DONE, results: { status: 'OK' } };
const PLACED = { errors: DONE, results: { orderId: 'sklep-demo-58' } };

for (const format of ['soap', 'json'] satisfies Format[]) {
  describe(`a wholesaler's session (${format})`, () => {
    const simulator = aWholesaler(format);
    const keyOf = (day: string) => systemKey(day, innerHash(PASSWORD));
    const keysSent = () =>
      simulator
        .received('authenticate')
        .map(({ body }) => /systemKey[^0-9a-f]*(?:xsi:type="xsd:string">)?([0-9a-f]{40})/.exec(body)?.[1]);

    it('is asked for once by ten calls at the same time', async () => {
      simulator.says('checkAvailability', OK);
      const client = simulator.client({ maxConcurrency: 10 });
      const replies = await Promise.all(Array.from({ length: 10 }, () => client.checkAvailability(LINES, PATIENCE())));
      assert.deepEqual(new Set(replies.map(({ kind }) => kind)), new Set(['done']));
      assert.equal(simulator.received('authenticate').length, 1);
      assert.equal(simulator.received('checkAvailability').length, 10);
    });

    it('is told as refused to all ten when it is refused, by one login', async () => {
      simulator.says('authenticate', fault(1, 'zły login'));
      const client = simulator.client();
      const replies = await Promise.all(Array.from({ length: 10 }, () => client.listCouriers('PL', PATIENCE())));
      assert.deepEqual(new Set(replies.map((reply) => reply.kind === 'error' && reply.class)), new Set(['auth']));
      assert.equal(simulator.received().length, 1);
    });

    it('is used until its time less the margin, from the moment at which the login was sent', async () => {
      simulator.says('checkAvailability', OK);
      // The answer to the login takes a minute, by the clock that counts.
      simulator.says('authenticate', () => {
        simulator.pass(60_000);
        return { sessionKey: 'SLOW', errors: DONE };
      });
      const client = simulator.client();
      await client.checkAvailability(LINES, PATIENCE());
      simulator.pass(780_000 - 60_000 - 1);
      await client.checkAvailability(LINES, PATIENCE());
      assert.equal(simulator.received('authenticate').length, 1);
      simulator.pass(1);
      await client.checkAvailability(LINES, PATIENCE());
      assert.equal(simulator.received('authenticate').length, 2);
    });

    it('is renewed ahead where it must last, and said to be new', async () => {
      const client = simulator.client();
      assert.deepEqual(await client.ensureSession(300_000, PATIENCE()), { kind: 'done', value: { isNew: true } });
      simulator.pass(480_000);
      assert.deepEqual(await client.ensureSession(300_000, PATIENCE()), { kind: 'done', value: { isNew: false } });
      simulator.pass(1);
      assert.deepEqual(await client.ensureSession(300_000, PATIENCE()), { kind: 'done', value: { isNew: true } });
      client.dropSession();
      assert.deepEqual(await client.ensureSession(0, PATIENCE()), { kind: 'done', value: { isNew: true } });
      assert.equal(simulator.received('authenticate').length, 3);
    });

    it('is renewed once when a question is refused for it, and the question is repeated once', async () => {
      simulator.says('checkAvailability', fault(1, 'sesja wygasła'), OK);
      const client = simulator.client();
      assert.equal((await client.checkAvailability(LINES, PATIENCE())).kind, 'done');
      assert.deepEqual(simulator.calls(), ['authenticate', 'checkAvailability', 'authenticate', 'checkAvailability']);
      assert.ok(simulator.received('checkAvailability')[1]?.body.includes('SESSION-EXAMPLE-2'));

      simulator.says('importBasket', fault(1));
      const reply = await client.importBasket(LINES, 'append', PATIENCE());
      assert.ok(reply.kind === 'error' && reply.class === 'auth' && !reply.mayHaveHappened, JSON.stringify(reply));
      assert.equal(simulator.received('importBasket').length, 2);
      assert.equal(simulator.received('authenticate').length, 3);
    });

    it('is renewed once for all that were refused with the old one', async () => {
      let refusals = 0;
      simulator.says('checkAvailability', ({ body }) => {
        const isOld = body.includes('SESSION-EXAMPLE-1');
        refusals += isOld ? 1 : 0;
        return isOld ? fault(1) : OK;
      });
      const client = simulator.client({ maxConcurrency: 1 });
      const replies = await Promise.all([1, 2, 3, 4].map(() => client.checkAvailability(LINES, PATIENCE())));
      assert.ok(replies.every(({ kind }) => kind === 'done'));
      assert.ok(refusals >= 2);
      assert.equal(simulator.received('authenticate').length, 2);
    });

    it('is renewed for an order only after the house code, and never after anything lost', async () => {
      simulator.says('placeOrder', fault(1), PLACED);
      assert.equal((await simulator.client().placeOrder(PLACE, PATIENCE())).kind, 'done');
      assert.equal(simulator.received('placeOrder').length, 2);

      for (const answer of [
        { status: 401, body: 'who?' },
        { line: 'drop-after-reading' },
        { status: 500, body: '' },
      ] as const) {
        simulator.says('placeOrder', answer, PLACED);
        const before = simulator.received('placeOrder').length;
        const reply = await simulator.client().placeOrder(PLACE, PATIENCE());
        assert.equal(reply.kind, 'error');
        assert.equal(simulator.received('placeOrder').length, before + 1, JSON.stringify(answer));
      }
    });

    it('is not renewed for an order whose basket went with it', async () => {
      simulator.says('placeOrder', fault(1), PLACED);
      const client = simulator.client({ basketScope: 'session' });
      const unasked = await client.placeOrder(PLACE, PATIENCE());
      assert.ok(unasked.kind === 'error' && unasked.class === 'auth' && !unasked.mayHaveHappened);
      assert.equal(simulator.received().length, 0);
      await client.ensureSession(0, PATIENCE());
      const refused = await client.placeOrder(PLACE, PATIENCE());
      assert.ok(
        refused.kind === 'error' && refused.class === 'auth' && !refused.mayHaveHappened,
        JSON.stringify(refused),
      );
      assert.deepEqual(simulator.calls(), ['authenticate', 'placeOrder']);
    });

    it('is tried with the day of the other side when its clock tells another, once', async () => {
      const log = memoryStream();
      simulator.setNow(new Date('2026-11-21T11:00:00Z'));
      const login = (day: string) => ({
        ...simulator.written('authenticate', fault(1)),
        headers: { Date: day, 'Content-Type': format === 'soap' ? 'text/xml' : 'application/json' },
      });
      simulator.says('authenticate', login('Sun, 22 Nov 2026 03:00:00 GMT'), { sessionKey: 'S', errors: DONE });
      const client = simulator.client({}, { log: createLog('debug', log) });
      assert.equal((await client.ensureSession(0, PATIENCE())).kind, 'done');
      assert.deepEqual(keysSent(), [keyOf('20261121'), keyOf('20261122')]);
      assert.match(log.text(), /another day/);

      simulator.says('authenticate', login('Sun, 22 Nov 2026 03:00:00 GMT'));
      const reply = await simulator.client().ensureSession(0, PATIENCE());
      assert.ok(
        reply.kind === 'error' && reply.class === 'auth' && /HURT_PASSWORD/.test(reply.reason),
        JSON.stringify(reply),
      );
      assert.equal(simulator.received('authenticate').length, 4);
    });

    const midnights: [now: string, days: string[]][] = [
      ['2026-11-20T22:56:00Z', ['20261120', '20261121']],
      ['2026-11-20T23:04:00Z', ['20261121', '20261120']],
      ['2026-11-20T22:54:00Z', ['20261120']],
      ['2026-11-20T23:06:00Z', ['20261121']],
    ];
    for (const [now, days] of midnights) {
      it(`is tried with ${days.join(' and then ')} at ${now}`, async () => {
        simulator.setNow(new Date(now));
        simulator.says('authenticate', fault(1));
        const reply = await simulator.client().ensureSession(0, PATIENCE());
        assert.ok(reply.kind === 'error' && reply.class === 'auth');
        assert.deepEqual(keysSent(), days.map(keyOf));
      });
    }

    it('is not asked for again after a login that was lost, closed or not understood', async () => {
      const table = [
        [{ line: 'drop-after-reading' }, 'lost'],
        [fault(3, 'sklep zablokowany'), 'supplier-unavailable'],
        [{ errors: DONE }, 'protocol'],
        [{ status: 503, headers: { 'Retry-After': '9' }, body: '' }, 'busy'],
        [fault(77), 'protocol'],
      ] as const;
      simulator.setNow(new Date('2026-11-20T22:59:00Z'));
      for (const [answer, expected] of table) {
        simulator.says('authenticate', answer);
        const before = simulator.received().length;
        const reply = await simulator.client().placeOrder(PLACE, PATIENCE());
        assert.ok(reply.kind === 'error' && reply.class === expected && !reply.mayHaveHappened, JSON.stringify(reply));
        assert.equal(simulator.received().length, before + 1);
        assert.equal(reply.retryAfterMs, expected === 'busy' ? 9000 : undefined);
      }
    });

    it('is found wherever the answer has it', async () => {
      simulator.says('checkAvailability', OK);
      const places = [
        { sessionKey: 'S1' },
        { authenticate: { sessionKey: 'S1' } },
        { results: { sessionKey: 'S1' } },
        { Results: { SessionKey: 'S1' } },
      ];
      for (const place of places) {
        simulator.says('authenticate', { ...place, errors: DONE });
        assert.equal(
          (await simulator.client().checkAvailability(LINES, PATIENCE())).kind,
          'done',
          JSON.stringify(place),
        );
        assert.ok(simulator.received('checkAvailability').at(-1)?.body.includes('S1'));
      }
    });

    it('has its keys directly in the request where the profile has no block for them', async () => {
      simulator.says('checkAvailability', OK);
      await simulator
        .client({ authBlock: '', sessionKeyField: 'klucz', loginField: 'kto' })
        .ensureSession(0, PATIENCE());
      const [{ body } = assert.fail()] = simulator.received('authenticate');
      assert.match(body, format === 'soap' ? /requestType"><kto / : /^{"kto":"sklep-demo","systemKey":"/);
    });

    it('ends a login that hangs with the last call that waits for it, and not before', async () => {
      simulator.says('authenticate', { line: 'silence' }, { sessionKey: 'S', errors: DONE });
      const client = simulator.client();
      const [first, second] = [new AbortController(), new AbortController()];
      const waiting = [client.ensureSession(0, first.signal), client.ensureSession(0, second.signal)];
      await simulator.hasReceived(1);
      first.abort();
      const reply = await waiting[0];
      assert.ok(reply?.kind === 'error' && reply.class === 'lost' && !reply.mayHaveHappened);
      second.abort();
      assert.equal((await waiting[1])?.kind, 'error');
      assert.equal((await client.ensureSession(0, PATIENCE())).kind, 'done');
      assert.equal(simulator.received().length, 2);
    });
  });
}

describe('the session in hand', () => {
  it('is not thrown away by whoever was refused late, once others have a new one', async () => {
    let logins = 0;
    const login = () => Promise.resolve({ kind: 'session' as const, key: `S${(logins += 1)}`, sentAtMs: 0 });
    const sessions = openSessions({ usableMs: 1000, nowMs: () => 0, login });
    await sessions.get(0, PATIENCE());
    sessions.drop('S1');
    assert.equal(sessions.held(), undefined);
    await sessions.get(0, PATIENCE());
    sessions.drop('S1');
    assert.equal(sessions.held(), 'S2');
    sessions.drop();
    assert.equal(sessions.held(), undefined);
  });

  it('is asked for anew after a fault of our own, which reaches whoever waits', async () => {
    let logins = 0;
    const login = () =>
      (logins += 1) === 1
        ? Promise.reject(new Error('ours'))
        : Promise.resolve({ kind: 'session' as const, key: 'S', sentAtMs: 0 });
    const sessions = openSessions({ usableMs: 1000, nowMs: () => 0, login });
    await assert.rejects(sessions.get(0, PATIENCE()), /ours/);
    assert.equal((await sessions.get(0, PATIENCE())).kind, 'session');
  });
});
