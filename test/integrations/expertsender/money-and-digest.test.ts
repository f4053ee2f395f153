import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatMoney, roundMoney, type Money } from '../../../connector/domain/money.ts';
import type { RelayedOrder } from '../../../connector/contracts/target.ts';
import { digestOf, readDigest, writeDigest } from '../../../connector/integrations/expertsender/digest.ts';
import { orderWriter, wireNumber, type WireOrder } from '../../../connector/integrations/expertsender/order-mapping.ts';
import type { ExpertSenderSettings } from '../../../connector/integrations/expertsender/settings.ts';
import { aRelayedOrder } from '../../relay/an-order.ts';
import { aStatus, ourSettings } from './our-settings.ts';
import { aLine, unfit, wire } from './written.ts';

describe('money for ExpertSender', () => {
  it('goes out as the number that was written, to the cent', () => {
    const cents = fc.bigInt({ min: -999_999_999_999_999n, max: 999_999_999_999_999n });
    fc.assert(
      fc.property(cents, (amount) => {
        const json = JSON.stringify(wireNumber(amount as Money));
        return roundMoney(json) === amount && /^-?\d+(\.\d{1,2})?$/.test(json);
      }),
    );
  });

  it('keeps totals and prices of whole orders', () => {
    const price = fc.integer({ min: 0, max: 99_999_999 }).map((cents) => formatMoney(BigInt(cents) as Money));
    const line = fc.record({ price, quantity: fc.integer({ min: 1, max: 9999 }) });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), price, (lines, total) => {
        const sent = JSON.parse(JSON.stringify(wire({ total, lines: lines.map((one) => aLine(one)) }))) as WireOrder;
        assert.equal(roundMoney(String(sent.totalValue)), roundMoney(total));
        const value = (list: readonly { price: string | number; quantity: number }[]) =>
          list.reduce((sum, one) => sum + roundMoney(String(one.price)) * BigInt(one.quantity), 0n);
        assert.equal(value(sent.products), value(lines));
      }),
    );
  });

  it('is rounded half away from zero, and refused where it is none or too large', () => {
    const lines = [
      aLine({ price: '24.9' }),
      aLine({ price: '0.005' }),
      aLine({ price: '-1.005' }),
      aLine({ price: '1.004' }),
    ];
    assert.deepEqual(
      wire({ lines }).products.map(({ price }) => price),
      [24.9, 0.01, -1.01, 1],
    );
    assert.match(unfit({ lines: [aLine({ price: 'gratis' })] }), /products\[0\]\.price: not an amount/);
    for (const total of ['NaN', '', '1e1000']) assert.match(unfit({ total }), /total: not an amount/);
    assert.match(unfit({ total: '10000000000000.00' }), /too large/);
  });
});

describe('the digest for ExpertSender', () => {
  const digest = (relayed: RelayedOrder, settings: Partial<ExpertSenderSettings> = {}) =>
    digestOf(orderWriter(ourSettings(settings))(relayed));

  it('tells a change of the status from a change of anything else', () => {
    const first = digest(aRelayedOrder());
    const paid = digest(aRelayedOrder({}, aStatus('completed')));
    assert.deepEqual([first.status, paid.status], ['paid', 'completed']);
    assert.equal(first.content, paid.content);
    for (const change of [{ total: '37.00' }, { email: 'ola@example.test' }, { lines: [] }, { customerId: '5' }]) {
      assert.notEqual(digest(aRelayedOrder(change)).content, first.content);
    }
  });

  it('does not mind what the platform is not told', () => {
    assert.deepEqual(
      digest(aRelayedOrder({ adminComments: 'zadzwonić', userComments: 'pilne' })),
      digest(aRelayedOrder()),
    );
  });

  it('differs for an order that cannot be told, so that the refusal is seen', () => {
    const unmapped = digest(aRelayedOrder({}, aStatus(undefined)));
    assert.notDeepEqual(unmapped, digest(aRelayedOrder()));
    assert.equal(unmapped.status, '');
  });

  it('holds no personal data, and is read back; what is no digest is none', () => {
    const text = writeDigest(digest(aRelayedOrder()));
    assert.doesNotMatch(text, /ala|example|600100200|Kowalska/i);
    assert.deepEqual(readDigest(text), digest(aRelayedOrder()));
    for (const other of ['', 'x', '{}', 'null', '[]', '{"status":1,"content":2}'])
      assert.equal(readDigest(other), undefined);
  });
});
