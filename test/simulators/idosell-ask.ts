import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { parseStringPromise } from 'xml2js';
import { Profile, type OperationName } from '../../connector/integrations/idosell/client/profile.ts';
import { startIdoSell, type IdoSell, type IdoSellOptions } from '../../simulators/idosell/server.ts';

/** Requests written by hand: neither side of the house has a part in them. */

export const PASSWORD = 'Sklep-Demo_2026';
export const DROP_KEY = 'DROPKEY-EXAMPLE-1';
export const NOON = new Date('2026-11-21T11:00:00Z');

export const aProfile = (changes: object = {}): Profile =>
  Profile.parse({
    ...{ name: 'demo-wholesaler', host: 'hurt.example.test', login: 'sklep-demo' },
    ...{ passwordEnv: 'PASSWORD', dropshippingKeyEnv: 'KEY' },
    ...changes,
  });

export const PRODUCTS = [
  { codes: { internal: '1454-03', producer: '5900000000012', external: 'KX-771/B' }, stock: '7', price: '19.9' },
  { codes: { internal: '880-uniw' }, stock: '-1', price: '42' },
  { codes: { internal: '901-uniw' }, stock: '12.5', price: '31.5', weight: '4' },
];

export function startParty(options: Partial<IdoSellOptions> & { readonly profile?: Profile } = {}): Promise<IdoSell> {
  const usual = { profile: aProfile(), password: PASSWORD, dropshippingKey: DROP_KEY, products: PRODUCTS };
  return startIdoSell({ ...usual, now: () => NOON, ...options });
}

/** Text is an xsd:string, a number an xsd:int, a list an encoded array. */
export type Tree = string | number | readonly Tree[] | { readonly [name: string]: Tree };

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly bytes: Buffer;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
}

/** One request over a line of its own; rejects when the connection breaks. */
export function send(url: string, { method = 'POST', headers = {}, body = '', signal }: Sent): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers, agent: false, ...(signal ? { signal } : {}) }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject);
      answer.once('end', () => {
        const bytes = Buffer.concat(chunks);
        const { statusCode: status = 0, headers: got } = answer;
        resolve({ status, headers: got, bytes, text: bytes.toString('utf8') });
      });
    });
    call.once('error', reject).end(body);
  });
}

const fill = (template: string, values: Readonly<Record<string, string>>) =>
  template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

export function addressOf({ profile }: Pick<IdoSell, 'profile'>, operation: OperationName, format = 'soap') {
  const { gate = '', method = '', version = profile.apiVersion } = profile.operations[operation] ?? {};
  const values = { host: profile.host, gate, method, version, format };
  const namespace = fill(profile.soapNamespace, values);
  const action = fill(profile.soapAction, { ...values, namespace });
  return { url: fill(profile.endpointTemplate, values), method, namespace, action };
}

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function element(name: string, value: Tree, item: string): string {
  if (typeof value === 'number') return `<${name} xsi:type="xsd:int">${value}</${name}>`;
  if (typeof value === 'string') return `<${name} xsi:type="xsd:string">${escape(value)}</${name}>`;
  const isList = (one: Tree): one is readonly Tree[] => Array.isArray(one);
  if (isList(value)) {
    const type = value.every((one) => typeof one === 'string') && value.length > 0 ? 'xsd:string' : 'g:memberType';
    const members = value.map((one) => element(item, one, item)).join('');
    return `<${name} xsi:type="g:listType" enc:arrayType="${type}[${value.length}]">${members}</${name}>`;
  }
  const members = Object.entries(value).map(([key, one]) => element(key, one, item));
  return `<${name} xsi:type="g:${name}Type">${members.join('')}</${name}>`;
}

/** The envelope of section 2.2. */
export function envelope(simulator: Pick<IdoSell, 'profile'>, operation: OperationName, content: Tree): string {
  const { method, namespace } = addressOf(simulator, operation);
  const part = element(method, content, simulator.profile.names.frame.item);
  return `<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
  xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:g="${namespace}"
  soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><soap:Body><g:${method}>
  ${part.replace(`xsi:type="g:${method}Type"`, 'xsi:type="g:requestType"')}
</g:${method}></soap:Body></soap:Envelope>`;
}

export function post(
  simulator: Pick<IdoSell, 'profile'>,
  operation: OperationName,
  body: string | Buffer,
  sent: Sent = {},
): Promise<Answered> {
  const { url, action } = addressOf(simulator, operation);
  const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${action}"`, ...sent.headers };
  return send(url, { ...sent, headers, body });
}

/** An answer as a person would read it: text, lists and structures, by local name. */
export type Read = string | null | readonly Read[] | { readonly [name: string]: Read };

