import { readXml, utf8, XmlError } from '../../../../lib/xml.ts';
import { readJson } from '../codec/json.ts';
import type { Profile } from '../profile.ts';
import { soapValue } from '../codec/soap-value.ts';
import { isFields, Unreadable, type ResponseValue, type ResponseFields } from '../codec/response.ts';

/** A notification as it came. */
export interface RawMessage {
  /** '' where there was none. */
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Of a GET, without its `?`: read where there is no body. */
  readonly query?: string;
}

/** Its fields, whichever of the formats it came in (docs/protocol/idosell.md 6.1); undefined when it is none of them. */
export function readNotificationBody(raw: RawMessage, profile: Profile): ResponseFields | undefined {
  const { contentType, body, query = '' } = raw;
  const text = utf8(body.subarray(0, profile.webhook.maxBytes));
  if (text === undefined || body.byteLength > profile.webhook.maxBytes) return undefined;
  if (text.trim() === '') return readForm(query);
  try {
    return found(kindOf(contentType, text), raw, profile, text);
  } catch (error) {
    if (error instanceof Unreadable || error instanceof XmlError) return undefined;
    throw error;
  }
}

type Kind = 'json' | 'xml' | 'form';

/** The first sign says more than a type: PHP calls everything a form that nobody named. */
function kindOf(contentType: string, text: string): Kind {
  const [first = ''] = text.trimStart();
  if (first === '{' || first === '[') return 'json';
  if (first === '<') return 'xml';
  return /json/i.test(contentType) ? 'json' : /xml/i.test(contentType) ? 'xml' : 'form';
}

function found(
  kind: Kind,
  { contentType, body }: RawMessage,
  profile: Profile,
  text: string,
): ResponseFields | undefined {
  switch (kind) {
    case 'json':
      return asRoot(readJson(body));
    case 'xml': {
      const [, charset = ''] = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(contentType) ?? [];
      const root = readXml(body, { maxBytes: profile.webhook.maxBytes, charset });
      return asRoot(soapValue(root, root, profile.names.frame.item));
    }
    case 'form':
      return readForm(text.trim());
  }
}

/** A list at the top is a list of orders. */
function asRoot(value: ResponseValue): ResponseFields | undefined {
  if (isFields(value)) return value;
  return Array.isArray(value) ? new Map<string, ResponseValue>([['', value]]) : undefined;
}

const MAX_FIELDS = 500;
const MAX_DEPTH = 8;

// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- a type alias cannot refer to itself here
interface Branch extends Map<string, string | Branch> {}

/** PHP's brackets make maps: `packages[0][number]=A`, `numbers[]=A`. */
function readForm(text: string): ResponseFields | undefined {
  const pairs = [...new URLSearchParams(text)].filter(([name, value]) => name !== '' && value !== '');
  if (pairs.length === 0 || pairs.length > MAX_FIELDS) return undefined;
  const root: Branch = new Map();
  for (const [name, value] of pairs) {
    const path = name.split('[').map((part) => part.replace(/\]$/, ''));
    if (path.length <= MAX_DEPTH) plant(root, path, value);
  }
  return root;
}

/** A name without a number, and one that is repeated, count on: they are lists, which are maps of numbers here. */
function plant(branch: Branch, [name = '', ...rest]: readonly string[], value: string): void {
  const key = name === '' ? String(branch.size) : name;
  const there = branch.get(key);
  if (rest.length > 0) {
    const inner: Branch = there instanceof Map ? there : new Map();
    branch.set(key, inner);
    plant(inner, rest, value);
  } else if (there === undefined) branch.set(key, value);
  else if (there instanceof Map) there.set(String(there.size), value);
  else
    branch.set(
      key,
      new Map([
        ['0', there],
        ['1', value],
      ]),
    );
}
