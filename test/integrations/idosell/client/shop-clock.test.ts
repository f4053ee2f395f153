import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shopClock } from '../../../../connector/integrations/idosell/client/shop-clock.ts';
import { innerHash, systemKey } from '../../../../connector/integrations/idosell/client/session/system-key.ts';

const WARSAW = shopClock('Europe/Warsaw');

describe('the day of a wholesaler', () => {
  const days: [instant: string, day: string][] = [
    ['2026-11-20T22:59:59Z', '20261120'],
    ['2026-11-20T23:00:00Z', '20261121'],
    ['2026-07-14T22:00:00Z', '20260715'],
    ['2026-07-14T21:59:59Z', '20260714'],
    ['2026-12-31T23:00:00Z', '20270101'],
  ];
  for (const [instant, day] of days) {
    it(`is ${day} in Warsaw at ${instant}`, () => assert.equal(WARSAW.day(new Date(instant)), day));
  }

  it('follows the zone of the profile, and refuses one that nobody knows', () => {
    assert.equal(shopClock('Asia/Tokyo').day(new Date('2026-11-20T15:00:00Z')), '20261121');
    assert.throws(() => shopClock('Europe/Nowhere'), RangeError);
  });
});

describe('times of a wholesaler', () => {
  const times: [text: string, instant: string | undefined, why?: string][] = [
    ['2026-11-23 14:05:10', '2026-11-23T13:05:10.000Z'],
    ['2026-07-01 00:00:00', '2026-06-30T22:00:00.000Z'],
    [' 2026-11-23T14:05:10 ', '2026-11-23T13:05:10.000Z'],
    ['2026-11-23 14:05', '2026-11-23T13:05:00.000Z'],
    ['2026-11-23', '2026-11-22T23:00:00.000Z'],
    ['2026-11-23T14:05:10Z', '2026-11-23T14:05:10.000Z', 'a zone of its own'],
    ['2026-11-23T14:05:10+0200', '2026-11-23T12:05:10.000Z', 'a zone of its own'],
    ['2027-03-28 02:30:00', '2027-03-28T01:30:00.000Z', 'the hour that is left out in spring'],
    ['2027-03-28 01:59:59', '2027-03-28T00:59:59.000Z', 'before it'],
    ['2027-03-28 03:00:00', '2027-03-28T01:00:00.000Z', 'after it'],
    ['2026-10-25 02:30:00', '2026-10-25T00:30:00.000Z', 'the doubled hour of autumn, the first time'],
    ['2026-10-25 03:00:00', '2026-10-25T02:00:00.000Z', 'after it'],
    ['0', undefined],
    ['', undefined],
    ['0000-00-00 00:00:00', undefined],
    ['2026-02-30 10:00:00', undefined],
    ['2026-13-01', undefined],
    ['23.11.2026', undefined],
    ['soon', undefined],
  ];
  for (const [text, instant, why] of times) {
    it(`"${text}" is ${instant ?? 'none'}${why === undefined ? '' : `: ${why}`}`, () =>
      assert.equal(WARSAW.read(text)?.toISOString(), instant));
  }

  const ZONES = ['Europe/Warsaw', 'UTC', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata'];
  const instants = fc
    .integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) })
    .map((ms) => new Date(ms - (ms % 1000)));

  it('read back as they were written, in any zone: to the second, but for the doubled hour, which is read as the first', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), instants, (zone, instant) => {
        const time = shopClock(zone);
        const text = time.write(instant);
        const back = time.read(text);
        assert.ok(back);
        assert.match(text, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
        assert.equal(time.write(back), text);
        assert.ok(back.getTime() === instant.getTime() || instant.getTime() - back.getTime() <= 3_600_000);
        assert.ok(back.getTime() <= instant.getTime());
      }),
    );
  });

  it('are always some moment, for every reading of a clock, and in their order', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), instants, fc.integer({ min: 1, max: 86_400 }), (zone, wall, later) => {
        const time = shopClock(zone);
        const local = (at: Date) => at.toISOString().slice(0, 19).replace('T', ' ');
        const [first, second] = [time.read(local(wall)), time.read(local(new Date(wall.getTime() + later * 1000)))];
        assert.ok(first && second);
        // The hour that is left out is read as if the clock stood, so it may pass what comes after by that hour.
        assert.ok(second.getTime() - first.getTime() > -3_600_000);
        assert.ok(Math.abs(first.getTime() - wall.getTime()) <= 14 * 3_600_000);
      }),
    );
  });
});

describe('the key of a day', () => {
  it('is that of the worked example', () => {
    const inner = innerHash('Sklep-Demo_2026');
    assert.equal(inner, '7db82ae531a65961563b7da02f360eb6240eb51f');
    assert.equal(systemKey('20261121', inner), '5c9937e6f129e2ccf8f95d7e1458974e5992a70a');
    assert.equal(systemKey('20261122', inner), 'd00e1bb0085254fef2fe26c572d8b432fccd79e7');
  });

  it('takes the password in UTF-8, with its blanks and its case', () => {
    // printf %s 'zażółć' | openssl dgst -sha1 -r
    assert.equal(innerHash('zażółć'), '92ae8bcb9b2481b38693bd2f3b742bf5729ddc1f');
    assert.equal(new Set([' a', 'a', 'A', 'a\u0301', '\u00e1'].map(innerHash)).size, 5);
  });
});
