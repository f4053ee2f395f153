import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const SHEETS = join(ROOT, 'docs/protocol');
const FOLDERS = ['bench', 'config', 'connector', 'migrations', 'scripts', 'simulators', 'test'];

interface Comment {
  readonly file: string;
  readonly line: number;
  /** On one line, without the signs of the comment. */
  readonly text: string;
}

/** A mark is what stands behind the name of a sheet: `4.6`, `section 5`, `E3`, `Rec 3`, `requirement 26`, `"A name"`. */
const MARK = /^(?:sections? )?(?:(\d+(?:\.\d+)?)(?![\d.]*\d)|([EP]\d+)\b|(Rec(?: \d+)?)\b|requirement (\d+)|"([^"]+)")/;
const NEXT = /^(?:, | and | to )/;
const CITATION = /(?:docs\/)?protocol\/([a-z-]+)\.md((?:,? (?=(?:sections? )?[\dEPR"r]))?.*)/;
const BARE = /\((?:sections? )?(?:\d{1,2}\.\d{1,2}|[EP]\d{1,2})(?:, (?:\d{1,2}\.\d{1,2}|[EP]\d{1,2}|Rec(?: \d+)?))*\)/g;

/** The marks that a text begins with, each of one sheet. */
function marksOf(text: string): string[] {
  const marks: string[] = [];
  for (let rest = text; ;) {
    const [found, section, assumption, rec, requirement, name] = MARK.exec(rest) ?? [];
    if (found === undefined) return marks;
    marks.push(
      section ?? assumption ?? rec ?? (requirement === undefined ? `"${name ?? ''}"` : `requirement ${requirement}`),
    );
    rest = rest.slice(found.length);
    const [join] = NEXT.exec(rest) ?? [];
    if (join === undefined) return marks;
    rest = rest.slice(join.length);
  }
}

/** Which of these marks a sheet does not have. A recommendation or a requirement belongs to the section before it. */
function missing(sheet: string, marks: readonly string[]): string[] {
  let section: string | undefined = sheet;
  return marks.filter((mark) => {
    if (/^\d/.test(mark)) section = sectionOf(sheet, mark);
    if (/^\d/.test(mark) || section === undefined) return section === undefined;
    const [, word = '', number] = /^(Rec|requirement)(?: (\d+))?$/.exec(mark) ?? [];
    if (word === 'requirement') return !new RegExp(`^${number ?? ''}\\. `, 'm').test(section);
    if (word === 'Rec')
      return !(section.includes('**Rec**') && section.includes(number === undefined ? '' : `(${number}) `));
    if (mark.startsWith('"')) return !sheet.includes(`**${mark.slice(1, -1)}**`);
    return !new RegExp(`^\\| ${mark} +\\|`, 'm').test(sheet);
  });
}

/** The text from the heading of this number to the next heading; one heading may have several numbers. */
function sectionOf(sheet: string, number: string): string | undefined {
  const parts = sheet.split(/^(?=#+ )/m);
  const exact = new RegExp(`(?<![\\d.])${number.replace('.', '\\.')}(?![.]?\\d)`);
  return parts.find((part) => part.startsWith('#') && exact.test(/^#+ (.*)/.exec(part)?.[1] ?? ''));
}

/** Lines of one comment are joined, because a citation may be broken between them. */
function commentsOf(file: string): Comment[] {
  const comments: Comment[] = [];
  const source = readFileSync(join(ROOT, file), 'utf8');
  for (const found of source.matchAll(/\/\*[^]*?\*\/|(?:^[ \t]*\/\/.*\n)+|[ \t]\/\/ .*$/gm)) {
    const text = found[0].replaceAll(/\n\s*(?:\*(?!\/)|\/\/) ?/g, ' ').replace(/^\s*(?:\/\*\*?|\/\/) ?/, '');
    comments.push({ file, line: source.slice(0, found.index).split('\n').length, text });
  }
  return comments;
}

const comments = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|mjs|cjs)$/.test(name))
    .flatMap((name) => commentsOf(join(folder, name))),
);

const sheetOf = (name: string): string | undefined =>
  existsSync(join(SHEETS, `${name}.md`)) ? readFileSync(join(SHEETS, `${name}.md`), 'utf8') : undefined;

/** Every citation in a text that leads nowhere, in words. */
function danglingIn(text: string): string[] {
  const wrong: string[] = [];
  for (let rest = text; ;) {
    const [, name = '', behind] = CITATION.exec(rest) ?? [];
    if (behind === undefined) return wrong;
    const sheet = sheetOf(name);
    const marks = marksOf(behind.replace(/^,? /, ''));
    if (sheet === undefined) wrong.push(`there is no sheet ${name}`);
    else wrong.push(...missing(sheet, marks).map((mark) => `${name}.md has no ${mark}`));
    rest = behind;
  }
}

/** Marks whose sheet nobody names; those of a file whose first comment names one sheet are that sheet's. */
const bare = comments.flatMap(({ file, line, text }) =>
  Array.from(text.matchAll(BARE), ([found]) => ({ file, line, marks: marksOf(found.slice(1, -1)) })),
);
const sheetOfFile = (file: string): string | undefined => {
  const first = comments.find((comment) => comment.file === file)?.text ?? '';
  const named = new Set(Array.from(first.matchAll(/protocol\/([a-z-]+)\.md/g), ([, name = '']) => name));
  const [only] = named;
  return named.size === 1 && only !== undefined ? sheetOf(only) : undefined;
};
const unplaced = bare.filter(({ file }) => sheetOfFile(file) === undefined);

describe('a comment that cites a sheet of docs/protocol', () => {
  it('cites a section or a mark that the sheet has', () => {
    const wrong = comments.flatMap(({ file, line, text }) =>
      danglingIn(text).map((problem) => `${file}:${String(line)} ${problem}`),
    );
    assert.deepEqual(wrong, []);
    assert.ok(comments.filter(({ text }) => CITATION.test(text)).length > 30);
  });

  it('cites it without its name only where the first comment of the file names one sheet', () => {
    const wrong = bare.flatMap(({ file, line, marks }) =>
      missing(sheetOfFile(file) ?? '', sheetOfFile(file) === undefined ? [] : marks).map(
        (mark) => `${file}:${String(line)} ${mark}`,
      ),
    );
    assert.deepEqual(wrong, []);
  });

  it(`leaves the sheet of ${String(unplaced.length)} of ${String(bare.length)} bare marks to the reader`, () => {
    assert.ok(unplaced.length <= bare.length);
  });
});

describe('a comment that cites a promise', () => {
  it('cites one that docs/promises.md makes', () => {
    const promises = readFileSync(join(ROOT, 'docs/promises.md'), 'utf8');
    const wrong = comments.flatMap(({ file, line, text }) =>
      Array.from(text.matchAll(/(?:\bpromises? |docs\/promises\.md )(\d+)/g), ([, number = '']) => number)
        .filter((number) => !new RegExp(`^${number}\\. \\*\\*`, 'm').test(promises))
        .map((number) => `${file}:${String(line)} promise ${number}`),
    );
    assert.deepEqual(wrong, []);
  });
});

describe('the test of citations', () => {
  const cited = (mark: string, name = 'idosell'): string[] => danglingIn(`of it (docs/protocol/${name}.md ${mark}).`);

  it('finds sections, marks, recommendations, requirements and names', () => {
    const right = ['4.6', 'section 5', '4.2, 4.3', '2.2 and 2.3', 'P16', '2.6, P4', '"Product reference"'];
    assert.deepEqual(
      right.flatMap((mark) => cited(mark)),
      [],
    );
    assert.deepEqual(cited('2.7, Rec 3', 'baselinker'), []);
    assert.deepEqual(cited('2', 'baselinker'), []);
    assert.deepEqual(cited('E3', 'expertsender'), []);
    assert.deepEqual(cited('5.1, requirement 26', 'shop-schemas'), []);
  });

  it('finds fault with what is invented', () => {
    assert.deepEqual(cited('4.66'), ['idosell.md has no 4.66']);
    assert.deepEqual(cited('section 19'), ['idosell.md has no 19']);
    assert.deepEqual(cited('4.2, 4.33'), ['idosell.md has no 4.33']);
    assert.deepEqual(cited('P99'), ['idosell.md has no P99']);
    assert.deepEqual(cited('2.7, Rec 9', 'baselinker'), ['baselinker.md has no Rec 9']);
    assert.deepEqual(cited('5.1, requirement 99', 'shop-schemas'), ['shop-schemas.md has no requirement 99']);
    assert.deepEqual(cited('1.1', 'no-such-sheet'), ['there is no sheet no-such-sheet']);
  });
});
