import assert from 'node:assert/strict';
import type { ExpertSenderSettings } from '../../../connector/integrations/expertsender/settings.ts';
import { aDelivery, aRelayedOrder } from '../../relay/an-order.ts';
import { aPlatform, deliver, kinds, stored } from './a-platform.ts';
import { aStatus } from './our-settings.ts';

describe('a delivery to ExpertSender', () => {
  const { received, answers, target, calls, sent, logged, pass } = aPlatform();

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
      answers({ status: 201 });
      await deliver(target({ ensureCustomer: true, matchField: 'phone' }), aDelivery());
      assert.equal((sent(2) as { matchBy: string }).matchBy, 'PhoneNumber');
    });

    it('refuses the orders of a customer who is refused', async () => {
      answers(({ path, body }) => ({ status: path === '/customers' && body.includes('ola@') ? 400 : 201 }));
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
      answers(list('DeliveryMethod', 'Other'), list('Ean'), { status: 201 });
      await deliver(to, aDelivery());
      assert.deepEqual(attributesSent(2), [
        [{ name: 'DeliveryMethod', value: 'Kurier' }],
        [{ name: 'Ean', value: '5900000000012' }],
      ]);
      assert.match(logged(), /"unknown":\["Gone"\]/);
      await deliver(to, aDelivery());
      assert.equal(received().length, 4);
      pass(2 * 60 * 60 * 1000);
      answers({ status: 500 }, { status: 500 }, { status: 201 });
      await deliver(to, aDelivery());
      assert.deepEqual(calls().slice(4), ['GET /orderattributes', 'GET /productattributes', 'POST /orders']);
      assert.ok(attributesSent(6)?.[0], 'what was known before is still sent');
    });

    it('leaves them out with a warning when there is no list, and sends the order all the same', async () => {
      for (const answer of [{ status: 403 }, { status: 200, body: 'x' }, 'drop-after-reading'] as const) {
        const from = received().length;
        answers(answer, answer, { status: 201 });
        assert.deepEqual(kinds(await deliver(target(named), aDelivery())), ['delivered']);
        assert.deepEqual(attributesSent(from + 2), [undefined, undefined]);
      }
      assert.match(logged(), /cannot be listed/);
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
      answers({ status: 201 }, stored('Cancelled'), { status: 201 });
      assert.deepEqual(kinds(await deliver(to, cancelled())), ['delivered']);
      await deliver(to, cancelled());
      assert.deepEqual(calls(), ['POST /orders', 'GET /orders/1001', 'POST /orders']);
      assert.match(logged(), /"stored":"Cancelled"/);
      assert.doesNotMatch(logged(), /"level":"warn"/);
    });

    it('warns when it is stored as something else, and tries the next time when it cannot be read', async () => {
      const to = target();
      answers({ status: 201 }, 'drop-after-reading', { status: 201 }, stored('Placed'));
      assert.deepEqual(kinds(await deliver(to, cancelled())), ['delivered']);
      assert.deepEqual(kinds(await deliver(to, cancelled())), ['delivered']);
      assert.match(logged(), /EXPERTSENDER_CANCELED_AS.*"stored":"Placed"|"stored":"Placed".*EXPERTSENDER_CANCELED_AS/);
    });
  });
});
