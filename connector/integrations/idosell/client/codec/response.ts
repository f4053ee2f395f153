/** An answer, whichever format it came in. Scalars are text, numbers too: "00123" is a code. Null is said to be nothing. */
export type ResponseValue = string | null | readonly ResponseValue[] | ResponseFields;

export type ResponseFields = ReadonlyMap<string, ResponseValue>;

/** An answer that is not of the format that was asked for. Its message holds none of the answer's text. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

const NOTHING: ResponseFields = new Map();

/** PHP writes an empty map as an empty list (docs/protocol/idosell.md 2.4): what is no map has no fields. */
export function asFields(value: ResponseValue | undefined): ResponseFields {
  return isFields(value) ? value : NOTHING;
}

export function isFields(value: ResponseValue | undefined): value is ResponseFields {
  return value instanceof Map;
}

function isList(value: ResponseValue | undefined): value is readonly ResponseValue[] {
  return Array.isArray(value);
}

/** One that stands alone is a list of one; a list with gaps comes as a map of numbers. */
export function asList(value: ResponseValue | undefined): readonly ResponseValue[] {
  if (isList(value)) return value;
  if (!isFields(value)) return value === undefined || value === null || value === '' ? [] : [value];
  const names = [...value.keys()];
  if (names.length === 0) return [];
  if (names.every((name) => /^\d+$/.test(name))) return [...value.values()];
  const [only] = value.values();
  return names.length === 1 && isList(only) ? only : [value];
}

/** '' for nothing, and for what is no scalar. */
export function asText(value: ResponseValue | undefined): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** Names of containers differ in case from gate to gate (2.4). */
export function field(fields: ResponseFields, name: string): ResponseValue | undefined {
  const exact = fields.get(name);
  if (exact !== undefined) return exact;
  const wanted = name.toLowerCase();
  for (const [key, value] of fields) if (key.toLowerCase() === wanted) return value;
  return undefined;
}

export function textOf(fields: ResponseFields, name: string): string {
  return asText(field(fields, name));
}

/** The field of that name in the results, beside them, or in any block of the answer (2.3). */
export function find(answer: ResponseFields, results: string, name: string): ResponseValue | undefined {
  const [first] = asList(field(answer, results));
  for (const fields of [asFields(first), answer, ...[...answer.values()].filter(isFields)]) {
    const found = field(fields, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The list of that name; where there is none, the results themselves when they are a list of maps. */
export function findList(answer: ResponseFields, results: string, name: string): readonly ResponseValue[] | undefined {
  const found = find(answer, results, name);
  if (found !== undefined) return asList(found);
  const itself = field(answer, results);
  return isList(itself) && itself.some(isFields) ? itself : undefined;
}

/** A decimal without needless zeros; undefined for -1, which is no count ("ask"), and for what is no number. */
export function asDecimal(value: ResponseValue | undefined): string | undefined {
  const match = /^\+?(\d{1,15})(?:[.,](\d{0,15}))?$/.exec(asText(value));
  if (!match) return undefined;
  const [, whole = '', part = ''] = match;
  const fraction = part.replace(/0+$/, '');
  return whole.replace(/^0+(?=\d)/, '') + (fraction === '' ? '' : `.${fraction}`);
}

/** A flag in the profile's words, or in those that servers are known to use; undefined where it says neither. */
export function asBoolean(value: ResponseValue | undefined, words: { readonly yes: string; readonly no: string }) {
  const text = asText(value).toLowerCase();
  if (text === '') return undefined;
  if (text === words.yes.toLowerCase()) return true;
  if (text === words.no.toLowerCase()) return false;
  if (/^(?:y|yes|true|1)$/.test(text)) return true;
  return /^(?:n|no|false|0)$/.test(text) ? false : undefined;
}
