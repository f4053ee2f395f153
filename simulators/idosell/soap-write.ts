import { writeAmount } from './amount.ts';
import type { Habits, Out, OutStruct } from './answer.ts';
import type { Gate } from './gates.ts';
import { ENCODING, SOAP, XSD, XSI } from './soap-read.ts';

/** Written by hand, so that the connector's own writer cannot hide the connector's own mistakes. */

type Looks = Pick<Habits, 'prefix' | 'multiRef'> & { readonly item: string; readonly response: string };

/** What a structure's members that stand elsewhere are collected in. */
interface Page {
  readonly looks: Looks;
  readonly elsewhere: string[];
}

export function writeSoap(content: OutStruct, { method, namespace }: Gate, looks: Looks): string {
  const page: Page = { looks, elsewhere: [] };
  const response = element(looks.response, content, page);
  const called = `ns1:${method}Response`;
  return envelope(`<${called} xmlns:ns1="${escaped(namespace)}">${response}</${called}>${page.elsewhere.join('')}`, {
    prefix: looks.prefix,
    namespace,
  });
}

export function writeFault(by: 'client' | 'server', text: string, prefix: string): string {
  const code = `<faultcode>${prefix}:${by === 'client' ? 'Client' : 'Server'}</faultcode>`;
  return envelope(`<${prefix}:Fault>${code}<faultstring>${escaped(text)}</faultstring></${prefix}:Fault>`, { prefix });
}

function envelope(body: string, { prefix: p, namespace }: { readonly prefix: string; readonly namespace?: string }) {
  const ours = namespace === undefined ? '' : ` xmlns:ns1="${escaped(namespace)}"`;
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<${p}:Envelope xmlns:${p}="${SOAP}"${ours} xmlns:xsd="${XSD}"` +
    ` xmlns:xsi="${XSI}" xmlns:SOAP-ENC="${ENCODING}" ${p}:encodingStyle="${ENCODING}">` +
    `<${p}:Body>${body}</${p}:Body></${p}:Envelope>\n`
  );
}

function element(name: string, value: Out, page: Page): string {
  if (value === null) return `<${name} xsi:nil="true"/>`;
  if (Array.isArray(value)) return list(name, value as readonly Out[], page); // isArray forgets that it is read-only
  if (typeof value !== 'object') return `<${name} xsi:type="xsd:${scalarType(value)}">${scalar(value)}</${name}>`;
  return `<${name} xsi:type="ns1:${name}Type">${members(value as OutStruct, page)}</${name}>`;
}

const members = (struct: OutStruct, page: Page): string =>
  Object.entries(struct)
    .map(([name, value]) => element(name, value, page))
    .join('');

/** `products` holds members of the type `productType`. */
function list(name: string, values: readonly Out[], page: Page): string {
  const { item, multiRef } = page.looks;
  const one = `ns1:${name.replace(/s$/, '')}Type`;
  const isPlain = values.length > 0 && values.every((value) => typeof value !== 'object');
  const written = values.map((value) => {
    if (isPlain || value === null) return element(item, value, page);
    const content = members(value as OutStruct, page); // lists of lists do not occur
    if (!multiRef) return `<${item} xsi:type="${one}">${content}</${item}>`;
    const id = `ref-${page.elsewhere.length + 1}`;
    page.elsewhere.push(`<multiRef id="${id}" xsi:type="${one}">${content}</multiRef>`);
    return `<${item} href="#${id}"/>`;
  });
  const type = isPlain ? 'xsd:string' : one;
  return `<${name} SOAP-ENC:arrayType="${type}[${values.length}]" xsi:type="ns1:${name}Type">${written.join('')}</${name}>`;
}

type Scalar = string | number | boolean | bigint;

function scalarType(value: Scalar): string {
  switch (typeof value) {
    case 'number':
      return 'int';
    case 'bigint':
      return 'decimal';
    case 'boolean':
      return 'boolean';
    case 'string':
      return 'string';
  }
}

const scalar = (value: Scalar) => escaped(typeof value === 'bigint' ? writeAmount(value) : String(value));

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);

export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES.get(sign) ?? sign);
