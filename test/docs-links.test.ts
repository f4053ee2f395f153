import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));

const PAGES = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', ...filesIn('docs', '.md')];

/** The text without its code, in which brackets mean something else. */
const prose = (page: string): string => page.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');

/** Anchors as forges make them: small letters, no punctuation, hyphens for blanks, a number behind a repeated heading. */
function anchorsOf(page: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = page.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/^#+ (.+?) *$/gm);
  return new Set(
    Array.from(headings, ([, heading = '']) => {
      const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
      const anchor = plain.replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
      const before = seen.get(anchor) ?? 0;
      seen.set(anchor, before + 1);
      return before === 0 ? anchor : `${anchor}-${String(before)}`;
    }),
  );
}

/** What is wrong with the links of a page; `file` says where it stands. */
function brokenLinks(file: string, text: string): string[] {
  const targets = [
    ...Array.from(prose(text).matchAll(/\]\(\s*<?([^)\s>]+)/g), ([, target = '']) => target),
    ...Array.from(prose(text).matchAll(/^\[[^\]]+\]: +(\S+)/gm), ([, target = '']) => target),
    ...Array.from(prose(text).matchAll(/\b(?:src|srcset|href)="([^"]+)"/g), ([, target = '']) => target),
  ];
  return targets
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target))
    .flatMap((target) => {
      const [path = '', anchor] = decodeURI(target).split('#');
      const found = path === '' ? join(ROOT, file) : join(ROOT, dirname(file), path);
      if (!existsSync(found)) return [`${file}: ${target}: there is no ${relative(ROOT, found)}`];
      if (anchor === undefined || anchor === '') return [];
      if (statSync(found).isDirectory() || !found.endsWith('.md')) return [];
      const page = path === '' ? text : readFileSync(found, 'utf8');
      return anchorsOf(page).has(anchor) ? [] : [`${file}: ${target}: there is no #${anchor}`];
    });
}

describe('a link of the documents', () => {
  for (const page of PAGES) {
    it(`of ${page} leads to a file that there is, and to a heading of it`, () =>
      assert.deepEqual(brokenLinks(page, readFileSync(join(ROOT, page), 'utf8')), []));
  }

  it('is found broken when its file or its heading is not there', () => {
    const text = '# One `two` (three)\n\n## One\n\n## One\n\n';
    const broken = (link: string) => brokenLinks('docs/operating.md', text + link).length;
    assert.equal(
      broken('[a](operating.md) [b](#one-two-three) [c](#one) [d](#one-1) [e](https://example.test/x#y)'),
      0,
    );
    assert.equal(broken('[a](nowhere.md)'), 1);
    assert.equal(broken('[a](operating.md#nowhere)'), 1);
    assert.equal(broken('[a](#one-2)'), 1);
    assert.equal(broken('[a][b]\n\n[b]: ../docs/nowhere.md'), 1);
    assert.equal(broken('<img src="images/nowhere.svg">'), 1);
    assert.equal(broken('`[a](nowhere.md)`'), 0);
  });
});

describe('the settings of editors and containers', () => {
  for (const file of [...filesIn('.vscode', '.json'), ...filesIn('.devcontainer', '.json')]) {
    it(`in ${file} can be read`, () => {
      const settings: unknown = JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
      assert.ok(typeof settings === 'object' && settings !== null);
    });
  }

  it('name the version of Node that package.json asks for, and scripts that there are', () => {
    const { engines, scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      engines: { node: string };
      scripts: object;
    };
    assert.ok(engines.node.startsWith(`>=${readFileSync(join(ROOT, '.nvmrc'), 'utf8').trim()}.`));
    const { tasks } = JSON.parse(readFileSync(join(ROOT, '.vscode/tasks.json'), 'utf8')) as {
      tasks: { script?: string }[];
    };
    for (const { script } of tasks) assert.ok(script === undefined || script in scripts, script);
    const contributing = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
    const named = Array.from(contributing.matchAll(/\bnpm run ([a-z][a-z:-]*)/g), ([, name = '']) => name);
    assert.deepEqual(
      named.filter((name) => !(name in scripts)),
      [],
    );
  });
});
