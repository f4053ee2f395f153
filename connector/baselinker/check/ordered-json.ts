/**
 * The answer as BaseLinker sees it. BaseLinker is written in PHP [inference, protocol notes 1.3]: there the textual order
 * of keys counts, a repeated key overwrites the earlier one, and what is not clean UTF-8 is not read at all. JSON.parse
 * alone would re-sort keys that look like numbers, and would forgive all three.
 */

/** JSON with every object as a Map, whose keys stand in the order of the text. */
export type Tree = string | number | boolean | null | readonly Tree[] | ReadonlyMap<string, Tree>;

export type Reading = { readonly tree: Tree } | { readonly fault: string };

/** PHP's json_decode gives up below this depth. */
const DEEPEST = 512;

/** Half of a character: valid for JSON.parse, an error for PHP. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Reads an answer, or says in one sentence why BaseLinker could not. */
export function readJson(text: string): Reading {
  const plain = text.trimStart();
  if (plain === '') return { fault: 'the answer is empty' };
  if (text.startsWith('\uFEFF'))
    return { fault: 'the answer begins with a byte order mark, which BaseLinker cannot read' };
  if (plain.startsWith('<')) return { fault: `the answer is a web page (HTML), not JSON: ${excerpt(plain)}` };
  try {
    JSON.parse(text);
  } catch {
    return { fault: `the answer is not JSON: ${excerpt(plain)}` };
  }
  const read = new Reader();
  const tree = read.tree(JSON.parse(numberKeys(text)), 1);
  const fault = read.faults[0];
  return fault === undefined ? { tree } : { fault };
}

/** The keys of the root object in the order of the text; repeated ones are repeated. Empty for anything but an object. */
export function orderedKeys(text: string): string[] {
  const root: unknown = JSON.parse(numberKeys(text));
  return isObject(root) ? Object.keys(root).map(plainKey) : [];
}

/**
 * Makes every key unique and unlike a number, so that JSON.parse keeps all of them where they stand. The text is valid
 * JSON: a string is a key when a colon follows. (One regular expression for it all runs out of stack on long texts.)
 */
function numberKeys(text: string): string {
  const parts: string[] = [];
  let done = 0;
  for (let start = text.indexOf('"'); start !== -1;) {
    const end = endOfString(text, start);
    if (isColonNext(text, end)) {
      parts.push(text.slice(done, start), `"${parts.length}=`);
      done = start + 1;
    }
    start = text.indexOf('"', end);
  }
  return parts.join('') + text.slice(done);
}

/** The place behind the closing quotation mark of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function isColonNext(text: string, from: number): boolean {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return text[at] === ':';
}

const plainKey = (key: string): string => key.slice(key.indexOf('=') + 1);

class Reader {
  readonly faults: string[] = [];

  tree(value: unknown, depth: number): Tree {
    if (depth > DEEPEST) return this.#fault(`the answer is nested more than ${DEEPEST} levels deep`);
    if (Array.isArray(value)) return value.map((item) => this.tree(item, depth + 1));
    if (isObject(value)) return this.#object(value, depth);
    if (typeof value === 'string') return this.#text(value);
    return typeof value === 'number' || typeof value === 'boolean' ? value : null;
  }

  #object(value: object, depth: number): Tree {
    const map = new Map<string, Tree>();
    for (const [numbered, item] of Object.entries(value)) {
      const key = this.#text(plainKey(numbered));
      if (map.has(key)) this.#fault(`the key ${JSON.stringify(key)} occurs twice in one object`);
      map.set(key, this.tree(item, depth + 1));
    }
    return map;
  }

  #text(text: string): string {
    if (LONE_SURROGATE.test(text)) this.#fault(`a text holds half a character: ${excerpt(text)}`);
    return text;
  }

  #fault(sentence: string): null {
    this.faults.push(sentence);
    return null;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line);
}
