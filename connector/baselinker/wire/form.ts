import { isUtf8 } from 'node:buffer';
import { ApiError } from '../../domain/api-error.ts';
import { parseExactly } from './exact-json.ts';
import { multipartPairs, type FILE } from './multipart.ts';

/** The fields of one call: text, or nested tables where the caller wrote brackets or JSON. No prototype. */
export type Form = Record<string, unknown>;

type FieldValue = string | typeof FILE;

/** PHP's own max_input_vars is 1000; a stock update of 1000 items in brackets is 4002 fields. */
const MAX_FIELDS = 20_000;
const MAX_DEPTH = 8;
/** The key is not known yet when a form is read: no name may cost more than a glance. */
const MAX_NAME = 300;

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;

/** What was read of a body: all of it, or no more than the key and why the rest could not be read. */
export interface ReadBody {
  readonly form: Form;
  readonly problem?: ApiError;
}

/** As `readForm`, for a caller who looks at the key before anything else (docs/protocol/baselinker.md 1.2 and 1.5). */
export function readBody(contentType: string, body: Buffer): ReadBody {
  try {
    return { form: readForm(contentType, body) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const form = emptyForm();
    const key = findKey(body.toString('utf8'));
    if (key !== undefined) form['bl_pass'] = key;
    return { form, problem: error };
  }
}

/** Where the key stands in a body that cannot be read: as a form field, in JSON, in a part of its own. */
const KEY_FORMS = [
  /(?:^|&)bl_pass=([^&]*)/,
  /"bl_pass"\s{0,20}:\s{0,20}"([^"\\]*)"/,
  /;\s{0,20}name="?bl_pass"?\r\n(?:[^\r\n]{1,200}\r\n){0,5}\r\n([^\r\n]*)\r\n/,
];

function findKey(text: string): string | undefined {
  for (const form of KEY_FORMS) {
    const key = form.exec(text)?.[1];
    if (key !== undefined) return key;
  }
  return undefined;
}

/**
 * Reads the body of a call as PHP would fill $_POST (docs/protocol/baselinker.md 1.1): form fields, brackets included;
 * multipart and JSON bodies are read too. Throws a Refusal for what is not readable as UTF-8 fields.
 */
export function readForm(contentType: string, body: Buffer): Form {
  const charset = CHARSET.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
  if (!['utf-8', 'utf8', 'us-ascii'].includes(charset))
    throw new ApiError('invalid_parameter', 'the body must be UTF-8');
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (!isUtf8(body)) throw new ApiError('invalid_parameter', 'the body is not valid UTF-8');
  if (type === 'multipart/form-data') return readPairs(multipartPairs(contentType, body.toString('utf8')));
  if (type === 'application/json' || type.endsWith('+json')) return readJson(body.toString('utf8'));
  if (type === '' || type === 'application/x-www-form-urlencoded' || type === 'text/plain') {
    return readPairs(urlencodedPairs(body.toString('utf8')));
  }
  throw new ApiError('invalid_parameter', 'the body must be form fields (application/x-www-form-urlencoded)');
}

function* urlencodedPairs(text: string): Iterable<readonly [string, string]> {
  // Brackets first and all at once: most of a large call's names have nothing else to decode.
  for (const pair of text.replaceAll('%5B', '[').replaceAll('%5D', ']').split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals), 'the name of a field');
    yield [name, equals < 0 ? '' : decode(pair.slice(equals + 1), name)];
  }
}

function decode(text: string, name: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new ApiError('invalid_parameter', `${name.slice(0, 60)} holds a percent code that is not valid UTF-8`);
  }
}

function readJson(text: string): Form {
  let parsed: unknown;
  try {
    parsed = parseExactly(text);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError('invalid_parameter', 'the body is not valid JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new ApiError('invalid_parameter', 'the JSON body must be an object of fields');
  }
  const form = emptyForm();
  for (const [name, value] of Object.entries(parsed)) form[name] = asField(value);
  return form;
}

/** JSON's own scalars as text. Yes and no stay words, which a flag understands and a quantity does not. */
function asField(value: unknown): unknown {
  if (value === null) return '';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

function readPairs(pairs: Iterable<readonly [string, FieldValue]>): Form {
  const form = emptyForm();
  const nextNumbers: NextNumbers = new WeakMap();
  let count = 0;
  for (const [name, value] of pairs) {
    count += 1;
    if (count > MAX_FIELDS) throw new ApiError('invalid_parameter', `more than ${MAX_FIELDS} fields in one call`);
    if (name.length > MAX_NAME) throw new ApiError('invalid_parameter', 'the name of a field is too long');
    const bracket = name.indexOf('[');
    if (name === '') continue;
    if (bracket <= 0) form[name] = value;
    else put(form, nextNumbers, name, bracket, value);
  }
  return form;
}

/** The number that `[]` stands for next, of tables that have had one: PHP counts on from the greatest number used. */
type NextNumbers = WeakMap<Form, number>;

/** `products[0][price]=1` as PHP reads it: tables inside tables. */
function put(form: Form, nextNumbers: NextNumbers, name: string, bracket: number, value: FieldValue): void {
  const steps = stepsOf(name, bracket);
  if (steps.length > MAX_DEPTH) throw new ApiError('invalid_parameter', 'a field is nested too deep');
  let table = form;
  let key = name.slice(0, bracket);
  for (const step of steps) {
    const inner = table[key];
    table = isTable(inner) ? inner : (table[key] = emptyForm());
    key = keyIn(table, nextNumbers, step);
  }
  table[key] = value;
}

/** What stands in brackets, from the first one on; anything between them is passed over. */
function stepsOf(name: string, bracket: number): string[] {
  const steps: string[] = [];
  for (let open = bracket; open >= 0;) {
    const close = name.indexOf(']', open);
    if (close < 0) break;
    steps.push(name.slice(name.lastIndexOf('[', close) + 1, close));
    open = name.indexOf('[', close);
  }
  return steps;
}

function keyIn(table: Form, nextNumbers: NextNumbers, step: string): string {
  const counted = nextNumbers.get(table);
  if (step === '') {
    const next = counted ?? Object.keys(table).reduce(afterNumber, 0);
    nextNumbers.set(table, next + 1);
    return String(next);
  }
  if (counted !== undefined) nextNumbers.set(table, afterNumber(counted, step));
  return step;
}

function afterNumber(next: number, key: string): number {
  return /^\d{1,9}$/.test(key) ? Math.max(next, Number(key) + 1) : next;
}

function isTable(value: unknown): value is Form {
  return typeof value === 'object' && value !== null;
}

/** Without a prototype, so that a field named `__proto__` or `constructor` is a field like any other. */
function emptyForm(): Form {
  return Object.create(null) as Form;
}
