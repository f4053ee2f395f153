import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');

/** Who may import whom: a room (the longest prefix that fits) and the prefixes that it may reach besides itself. */
const MAY_IMPORT: readonly (readonly [room: string, reaches: readonly string[]])[] = [
  ['connector/lib/', []],
  ['connector/domain/', []],
  ['connector/db/', ['connector/domain/', 'connector/lib/', 'migrations/']],
  ['connector/shops/shop', ['connector/shops/shop', 'connector/db/unit-of-work.ts', 'connector/domain/']],
  ['connector/shops/', ['connector/db/connect.ts', 'connector/domain/', 'connector/lib/']],
  ['connector/shops/native/', ['connector/shops/', 'connector/db/connect.ts', 'connector/domain/', 'connector/lib/']],
  ['connector/protocol/', ['connector/domain/', 'connector/lib/']],
  ['connector/catalogue/', ['connector/shops/shop', 'connector/db/', 'connector/domain/', 'connector/lib/']],
  [
    'connector/orders/',
    ['connector/shops/shop', 'connector/relay/target.ts', 'connector/db/', 'connector/domain/', 'connector/lib/'],
  ],
  [
    'connector/actions/',
    ['connector/protocol/', 'connector/catalogue/', 'connector/orders/', 'connector/shops/shop', 'connector/domain/'],
  ],
  ['connector/relay/', ['connector/db/', 'connector/domain/', 'connector/lib/']],
  [
    'connector/relay/targets/',
    ['connector/relay/target.ts', 'connector/idosell/', 'connector/domain/', 'connector/lib/'],
  ],
  ['connector/idosell/', ['connector/domain/', 'connector/lib/']],
  ['connector/sources/', ['connector/orders/', 'connector/db/', 'connector/domain/', 'connector/lib/']],
  [
    'connector/sources/idosell/',
    ['connector/sources/source.ts', 'connector/idosell/', 'connector/domain/', 'connector/lib/'],
  ],
  ['connector/check/', ['connector/domain/', 'connector/lib/']],
  ['connector/app.ts', ['connector/']],
  ['connector/open.ts', ['connector/']],
  ['connector/open-relay.ts', ['connector/']],
  ['connector/open-wholesalers.ts', ['connector/']],
  ['connector/records.ts', ['connector/']],
  ['connector/main.ts', ['connector/', 'config/']],
  ['connector/relay-main.ts', ['connector/', 'config/']],
  ['connector/cli.ts', ['connector/', 'config/']],
  ['connector/relay-commands.ts', ['connector/']],
  ['connector/relay-status.ts', ['connector/']],
  ['connector/supply-commands.ts', ['connector/']],
  ['knexfile.ts', ['connector/db/', 'config/']],
  ['config/', ['connector/lib/settings-error.ts']],
  ['migrations/', ['connector/db/ddl.ts']],
];

const NOT_ACTIONS = ['context.ts', 'wire.ts', 'index.ts'];

function sources(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return Array.from(text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g), ([, target = '']) =>
    relative(ROOT, resolve(ROOT, dirname(file), target)),
  );
}

function rule(file: string): readonly [string, readonly string[]] | undefined {
  return MAY_IMPORT.filter(([room]) => file.startsWith(room)).sort(([a], [b]) => b.length - a.length)[0];
}

function mayImport(file: string, target: string): boolean {
  const found = rule(file);
  if (!found) return false;
  const [room, reaches] = found;
  if (room === 'connector/actions/' && target.startsWith(room)) {
    return file.endsWith('/index.ts') || NOT_ACTIONS.includes(target.slice(room.length));
  }
  return target.startsWith(room) || reaches.some((prefix) => target.startsWith(prefix));
}

describe('the house', () => {
  const files = [...sources('connector'), ...sources('config'), ...sources('migrations'), 'knexfile.ts'];

  it('has no import that its plan does not allow', () => {
    const broken = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => !mayImport(file, target))
        .map((target) => `${file} imports ${target}`),
    );
    assert.deepEqual(broken, []);
  });

  it('has no circle of imports', () => {
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      assert.ok(!path.includes(file), `circle: ${[...path, file].join(' → ')}`);
      if (done.has(file)) return;
      for (const target of importsOf(file)) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });

  it('lists every action that has a file', () => {
    const listed = importsOf('connector/actions/index.ts');
    const unlisted = sources('connector/actions').filter(
      (file) => !NOT_ACTIONS.includes(file.split('/').at(-1) ?? '') && !listed.includes(file),
    );
    assert.deepEqual(unlisted, []);
  });
});
