import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countryCode, countryOf, saysCountry } from '../../connector/domain/country.ts';

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
    ['UK', '', 'GB'],
    ['EL', '', 'GR'],
    ['XI', '', 'GB'],
    ['', 'UK', 'GB'],
    ['', 'DE', 'DE'],
    ['', 'SVK', 'SK'],
    ['Niderlandy', '', 'NL'],
    ['', 'Niderlandy', 'NL'],
    ['', 'Holandia', 'NL'],
    ['', 'The Netherlands', 'NL'],
    ['', 'Nederland', 'NL'],
    ['', 'Republika Czeska', 'CZ'],
    ['', 'Czechia', 'CZ'],
    ['', 'Czech Republic', 'CZ'],
    ['', 'Česko', 'CZ'],
    ['', 'Česká republika', 'CZ'],
    ['', 'Tschechien', 'CZ'],
    ['', 'Deutschland', 'DE'],
    ['', 'Republika Federalna Niemiec', 'DE'],
    ['', 'Slovensko', 'SK'],
    ['', 'SLOVENSKÁ REPUBLIKA', 'SK'],
    ['', 'Słowacja', 'SK'],
    ['', 'Slowacja', 'SK'],
    ['', 'Österreich', 'AT'],
    ['', 'Oesterreich', 'AT'],
    ['', 'Rzeczpospolita Polska', 'PL'],
    ['', 'Polsko', 'PL'],
    ['', 'United Kingdom', 'GB'],
    ['', 'Großbritannien', 'GB'],
    ['', 'Anglia', 'GB'],
    ['', 'Northern Ireland', 'GB'],
    ['', 'Éire', 'IE'],
    ['', 'Ελλάδα', 'GR'],
    ['', 'Україна', 'UA'],
    ['', 'България', 'BG'],
    ['', 'Lietuva', 'LT'],
    ['', 'Latvija', 'LV'],
    ['', 'Eesti', 'EE'],
    ['', 'Magyarország', 'HU'],
    ['', 'România', 'RO'],
    ['', 'Slovenija', 'SI'],
    ['', 'Hrvatska', 'HR'],
    ['', 'Italia', 'IT'],
    ['', 'España', 'ES'],
    ['', 'Portugal', 'PT'],
    ['', 'Suomi', 'FI'],
    ['', 'Sverige', 'SE'],
    ['', 'Danmark', 'DK'],
    ['', 'Norge', 'NO'],
    ['', 'Ísland', 'IS'],
    ['', 'België', 'BE'],
    ['', 'Belgique', 'BE'],
    ['', 'Schweiz', 'CH'],
    ['', 'Suisse', 'CH'],
    ['', 'Türkiye', 'TR'],
    ['', 'USA', 'US'],
    ['', 'Stany Zjednoczone', 'US'],
    ['', 'Polska (PL)', 'PL'],
    ['', 'Republic of China', 'TW'],
    ['', 'Polska / Poland', 'PL'],
    ['', 'PL - Polska', 'PL'],
    ['', 'Polska, Niemcy', ''],
    ['', 'Niemcy, Bawaria', ''],
    ['', 'Moldova, Republic of', 'MD'],
    ['', 'Trinidad & Tobago', 'TT'],
    ['', 'Lëtzebuerg', 'LU'],
    ['', 'Shqipëria', 'AL'],
    ['', 'Kıbrıs', 'CY'],
    ['', 'toString', ''],
    ['__proto__', 'constructor', ''],
    ['ZZ', '', ''],
    ['48', '', ''],
    ['ABC', '', ''],
  ] as const) {
    it(`from ${JSON.stringify(code)} and ${JSON.stringify(name)} is ${JSON.stringify(expected)}`, () => {
      assert.equal(countryCode(code, name), expected);
    });
  }

  it('is that of its flag; another sign is a country that is not known', () => {
    assert.deepEqual([countryCode('', '🇩🇪'), countryCode('🇵🇱', '')], ['DE', 'PL']);
    assert.deepEqual(['🇩🇪', '🏴‍☠️', '-', '0'].map(saysCountry), [true, true, false, false]);
  });

  it('is two capital letters or nothing, whatever was sent', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary' }), (code, name) => {
        assert.match(countryCode(code, name), /^([A-Z]{2})?$/);
      }),
    );
  });

  it('is none of a text that is longer than any name', () => {
    assert.equal(countryCode('', 'PL,'.repeat(67).slice(0, -1)), 'PL');
    assert.equal(countryCode('', 'PL,'.repeat(68).slice(0, -1)), '');
  });

  it('is one for every country by its Polish, English and German name', () => {
    const names = (language: string) => new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    const codes = [
      'AT',
      'BE',
      'BG',
      'CH',
      'CY',
      'CZ',
      'DE',
      'DK',
      'EE',
      'ES',
      'FI',
      'FR',
      'GB',
      'GR',
      'HR',
      'HU',
      'IE',
    ];
    const more = ['IS', 'IT', 'LI', 'LT', 'LU', 'LV', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK', 'UA', 'US'];
    for (const language of ['pl', 'en', 'de']) {
      for (const code of [...codes, ...more]) assert.equal(countryCode('', names(language).of(code) ?? ''), code);
    }
  });
});

describe('the country of an order', () => {
  const an = (countryCode: string, country = '') => ({ countryCode, country });

  it('is that of the first address that names one', () => {
    assert.equal(countryOf(an('UK'), an('PL')), 'GB');
    assert.equal(countryOf(an(''), an('', 'Niemcy')), 'DE');
  });

  it('is none where nothing was sent, and not known where nothing is understood: two things', () => {
    for (const nothing of ['', ' ', '-', '--', '0']) assert.equal(countryOf(an(nothing, nothing)), '');
    assert.equal(countryOf(), '');
    assert.equal(countryOf(an('ZZ')), undefined);
    assert.equal(countryOf(an('', 'Atlantyda')), undefined);
    assert.equal(countryOf(an('', 'Atlantyda'), an('PL')), undefined);
  });
});
