import assert from 'node:assert/strict';
import { systemKey, innerHash } from '../../connector/idosell/system-key.ts';
import { createLog } from '../../connector/lib/log.ts';
import { memoryStream } from '../support/memory-stream.ts';
import { aWholesaler, DONE, fault, PASSWORD, PATIENCE, type Format } from './a-wholesaler.ts';
import { LINES, PLACE } from './requests.ts';

const OK = { errors: DONE, results: { status: 'OK' } };
const PLACED = { errors: DONE, results: { orderId: 'sklep-demo-58' } };

for (const format of ['soap', 'json'] satisfies Format[]) {
  describe(`a wholesaler's session (${format})`, () => {
    const party = aWholesaler(format);
    const keyOf = (day: string) => systemKey(day, innerHash(PASSWORD));
    const keysSent = () =>
      party
        .received('authenticate')
        .map(({ body }) => /systemKey[^0-9a-f]*(?:xsi:type="xsd:string">)?([0-9a-f]{40})/.exec(body)?.[1]);

    it('is asked for once by ten calls at the same time', async () => {
      party.says('checkAvailability', OK);
      const client = party.client({ maxConcurrency: 10 });
      const replies = await Promise.all(Array.from({ length: 10 }, () => client.checkAvailability(LINES, PATIENCE())));
      assert.deepEqual(new Set(replies.map(({ kind }) => kind)), new Set(['done']));
      assert.equal(party.received('authenticate').length, 1);
      assert.equal(party.received('checkAvailability').length, 10);
    });

    it('is told as refused to all ten when it is refused, by one login', async () => {
      party.says('authenticate', fault(1, 'zły login'));
      const client = party.client();
      const replies = await Promise.all(Array.from({ length: 10 }, () => client.listCouriers('PL', PATIENCE())));
      assert.deepEqual(new Set(replies.map((reply) => reply.kind === 'trouble' && reply.class)), new Set(['auth']));
      assert.equal(party.received().length, 1);
    });

    it('is used until its time less the margin, from the moment at which the login was sent', async () => {
      party.says('checkAvailability', OK);
      // The answer to the login takes a minute, by the clock that counts.
      party.says('authenticate', () => {
        party.pass(60_000);
        return { sessionKey: 'SLOW', errors: DONE };
      });
      const client = party.client();
      await client.checkAvailability(LINES, PATIENCE());
      party.pass(780_000 - 60_000 - 1);
      await client.checkAvailability(LINES, PATIENCE());
      assert.equal(party.received('authenticate').length, 1);
      party.pass(1);
      await client.checkAvailability(LINES, PATIENCE());
      assert.equal(party.received('authenticate').length, 2);
    });

    it('is renewed ahead where it must last, and said to be new', async () => {
      const client = party.client();
      assert.deepEqual(await client.ensureSession(300_000, PATIENCE()), { kind: 'done', value: { isNew: true } });
      party.pass(480_000);
      assert.deepEqual(await client.ensureSession(300_000, PATIENCE()), { kind: 'done', value: { isNew: false } });
      party.pass(1);
      assert.deepEqual(await client.ensureSession(300_000, PATIENCE()), { kind: 'done', value: { isNew: true } });
      client.dropSession();
      assert.deepEqual(await client.ensureSession(0, PATIENCE()), { kind: 'done', value: { isNew: true } });
      assert.equal(party.received('authenticate').length, 3);
    });

    it('is renewed once when a question is refused for it, and the question is repeated once', async () => {
      party.says('checkAvailability', fault(1, 'sesja wygasła'), OK);
      const client = party.client();
      assert.equal((await client.checkAvailability(LINES, PATIENCE())).kind, 'done');
      assert.deepEqual(party.calls(), ['authenticate', 'checkAvailability', 'authenticate', 'checkAvailability']);
      assert.ok(party.received('checkAvailability')[1]?.body.includes('SESSION-EXAMPLE-2'));

      party.says('importBasket', fault(1));
      const reply = await client.importBasket(LINES, 'append', PATIENCE());
      assert.ok(reply.kind === 'trouble' && reply.class === 'auth' && !reply.mayBeDone, JSON.stringify(reply));
      assert.equal(party.received('importBasket').length, 2);
      assert.equal(party.received('authenticate').length, 3);
    });

    it('is not thrown away by whoever was refused late, once others have a new one', async () => {
      let refusals = 0;
      party.says('checkAvailability', ({ body }) => {
        const isOld = body.includes('SESSION-EXAMPLE-1');
        refusals += isOld ? 1 : 0;
        return isOld ? fault(1) : OK;
      });
      const client = party.client({ maxConcurrency: 1 });
      const replies = await Promise.all([1, 2, 3, 4].map(() => client.checkAvailability(LINES, PATIENCE())));
      assert.ok(replies.every(({ kind }) => kind === 'done'));
      assert.ok(refusals >= 2);
      assert.equal(party.received('authenticate').length, 2);
    });

    it('is renewed for an order only after the house code, and never after anything lost', async () => {
      party.says('placeOrder', fault(1), PLACED);
      assert.equal((await party.client().placeOrder(PLACE, PATIENCE())).kind, 'done');
      assert.equal(party.received('placeOrder').length, 2);

      for (const answer of [
        { status: 401, body: 'who?' },
        { line: 'drop-after-reading' },
        { status: 500, body: '' },
      ] as const) {
        party.says('placeOrder', answer, PLACED);
        const before = party.received('placeOrder').length;
        const reply = await party.client().placeOrder(PLACE, PATIENCE());
        assert.equal(reply.kind, 'trouble');
        assert.equal(party.received('placeOrder').length, before + 1, JSON.stringify(answer));
      }
    });

    it('is not renewed for an order whose basket went with it', async () => {
      party.says('placeOrder', fault(1), PLACED);
      const client = party.client({ basketScope: 'session' });
      const unasked = await client.placeOrder(PLACE, PATIENCE());
      assert.ok(unasked.kind === 'trouble' && unasked.class === 'auth' && !unasked.mayBeDone);
      assert.equal(party.received().length, 0);
      await client.ensureSession(0, PATIENCE());
      const refused = await client.placeOrder(PLACE, PATIENCE());
      assert.ok(refused.kind === 'trouble' && refused.class === 'auth' && !refused.mayBeDone, JSON.stringify(refused));
      assert.deepEqual(party.calls(), ['authenticate', 'placeOrder']);
    });

    it('is tried with the day of the other side when its clock tells another, once', async () => {
      const log = memoryStream();
      party.setNow(new Date('2026-11-21T11:00:00Z'));
      const login = (day: string) => ({
        ...party.written('authenticate', fault(1)),
        headers: { Date: day, 'Content-Type': format === 'soap' ? 'text/xml' : 'application/json' },
      });
      party.says('authenticate', login('Sun, 22 Nov 2026 03:00:00 GMT'), { sessionKey: 'S', errors: DONE });
      const client = party.client({}, { log: createLog('debug', log) });
      assert.equal((await client.ensureSession(0, PATIENCE())).kind, 'done');
      assert.deepEqual(keysSent(), [keyOf('20261121'), keyOf('20261122')]);
      assert.match(log.text(), /another day/);

      party.says('authenticate', login('Sun, 22 Nov 2026 03:00:00 GMT'));
      const reply = await party.client().ensureSession(0, PATIENCE());
      assert.ok(
        reply.kind === 'trouble' && reply.class === 'auth' && /HURT_PASSWORD/.test(reply.reason),
        JSON.stringify(reply),
      );
      assert.equal(party.received('authenticate').length, 4);
    });

    const midnights: [now: string, days: string[]][] = [
      ['2026-11-20T22:56:00Z', ['20261120', '20261121']],
      ['2026-11-20T23:04:00Z', ['20261121', '20261120']],
      ['2026-11-20T22:54:00Z', ['20261120']],
      ['2026-11-20T23:06:00Z', ['20261121']],
    ];
    for (const [now, days] of midnights) {
      it(`is tried with ${days.join(' and then ')} at ${now}`, async () => {
        party.setNow(new Date(now));
        party.says('authenticate', fault(1));
        const reply = await party.client().ensureSession(0, PATIENCE());
        assert.ok(reply.kind === 'trouble' && reply.class === 'auth');
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
      party.setNow(new Date('2026-11-20T22:59:00Z'));
      for (const [answer, expected] of table) {
        party.says('authenticate', answer);
        const before = party.received().length;
        const reply = await party.client().placeOrder(PLACE, PATIENCE());
        assert.ok(reply.kind === 'trouble' && reply.class === expected && !reply.mayBeDone, JSON.stringify(reply));
        assert.equal(party.received().length, before + 1);
        assert.equal(reply.retryAfterMs, expected === 'busy' ? 9000 : undefined);
      }
    });

    it('is found wherever the answer has it', async () => {
      party.says('checkAvailability', OK);
      const places = [
        { sessionKey: 'S1' },
        { authenticate: { sessionKey: 'S1' } },
        { results: { sessionKey: 'S1' } },
        { Results: { SessionKey: 'S1' } },
      ];
      for (const place of places) {
        party.says('authenticate', { ...place, errors: DONE });
        assert.equal((await party.client().checkAvailability(LINES, PATIENCE())).kind, 'done', JSON.stringify(place));
        assert.ok(party.received('checkAvailability').at(-1)?.body.includes('S1'));
      }
    });

    it('has its keys directly in the request where the profile has no block for them', async () => {
      party.says('checkAvailability', OK);
      await party.client({ authBlock: '', sessionKeyField: 'klucz', loginField: 'kto' }).ensureSession(0, PATIENCE());
      const [{ body } = assert.fail()] = party.received('authenticate');
      assert.match(body, format === 'soap' ? /requestType"><kto / : /^{"kto":"sklep-demo","systemKey":"/);
    });

    it('ends a login that hangs with the last call that waits for it, and not before', async () => {
      party.says('authenticate', { line: 'silence' }, { sessionKey: 'S', errors: DONE });
      const client = party.client();
      const [first, second] = [new AbortController(), new AbortController()];
      const waiting = [client.ensureSession(0, first.signal), client.ensureSession(0, second.signal)];
      await party.hasReceived(1);
      first.abort();
      const reply = await waiting[0];
      assert.ok(reply?.kind === 'trouble' && reply.class === 'lost' && !reply.mayBeDone);
      second.abort();
      assert.equal((await waiting[1])?.kind, 'trouble');
      assert.equal((await client.ensureSession(0, PATIENCE())).kind, 'done');
      assert.equal(party.received().length, 2);
    });
  });
}
