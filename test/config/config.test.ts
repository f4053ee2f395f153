import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../config/index.ts';
import { VERSION } from '../../connector/domain/version.ts';

const ROOT = join(import.meta.dirname, '../..');
const least = { DATABASE_URL: 'mysql://u:p@127.0.0.1:3306/shop', BASELINKER_KEY: 'k'.repeat(32) };

describe('the settings', () => {
  it('need a database and a key, and have a default for everything else', () => {
    const config = loadConfig(least);
    assert.equal(config.port, 8080);
    assert.equal(config.host, '127.0.0.1');
    assert.deepEqual(config.settings.keys, ['k'.repeat(32)]);
    assert.equal(config.settings.endpointPath, '/baselinker');
  });

  it('are refused with every problem named at once', () => {
    assert.throws(
      () => loadConfig({ DATABASE_URL: 'postgres://x', BASELINKER_KEY: 'short', PORT: 'http', SHOP: 'magento' }),
      (error: Error) =>
        ['DATABASE_URL', 'BASELINKER_KEY', 'PORT', 'SHOP'].every((name) => error.message.includes(name)),
    );
    assert.throws(() => loadConfig({}), /DATABASE_URL is missing[\s\S]*BASELINKER_KEY is missing/);
  });

  it('never repeat a secret in an error', () => {
    assert.throws(
      () => loadConfig({ ...least, BASELINKER_KEY: 'shortsecret', DATABASE_URL: 'mysql:/u:dbsecret@h' }),
      (error: Error) => !/shortsecret|dbsecret/.test(error.message),
    );
  });

  it('take an empty line for "not set"', () => {
    assert.equal(loadConfig({ ...least, PORT: '', BASELINKER_PREVIOUS_KEY: '', VAT_EXEMPT_AS: '' }).port, 8080);
  });

  it('all stand in example.env, which is usable as it is', () => {
    const lines = readFileSync(join(ROOT, 'config/example.env'), 'utf8').split('\n');
    const example = Object.fromEntries(
      lines.filter((line) => /^\w+=/.test(line)).map((line) => line.split(/=(.*)/s, 2)),
    );
    const { settings, ...rest } = loadConfig(example as NodeJS.ProcessEnv);
    const { settings: defaultSettings, ...defaultRest } = loadConfig({ ...least, DATABASE_URL: rest.databaseUrl });
    assert.deepEqual(rest, defaultRest);
    assert.deepEqual({ ...settings, keys: [] }, { ...defaultSettings, keys: [] });
    const source = readFileSync(join(ROOT, 'config/index.ts'), 'utf8');
    for (const [, name = ''] of source.matchAll(/^ {2}([A-Z_]+): /gm))
      assert.ok(name in example, `${name} is not in example.env`);
  });

  it('go with a version that is the package’s', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    assert.equal(VERSION, version);
  });
});
