import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { e164 } from '../../connector/domain/phone.ts';

describe('a phone number in E.164', () => {
  for (const [phone, country, expected] of [
    ['500 600 700', 'PL', '+48500600700'],
    ['500-600-700', '', '+48500600700'],
    ['500600700', 'PL', '+48500600700'],
    ['+48 500-600-700', 'DE', '+48500600700'],
    ['48 500 600 700', 'PL', '+48500600700'],
    ['001234567', 'PL', ''],
    ['601600700', 'CZ', '+420601600700'],
    ['500600700', 'CZ', ''],
    ['+48500600700', 'DE', '+48500600700'],
    ['0048 500 600 700', 'PL', '+48500600700'],
    ['(22) 123 45 67', 'PL', '+48221234567'],
    ['030 901820', 'DE', '+4930901820'],
    ['+420 601 123 456', 'PL', '+420601123456'],
    ['601 123 456', 'CZ', '+420601123456'],
    ['+380 50 123 45 67', 'PL', '+380501234567'],
    ['0500600700', 'ZZ', ''],
    ['500 600 700', 'Polska', '+48500600700'],
    ['12', 'PL', ''],
    ['zadzwoń', 'PL', ''],
    ['', 'PL', ''],
    ['500600700500600700500600700', 'PL', ''],
    ['000000000', 'PL', ''],
    ['+48000000000', 'PL', ''],
    ['100000000', 'PL', ''],
    ['6001002', 'PL', ''],
    ['+48 (0) 600 100 200', 'PL', '+48600100200'],
    ['+48 (0) 600 100 200', 'DE', '+48600100200'],
    ['+480600100200', 'PL', '+48600100200'],
    ['022 1234567', 'PL', '+48221234567'],
    ['0600100200', 'PL', '+48600100200'],
    ['0600100200', '', '+48600100200'],
    ['0048 0600 100 200', 'PL', '+48600100200'],
    ['+420 (0) 601 123 456', 'PL', '+420601123456'],
    ['0601 123 456', 'CZ', '+420601123456'],
    ['+49 (0) 30 901820', 'PL', '+4930901820'],
    ['0906 123 456', 'SK', '+421906123456'],
    ['+39 (0) 2 12345678', 'IT', '+390212345678'],
    ['600 100 200', 'UA', ''],
    ['0048 600 100 200', 'US', '+48600100200'],
    ['600100200', undefined, ''],
    ['0600100200', undefined, ''],
    ['+48 600 100 200', undefined, '+48600100200'],
    ['0048 600 100 200', undefined, '+48600100200'],
    ['', undefined, ''],
  ] as const) {
    it(`${JSON.stringify(phone)} of ${JSON.stringify(country)} is ${JSON.stringify(expected)}`, () => {
      assert.equal(e164(phone, country), expected);
    });
  }

  it('is what the package makes of it, also where it is not asked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100_000_000, max: 999_999_999 }), fc.constantFrom('', '+48'), (number, prefix) => {
        const phone = `${prefix}${number}`;
        const parsed = parsePhoneNumberFromString(phone, 'PL');
        assert.equal(e164(phone, 'PL'), parsed?.isValid() ? parsed.number : '');
      }),
    );
  });

  it('is never anything else than a plus and digits, whatever was sent', () => {
    const country = fc.constantFrom('PL', 'DE', 'US', 'ZZ', 'XX', '', 'pl', 'Polska', undefined);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), country, (phone, code) => {
        assert.match(e164(phone, code), /^(\+[1-9]\d{3,14})?$/);
      }),
    );
  });
});
