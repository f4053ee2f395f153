import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  add,
  formatMoney,
  lineValue,
  parseMoney,
  roundMoney,
  subtract,
  times,
  type Money,
} from '../../connector/domain/money.ts';

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

  it('is rounded half away from zero, from whatever was sent', () => {
    for (const [text, written] of [
      ['0.005', '0.01'],
      ['-0.005', '-0.01'],
      ['1.0049', '1.00'],
      ['-3.5527136788005009e-15', '0.00'],
      ['1.0E+2', '100.00'],
      ['0.994999999999999999999999999999', '0.99'],
    ] as const) {
      assert.equal(formatMoney(roundMoney(text)), written, text);
    }
    for (const text of ['', 'x', '1e1000', `0.${'1'.repeat(1199)}`]) assert.throws(() => roundMoney(text), RangeError);
  });

  it('of a line is multiplied before it is rounded', () => {
    for (const [price, count, value] of [
      ['0.0455', 1000, '45.50'],
      ['14.634', 2, '29.27'],
      ['-0.0455', 1000, '-45.50'],
      ['24.90', 2, '49.80'],
      ['5e-3', 1, '0.01'],
    ] as const) {
      assert.equal(formatMoney(lineValue(price, count)), value);
    }
    const places = fc.integer({ min: 0, max: 30 });
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 35n), max: 10n ** 35n }),
        places,
        fc.nat(2_000_000),
        (digits, shift, count) => {
          const value = lineValue(`${digits}e-${shift}`, count);
          // Half a cent at most: 2 * |value * 10^shift - digits * count * 100| <= 10^shift
          const error = value * 10n ** BigInt(shift) - digits * BigInt(count) * 100n;
          assert.ok(2n * (error < 0n ? -error : error) <= 10n ** BigInt(shift));
        },
      ),
    );
  });

  it('refuses what is no amount, a third decimal that matters included', () => {
    for (const text of ['', '1.005', '1e3', 'NaN', '1 000', '.5', '--1', '0x10']) {
      assert.throws(() => parseMoney(text), RangeError, text);
    }
  });
});
