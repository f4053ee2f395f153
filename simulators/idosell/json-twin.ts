import { writeAmount } from './amount.ts';
import type { Habits, Out, OutStruct } from './answer.ts';
import { Unreadable, type Raw } from './raw.ts';

const DEEPEST = 64;

export function readJson(text: string): Raw {
  let json: unknown;
  try {
    json = JSON.parse(text) as unknown;
  } catch (error) {
    throw new Unreadable('is not JSON', { cause: error });
  }
  const raw = read(json, 0);
  if (!raw || raw.kind === 'text') throw new Unreadable('is no JSON object');
  return raw;
}

/** Undefined for null, which is as good as not sent. */
function read(value: unknown, depth: number): Raw | undefined {
  if (depth > DEEPEST) throw new Unreadable('is nested too deeply');
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return { kind: 'list', items: value.flatMap((one) => read(one, depth + 1) ?? []) };
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (typeof value !== 'object') return { kind: 'text', text: JSON.stringify(value) };
  const fields = Object.entries(value).flatMap(([name, one]) => {
    const raw = read(one, depth + 1);
    return raw ? [[name, [raw]] as const] : [];
  });
  return { kind: 'struct', fields: new Map(fields) };
}

export type Quirks = Pick<Habits, 'emptyMapAsList' | 'numbersAsText'>;

export const writeJson = (content: OutStruct, quirks: Quirks): string => written(content, quirks);

/** By hand, because decimals are exact and JSON.stringify has only floats. */
function written(value: Out, quirks: Quirks): string {
  if (value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'bigint') {
    const text = typeof value === 'bigint' ? writeAmount(value) : String(value);
    return quirks.numbersAsText ? JSON.stringify(text) : text;
  }
  if (typeof value !== 'object') return JSON.stringify(value);
  // isArray forgets that it is read-only.
  if (Array.isArray(value)) return `[${(value as readonly Out[]).map((one) => written(one, quirks)).join(',')}]`;
  const pairs = Object.entries(value as OutStruct);
  if (pairs.length === 0 && quirks.emptyMapAsList) return '[]';
  return `{${pairs.map(([name, one]) => `${JSON.stringify(name)}:${written(one, quirks)}`).join(',')}}`;
}
