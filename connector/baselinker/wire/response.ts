/**
 * Writes an answer as JSON. A Map becomes an object whose keys stand in the Map's own order: a plain JavaScript object
 * would put number-like keys in ascending order, and BaseLinker reads the order (docs/protocol/baselinker.md 1.3).
 */
export function writeJson(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (typeof value === 'string') return quote(value);
  if (value instanceof Map) return writeMap(value as Map<string, unknown>);
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) return writeObject(value as Record<string, unknown>);
  return JSON.stringify(value);
}

function writeMap(map: ReadonlyMap<string, unknown>): string {
  let text = '';
  for (const [key, value] of map) {
    if (value !== undefined) text += `${text === '' ? '' : ','}${quote(key)}:${writeJson(value)}`;
  }
  return `{${text}}`;
}

function writeObject(object: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value !== undefined) text += `${text === '' ? '' : ','}${quote(key)}:${writeJson(value)}`;
  }
  return `{${text}}`;
}

/** JSON that is written already: part of an answer, or a whole one. Long answers are faster without tables between. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Half of a surrogate pair as JSON.stringify writes it; PHP, and so BaseLinker, cannot read an answer with one. */
const LONE_SURROGATE = /\\ud[89a-f]/;

/** Writes an object that holds no Map: whole objects are written faster by the engine than field by field. */
export function plainJson(value: object): RawJson {
  const text = JSON.stringify(value);
  return new RawJson(LONE_SURROGATE.test(text) ? writeJson(value) : text);
}

/** Everything that JSON writes with a backslash, and lone halves of surrogate pairs. */
// eslint-disable-next-line no-control-regex
const NEEDS_ESCAPES = /[\u0000-\u001f"\\\ud800-\udfff]/;

/** One text as JSON. Most need no escape, and a test is cheaper than a call of JSON.stringify for each. */
export function quote(text: string): string {
  return NEEDS_ESCAPES.test(text) ? JSON.stringify(text.toWellFormed()) : `"${text}"`;
}
