import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');

interface Rule {
  /** Which files: `*` is a name without `/`, `**` anything, `<name>` a name that `may` repeats. The first rule that fits counts. */
  readonly room: string;
  /** What they may import besides packages; the room itself is not implied. */
  readonly may: readonly string[];
  readonly packages?: readonly string[];
  /** Packages of which only types may be imported. */
  readonly types?: readonly string[];
}

const BELOW = ['connector/domain/**', 'connector/lib/**'];
const SHOP = 'connector/contracts/shop*.ts';
const SHARED_BY_ACTIONS = ['connector/baselinker/actions/context.ts', 'connector/baselinker/actions/response-parts.ts'];
const STORED = ['connector/storage/**', 'connector/db/**', ...BELOW];
const CLIENT = 'connector/integrations/idosell/client/**';
const INTEGRATION_PACKAGES = ['zod', 'windows-iana', 'lru-cache'];

/** Who may import whom, and which packages: the plan of the house from the ground up. */
const RULES: readonly Rule[] = [
  {
    room: 'connector/lib/**',
    may: ['connector/lib/**'],
    packages: ['winston', 'prom-client', 'xml2js', 'undici', 'commander'],
  },
  {
    room: 'connector/domain/**',
    may: ['connector/domain/**'],
    packages: ['libphonenumber-js', 'i18n-iso-countries'],
  },
  {
    room: 'connector/contracts/**',
    may: ['connector/contracts/**', 'connector/db/unit-of-work.ts', 'connector/domain/**'],
    types: ['zod', 'knex'],
  },
  { room: 'connector/db/**', may: ['connector/db/**', ...BELOW], packages: ['knex', 'mysql2'] },
  { room: 'connector/storage/**', may: STORED, types: ['knex'] },
  {
    room: 'connector/shops/index.ts',
    may: ['connector/shops/**', SHOP, 'connector/db/**', ...BELOW],
    packages: ['zod'],
    types: ['knex'],
  },
  {
    room: 'connector/shops/*.ts',
    may: ['connector/shops/*.ts', SHOP, 'connector/db/**', ...BELOW],
    packages: ['zod', 'lru-cache'],
    types: ['knex'],
  },
  {
    room: 'connector/shops/<name>/**',
    may: ['connector/shops/<name>/**', 'connector/shops/*.ts', SHOP, 'connector/db/**', ...BELOW],
    packages: ['zod', 'lru-cache'],
    types: ['knex'],
  },
  { room: 'connector/orders/**', may: ['connector/orders/**', SHOP, ...STORED], types: ['knex'] },
  { room: 'connector/catalogue/**', may: ['connector/catalogue/**', SHOP, ...STORED], types: ['knex'] },
  { room: 'connector/supply/**', may: ['connector/supply/**', 'connector/contracts/**', ...STORED], types: ['knex'] },
  {
    room: 'connector/inbox/**',
    may: ['connector/inbox/**', 'connector/contracts/**', 'connector/storage/**', ...BELOW],
    packages: ['express'],
    types: ['knex'],
  },
  {
    room: 'connector/relay/feed/**',
    may: ['connector/relay/feed/**', 'connector/contracts/**', ...STORED],
    types: ['knex'],
  },
  { room: 'connector/relay/*.ts', may: ['connector/relay/*.ts', 'connector/contracts/**', ...STORED], types: ['knex'] },
  {
    room: 'connector/integrations/index.ts',
    may: ['connector/integrations/**', 'connector/contracts/**', 'connector/lib/**'],
  },
  { room: CLIENT, may: [CLIENT, ...BELOW], packages: INTEGRATION_PACKAGES },
  {
    room: 'connector/integrations/idosell/ordering/**',
    may: ['connector/integrations/idosell/ordering/**', CLIENT, 'connector/contracts/target.ts', ...BELOW],
    packages: INTEGRATION_PACKAGES,
  },
  {
    room: 'connector/integrations/idosell/tracking/**',
    may: ['connector/integrations/idosell/tracking/**', CLIENT, 'connector/contracts/shipment-tracker.ts', ...BELOW],
    packages: INTEGRATION_PACKAGES,
  },
  {
    room: 'connector/integrations/<name>/**',
    may: [
      'connector/integrations/<name>/**',
      'connector/contracts/target.ts',
      'connector/contracts/order-source.ts',
      ...BELOW,
    ],
    packages: INTEGRATION_PACKAGES,
  },
  {
    room: 'connector/baselinker/wire/**',
    may: ['connector/baselinker/wire/**', ...BELOW],
    packages: ['express', 'express-rate-limit', 'express-validator'],
  },
  {
    room: 'connector/baselinker/actions/index.ts',
    may: ['connector/baselinker/actions/**', 'connector/baselinker/wire/**', SHOP, 'connector/domain/**'],
  },
  {
    room: 'connector/baselinker/actions/**',
    may: [
      ...SHARED_BY_ACTIONS,
      ...['connector/baselinker/wire/**', 'connector/orders/**', 'connector/catalogue/**'],
      ...[SHOP, 'connector/domain/**'],
    ],
  },
  { room: 'connector/baselinker/check/**', may: ['connector/baselinker/check/**', ...BELOW], packages: ['zod'] },
  {
    room: 'connector/operator/**',
    may: ['connector/operator/**', 'connector/relay/feed/**', 'connector/contracts/**', ...STORED],
    types: ['knex'],
  },
  {
    room: 'connector/cli/**',
    may: [
      ...['connector/cli/**', 'connector/operator/**', 'connector/baselinker/check/**', 'connector/contracts/**'],
      ...BELOW,
      // UNTIL `operator/` holds what the commands decide:
      ...['connector/storage/**', 'connector/db/**', 'connector/relay/feed/**'],
      ...[CLIENT, 'connector/integrations/idosell/ordering/index.ts', 'connector/compose/wholesalers.ts'],
    ],
    packages: ['commander'],
    types: ['knex'],
  },
  {
    room: 'connector/compose/**',
    may: [
      ...[
        'baselinker',
        'catalogue',
        'compose',
        'contracts',
        'inbox',
        'integrations',
        'operator',
        'orders',
        'relay',
      ].map((folder) => `connector/${folder}/**`),
      ...['connector/shops/**', 'connector/supply/**', ...STORED],
    ],
    packages: ['express'],
    types: ['knex', 'zod'],
  },
  {
    room: 'connector/cli.ts',
    may: [
      ...['connector/compose/**', 'connector/cli/**', 'connector/baselinker/check/**', 'config/**'],
      ...['connector/db/**', 'connector/lib/**'],
      // UNTIL `compose/` opens the targets and `operator/` the guard:
      ...['connector/integrations/index.ts', 'connector/storage/stock-guard.ts', 'connector/domain/**'],
    ],
    packages: ['commander'],
    types: ['knex'],
  },
  {
    room: 'connector/*.ts',
    may: [
      ...['connector/compose/**', 'connector/cli/**', 'config/**', 'connector/db/**', 'connector/lib/**'],
      // UNTIL `compose/` opens the targets:
      'connector/integrations/index.ts',
    ],
    types: ['knex'],
  },
  { room: 'knexfile.ts', may: ['connector/db/**', 'config/**'], types: ['knex'] },
  { room: 'config/**', may: ['config/**', 'connector/lib/settings-error.ts'], packages: ['zod'] },
  { room: 'migrations/**', may: ['connector/db/ddl.ts'], types: ['knex'] },
  {
    room: 'simulators/**',
    may: ['simulators/**', 'connector/integrations/idosell/client/profile.ts', 'connector/lib/usage.ts'],
    packages: ['zod', 'xml2js'],
  },
  {
    room: 'scripts/**',
    may: ['scripts/**', 'simulators/**', 'connector/**', 'config/**'],
    packages: ['commander', 'knex', 'mysql2', 'zod'],
  },
  {
    room: 'bench/**',
    may: ['bench/**', 'scripts/**', 'simulators/**', 'connector/**', 'config/**'],
    packages: ['commander', 'knex', 'mysql2', 'zod', 'autocannon', 'typescript'],
  },
];

