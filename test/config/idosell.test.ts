import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../config/index.ts';
import { openWholesalers } from '../../connector/open-wholesalers.ts';
import { createLog } from '../../connector/lib/log.ts';
import { memoryStream } from '../support/memory-stream.ts';
import { testDatabase } from '../support/database.ts';
import { aProfile } from '../relay/targets/idosell/a-wholesaler.ts';

const least = { DATABASE_URL: 'mysql://u:p@127.0.0.1:3306/shop', BASELINKER_KEY: 'k'.repeat(32) };
const SECRETS = { IDOSELL_PASSWORD: 'password-that-nobody-sees', IDOSELL_KEY: 'key-that-nobody-sees' };

describe('the settings of wholesalers', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bl-profiles-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function file(name: string, content: unknown): string {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }
  const load = (paths: readonly string[], changes: object = {}) =>
    loadConfig({ ...least, ...SECRETS, IDOSELL_PROFILES: paths.join(' , '), ...changes }).idoSell;
  const complaint = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      return String(error);
    }
    return '';
  };

  it('are files, each with its secrets from the environment, in the order in which they are named', () => {
    const paths = [file('b.json', aProfile({ name: 'b' })), file('a.json', aProfile({ name: 'a' }))];
    const given = load([...paths, '']);
    assert.deepEqual(
      given.map(({ path, password, dropshippingKey }) => [path, password, dropshippingKey]),
      paths.map((path) => [path, SECRETS.IDOSELL_PASSWORD, SECRETS.IDOSELL_KEY]),
    );
    assert.deepEqual(load([]), []);
  });

  it('are refused with every problem named at once, and with no secret', () => {
    const said = complaint(() =>
      load(
        [
          join(folder, 'nowhere.json'),
          file('broken.json', '{"passwordEnv": "password-that-nobody-sees'),
          file('list.json', []),
          file('nameless.json', { passwordEnv: 'IDOSELL_PASSWORD' }),
          file('unset.json', aProfile({ dropshippingKeyEnv: 'NOT_SET' })),
        ],
        { WEBHOOK_SECRET: undefined },
      ),
    );
    for (const what of [
      /nowhere\.json: the file cannot be read \(ENOENT\)/,
      /broken\.json: the file is not valid JSON/,
      /list\.json: passwordEnv is missing/,
      /nameless\.json: dropshippingKeyEnv is missing/,
      /unset\.json: NOT_SET, which dropshippingKeyEnv names, is not set/,
    ]) {
      assert.match(said, what);
    }
    assert.doesNotMatch(said, /nobody-sees/);
  });

  it('need a webhook secret that cannot be guessed, where there is one', () => {
    const said = complaint(() =>
      load([], { WEBHOOK_SECRET: 'short-secret', WEBHOOK_PREVIOUS_SECRET: 'with space'.repeat(5) }),
    );
    assert.match(said, /WEBHOOK_SECRET must be at least 32/);
    assert.match(said, /WEBHOOK_PREVIOUS_SECRET must be at least 32/);
    assert.doesNotMatch(said, /short-secret|with space/);
  });

  it('hold profiles that fit: every problem of every one is named, and no secret', () => {
    const parts = {
      db: testDatabase().db,
      owner: 'test',
      now: () => new Date(),
      log: createLog('error', memoryStream()),
    };
    const given = load([
      file('one.json', aProfile({ format: 'morse', surprise: 1 })),
      file('two.json', aProfile({ referenceTemplate: '{id}' })),
      file('three.json', aProfile({ name: 'same' })),
      file('four.json', aProfile({ name: 'same' })),
    ]);
    const said = complaint(() => openWholesalers(given, parts));
    for (const what of [
      /one\.json/,
      /format/,
      /surprise/,
      /two\.json/,
      /needs \{part\}/,
      /two profiles have the name same/,
    ]) {
      assert.match(said, what);
    }
    assert.doesNotMatch(said, /nobody-sees/);
  });
});
