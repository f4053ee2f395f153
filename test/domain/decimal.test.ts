import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDecimal, readDecimal } from '../../connector/domain/decimal.ts';

const plain = (text: string) => {
  const decimal = readDecimal(text);
  return decimal && formatDecimal(decimal);
};

/** A number in one of the ways in which senders write it, beside its plain form. */
const SENT = fc
  .record({
    digits: fc.bigInt({ min: 0n, max: 10n ** 30n }),
    places: fc.integer({ min: 0, max: 30 }),
    exponent: fc.integer({ min: -300, max: 300 }),
    sign: fc.constantFrom('', '+', '-'),
    mark: fc.constantFrom('.', ','),
    e: fc.constantFrom('e', 'E', 'e+'),
  })
  .map(({ digits, places, exponent, sign, mark, e }) => {
    const text = digits.toString().padStart(places + 1, '0');
    const mantissa = places === 0 ? text : `${text.slice(0, -places)}${mark}${text.slice(-places)}`;
    const power = exponent === 0 ? '' : `${exponent < 0 ? 'e' : e}${exponent}`;
    return { text: `${sign}${mantissa}${power}`, digits: sign === '-' ? -digits : digits, shift: exponent - places };
  });

describe('a decimal number', () => {
  it('is read exactly, whatever its length, sign, mark and exponent', () => {
    fc.assert(
      fc.property(SENT, ({ text, digits, shift }) => {
        const read = readDecimal(text);
        assert.ok(read, text);
        // digits * 10^shift, compared without a fraction.
        const least = BigInt(Math.max(-shift, read.places));
        assert.equal(read.digits * 10n ** (least - BigInt(read.places)), digits * 10n ** (least + BigInt(shift)));
      }),
    );
  });

  it('is written plainly, and read again as the same', () => {
    fc.assert(
      fc.property(SENT, ({ text }) => {
        const once = plain(text);
        assert.match(once ?? '', /^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
        assert.notEqual(once, '-0');
        if ((once ?? '').length <= 100) assert.equal(plain(once ?? ''), once);
      }),
    );
  });

  for (const [sent, read] of [
    ['-3.5527136788005009e-15', '-0.0000000000000035527136788005009'],
    ['1.0E-15', '0.000000000000001'],
    ['1e-7', '0.0000001'],
    ['1.0E+2', '100'],
    ['24,90', '24.9'],
    ['+007.50', '7.5'],
    ['-0.00', '0'],
    ['0.123456789012345678901234567891', '0.123456789012345678901234567891'],
  ] as const) {
    it(`${sent} is ${read}`, () => assert.equal(plain(sent), read));
  }

  it('is none of these', () => {
    for (const text of [
      '',
      ' ',
      '.5',
      '5.',
      '--1',
      '1 000',
      '1.2.3',
      '0x10',
      'NaN',
      'Infinity',
      '1e',
      'e5',
      '1e1.5',
      '٥',
    ]) {
      assert.equal(readDecimal(text), undefined, text);
    }
    assert.equal(readDecimal('1'.repeat(101)), undefined, 'too long');
    assert.equal(readDecimal('1e1000'), undefined, 'nobody counts so far');
  });
});
