import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isPolishTaxNumber } from '../../connector/domain/tax-number.ts';

describe('a Polish tax number', () => {
  for (const right of ['5260250274', '526-025-02-74', 'PL5260250274', 'pl 526 025 02 74', ' 5260250274 ']) {
    it(`is right: ${JSON.stringify(right)}`, () => assert.equal(isPolishTaxNumber(right), true));
  }

  for (const wrong of ['', '5260250275', '526025027', '52602502744', 'DE5260250274', '526.025.02.74', '٥260250274']) {
    it(`is wrong: ${JSON.stringify(wrong)}`, () => assert.equal(isPolishTaxNumber(wrong), false));
  }

  it('is never right with one digit changed', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const digits = '5260250274'.split('').map(Number);
        digits[at] = ((digits[at] ?? 0) + by) % 10;
        assert.equal(isPolishTaxNumber(digits.join('')), false);
      }),
    );
  });
});
