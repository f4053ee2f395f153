import {
  escapeXml,
  readXml,
  writeDocument,
  writeElement,
  XmlError,
  type XmlElement,
  type XmlText,
} from '../../../../lib/xml.ts';
import { MAX_RESPONSE_BYTES, type Codec, type Decoded } from './codec.ts';
import type { RequestValue, RequestField } from './request.ts';
import type { Profile } from '../profile.ts';
import { soapValue } from './soap-value.ts';
import { asFields, isFields, Unreadable } from './response.ts';

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const ENCODING = 'http://schemas.xmlsoap.org/soap/encoding/';

/** SOAP 1.1, rpc/encoded, as docs/protocol/idosell.md 2.2 and 2.3 have it. */
export function soapCodec({ names: { frame } }: Profile): Codec {
  return {
    headers: ({ soapAction }) => ({
      'Content-Type': 'text/xml; charset=utf-8',
      Accept: 'text/xml',
      SOAPAction: `"${soapAction}"`,
    }),
    write({ method, soapNamespace }, request) {
      const part = element(method, { kind: 'fields', fields: request }, { item: frame.item, type: 'requestType' });
      const body = writeElement('soap:Body', {}, [writeElement(`g:${method}`, {}, [part])]);
      return writeDocument(writeElement('soap:Envelope', envelopeAttributes(soapNamespace), [body]));
    },
    text: escapeXml,
    read: (bytes, charset) => readResponse(readEnvelope(bytes, charset), frame),
  };
}

function envelopeAttributes(namespace: string): Readonly<Record<string, string>> {
  return {
    'xmlns:soap': ENVELOPE,
    'xmlns:enc': ENCODING,
    'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    'xmlns:g': namespace,
    'soap:encodingStyle': ENCODING,
  };
}

interface Style {
  readonly item: string;
  readonly type: string;
}

function element(name: string, value: RequestValue, { item, type }: Style): XmlText {
  switch (value.kind) {
    case 'text':
      return writeElement(name, { 'xsi:type': 'xsd:string' }, value.text);
    case 'number':
      return writeElement(name, { 'xsi:type': `xsd:${value.type}` }, value.text);
    case 'fields':
      return writeElement(name, { 'xsi:type': `g:${type}` }, value.fields.map(ofField(item)));
    case 'list': {
      // Always in the encoded form, for one member too: a bare struct is silently misread (P6).
      const itemType = memberType(name, value.items[0]);
      const length = value.items.length;
      const attributes = { 'xsi:type': `g:${type}`, 'enc:arrayType': `${itemType}[${length}]` };
      const style = { item, type: itemType.replace(/^g:/, '') };
      return writeElement(
        name,
        attributes,
        value.items.map((one) => element(item, one, style)),
      );
    }
  }
}

const ofField =
  (item: string) =>
  ([name, value]: RequestField): XmlText =>
    element(name, value, { item, type: `${name}Type` });

/** Lists are "…sType" and hold "…Type". */
function memberType(name: string, first: RequestValue | undefined): string {
  if (first?.kind === 'text') return 'xsd:string';
  if (first?.kind === 'number') return `xsd:${first.type}`;
  return name.endsWith('s') && name.length > 1 ? `g:${name.slice(0, -1)}Type` : `g:${name}ItemType`;
}

function readEnvelope(bytes: Uint8Array, charset: string): XmlElement {
  try {
    return readXml(bytes, { maxBytes: MAX_RESPONSE_BYTES, charset });
  } catch (error) {
    if (error instanceof XmlError) throw new Unreadable(error.message);
    throw error;
  }
}

function readResponse(envelope: XmlElement, frame: Profile['names']['frame']): Decoded {
  const body = envelope.name === 'Envelope' ? childOf(envelope, 'Body') : undefined;
  // Values that are referred to stand beside the answer.
  const response = body?.children.find(({ attributes }) => !attributes.has('id')) ?? body?.children[0];
  if (!response) throw new Unreadable('no SOAP message');
  const value = (of: XmlElement) => soapValue(of, envelope, frame.item);
  if (response.name === 'Fault') {
    const text = (name: string) => childOf(response, name)?.text.trim() ?? '';
    return {
      kind: 'fault',
      isServer: !/client|versionmismatch|mustunderstand/i.test(text('faultcode')),
      text: text('faultstring'),
    };
  }
  const part = childOf(response, frame.response) ?? onlyPart(response);
  const found = value(part);
  return { kind: 'answer', fields: asFields(isFields(found) ? found : null) };
}

function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

/** A server may call its one part as it likes, or leave it out (2.3). */
function onlyPart(response: XmlElement): XmlElement {
  const [first, ...more] = response.children;
  return first && more.length === 0 && (first.children.length > 0 || first.attributes.has('href')) ? first : response;
}
