import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createLog } from '../../../../connector/lib/log.ts';
import type { Delivery, Outcome } from '../../../../connector/relay/target.ts';
import { inHalves } from '../../../../connector/relay/targets/expertsender/batch.ts';
import { expertSender, type ExpertSender } from '../../../../connector/relay/targets/expertsender/index.ts';
import type { ExpertSenderSettings } from '../../../../connector/relay/targets/expertsender/settings.ts';
import { openTargets } from '../../../../connector/relay/targets/index.ts';
import { memoryStream } from '../../../support/memory-stream.ts';
import { startStubServer, type Received, type Script, type StubServer } from '../../../support/stub-server.ts';
import { aDelivery, anOrder, aRelayedOrder } from '../../an-order.ts';
import { keepsTheTargetContract } from '../../target-contract.ts';
import { aStatus, KEY, ourSettings, quickPace } from './our-settings.ts';

const NOW = (): Date => new Date('2027-03-04T10:00:00Z');
const PATIENCE_MS = 8000;

keepsTheTargetContract(
  'expertsender',
  (url, log) => expertSender(ourSettings({ url }), { now: NOW, pace: quickPace(), log }),
  {
    ok: () => ({ status: 201 }),
    no: ({ body }) => ({ status: 400, body: { title: 'no', errors: [`${KEY} may not: ${body}`] } }),
    secrets: [KEY, 'ala@example.test', '600100200'],
  },
);

