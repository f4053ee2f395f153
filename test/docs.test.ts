import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { loadConfig } from '../config/index.ts';
import { MARK, testDatabase } from './support/database.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const PAGES = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** What a page may write like a setting: the database's own words, and variables of the scripts. */
const OTHER_WORDS = new Set([
  'GET_LOCK',
  'CURRENT_TIMESTAMP',
  'TEST_DATABASE_URL',
  'TEST_DELIVERIES',
  'MARIADB_BIN_DIR',
]);

describe('the README and the pages under docs/', () => {
  for (const page of PAGES) {
    it(`${page} names only commands, settings and files that there are`, () => {
      const text = read(page);
      const { scripts } = JSON.parse(read('package.json')) as { scripts: object };
      for (const [, command = ''] of text.matchAll(/\bnpm run (?:--silent )?([a-z][a-z:-]*)/g)) {
        assert.ok(command in scripts, `npm run ${command}`);
      }
      const settings = parseEnv(read('config/example.env'));
      for (const [, name = ''] of text.matchAll(/`([A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`/g)) {
        assert.ok(name in settings || OTHER_WORDS.has(name), name);
      }
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
        assert.ok(existsSync(join(ROOT, dirname(page), target)), target);
      }
      for (const [name = ''] of text.matchAll(/\b(?:connector|migrations|test|config)\/[\w/.-]*\.(?:ts|env)\b/g)) {
        assert.ok(existsSync(join(ROOT, name)), name);
      }
    });
  }

  it('show keys that the connector refuses: whoever copies a page has set none', () => {
    const SIMULATORS = 'a-key-to-try-with';
    const shown = [...PAGES, 'config/example.env']
      .flatMap((page) => Array.from(read(page).matchAll(/^(BASELINKER_KEY|EXPERTSENDER_API_KEY)=(.+)$/gm)))
      .filter(([, , value]) => value !== SIMULATORS);
    assert.ok(new Set(shown.map(([, , value]) => value)).size > 1);
    for (const [, name = '', value = ''] of shown) {
      const settings = {
        DATABASE_URL: 'mysql://u:p@127.0.0.1:3306/shop',
        BASELINKER_KEY: 'k'.repeat(32),
        [name]: value,
      };
      assert.throws(() => loadConfig(settings), new RegExp(`${name} still is`), `${name}=${value}`);
    }
  });

  it('show settings that the connector accepts', () => {
    const least = { DATABASE_URL: 'mysql://u:p@127.0.0.1:3306/shop', BASELINKER_KEY: 'k'.repeat(32) };
    const shown = PAGES.flatMap((page) =>
      Array.from(read(page).matchAll(/```env\n([^`]*)```/g), ([, block = '']) => block),
    );
    assert.ok(shown.length > 1);
    const secrets = { IDOSELL_PASSWORD: 'p', IDOSELL_DROPSHIPPING_KEY: 'k' };
    const profile = { IDOSELL_PROFILES: 'config/idosell.default.json', ...secrets };
    for (const block of shown) {
      // A placeholder is refused, and is to be replaced by a key.
      const settings = parseEnv(block.replaceAll(/^(\w+_KEY)=.+$/gm, `$1=${'k'.repeat(32)}`));
      // A profile that is to be written first; docs-idosell.test.ts writes it.
      loadConfig({ ...least, ...settings, ...('IDOSELL_PROFILES' in settings && profile) });
    }
  });
});

describe('docs/protocol.md', () => {
  it('has a section for every action', () => {
    const sections = Array.from(read('docs/protocol.md').matchAll(/^## (.+)$/gm), ([, title = '']) =>
      title.split(', '),
    ).flat();
    const actions = Array.from(
      readdirSync(join(ROOT, 'connector/baselinker/actions')).map((file) =>
        read(join('connector/baselinker/actions', file)),
      ),
      (source) => / name: '([A-Z]\w+)'/.exec(source)?.[1] ?? [],
    ).flat();
    assert.ok(actions.length > 10);
    for (const action of actions) assert.ok(sections.includes(action), action);
  });
});

describe('docs/native-shop.md', () => {
  it('explains every column of every table that the migrations make, and no other', async () => {
    const [rows] = (await testDatabase().db.raw(
      `SELECT c.table_name AS tableName, c.column_name AS columnName
       FROM information_schema.columns c JOIN information_schema.tables t
         ON t.table_schema = c.table_schema AND t.table_name = c.table_name
       WHERE t.table_schema = DATABASE() AND t.table_comment = ?`,
      [MARK],
    )) as [{ tableName: string; columnName: string }[]];
    const explained = Array.from(read('docs/native-shop.md').matchAll(/^### `(\w+)`\n([^]*?)(?=^#|$(?![^]))/gm))
      .flatMap(([, table = '', text = '']) =>
        Array.from(text.matchAll(/^\| (`.+?) +\|/gm), ([, names = '']) =>
          Array.from(names.matchAll(/`(\w+)`/g), ([, name = '']) => `${table}.${name}`),
        ),
      )
      .flat();
    assert.deepEqual(explained.sort(), rows.map(({ tableName, columnName }) => `${tableName}.${columnName}`).sort());
  });
});
