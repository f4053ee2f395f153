import assert from 'node:assert/strict';
import { createLog } from '../../../connector/lib/log.ts';
import { expertSender } from '../../../connector/integrations/expertsender/index.ts';
import type { ExpertSenderSettings } from '../../../connector/integrations/expertsender/settings.ts';
import { openTargets } from '../../../connector/integrations/index.ts';
import { memoryStream } from '../../support/memory-stream.ts';
import { aDelivery, anOrder, aRelayedOrder } from '../../relay/an-order.ts';
import { keepsTheTargetContract } from '../../relay/target-contract.ts';
import { again, aPlatform, deliver, kinds, NOW, TIMEOUT_MS, stored } from './a-platform.ts';
import { aStatus, KEY, ourSettings, quickPace } from './our-settings.ts';

keepsTheTargetContract(
  'expertsender',
  (url, log) => expertSender(ourSettings({ url }), { now: NOW, clock: quickPace(), log }),
  {
    ok: () => ({ status: 201 }),
    no: ({ body }) => ({ status: 400, body: { title: 'no', errors: [`${KEY} may not: ${body}`] } }),
    secrets: [KEY, 'ala@example.test', '600100200'],
  },
);

describe('a delivery to ExpertSender', () => {
  const { received, answers, target, calls, sent, logged } = aPlatform();

  it('posts the complete order the first time, with the key in the header alone', async () => {
    const [outcome] = await deliver(target(), aDelivery());
    assert.deepEqual([outcome?.kind, outcome?.kind === 'delivered' && outcome.reference], ['delivered', '1001']);
    assert.deepEqual(calls(), ['POST /orders']);
    assert.equal(received()[0]?.headers['x-api-key'], KEY);
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
    assert.equal(outcome?.kind === 'delivered' && outcome.memo, to.digest(state));
  });

  it('posts the complete order when anything else has changed too, or when it is told again by hand', async () => {
    const to = target();
    await deliver(to, again(to, aDelivery(aRelayedOrder({ total: '40.00' }, aStatus('completed')))));
    await deliver(to, again(to, aDelivery()));
    await deliver(to, again(to, aDelivery(aRelayedOrder({}, aStatus('returned')))));
    await deliver(to, { ...aDelivery(), lastDigest: 'what another version left' });
    assert.deepEqual(calls(), Array<string>(4).fill('POST /orders'));
  });

  for (const status of [404, 400]) {
    it(`posts the complete order when the status is for an order that is not there (${status})`, async () => {
      const to = target();
      answers({ status, body: { errors: ['orderId: there is none'] } }, { status: 201 });
      const [outcome] = await deliver(to, again(to, aDelivery(aRelayedOrder({}, aStatus('completed')))));
      assert.deepEqual([calls(), outcome?.kind], [['PUT /orders/status', 'POST /orders'], 'delivered']);
    });
  }

  it('tries again later when a status was lost, and does not go on to the next', async () => {
    const to = target();
    answers('drop-after-reading', { status: 200 });
    const states = ['1', '2'].map((id) => {
      return again(to, aDelivery(aRelayedOrder({ id }, aStatus('completed'))), aRelayedOrder({ id }));
    });
    assert.deepEqual(kinds(await deliver(to, ...states, aDelivery())), ['retry', 'retry', 'retry']);
    assert.equal(received().length, 1);
  });

  it('takes any 2xx for a yes, whatever the body says', async () => {
    for (const status of [200, 202, 204]) {
      answers({ status, body: status === 204 ? '' : { status: 5, errors: ['?'] } });
      assert.deepEqual(kinds(await deliver(target(), aDelivery())), ['delivered']);
    }
  });

  it('takes a page for no yes: a portal or a proxy has answered, and the order is not there', async () => {
    for (const body of ['<!DOCTYPE html><p>Please log in', '\ufeff \n<html></html>']) {
      answers({ status: 200, headers: { 'Content-Type': 'text/html' }, body });
      const [outcome] = await deliver(target(), aDelivery());
      assert.equal(outcome?.kind, 'halted', body);
      assert.match(outcome.reason, /HTTP 200.*check EXPERTSENDER_URL/);
    }
  });

  it('joins the errors and leaves out who it is about', async () => {
    const errors = ['customer.email: ALA@example.test is odd', 'phone +48 600 100 200', `key ${KEY}`, 7];
    answers({ status: 400, body: { title: 'Not valid', errors } });
    const [outcome] = await deliver(target(), aDelivery());
    assert.deepEqual(outcome, {
      kind: 'refused',
      reason: 'HTTP 400: customer.email: *** is odd; phone ***; key ***',
    });
  });

  it('reads error bodies that are none', async () => {
    for (const body of ['', '<html>', '[]', 'null', '{"errors":{}}', '{"errors":[]}']) {
      answers({ status: 400, body });
      assert.deepEqual(await deliver(target(), aDelivery()), [{ kind: 'refused', reason: 'HTTP 400' }]);
    }
    answers({ status: 400, body: { title: 'Not valid' } });
    assert.deepEqual(await deliver(target(), aDelivery()), [{ kind: 'refused', reason: 'HTTP 400: Not valid' }]);
  });

  it('halts where it is not the platform that answers', async () => {
    for (const status of [404, 405, 301]) {
      answers({ status });
      const [outcome] = await deliver(target(), aDelivery());
      assert.match(outcome?.kind === 'halted' ? outcome.reason : '', /EXPERTSENDER_URL/);
    }
    answers({ status: 403 });
    const [outcome] = await deliver(target(), aDelivery());
    assert.match(outcome?.kind === 'halted' ? outcome.reason : '', /EXPERTSENDER_API_KEY/);
  });

  it('gives a call no more time than the setting', async () => {
    answers('silence');
    assert.deepEqual(await deliver(target({ timeoutMs: 50 }), aDelivery()), [{ kind: 'retry', reason: 'timed out' }]);
  });

  it('refuses what cannot be written and sends the rest', async () => {
    const unmapped = aDelivery(aRelayedOrder({ id: '7' }, aStatus(undefined, '17')));
    assert.deepEqual(kinds(await deliver(target(), unmapped, aDelivery())), ['refused', 'delivered']);
    assert.equal((sent() as { data: unknown[] }).data.length, 1);
    answers({ status: 500 });
    assert.deepEqual(kinds(await deliver(target(), unmapped)), ['refused']);
    assert.equal(received().length, 1);
  });

  it('says what was cut, and nothing of whom', async () => {
    const lines = anOrder().lines.map((line) => ({ ...line, name: `ala@example.test ${'x'.repeat(2100)}` }));
    await deliver(target(), aDelivery(aRelayedOrder({ lines })));
    assert.match(logged(), /products\[0\]\.name is cut/);
    assert.doesNotMatch(logged(), /ala@|xxxx/);
  });

  describe('is wanted', () => {
    const wants = (changes: Parameters<typeof anOrder>[0], settings: Partial<ExpertSenderSettings> = {}) =>
      target(settings).wants(aRelayedOrder(changes), false);

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
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    answers(stored('Paid'), { status: 404 }, stored('Paid'), { status: 404 }, { status: 401 });
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
    const parts = { now: NOW, log: createLog('error', memoryStream()) };
    assert.deepEqual(
      openTargets({ expertSender: ourSettings() }, [], parts).map(({ name }) => name),
      ['expertsender'],
    );
    assert.deepEqual(openTargets({ expertSender: undefined }, [], parts), []);
  });
});
