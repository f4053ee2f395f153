import { parseStringPromise } from 'xml2js';
import type { Gate } from './gates.ts';
import { Unreadable, type Raw } from './raw.ts';

export const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
export const ENCODING = 'http://schemas.xmlsoap.org/soap/encoding/';
export const XSD = 'http://www.w3.org/2001/XMLSchema';
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const XMLNS = 'http://www.w3.org/2000/xmlns/';

const DEEPEST = 64;

/** As xml2js gives it with namespaces and with children in their order. */
interface Node {
  readonly $ns: { readonly uri: string; readonly local: string };
  readonly $?: Readonly<Record<string, { readonly local: string; readonly uri: string; readonly value: string }>>;
  readonly $$?: readonly Node[];
  readonly _?: string;
}

/** Namespaces by prefix, for names that stand in values: xsi:type="xsd:string". */
type Scope = ReadonlyMap<string, string>;

/** What holds for the whole request: the namespace of its types, and what members of lists are called. */
interface Way {
  readonly namespace: string;
  readonly item: string;
}

const SCALARS = new Map<string, RegExp>([
  ...['string', 'date', 'dateTime', 'anyURI'].map((name) => [name, /^/] as const),
  ...['int', 'integer', 'long', 'short'].map((name) => [name, /^[+-]?\d+$/] as const),
  ...['decimal', 'float', 'double'].map((name) => [name, /^[+-]?(\d+(\.\d*)?|\.\d+)$/] as const),
  ['boolean', /^(true|false|1|0)$/],
]);

/** The one part of the one method that a request calls, as strict as SOAP 1.1 rpc/encoded is on paper. */
export async function readSoap(text: string, { method, namespace }: Gate, item: string): Promise<Raw> {
  if (/<!DOCTYPE/i.test(text)) throw new Unreadable('a DOCTYPE is not taken');
  const envelope = await parse(text);
  expectName(envelope, SOAP, 'Envelope');
  const scope = inner(envelope, new Map());
  const parts = (envelope.$$ ?? []).filter(({ $ns }) => !($ns.uri === SOAP && $ns.local === 'Header'));
  const body = only(parts, 'Envelope');
  expectName(body, SOAP, 'Body');
  const call = only(body.$$ ?? [], 'Body');
  expectName(call, namespace, method);
  if (![envelope, body, call].some((node) => attribute(node, SOAP, 'encodingStyle') === ENCODING)) {
    throw new Unreadable('encodingStyle is missing');
  }
  const part = only(call.$$ ?? [], method);
  expectName(part, '', method);
  const here = inner(call, inner(body, scope));
  const raw = read(part, here, { namespace, item }, 0);
  if (typeOf(part, inner(part, here))?.local !== 'requestType') throw new Unreadable(`${method}: is no requestType`);
  return raw;
}

async function parse(text: string): Promise<Node> {
  try {
    const options = { xmlns: true, explicitChildren: true, preserveChildrenOrder: true, explicitRoot: false };
    return (await parseStringPromise(text, options)) as Node; // xml2js promises nothing, but these options give this
  } catch (error) {
    throw new Unreadable('is not well-formed XML', { cause: error });
  }
}

function read(node: Node, outer: Scope, way: Way, depth: number): Raw {
  if (depth > DEEPEST) throw new Unreadable('is nested too deeply');
  const { local: name } = node.$ns;
  const scope = inner(node, outer);
  const type = typeOf(node, scope);
  const arrayType = attribute(node, ENCODING, 'arrayType');
  if (arrayType !== undefined) return readArray(node, scope, way, { arrayType, depth });
  if (type?.uri === XSD) return readScalar(node, type.local);
  const children = node.$$ ?? [];
  if (!type && children.length === 0) throw new Unreadable(`${name}: has no xsi:type`);
  if (type && (type.uri !== way.namespace || !type.local.endsWith('Type'))) {
    throw new Unreadable(`${name}: has a type that nobody knows: ${type.local}`);
  }
  if ((node._ ?? '').trim() !== '') throw new Unreadable(`${name}: holds text between its parts`);
  const fields = new Map<string, Raw[]>();
  for (const child of children) {
    if (child.$ns.uri !== '') throw new Unreadable(`${child.$ns.local}: must not stand in a namespace`);
    if (isNil(child)) continue;
    const sofar = fields.get(child.$ns.local) ?? [];
    fields.set(child.$ns.local, [...sofar, read(child, scope, way, depth + 1)]);
  }
  return { kind: 'struct', fields };
}

function readScalar(node: Node, type: string): Raw {
  const { local: name } = node.$ns;
  const pattern = SCALARS.get(type);
  if (!pattern) throw new Unreadable(`${name}: xsd:${type} is not taken`);
  if (node.$$) throw new Unreadable(`${name}: is an xsd:${type} with parts`);
  const text = node._ ?? '';
  if (!pattern.test(text)) throw new Unreadable(`${name}: is no xsd:${type}`);
  return { kind: 'text', text };
}

function readArray(
  node: Node,
  scope: Scope,
  way: Way,
  { arrayType, depth }: { readonly arrayType: string; readonly depth: number },
): Raw {
  const { local: name } = node.$ns;
  const match = /^(.+)\[(\d+)\]$/.exec(arrayType);
  const type = qualified(match?.[1] ?? '', scope);
  const isKnown = type && (type.uri === XSD ? SCALARS.has(type.local) : type.uri === way.namespace);
  if (!match || !isKnown) throw new Unreadable(`${name}: its arrayType says nothing`);
  const members = node.$$ ?? [];
  if (members.length !== Number(match[2])) throw new Unreadable(`${name}: its arrayType counts otherwise`);
  for (const member of members) expectName(member, '', way.item);
  return { kind: 'list', items: members.map((member) => read(member, scope, way, depth + 1)) };
}

function expectName(node: Node, uri: string, local: string): void {
  if (node.$ns.uri !== uri || node.$ns.local !== local) {
    throw new Unreadable(`{${node.$ns.uri}}${node.$ns.local} stands where {${uri}}${local} is expected`);
  }
}

function only(nodes: readonly Node[], of: string): Node {
  const [node, ...more] = nodes;
  if (!node || more.length > 0) throw new Unreadable(`${of}: exactly one part is expected`);
  return node;
}

function attribute({ $ }: Node, uri: string, local: string): string | undefined {
  return Object.values($ ?? {}).find((one) => one.uri === uri && one.local === local)?.value;
}

const isNil = (node: Node) => ['true', '1'].includes(attribute(node, XSI, 'nil') ?? '');

function inner({ $ }: Node, outer: Scope): Scope {
  const declared = Object.values($ ?? {}).filter(({ uri, local }) => uri === XMLNS && local !== 'xmlns');
  return new Map([...outer, ...declared.map(({ local, value }) => [local, value] as const)]);
}

function typeOf(node: Node, scope: Scope): { readonly uri: string; readonly local: string } | undefined {
  const type = attribute(node, XSI, 'type');
  if (type === undefined) return undefined;
  const found = qualified(type, scope);
  if (!found) throw new Unreadable(`${node.$ns.local}: the prefix of its type is not declared`);
  return found;
}

function qualified(name: string, scope: Scope): { readonly uri: string; readonly local: string } | undefined {
  const [prefix = '', local = ''] = name.split(':');
  const uri = scope.get(prefix);
  return uri === undefined || local === '' ? undefined : { uri, local };
}