interface Import {
  readonly target: string;
  readonly isType: boolean;
}

function sources(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name) && !name.endsWith('.d.mts'))
    .map((name) => join(folder, name));
}

const STATEMENT = /^\s*(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?'([^']+)'/gm;
const EXPRESSION = /\bimport\(\s*'([^']+)'/g;

/** Relative targets as paths from the root, packages by their name; what belongs to Node itself is left out. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = [
    ...Array.from(text.matchAll(STATEMENT), ([, type, to = '']) => ({ to, isType: type !== undefined })),
    ...Array.from(text.matchAll(EXPRESSION), ([, to = '']) => ({ to, isType: false })),
  ];
  return found
    .filter(({ to }) => !to.startsWith('node:') && !builtinModules.includes(to))
    .map(({ to, isType }) => ({
      target: to.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), to)) : packageOf(to),
      isType,
    }));
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function asPattern(glob: string): RegExp {
  const text = glob
    .replaceAll('.', '\\.')
    .replaceAll('**', '\0')
    .replaceAll('*', '[^/]*')
    .replaceAll('<name>', '([^/]+)')
    .replaceAll('\0', '.*');
  return new RegExp(`^${text}$`);
}

/** Why this import is not allowed; undefined where it is. */
function objection(file: string, { target, isType }: Import): string | undefined {
  const rule = RULES.find(({ room }) => asPattern(room).test(file));
  if (!rule) return `${file} is in no room of the plan`;
  const [, name = ''] = asPattern(rule.room).exec(file) ?? [];
  const isPath = target.includes('/') && !target.startsWith('@') && /\.[mc]?[jt]s$/.test(target);
  const mayReach = rule.may.some((glob) => asPattern(glob.replaceAll('<name>', name)).test(target));
  const mayUse = rule.packages?.includes(target) === true || (isType && rule.types?.includes(target) === true);
  return (isPath ? mayReach : mayUse) ? undefined : `${file} imports ${target}`;
}

