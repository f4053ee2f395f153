import { ApiError } from '../../domain/api-error.ts';
import type { Field } from './action.ts';
import { listOrTable } from './items.ts';

type Feature = readonly [name: string, value: string];
type Table = Readonly<Record<string, unknown>>;

/**
 * Features of a product: a list of `[name, value]` pairs, as the documentation says, or an object `name → value`, as
 * BaseLinker's other API writes it (docs/protocol/baselinker.md 2.10). A list of values is several values. Whatever else is
 * sent is refused by name.
 */
export function features(name: string): Field {
  return listOrTable(name, (value) => readFeatures(name, value));
}

function readFeatures(name: string, value: unknown): Feature[] {
  if (Array.isArray(value)) return fromPairs(name, value);
  if (!isTable(value)) throw new ApiError('invalid_parameter', `${name} must be a list of [name, value] pairs`);
  // PHP writes a list whose numbers have gaps as an object, and brackets are read as one.
  if (isNumbered(value)) return fromPairs(name, Object.values(value));
  return Object.entries(value).flatMap(([feature, inner]) => featureOf(`${name}[${feature}]`, feature, inner));
}

function fromPairs(name: string, pairs: readonly unknown[]): Feature[] {
  return pairs.flatMap((pair, at) => {
    const path = `${name}[${at}]`;
    const [feature, value] = pairOf(pair) ?? [];
    const isName = typeof feature === 'string' || typeof feature === 'number';
    if (!isName) throw new ApiError('invalid_parameter', `${path} must be a pair [name, value]`);
    return featureOf(path, String(feature), value);
  });
}

/** `[name, value]`, or a table of these two by number or by name. */
function pairOf(pair: unknown): readonly [name: unknown, value: unknown] | undefined {
  if (Array.isArray(pair)) return pair.length === 2 ? [pair[0], pair[1]] : undefined;
  if (!isTable(pair) || Object.keys(pair).length !== 2) return undefined;
  if (Object.hasOwn(pair, '0') && Object.hasOwn(pair, '1')) return [pair['0'], pair['1']];
  if (Object.hasOwn(pair, 'name') && Object.hasOwn(pair, 'value')) return [pair['name'], pair['value']];
  return undefined;
}

/** Several values are joined with a bar on the wire; none, `''`, takes the feature away. */
function featureOf(path: string, sentName: string, sentValue: unknown): Feature[] {
  const values: readonly unknown[] =
    isTable(sentValue) && isNumbered(sentValue) ? Object.values(sentValue) : [sentValue];
  const value = values.map((one) => scalar(path, one)).join('|');
  const name = clean(sentName);
  if (name === '' && value !== '') throw new ApiError('invalid_parameter', `${path} has no name`);
  return name === '' ? [] : [[name, value]];
}

function scalar(path: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  throw new ApiError('invalid_parameter', `${path} must have one value, or a list of values`);
}

const clean = (text: string): string => text.toWellFormed().normalize('NFC').trim();

const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null;

/** A list, or a table that stands for one. */
const isNumbered = (table: Table): boolean => Object.keys(table).every((key) => /^\d+$/.test(key));
