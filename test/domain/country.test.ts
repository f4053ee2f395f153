import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countryCode } from '../../connector/domain/country.ts';

describe('the code of a country', () => {
  for (const [code, name, expected] of [
    ['PL', '', 'PL'],
    ['pl', '', 'PL'],
    [' de ', 'Polska', 'DE'],
    ['DEU', '', 'DE'],
    ['', 'Polska', 'PL'],
    ['', 'polska', 'PL'],
    ['', 'Niemcy', 'DE'],
    ['', 'Germany', 'DE'],
    ['', 'Czechy', 'CZ'],
    ['', ' Wielka Brytania ', 'GB'],
    ['ZZ', 'Polska', 'PL'],
    ['', 'Atlantyda', ''],
    ['', '', ''],
    ['616', '', 'PL'],
  ] as const) {
    it(`from ${JSON.stringify(code)} and ${JSON.stringify(name)} is ${JSON.stringify(expected)}`, () => {
      assert.equal(countryCode(code, name), expected);
    });
  }

  it('is two capital letters or nothing, whatever was sent', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary' }), (code, name) => {
        assert.match(countryCode(code, name), /^([A-Z]{2})?$/);
      }),
    );
  });
});
