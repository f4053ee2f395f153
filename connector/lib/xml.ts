import { Parser } from 'xml2js';
import { localName, scanXml, XmlError } from './xml-scan.ts';

export { XmlError } from './xml-scan.ts';

/** One element as it was read. Names are without prefixes; children are in their order. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text, the units around children joined. Blank text is ''. */
  readonly text: string;
}

/** Keys that no element can be called: the parser's own defaults include `_`, which is a name. */
const KEYS = { attrkey: '#attributes', charkey: '#text', childkey: '#children' } as const;

interface ParsedNode {
  readonly '#name': string;
  readonly '#attributes'?: Readonly<Record<string, string>>;
  readonly '#text'?: string;
  readonly '#children'?: readonly ParsedNode[];
}

/**
 * The only reader of XML. Throws an XmlError for everything that is not one plain document in UTF-8: malformed text, HTML,
 * document types, reserved names, depth, other encodings.
 *
 * `charset` is the one that the transport declared, '' for none.
 */
export function readXml(
  bytes: Uint8Array,
  { maxBytes, charset = '' }: { maxBytes: number; charset?: string },
): XmlElement {
  if (bytes.byteLength > maxBytes) throw new XmlError(`longer than ${maxBytes} bytes`);
  const text = decoded(bytes, charset);
  scanXml(text);
  const root = elementOf(parsed(text));
  if (root.name.toLowerCase() === 'html') throw new XmlError('an HTML page');
  return root;
}

const KNOWN_CHARSET = /^(?:utf-?8|us-ascii|ascii)?$/i;

function decoded(bytes: Uint8Array, charset: string): string {
  if (!KNOWN_CHARSET.test(charset)) throw new XmlError('an encoding other than UTF-8');
  const text = utf8(bytes);
  if (text === undefined) throw new XmlError('not UTF-8');
  const [, declared = ''] = /^\s*<\?xml\b[^?>]*\bencoding\s*=\s*["']([^"']*)["']/.exec(text.slice(0, 200)) ?? [];
  if (!KNOWN_CHARSET.test(declared)) throw new XmlError('an encoding other than UTF-8');
  return text;
}

/** The text without its byte order mark, or undefined when the bytes are no UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parsed(text: string): ParsedNode {
  const parser = new Parser({
    ...KEYS,
    ...{ explicitChildren: true, preserveChildrenOrder: true, explicitRoot: false },
    ...{ tagNameProcessors: [localName], attrNameProcessors: [localName] },
  });
  const heard: { root?: ParsedNode; error?: Error } = {};
  try {
    // Synchronous: the parser works through the text before it returns.
    parser.parseString(text, (error: Error | null, root: unknown) => {
      if (error) heard.error ??= error;
      else heard.root ??= root as ParsedNode; // the shape follows from the options above
    });
  } catch (error) {
    heard.error ??= error instanceof Error ? error : new Error('unknown');
  }
  // Only the first line of the parser's message is its own: the others quote the document.
  if (heard.error) throw new XmlError(`malformed: ${heard.error.message.split('\n', 1)[0] ?? ''}`);
  if (!heard.root) throw new XmlError('no document');
  return heard.root;
}

/** The depth was bounded before parsing. */
function elementOf(node: ParsedNode): XmlElement {
  const attributes = new Map(Object.entries(node['#attributes'] ?? {}));
  for (const value of attributes.values()) checkCharacters(value);
  const text = checkCharacters(node['#text'] ?? '');
  return { name: node['#name'], attributes, children: (node['#children'] ?? []).map(elementOf), text };
}

/** What XML 1.0 has no room for, written out or as a reference. Lone surrogates are among them. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

function checkCharacters(text: string): string {
  if (text.search(FORBIDDEN) !== -1) throw new XmlError('a character that XML does not know');
  return text;
}

/** Written XML, as opposed to text that still has to be escaped. */
export type XmlText = string & { readonly raw: 'xml' };

/** The only writer of XML. Attributes keep their order; a child is written XML, anything else is text. */
export function writeElement(
  name: string,
  attributes: Readonly<Record<string, string>>,
  content: string | readonly XmlText[],
): XmlText {
  const inner = typeof content === 'string' ? escapeXml(content) : content.join('');
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${checkName(key)}="${escapeXml(value)}"`);
  const head = checkName(name) + pairs.join('');
  return (inner === '' ? `<${head}/>` : `<${head}>${inner}</${name}>`) as XmlText;
}

export function writeDocument(root: XmlText): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' },
  // As they are, a reader takes them for the end of a line or for a blank.
  ...{ '\r': '&#13;', '\n': '&#10;', '\t': '&#9;' },
};

/** Text for element and attribute alike; what XML 1.0 forbids is left out, since no reference can carry it either. */
export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, '').replace(/[&<>"'\r\n\t]/g, (found) => ESCAPES[found] ?? found);
}

/** True for what may be the name of an element, with or without a prefix. */
export function isXmlName(name: string): boolean {
  return /^(?:[\p{L}_][\p{L}\p{N}_.-]*:)?[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name);
}

function checkName(name: string): string {
  if (!isXmlName(name)) throw new XmlError(`not a name: ${JSON.stringify(name)}`);
  return name;
}
