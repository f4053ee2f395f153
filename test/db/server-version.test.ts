import assert from 'node:assert/strict';
import { parseServerVersion, supportedVersion } from '../../connector/db/server-version.ts';

describe('the server’s version', () => {
  const known: [string, string][] = [
    ['5.5.5-10.6.12-MariaDB', 'MariaDB 10.6.12'],
    ['10.11.19-MariaDB-0+deb12u1', 'MariaDB 10.11.19'],
    ['11.4.2-MariaDB-log', 'MariaDB 11.4.2'],
    ['8.0.36', 'MySQL 8.0.36'],
    ['8.0.36-28', 'MySQL 8.0.36'],
    ['9.7.0', 'MySQL 9.7.0'],
    ['5.7.44', 'MySQL 5.7.44'],
    ['5.5.5', 'MySQL 5.5.5'],
  ];
  for (const [text, meaning] of known) {
    it(`reads ${text} as ${meaning}`, () => {
      const { product, major, minor, patch } = parseServerVersion(text);
      assert.equal(`${product} ${major}.${minor}.${patch}`, meaning);
    });
  }

  for (const text of ['5.5.5-10.6.0-MariaDB', '8.0.1', '8.0.36', '11.4.2-MariaDB-log', '9.7.0']) {
    it(`accepts ${text}`, () => assert.equal(supportedVersion(text).text, text));
  }

  const old: [string, RegExp][] = [
    ['5.7.44', /is MySQL 5\.7\.44, and the connector needs MySQL 8\.0\.1 or newer/],
    ['8.0.0', /MySQL 8\.0\.1/],
    ['5.5.5-10.5.28-MariaDB-log', /needs MariaDB 10\.6\.0 or newer/],
    ['10.3.39-MariaDB', /MariaDB 10\.6\.0/],
  ];
  for (const [text, sentence] of old) {
    it(`refuses ${text} with a sentence`, () => assert.throws(() => supportedVersion(text), sentence));
  }

  it('does not guess at something that is no version', () => {
    assert.throws(() => parseServerVersion('TiDB'), /not a version/);
  });
});
