import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isPolishTaxNumber } from '../../connector/domain/tax-number.ts';

describe('a Polish tax number', () => {
  for (const right of [
    ...['5260250274', '526-025-02-74', 'PL5260250274', 'pl 526 025 02 74', ' 5260250274 '],
    ...['NIP: 521-301-72-28', 'NIP 5213017228', 'nip5213017228', 'NIP: PL 521-301-72-28', 'PL-5213017228'],
    ...['NIP UE: PL5213017228', 'VAT ID: PL5213017228', '521\u2011301\u201372\u201328'],
  ]) {
    it(`is right: ${JSON.stringify(right)}`, () => assert.equal(isPolishTaxNumber(right), true));
  }

  for (const wrong of [
    ...['', '5260250275', '526025027', '52602502744', 'DE5260250274', '526.025.02.74', '٥260250274'],
    ...['0000000000', '000-000-00-00', 'PL0000000000', 'NIP:', 'NIP: 521-301-72-29', 'NIPPON 5213017228'],
    ...['0123456789', '1000000006'],
  ]) {
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
