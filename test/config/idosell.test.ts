import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../config/index.ts';

const least = { DATABASE_URL: 'mysql://u:p@127.0.0.1:3306/shop', BASELINKER_KEY: 'k'.repeat(32) };
const SECRETS = { HURT_PASSWORD: 'Sklep-Demo_2026', HURT_KEY: 'DROPKEY-EXAMPLE-1' };
const PROFILE = { name: 'hurt', passwordEnv: 'HURT_PASSWORD', dropshippingKeyEnv: 'HURT_KEY' };

describe('the settings of wholesalers', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'bl-profiles-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const file = (name: string, content: string | object): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const load = (paths: readonly string[], more: Readonly<Record<string, string>> = SECRETS) =>
    loadConfig({ ...least, ...more, IDOSELL_PROFILES: paths.join(', ') });
  const problems = (paths: readonly string[], more?: Readonly<Record<string, string>>): string[] => {
    try {
      load(paths, more);
    } catch (error) {
      return (error as Error).message.split('\n').map((line) => line.replaceAll(`${folder}/`, ''));
    }
    return [];
  };

  it('are none by themselves', () => {
    const { idoSell, webhookSecrets } = loadConfig({ ...least, IDOSELL_PROFILES: ' , ' });
    assert.deepEqual([idoSell, webhookSecrets], [[], []]);
  });

  it('take profiles in their order, and their secrets from the environment', () => {
    const second = { ...PROFILE, name: 'drugi' };
    const { idoSell } = load([file('a.json', PROFILE), file('b.json', `\uFEFF${JSON.stringify(second)}`)]);
    assert.deepEqual(
      idoSell.map(({ json, password, dropshippingKey }) => [json, password, dropshippingKey]),
      [PROFILE, second].map((json) => [json, SECRETS.HURT_PASSWORD, SECRETS.HURT_KEY]),
    );
  });

  it('name every problem of every file at once', () => {
    const paths = [
      join(folder, 'missing.json'),
      folder,
      file('broken.json', '{\n  "name": "hurt",\n  login: 1\n}'),
      file('list.json', '[]'),
      file('bare.json', { name: 'hurt' }),
      file('good.json', PROFILE),
    ];
    assert.deepEqual(problems(paths, { HURT_KEY: '' }), [
      'settings are not usable:',
      '✖ IDOSELL_PROFILES: missing.json: the file cannot be read (there is none; a relative path begins in the folder where the connector is started)',
      `✖ IDOSELL_PROFILES: ${folder}: the file cannot be read (it is a folder)`,
      '✖ IDOSELL_PROFILES: broken.json: the file is not valid JSON (line 3)',
      '✖ IDOSELL_PROFILES: list.json: the file holds no JSON object: { … }',
      '✖ IDOSELL_PROFILES: bare.json: passwordEnv is missing: the name of an environment variable',
      '✖ IDOSELL_PROFILES: bare.json: dropshippingKeyEnv is missing: the name of an environment variable',
      '✖ IDOSELL_PROFILES: good.json: the environment variable that passwordEnv names is not set',
      '✖ IDOSELL_PROFILES: good.json: the environment variable that dropshippingKeyEnv names is not set',
    ]);
  });

  it('repeat no secret, not even one that stands where its name should', () => {
    const misplaced = file('misplaced.json', { ...PROFILE, passwordEnv: 'Tajne-Haslo', dropshippingKeyEnv: 'TAJNE' });
    const broken = file('secret.json', '{ "password": "Tajne-Haslo" "dropshippingKey": TAJNE }');
    const said = problems([misplaced, broken]);
    assert.equal(said.length, 4);
    assert.doesNotMatch(said.join('\n'), /tajne/i);
  });

  it('refuse secrets with blanks around them, without repeating them', () => {
    const path = file('blanks.json', PROFILE);
    assert.deepEqual(problems([path], { ...SECRETS, HURT_KEY: 'DROPKEY-EXAMPLE-1\u00a0' }).slice(1), [
      '✖ IDOSELL_PROFILES: blanks.json: the environment variable that dropshippingKeyEnv names has blanks around its value',
    ]);
  });

  it('may name a variable that nearly is a setting', () => {
    const profile = file('nearly.json', { ...PROFILE, passwordEnv: 'IDOSELL_PROFILE' });
    const { warnings } = loadConfig({ ...least, ...SECRETS, IDOSELL_PROFILES: profile, IDOSELL_PROFILE: 'Sklep-Demo' });
    assert.deepEqual(warnings, []);
  });

  it('take two secrets of the webhook, and only long ones', () => {
    const secret = 'a'.repeat(32);
    const both = { ...least, WEBHOOK_SECRET: secret, WEBHOOK_PREVIOUS_SECRET: 'b'.repeat(40) };
    assert.deepEqual(loadConfig(both).webhookSecrets, [secret, 'b'.repeat(40)]);
    for (const wrong of ['short', `${'a'.repeat(31)}/`, 'ą'.repeat(32)]) {
      assert.throws(
        () => loadConfig({ ...both, WEBHOOK_SECRET: wrong }),
        ({ message }: Error) => /✖ WEBHOOK_SECRET must be at least 32/.test(message) && !message.includes(wrong),
      );
    }
  });
});
