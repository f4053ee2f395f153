import assert from 'node:assert/strict';
import fc from 'fast-check';
import { add, parseMoney, roundMoney, times } from '../../connector/domain/money.ts';
import { differenceOf, isPaid } from '../../connector/domain/order-totals.ts';

const order = (total: string, price = '10.00', discount = '0.00') => ({
  total,
  lines: [{ quantity: 3, price }],
  adjustments: [{ amount: discount }],
  deliveryMethod: { price: '5.00' },
});
const payment = (paidAmount: string, cashOnDelivery = false) => ({ payment: { paidAmount, cashOnDelivery } });

describe('the totals of an order', () => {
  it('need no line when the parts add up', () => {
    assert.equal(differenceOf(order('35.00')), undefined);
    assert.equal(differenceOf(order('33.00', '10.00', '-2.00')), undefined);
  });

  it('show a cent of difference as rounding, and so up to 1.00', () => {
    for (const [total, amount] of [
      ['35.01', '0.01'],
      ['34.99', '-0.01'],
      ['36.00', '1.00'],
    ] as const) {
      assert.deepEqual(differenceOf(order(total)), { amount, parts: '35.00', isRounding: true });
    }
  });

  it('never call a missing part rounding', () => {
    assert.deepEqual(differenceOf(order('0.00')), { amount: '-35.00', parts: '35.00', isRounding: false });
    assert.deepEqual(differenceOf(order('36.01')), { amount: '1.01', parts: '35.00', isRounding: false });
  });

  it('are the sum of the parts and the difference, whatever the shop stores', () => {
    const amount = fc
      .tuple(fc.integer({ min: -10_000_000, max: 10_000_000 }), fc.integer({ min: 0, max: 6 }))
      .map(([digits, places]) => `${digits}e-${places}`);
    const line = fc.record({ quantity: fc.integer({ min: 0, max: 5000 }), price: amount });
    const parts = fc.record({
      total: amount,
      lines: fc.array(line),
      adjustments: fc.array(fc.record({ amount })),
      deliveryMethod: fc.record({ price: amount }),
    });
    fc.assert(
      fc.property(parts, (one) => {
        // BaseLinker is shown two decimals of each.
        const shown = add(
          ...one.lines.map(({ price, quantity }) => times(roundMoney(price), quantity)),
          ...one.adjustments.map((adjustment) => roundMoney(adjustment.amount)),
          roundMoney(one.deliveryMethod.price),
          parseMoney(differenceOf(one)?.amount ?? '0.00'),
        );
        assert.equal(shown, roundMoney(one.total));
      }),
    );
  });

  it('are paid when what was captured covers them', () => {
    assert.equal(isPaid({ total: '35.00', ...payment('35.00') }), true);
    assert.equal(isPaid({ total: '35.00', ...payment('34.99') }), false);
    assert.equal(isPaid({ total: '35.00', ...payment('0.00', true) }), false);
    assert.equal(isPaid({ total: '0.00', ...payment('0.00') }), true);
  });
});