interface Node {
  readonly $ns: { readonly local: string };
  readonly $?: Readonly<Record<string, { readonly local: string; readonly value: string }>>;
  readonly $$?: readonly Node[];
  readonly _?: string;
}

export async function readXml(text: string): Promise<Read> {
  const options = { xmlns: true, explicitChildren: true, preserveChildrenOrder: true, explicitRoot: false };
  const root = (await parseStringPromise(text, options)) as Node;
  const attribute = ({ $ = {} }: Node, name: string) => Object.values($).find(({ local }) => local === name)?.value;
  const byId = new Map<string, Node>();
  const collect = (node: Node): void => {
    const id = attribute(node, 'id');
    if (id !== undefined) byId.set(`#${id}`, node);
    node.$$?.forEach(collect);
  };
  collect(root);
  const read = (node: Node): Read => {
    const target = byId.get(attribute(node, 'href') ?? '');
    if (target) return read(target);
    if (attribute(node, 'nil') === 'true') return null;
    const children = node.$$ ?? [];
    if (attribute(node, 'arrayType') !== undefined) return children.map(read);
    if (children.length === 0) return attribute(node, 'type')?.startsWith('ns1:') ? {} : (node._ ?? '');
    return Object.fromEntries(children.map((child) => [child.$ns.local, read(child)]));
  };
  return read(root);
}

/** `at(answer, 'Body', 'Fault', 'faultcode')`; undefined where something on the way is missing. */
export function at(from: Read | undefined, ...path: readonly (string | number)[]): Read | undefined {
  return path.reduce<Read | undefined>((value, step) => {
    if (value === null || typeof value !== 'object') return undefined;
    return (value as Readonly<Record<string | number, Read>>)[step];
  }, from);
}

export function textAt(from: Read | undefined, ...path: readonly (string | number)[]): string {
  const value = at(from, ...path);
  if (typeof value !== 'string') throw new TypeError(`no text at ${path.join('.')}: ${JSON.stringify(from)}`);
  return value;
}

export const systemKey = (day: string, password = PASSWORD): string => {
  const sha1 = (text: string) => createHash('sha1').update(text, 'utf8').digest('hex');
  return sha1(day + sha1(password));
};

export class Caller {
  sessionKey = '';
  readonly simulator: IdoSell;
  constructor(simulator: IdoSell) {
    this.simulator = simulator;
  }

  /** The keys where the profile wants them. */
  content(params: Tree, changes: Readonly<Record<string, string>> = {}): { readonly [name: string]: Tree } {
    const { profile } = this.simulator;
    const keys = {
      [profile.sessionKeyField]: this.sessionKey,
      [profile.dropshippingKeyField]: DROP_KEY,
      ...changes,
    };
    const block: { readonly [name: string]: Tree } = profile.authBlock === '' ? keys : { [profile.authBlock]: keys };
    return { ...block, [profile.names.frame.params]: params };
  }

  async login(day = '20261121', login = this.simulator.profile.login, password = PASSWORD): Promise<Read | undefined> {
    const { profile } = this.simulator;
    const keys = { [profile.loginField]: login, [profile.systemKeyField]: systemKey(day, password) };
    const content: Tree = profile.authBlock === '' ? keys : { [profile.authBlock]: keys };
    const answer = await this.read(
      post(this.simulator, 'authenticate', envelope(this.simulator, 'authenticate', content)),
    );
    const key = at(answer, profile.authBlock, profile.sessionKeyField) ?? at(answer, profile.sessionKeyField);
    if (typeof key === 'string') this.sessionKey = key;
    return answer;
  }

  async read(under: Promise<Answered>): Promise<Read | undefined> {
    const { text } = await under;
    const body = at(await readXml(text), 'Body');
    const [called] = Object.values(body ?? {}) as Read[];
    return at(called, this.simulator.profile.names.frame.response) ?? called;
  }

  call(operation: OperationName, params: Tree = {}, keys: Readonly<Record<string, string>> = {}) {
    return this.read(post(this.simulator, operation, envelope(this.simulator, operation, this.content(params, keys))));
  }

  /** The fault's number and the results. */
  async ask(
    operation: OperationName,
    params: Tree = {},
  ): Promise<[fault: Read | undefined, results: Read | undefined]> {
    const answer = await this.call(operation, params);
    const { errors, faultCode, results } = this.simulator.profile.names.frame;
    return [at(answer, errors, faultCode), at(answer, results)];
  }
}

/** Opens remote systems that are closed after every test; each with somebody who has logged in. */
export function parties(): (
  options?: Partial<IdoSellOptions>,
) => Promise<{ readonly simulator: IdoSell; readonly caller: Caller }> {
  const opened: IdoSell[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  return async (options = {}) => {
    const simulator = await startParty(options);
    opened.push(simulator);
    const caller = new Caller(simulator);
    await caller.login();
    return { simulator, caller };
  };
}
