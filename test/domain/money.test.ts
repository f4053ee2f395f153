import assert from 'node:assert/strict';
import fc from 'fast-check';
import { add, formatMoney, parseMoney, subtract, times, type Money } from '../../connector/domain/money.ts';

const anyMoney = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }).map((hundredths) => hundredths as Money);

describe('money', () => {
  it('reads what it writes', () => {
    fc.assert(fc.property(anyMoney, (money) => assert.equal(parseMoney(formatMoney(money)), money)));
  });

  it('always writes a dot and two decimals', () => {
    fc.assert(fc.property(anyMoney, (money) => assert.match(formatMoney(money), /^-?\d+\.\d\d$/)));
  });

  it('adds and takes away without losing a cent', () => {
    fc.assert(
      fc.property(anyMoney, anyMoney, fc.nat(1000), (a, b, n) => {
        assert.equal(subtract(add(a, b), b), a);
        assert.equal(times(a, n), add(...Array.from({ length: n }, () => a)));
      }),
    );
  });

  it('reads commas, missing cents and trailing zeros', () => {
    for (const [text, written] of [
      ['24.9', '24.90'],
      ['24,90', '24.90'],
      ['7', '7.00'],
      ['-0.05', '-0.05'],
      ['19.9000', '19.90'],
    ] as const) {
      assert.equal(formatMoney(parseMoney(text)), written);
    }
  });

  it('refuses what is no amount, a third decimal that matters included', () => {
    for (const text of ['', '1.005', '1e3', 'NaN', '1 000', '.5', '--1', '0x10']) {
      assert.throws(() => parseMoney(text), RangeError, text);
    }
  });
});
