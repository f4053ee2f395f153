import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseEnv, promisify } from 'node:util';
import { Command } from 'commander';
import { z } from 'zod';
import { loadConfig } from '../config/index.ts';
import { Profile } from '../connector/integrations/idosell/client/profile.ts';
import { createLog } from '../connector/lib/log.ts';
import { openWholesalers } from '../connector/compose/wholesalers.ts';
import { idoSellTarget } from '../connector/integrations/idosell/ordering/index.ts';
import { addSupplyCommands } from '../connector/cli/supply-commands.ts';
import { startIdoSell, type IdoSell } from '../simulators/idosell/index.ts';
import { DEMO_PRODUCTS } from '../simulators/idosell/demo.ts';
import { KEY } from './support/app.ts';
import { emptyTables, testDatabase } from './support/database.ts';
import { memoryStream } from './support/memory-stream.ts';
import { openShop } from '../connector/compose/shop.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGE = readFileSync(join(ROOT, 'docs/idosell.md'), 'utf8');

/** The blocks of a language, in their order. */
const blocks = (language: string): string[] =>
  Array.from(PAGE.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g')), ([, block = '']) => block);

const only = (language: string, having: string): string => {
  const found = blocks(language).filter((block) => block.includes(having));
  assert.equal(found.length, 1, `${language} with ${having}`);
  return found[0] ?? '';
};

const given = JSON.parse(only('json', 'passwordEnv')) as Record<string, string>;

interface Row {
  readonly keys: readonly string[];
  readonly cells: readonly string[];
}

/** Rows of tables whose first column is called so, with the heading that names what stands before their keys. */
function rowsOf(column: string): Row[] {
  return Array.from(PAGE.matchAll(/^(#+ .+)\n([^]*?)(?=^#+ |$(?![^]))/gm)).flatMap(([, heading = '', text = '']) => {
    const [, prefix] = /^#+ `([\w.*]+)`$/.exec(heading) ?? [];
    const tables = text
      .split('\n\n')
      .map((table) => table.trim())
      .filter((table) => new RegExp(`^\\| ${column} +\\|`).test(table));
    return tables.flatMap((table) =>
      table
        .split('\n')
        .slice(2)
        .map((line) => {
          const [first = '', ...cells] = line
            .slice(1, -1)
            .split(' | ')
            .map((cell) => cell.trim());
          const names = Array.from(first.matchAll(/`([\w.*]+)`/g), ([, name = '']) => name);
          return { keys: names.map((name) => (prefix === undefined ? name : `${prefix}.${name}`)), cells };
        }),
    );
  });
}

/** Every key of the schema, by its full name; of the operations, which are all alike, once what each holds. */
function keysOf(schema: z.core.$ZodType, path: readonly string[] = []): string[] {
  const bare = unwrapped(schema);
  const isOperation = path[0] === 'operations' && path.length === 2;
  if (!(bare instanceof z.ZodObject) || isOperation) return [path.join('.')];
  return Object.entries(bare.shape).flatMap(([key, value]) => keysOf(value as z.core.$ZodType, [...path, key]));
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const { innerType } = schema._zod.def as { innerType?: z.core.$ZodType };
  return innerType ? unwrapped(innerType) : schema;
}

const operation = unwrapped(
  (unwrapped(Profile.shape.operations) as z.ZodObject).shape['placeOrder'] as z.core.$ZodType,
) as z.ZodObject;

describe('docs/idosell.md', () => {
  it('describes every key of the profile, and no other', () => {
    const described = rowsOf('Key').flatMap(({ keys }) => keys);
    const inside = Object.keys(operation.shape).map((key) => `operations.*.${key}`);
    assert.deepEqual(described.sort(), [...keysOf(Profile), ...inside].sort());
    assert.ok(described.length > 150);
  });

  it('tells the defaults as they are', () => {
    const profile: unknown = Profile.parse(given);
    const valueAt = (key: string): unknown =>
      key.split('.').reduce((value: unknown, name) => (value as Record<string, unknown>)[name], profile);
    const shown = (value: unknown): string | undefined => {
      if (value === '' || value === null) return value === null ? '`null`' : 'empty';
      if (typeof value === 'object') {
        const { gate, method } = value as Record<string, string>;
        if (gate !== undefined) return `\`${gate}/${method}\``;
        return Object.keys(value).length === 0 ? 'none' : undefined;
      }
      return `\`${JSON.stringify(value).replaceAll(`"`, ``)}\``;
    };
    let checked = 0;
    for (const { keys, cells } of rowsOf('Key')) {
      if (cells.length < 2) continue;
      for (const key of keys) {
        if (key in given || key.startsWith('payer.') || key.startsWith('faults.')) continue;
        const value = shown(valueAt(key));
        if (value === undefined) continue;
        assert.equal(cells[0], value, key);
        checked += 1;
      }
    }
    assert.ok(checked > 60, String(checked));
    const wire = Object.entries((profile as Profile).names).flatMap(([group, names]) =>
      Object.entries(names as Record<string, string>).map(([ours, theirs]) => [group, ours, theirs] as const),
    );
    const renamed = wire.filter(([, ours, theirs]) => ours !== theirs);
    assert.deepEqual([...new Set(renamed.map(([group]) => group))], ['package']);
    for (const [, , theirs] of renamed) assert.ok(PAGE.includes(`on the wire \`${theirs}\``), theirs);
  });

  it('tells the faults as they are', () => {
    const { faults } = Profile.parse(given);
    const words = (table: Readonly<Record<string, string>>) =>
      Object.entries(table)
        .map(([number, word]) => `${number} ${word}`)
        .sort();
    const told = new Map(rowsOf('Key').map(({ keys: [key = ''], cells: [text = ''] }) => [key, text]));
    const read = (key: string): string[] => {
      const text = (told.get(key) ?? '').replace('the same', told.get('faults.operations.checkAvailability') ?? '');
      const each = text.replace(/(\d+) and (\d+) (`[\w-]+`)/, '$1 $3, $2 $3');
      return Array.from(each.matchAll(/(\d+|default) `([\w-]+)`/g), ([, number, word]) => `${number} ${word}`).sort();
    };
    assert.deepEqual(read('faults.common'), words(faults.common));
    for (const [name, table] of Object.entries(faults.operations)) {
      assert.deepEqual(read(`faults.operations.${name}`), words(table), name);
    }
  });

  it('tells what every status means, and of which a person is told', () => {
    const { statusMap, alertStatuses } = Profile.parse(given);
    const told = rowsOf('Status').flatMap(({ keys, cells: [text = ''] }) =>
      keys.map((key) => {
        const [, state] = /^`(\w+)`/.exec(text) ?? [];
        const known = text.includes('else `processing`') ? 'shipped-if-sent' : state;
        return [key, known, text.includes('a person is told')] as const;
      }),
    );
    const expected = Object.entries(statusMap).map(
      ([key, state]) => [key, state, alertStatuses.includes(key)] as const,
    );
    assert.deepEqual(told.sort(), expected.sort());
  });

  it('says what to do in every state', () => {
    const source = readFileSync(join(ROOT, 'connector/domain/supply.ts'), 'utf8');
    const [, lists = ''] = /SUPPLY_STATES = ([^]*)export type PartState/.exec(source) ?? [];
    const [, ordering = ''] = /export type PartState([^;]*);/.exec(source) ?? [];
    const states = new Set(Array.from((lists + ordering).matchAll(/'(\w+)'/g), ([, state = '']) => state));
    assert.ok(states.size > 20);
    const told = rowsOf('State').flatMap(({ keys }) => keys);
    assert.deepEqual(told.sort(), [...states].sort());
  });

  it('shows profiles and settings that are taken', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bl-docs-'));
    try {
      const path = join(folder, 'hurt.json');
      const settings = { DATABASE_URL: testDatabase().url, BASELINKER_KEY: KEY, ...parseEnv(only('env', 'IDOSELL')) };
      const others = blocks('json').filter((block) => /"(operations|names)"/.test(block));
      const inText = Array.from(PAGE.matchAll(/`(\{ "[^`]+\})`/g), ([, text = '']) => text);
      assert.ok(others.length + inText.length > 1);
      for (const part of ['{}', ...others, ...inText]) {
        writeFileSync(path, JSON.stringify({ ...given, ...(JSON.parse(part) as object) }));
        const { idoSell } = loadConfig({ ...settings, IDOSELL_PROFILES: path });
        const log = createLog('error', memoryStream());
        const parts = { db: testDatabase().db, owner: 'test', now: () => new Date(), log };
        assert.equal(openWholesalers(idoSell, parts)[0]?.profile.name, 'hurt');
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the commands in docs/idosell.md', () => {
  const secrets = { password: 'Sklep-Demo_2026', dropshippingKey: 'DROPKEY-EXAMPLE-1' };
  let simulator: IdoSell;
  before(async () => {
    await emptyTables();
    simulator = await startIdoSell({ profile: Profile.parse(given), ...secrets, products: DEMO_PRODUCTS });
  });
  after(() => simulator.close());

  /** What a command prints. */
  async function say(line: string): Promise<{ readonly said: string; readonly code: number }> {
    const program = new Command().exitOverride();
    const { db } = testDatabase();
    const now = () => new Date();
    const suppliers = openWholesalers([{ path: 'hurt.json', json: simulator.profile, ...secrets }], {
      ...{ db, owner: 'test', now, log: createLog('error', memoryStream()) },
    });
    const said: string[] = [];
    let code = NaN;
    addSupplyCommands(program, async (work) => {
      code = await work({
        ...{ db, shop: openShop({ currency: 'PLN', removedProductsDays: 90, changesOverlapMs: 0 }, db, now) },
        ...{ suppliers, targets: suppliers.map((one) => idoSellTarget({ ...one, now })), wholesalers: ['hurt'] },
        ...{ connection: 'baselinker', now, print: (text) => said.push(text), signal: AbortSignal.timeout(15_000) },
      });
    });
    const words = Array.from(line.matchAll(/(?:[^\s"]|"[^"]*")+/g), ([word]) => word.replaceAll('"', ''));
    await program.parseAsync(words, { from: 'user' });
    return { said: said.map((text) => `${text}\n`).join(''), code };
  }

  /** The command, and what the page shows below it. */
  const shown = (command: string): readonly [line: string, answer: string] => {
    const found = Array.from(
      PAGE.matchAll(/```sh\nnpm run connector -- (idosell .+)\n```\n\n```text\n([^]*?)```/g),
      ([, line = '', answer = '']) => [line, answer] as const,
    ).filter(([line]) => line.startsWith(`idosell ${command} `));
    assert.equal(found.length, 1, command);
    return found[0] ?? ['', ''];
  };

  const part = (changes: object) => ({
    ...{
      wholesaler: 'hurt',
      order_id: '1001',
      reference: '1001/A',
      state: 'submitted',
      content: 'c',
      lines_json: '[]',
    },
    ...{ created_at: new Date(), changed_at: new Date(), ...changes },
  });
  const hasPart = async (changes: object): Promise<void> => {
    await testDatabase().db('bl_supply_parts').del();
    await testDatabase().db('bl_supply_parts').insert(part(changes));
  };

  it('are all that there are', () => {
    const program = new Command();
    addSupplyCommands(program, () => Promise.resolve());
    const [, table = ''] = /^## Commands\n([^]*?)^## /m.exec(PAGE) ?? [];
    const told = Array.from(table.matchAll(/^\| `idosell (\w+)/gm), ([, name = '']) => name);
    const known = program.commands[0]?.commands.map((command) => command.name()) ?? [];
    assert.deepEqual(told.sort(), known.sort());
  });

  it('answer as it says: test and stock', async () => {
    for (const command of ['test', 'stock']) {
      const [line, answer] = shown(command);
      assert.deepEqual(await say(line), { said: answer, code: 0 });
    }
    assert.equal((await say('idosell stock hurt 1454-03=8')).code, 1);
    await simulator.down();
    assert.equal((await say('idosell stock hurt 1454-03')).code, 2);
    await simulator.up();
  });

  it('answer as it says: list', async () => {
    const note = 'hurt cannot supply everything: 1454-03: za mało sztuk (7 to be had)';
    await hasPart({ supplier_order_id: 'my-shop-1', symbol: 'new' });
    const stopped = { order_id: '1002', reference: '1002/A', state: 'out_of_stock', note, alert: 1 };
    await testDatabase().db('bl_supply_parts').insert(part(stopped));
    const { said } = await say('idosell list');
    assert.equal(said, only('text', 'Order 1002 at hurt'));
    assert.equal((await say('idosell list --alerts')).said, `${said.split('\n')[0]}\n`);
  });

  it('answer as it says: placed, resend and keep', async () => {
    await hasPart({ state: 'unknown' });
    const [placed, isThere] = shown('placed');
    // Twice: the number may be put right until the wholesaler is heard of it.
    for (let time = 0; time < 2; time += 1) assert.deepEqual(await say(placed), { said: isThere, code: 0 });
    await hasPart({ state: 'unknown' });
    const [resend, isSent] = shown('resend');
    assert.deepEqual(await say(resend), { said: isSent, code: 0 });
    assert.equal((await say(resend)).code, 1);
    await hasPart({});
    const order = { id: 1001, status_id: 1, user_comments: '', admin_comments: '' };
    await testDatabase().db('shop_orders').insert(order);
    const [line, answer] = shown('keep');
    assert.deepEqual(await say(line), { said: answer, code: 0 });
  });

  it('answer in the table, too', async () => {
    const address = { firstName: 'Anna', lastName: 'Nowak', firm: '', street: 'Lipowa 7', zipCode: '00-950' };
    const place = { city: 'Warszawa', countryId: 'PL', phone: '600000001', provinceId: '', email: '' };
    const { id } = simulator.shop.addresses.add(given['login'] ?? '', { ...address, ...place });
    const [, table = ''] = /^## Commands\n([^]*?)^## /m.exec(PAGE) ?? [];
    for (const [, line = ''] of table.matchAll(/^\| `(idosell (?:test|stock|list|addresses|address) ?[^`]*)`/gm)) {
      const { said, code } = await say(line.replace('address hurt 1 ', `address hurt ${id} `));
      assert.equal(code, 0, `${line}: ${said}`);
    }
    assert.match(
      (await say('idosell addresses hurt')).said,
      /^\d+: Anna, Nowak, Lipowa 9, 00-950, Kraków, PL, 600000001$/m,
    );
  });

  it('shows a program that asks for stock, and it does', async function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), 'bl-docs-'));
    try {
      const profile = join(folder, 'hurt.json');
      writeFileSync(profile, JSON.stringify(simulator.profile));
      const program = join(folder, 'stock.ts');
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      writeFileSync(program, only('ts', 'checkAvailability').replaceAll(`from './`, `from '${ROOT}/`));
      const env = {
        ...{ PATH: process.env['PATH'], DATABASE_URL: testDatabase().url, BASELINKER_KEY: KEY, LOG_LEVEL: 'error' },
        ...parseEnv(only('env', 'IDOSELL')),
        ...{ IDOSELL_PROFILES: profile, HURT_PASSWORD: secrets.password },
        HURT_DROPSHIPPING_KEY: secrets.dropshippingKey,
      };
      const run = promisify(execFile);
      const node = ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href, program];
      const { stdout } = await run(process.execPath, node, { cwd: folder, env });
      assert.equal(stdout, 'available\n');
      assert.ok(PAGE.includes('It prints `available`.'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