describe('a delivery to ExpertSender', () => {
  let party: StubServer;
  let log = memoryStream();
  let now = NOW();
  beforeEach(async () => {
    party = await startStubServer({ status: 201 });
    log = memoryStream();
    now = NOW();
  });
  afterEach(() => party.close());

  const target = (settings: Partial<ExpertSenderSettings> = {}): ExpertSender =>
    expertSender(ourSettings({ url: party.url, ...settings }), {
      ...{ now: () => now, pace: quickPace(), log: createLog('debug', log) },
    });
  const deliver = (to: ExpertSender, ...deliveries: Delivery[]): Promise<readonly Outcome[]> =>
    to.deliver(deliveries, AbortSignal.timeout(PATIENCE_MS));
  const calls = (): string[] => party.received.map(({ method, path }) => `${method} ${path}`);
  const sent = (at = 0): unknown => JSON.parse(party.received[at]?.body ?? '');
  const stored = (status: string) => ({ status: 200, body: { status: 0, data: { id: '1001', status } } });
  const kinds = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ kind }) => kind);

  /** The order as it was told before, now in another state. */
  const again = (to: ExpertSender, state: Delivery, before = aRelayedOrder()): Delivery => ({
    ...state,
    memo: to.memo(before),
  });

  it('posts the complete order the first time, with the key in the header alone', async () => {
    const [outcome] = await deliver(target(), aDelivery());
    assert.deepEqual([outcome?.kind, outcome?.kind === 'delivered' && outcome.reference], ['delivered', '1001']);
    assert.deepEqual(calls(), ['POST /orders']);
    assert.equal(party.received[0]?.headers['x-api-key'], KEY);
    const body = sent() as { mode: string; data: { id: string; totalValue: number; status: string }[] };
    assert.equal(body.mode, 'AddOrReplace');
    assert.deepEqual([body.data[0]?.id, body.data[0]?.totalValue, body.data[0]?.status], ['1001', 36.89, 'paid']);
  });

  it('puts the status alone when nothing else has changed', async () => {
    const to = target({ websiteId: 3 });
    const state = aDelivery(aRelayedOrder({}, aStatus('completed')));
    const [outcome] = await deliver(to, again(to, state));
    assert.deepEqual(calls(), ['PUT /orders/status']);
    assert.deepEqual(sent(), { orderId: '1001', orderStatus: 'completed', websiteId: 3 });
    assert.equal(outcome?.kind === 'delivered' && outcome.memo, to.memo(state));
  });

  it('posts the complete order when anything else has changed too, or when it is told again by hand', async () => {
    const to = target();
    await deliver(to, again(to, aDelivery(aRelayedOrder({ total: '40.00' }, aStatus('completed')))));
    await deliver(to, again(to, aDelivery()));
    await deliver(to, again(to, aDelivery(aRelayedOrder({}, aStatus('returned')))));
    await deliver(to, { ...aDelivery(), memo: 'what another version left' });
    assert.deepEqual(calls(), Array<string>(4).fill('POST /orders'));
  });

  for (const status of [404, 400]) {
    it(`posts the complete order when the status is for an order that is not there (${status})`, async () => {
      const to = target();
      party.answers({ status, body: { errors: ['orderId: there is none'] } }, { status: 201 });
      const [outcome] = await deliver(to, again(to, aDelivery(aRelayedOrder({}, aStatus('completed')))));
      assert.deepEqual([calls(), outcome?.kind], [['PUT /orders/status', 'POST /orders'], 'delivered']);
    });
  }

  it('tries again later when a status was lost, and does not go on to the next', async () => {
    const to = target();
    party.answers('drop-after-reading', { status: 200 });
    const states = ['1', '2'].map((id) => {
      return again(to, aDelivery(aRelayedOrder({ id }, aStatus('completed'))), aRelayedOrder({ id }));
    });
    assert.deepEqual(kinds(await deliver(to, ...states, aDelivery())), ['retry', 'retry', 'retry']);
    assert.equal(party.received.length, 1);
  });

  it('takes any 2xx for a yes, whatever the body says', async () => {
    for (const status of [200, 202, 204]) {
      party.answers({ status, body: status === 204 ? '' : { status: 5, errors: ['?'] } });
      assert.deepEqual(kinds(await deliver(target(), aDelivery())), ['delivered']);
    }
  });

  it('joins the errors and leaves out who it is about', async () => {
    const errors = ['customer.email: ALA@example.test is odd', 'phone +48 600 100 200', `key ${KEY}`, 7];
    party.answers({ status: 400, body: { title: 'Not valid', errors } });
    const [outcome] = await deliver(target(), aDelivery());
    assert.deepEqual(outcome, {
      kind: 'refused',
      reason: 'HTTP 400: customer.email: *** is odd; phone ***; key ***',
    });
  });

  it('reads error bodies that are none', async () => {
    for (const body of ['', '<html>', '[]', 'null', '{"errors":{}}', '{"errors":[]}']) {
      party.answers({ status: 400, body });
      assert.deepEqual(await deliver(target(), aDelivery()), [{ kind: 'refused', reason: 'HTTP 400' }]);
    }
    party.answers({ status: 400, body: { title: 'Not valid' } });
    assert.deepEqual(await deliver(target(), aDelivery()), [{ kind: 'refused', reason: 'HTTP 400: Not valid' }]);
  });

  it('halts where it is not the platform that answers', async () => {
    for (const status of [404, 405, 301]) {
      party.answers({ status });
      const [outcome] = await deliver(target(), aDelivery());
      assert.match(outcome?.kind === 'halted' ? outcome.reason : '', /EXPERTSENDER_URL/);
    }
    party.answers({ status: 403 });
    const [outcome] = await deliver(target(), aDelivery());
    assert.match(outcome?.kind === 'halted' ? outcome.reason : '', /EXPERTSENDER_API_KEY/);
  });

  it('gives a call no more time than the setting', async () => {
    party.answers('silence');
    assert.deepEqual(await deliver(target({ patienceMs: 50 }), aDelivery()), [{ kind: 'retry', reason: 'timed out' }]);
  });

  it('refuses what cannot be written and sends the rest', async () => {
    const unmapped = aDelivery(aRelayedOrder({ id: '7' }, aStatus(undefined, '17')));
    assert.deepEqual(kinds(await deliver(target(), unmapped, aDelivery())), ['refused', 'delivered']);
    assert.equal((sent() as { data: unknown[] }).data.length, 1);
    party.answers({ status: 500 });
    assert.deepEqual(kinds(await deliver(target(), unmapped)), ['refused']);
    assert.equal(party.received.length, 1);
  });

  it('says what was cut, and nothing of whom', async () => {
    const lines = anOrder().lines.map((line) => ({ ...line, name: `ala@example.test ${'x'.repeat(2100)}` }));
    await deliver(target(), aDelivery(aRelayedOrder({ lines })));
    assert.match(log.text(), /products\[0\]\.name is cut/);
    assert.doesNotMatch(log.text(), /ala@|xxxx/);
  });

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
        party.received.map((request) => idsIn(request).length),
        [4, 4, 1],
      );
      assert.equal(target({ batchSize: 4 }).batchSize, 4);
    });

    it('finds exactly the bad ones, each with its own outcome', async () => {
      party.answers(not(['o3', 'o4']));
      const outcomes = await deliver(target(), ...some(9));
      const expected = some(9).map(({ order: { id } }) => (['o3', 'o4'].includes(id) ? 'refused' : 'delivered'));
      assert.deepEqual(kinds(outcomes), expected);
      const memos = outcomes.map((outcome) => (outcome.kind === 'delivered' ? outcome.reference : ''));
      assert.deepEqual(memos, ['o0', 'o1', 'o2', '', '', 'o5', 'o6', 'o7', 'o8']);
    });

    it('stops where the line breaks, and keeps what was delivered', async () => {
      party.answers(not(['o3']), { status: 201 }, 'drop-after-reading', { status: 201 });
      const outcomes = await deliver(target(), ...some(4));
      assert.deepEqual(kinds(outcomes), ['delivered', 'delivered', 'retry', 'retry']);
      assert.equal(party.received.length, 3);
    });

    it('sends alone what has failed before, so that one of them cannot hold back the rest', async () => {
      party.answers((request) => (idsIn(request).includes('o1') ? { status: 500 } : { status: 201 }));
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
      assert.ok(party.received.length > 1 && party.received.every(({ body }) => body.length < 1_000_000));
    });
  });

  describe('with the mode Add', () => {
    const absent = { status: 404 };

    it('looks first, because the answer to an earlier try may have been lost', async () => {
      party.answers('drop-after-reading');
      assert.deepEqual(kinds(await deliver(target({ mode: 'Add' }), aDelivery())), ['retry']);
      party.answers(absent, 'drop-after-reading');
      assert.deepEqual(kinds(await deliver(target({ mode: 'Add' }), aDelivery())), ['retry']);
      party.answers(stored('Paid'), { status: 400 });
      assert.deepEqual(kinds(await deliver(target({ mode: 'Add' }), aDelivery())), ['delivered']);
      assert.deepEqual(calls(), ['GET /orders/1001', 'GET /orders/1001', 'POST /orders', 'GET /orders/1001']);
    });

    it('adds one by one', async () => {
      party.answers(absent, absent, { status: 201 });
      await deliver(target({ mode: 'Add' }), aDelivery(), aDelivery(aRelayedOrder({ id: 'a/b #1' })));
      assert.deepEqual(calls(), ['GET /orders/1001', 'GET /orders/a%2Fb%20%231', 'POST /orders', 'POST /orders']);
    });

    it('changes nothing but the status of an order that is there', async () => {
      party.answers(stored('placed'), { status: 200 });
      await deliver(target({ mode: 'Add' }), aDelivery());
      const to = target({ mode: 'Add' });
      await deliver(to, again(to, aDelivery(aRelayedOrder({ total: '40.00' }, aStatus('completed')))));
      assert.deepEqual(calls(), ['GET /orders/1001', 'PUT /orders/status', 'PUT /orders/status']);
    });
  });

  describe('that sees to the customer first', () => {
    it('writes each of them once, and no consents', async () => {
      const to = target({ ensureCustomer: true });
      await deliver(
        to,
        aDelivery(),
        aDelivery(aRelayedOrder({ id: '2' })),
        aDelivery(aRelayedOrder({ id: '3', email: 'ola@x.test' })),
      );
      assert.deepEqual(calls(), ['POST /customers', 'POST /orders']);
      assert.deepEqual(sent(), {
        ...{ mode: 'AddOrUpdate', matchBy: 'Email' },
        data: [
          { email: 'ala@example.test', phone: '+48600100200' },
          { email: 'ola@x.test', phone: '+48600100200' },
        ],
      });
      party.answers({ status: 201 });
      await deliver(target({ ensureCustomer: true, matchField: 'phone' }), aDelivery());
      assert.equal((sent(2) as { matchBy: string }).matchBy, 'PhoneNumber');
    });

    it('refuses the orders of a customer who is refused', async () => {
      party.answers(({ path, body }) => ({ status: path === '/customers' && body.includes('ola@') ? 400 : 201 }));
      const outcomes = await deliver(
        target({ ensureCustomer: true }),
        ...[aDelivery(aRelayedOrder({ id: '1', email: 'ola@x.test' })), aDelivery(aRelayedOrder({ id: '2' }))],
      );
      assert.deepEqual(kinds(outcomes), ['refused', 'delivered']);
      assert.match(outcomes[0]?.kind === 'refused' ? outcomes[0].reason : '', /the customer: HTTP 400/);
    });
  });

  describe('with attributes', () => {
    const named: Partial<ExpertSenderSettings> = {
      orderAttributes: new Map([
        ['DeliveryMethod', 'delivery_method'],
        ['Gone', 'source'],
      ]),
      productAttributes: new Map([['Ean', 'ean']]),
    };
    const list = (...names: string[]) => ({
      status: 200,
      body: { status: 0, data: names.map((name, id) => ({ id, name, type: 'String' })) },
    });
    const attributesSent = (at: number) =>
      (sent(at) as { data: { orderAttributes?: unknown; products: { productAttributes?: unknown }[] }[] }).data.map(
        (order) => [order.orderAttributes, order.products[0]?.productAttributes],
      )[0];

    it('sends those that the panel has, and asks for its lists once in a while', async () => {
      const to = target(named);
      party.answers(list('DeliveryMethod', 'Other'), list('Ean'), { status: 201 });
      await deliver(to, aDelivery());
      assert.deepEqual(attributesSent(2), [
        [{ name: 'DeliveryMethod', value: 'Kurier' }],
        [{ name: 'Ean', value: '5900000000012' }],
      ]);
      assert.match(log.text(), /"unknown":\["Gone"\]/);
      await deliver(to, aDelivery());
      assert.equal(party.received.length, 4);
      now = new Date(now.getTime() + 2 * 60 * 60 * 1000);
      party.answers({ status: 500 }, { status: 500 }, { status: 201 });
      await deliver(to, aDelivery());
      assert.deepEqual(calls().slice(4), ['GET /orderattributes', 'GET /productattributes', 'POST /orders']);
      assert.ok(attributesSent(6)?.[0], 'what was known before is still sent');
    });

    it('leaves them out with a warning when there is no list, and sends the order all the same', async () => {
      for (const answer of [{ status: 403 }, { status: 200, body: 'x' }, 'drop-after-reading'] as const) {
        const from = party.received.length;
        party.answers(answer, answer, { status: 201 });
        assert.deepEqual(kinds(await deliver(target(named), aDelivery())), ['delivered']);
        assert.deepEqual(attributesSent(from + 2), [undefined, undefined]);
      }
      assert.match(log.text(), /cannot be listed/);
    });

    it('asks for no list when none is named', async () => {
      await deliver(target(), aDelivery());
      assert.deepEqual(calls(), ['POST /orders']);
    });
  });

  describe('of a cancellation', () => {
    const cancelled = () => aDelivery(aRelayedOrder({}, aStatus('cancelled')));

    it('is read back the first time, and what is stored is logged', async () => {
      const to = target();
      party.answers({ status: 201 }, stored('Cancelled'), { status: 201 });
      assert.deepEqual(kinds(await deliver(to, cancelled())), ['delivered']);
      await deliver(to, cancelled());
      assert.deepEqual(calls(), ['POST /orders', 'GET /orders/1001', 'POST /orders']);
      assert.match(log.text(), /"stored":"Cancelled"/);
      assert.doesNotMatch(log.text(), /"level":"warn"/);
    });

    it('warns when it is stored as something else, and tries the next time when it cannot be read', async () => {
      const to = target();
      party.answers({ status: 201 }, 'drop-after-reading', { status: 201 }, stored('Placed'));
      assert.deepEqual(kinds(await deliver(to, cancelled())), ['delivered']);
      assert.deepEqual(kinds(await deliver(to, cancelled())), ['delivered']);
      assert.match(
        log.text(),
        /EXPERTSENDER_CANCELED_AS.*"stored":"Placed"|"stored":"Placed".*EXPERTSENDER_CANCELED_AS/,
      );
    });
  });

  describe('is wanted', () => {
    const wants = (changes: Parameters<typeof anOrder>[0], settings: Partial<ExpertSenderSettings> = {}) =>
      target(settings).wants(aRelayedOrder(changes));

    it('only with what the business unit tells customers apart by', () => {
      assert.deepEqual([wants({}), wants({ email: '' }), wants({ email: 'brak' })], [true, false, false]);
      assert.deepEqual(
        [wants({}, { matchField: 'phone' }), wants({ phone: '' }, { matchField: 'phone' })],
        [true, false],
      );
      assert.deepEqual(
        [wants({}, { matchField: 'crmId' }), wants({ customerId: '5' }, { matchField: 'crmId' })],
        [...[false, true]],
      );
    });

    it('not from a marketplace’s address, but where the settings say so', () => {
      const alias = { email: 'x@allegromail.pl' };
      assert.deepEqual([wants(alias), wants(alias, { sendsAliases: true })], [false, true]);
      assert.equal(wants(alias, { matchField: 'phone' }), false);
    });
  });

  it('can be looked at and taken back by an operator', async () => {
    const to = target({ orderIdPrefix: 'PL/' });
    const signal = AbortSignal.timeout(PATIENCE_MS);
    party.answers(stored('Paid'), { status: 404 }, stored('Paid'), { status: 404 }, { status: 401 });
    const found = await to.read('7', signal);
    assert.equal(found.kind === 'found' && found.order.status, 'Paid');
    assert.deepEqual(await to.read('7', signal), { kind: 'absent' });
    assert.equal((await to.remove('7', signal)).kind, 'found');
    assert.deepEqual(await to.remove('7', signal), { kind: 'absent' });
    assert.equal((await to.remove('7', signal)).kind, 'halted');
    assert.deepEqual(calls(), [
      ...Array<string>(2).fill('GET /orders/PL%2F7'),
      ...Array<string>(3).fill('DELETE /orders/PL%2F7'),
    ]);
  });

  it('is switched on by the settings', () => {
    const parts = { now: NOW, log: createLog('error', log) };
    assert.deepEqual(
      openTargets({ expertSender: ourSettings() }, parts).map(({ name }) => name),
      ['expertsender'],
    );
    assert.deepEqual(openTargets({ expertSender: undefined }, parts), []);
  });
});

describe('sending in halves', () => {
  it('finds exactly the bad records, whatever their number', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 60 }), async (bad) => {
        const records = bad.map((isBad, at) => ({ isBad, at }));
        const taken: number[] = [];
        const verdicts = await inHalves(records, (some) => {
          if (some.some(({ isBad }) => isBad)) return Promise.resolve({ kind: 'no', status: 400, reason: '' } as const);
          taken.push(...some.map(({ at }) => at));
          return Promise.resolve({ kind: 'taken', text: '' } as const);
        });
        assert.deepEqual(
          verdicts.map(({ kind }) => kind === 'no'),
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