describe('the plan of imports', () => {
  const files = ['connector', 'config', 'migrations', 'scripts', 'simulators', 'bench'].flatMap(sources);
  files.push('knexfile.ts');

  it('is kept by every file, for files and for packages', () => {
    const broken = files.flatMap((file) => importsOf(file).map((one) => objection(file, one)));
    assert.deepEqual(
      broken.filter((one) => one !== undefined),
      [],
    );
  });

  for (const [file, target] of [
    ['connector/relay/dispatcher.ts', 'connector/integrations/expertsender/index.ts'],
    ['connector/integrations/expertsender/order-mapping.ts', 'connector/integrations/idosell/ordering/part.ts'],
    ['connector/shops/page-map.ts', 'connector/shops/native/columns.ts'],
    ['connector/supply/poller.ts', 'connector/integrations/idosell/tracking/status-update.ts'],
    ['connector/domain/money.ts', 'express'],
  ] as const) {
    it(`does not let ${file} import ${target}`, () => {
      assert.ok(files.includes(file), `${file} is not there`);
      assert.ok(target === 'express' || files.includes(target), `${target} is not there`);
      assert.equal(objection(file, { target, isType: false }), `${file} imports ${target}`);
    });
  }

  it('has no circle', () => {
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      assert.ok(!path.includes(file), `circle: ${[...path, file].join(' → ')}`);
      if (done.has(file)) return;
      for (const { target } of importsOf(file)) if (files.includes(target)) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });

  it('lists every action that has a file', () => {
    const listed = importsOf('connector/baselinker/actions/index.ts').map(({ target }) => target);
    const unlisted = sources('connector/baselinker/actions').filter(
      (file) => !file.endsWith('/index.ts') && !SHARED_BY_ACTIONS.includes(file) && !listed.includes(file),
    );
    assert.deepEqual(unlisted, []);
  });
});
