import assert from 'node:assert/strict';
import { isPaid, roundingOf } from '../../connector/domain/order-totals.ts';

const order = (total: string, price = '10.00', discount = '0.00') => ({
  total,
  lines: [{ quantity: 3, price }],
  adjustments: [{ amount: discount }],
  deliveryMethod: { price: '5.00' },
});
const payment = (paidAmount: string, cashOnDelivery = false) => ({ payment: { paidAmount, cashOnDelivery } });

describe('the totals of an order', () => {
  it('need no line when the parts add up', () => {
    assert.equal(roundingOf(order('35.00')), undefined);
    assert.equal(roundingOf(order('33.00', '10.00', '-2.00')), undefined);
  });

  it('show a cent of difference as rounding', () => {
    assert.deepEqual(roundingOf(order('35.01')), { amount: '0.01', isRounding: true });
    assert.deepEqual(roundingOf(order('34.99')), { amount: '-0.01', isRounding: true });
  });

  it('never call a missing part rounding', () => {
    assert.equal(roundingOf(order('0.00'))?.isRounding, false);
  });

  it('are paid when what was captured covers them', () => {
    assert.equal(isPaid({ total: '35.00', ...payment('35.00') }), true);
    assert.equal(isPaid({ total: '35.00', ...payment('34.99') }), false);
    assert.equal(isPaid({ total: '35.00', ...payment('0.00', true) }), false);
    assert.equal(isPaid({ total: '0.00', ...payment('0.00') }), true);
  });
});
