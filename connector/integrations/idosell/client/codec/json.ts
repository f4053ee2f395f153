import { utf8 } from '../../../../lib/xml.ts';
import type { Codec, Decoded } from './codec.ts';
import type { RequestValue } from './request.ts';
import type { Profile } from '../profile.ts';
import { asFields, field, isFields, Unreadable, type ResponseValue } from './response.ts';

const MAX_DEPTH = 64;

/** The twin of the SOAP binding (docs/protocol/idosell.md 2.4). */
export function jsonCodec({ names: { frame } }: Profile): Codec {
  return {
    headers: () => ({ 'Content-Type': 'application/json;charset=UTF-8', Accept: 'application/json' }),
    write: (_endpoint, request) => encoded({ kind: 'fields', fields: request }),
    text: (value) => JSON.stringify(value).slice(1, -1),
    read(bytes): Decoded {
      const fields = asFields(readJson(bytes));
      const inner = field(fields, frame.response);
      return { kind: 'answer', fields: isFields(inner) ? inner : fields };
    },
  };
}

/** By hand, so that a decimal goes out digit by digit as it is. */
function encoded(value: RequestValue): string {
  switch (value.kind) {
    case 'text':
      return JSON.stringify(value.text);
    case 'number':
      return value.text;
    case 'list':
      return `[${value.items.map(encoded).join(',')}]`;
    case 'fields':
      return `{${value.fields.map(([name, one]) => `${JSON.stringify(name)}:${encoded(one)}`).join(',')}}`;
  }
}

const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** A map or a list, with every number as the text that was sent. Throws Unreadable for everything else. */
export function readJson(bytes: Uint8Array): ResponseValue {
  const text = utf8(bytes);
  if (text === undefined) throw new Unreadable('not UTF-8');
  // Twice: the first time says whether it is JSON at all, the second keeps 40211.50 and a serial number of 20 digits.
  parsed(text);
  const value = parsed(text.replace(STRING_OR_NUMBER, (token) => (token.startsWith('"') ? token : `"${token}"`)));
  if (typeof value !== 'object' || value === null) throw new Unreadable('JSON, but no object');
  return responseValueOf(value, 0);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's words quote the text.
    throw new Unreadable(/^\s*</.test(text) ? 'not JSON but a page or XML' : 'not JSON');
  }
}

function responseValueOf(value: unknown, depth: number): ResponseValue {
  if (depth > MAX_DEPTH) throw new Unreadable(`nested deeper than ${MAX_DEPTH} values`);
  if (typeof value === 'string') return value;
  // A symbol of an order is called false (P11).
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map((one) => responseValueOf(one, depth + 1));
  if (typeof value !== 'object' || value === null) return null;
  return new Map(Object.entries(value).map(([name, one]) => [name, responseValueOf(one, depth + 1)]));
}
