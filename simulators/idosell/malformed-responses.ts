import type { Format, Gate } from './gates.ts';
import { answerReply, faultReply, reply, TYPES, type Reply } from './reply.ts';
import type { Shop } from './shop.ts';
import { ENCODING, SOAP } from './soap-read.ts';
import { writeSoap } from './soap-write.ts';
import type { Fault } from './faults.ts';

/** What is sent instead of a decent answer; undefined where the trouble is of another kind. */
export function instead(fault: Fault, gate: Gate, shop: Shop): Reply | undefined {
  switch (fault.kind) {
    case 'busy':
    case 'unavailable': {
      const headers: Record<string, string> =
        fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
      return { status: fault.kind === 'busy' ? 429 : 503, headers, body: Buffer.alloc(0) };
    }
    case 'soap-fault':
      return faultReply(fault.by, fault.by === 'client' ? 'Function does not exist' : 'Internal error', gate, shop);
    case 'html':
      return reply(fault.status, 'text/html; charset=utf-8', '<html><body><h1>Przerwa techniczna</h1></body></html>');
    case 'redirect':
      return { status: 302, headers: { location: fault.to }, body: Buffer.alloc(0) };
    case 'blank':
      return reply(200, TYPES[gate.format], '');
    case 'strange':
      return strange(gate, shop);
    case 'house': {
      const { fault: means, number } = fault;
      const answer = { fault: means, text: 'odmowa na życzenie', ...(number === undefined ? {} : { number }) };
      return answerReply(answer, gate, shop);
    }
    case 'doctype':
      return reply(200, TYPES[gate.format], BOMB);
    case 'deep':
      return reply(200, TYPES[gate.format], gate.format === 'soap' ? deepXml(fault.depth) : deepJson(fault.depth));
    case 'flood':
      return { status: 200, headers: { 'content-type': TYPES[gate.format] }, body: Buffer.alloc(fault.bytes, ' ') };
    default:
      return undefined;
  }
}

/** A decent answer, spoilt. */
export function spoil(fault: Fault | undefined, good: Reply, format: Format): Reply {
  if (fault?.kind === 'half') return { ...good, body: good.body.subarray(0, Math.floor(good.body.length / 2)) };
  if (fault?.kind !== 'wrong-encoding') return good;
  // Something Polish stands in every answer then, whatever it says.
  const text = good.body.toString('utf8');
  const marked = format === 'soap' ? `${text}<!-- zażółć -->` : text.replace(/\}$/, ',"uwagi":"zażółć"}');
  return { ...good, body: latin2(marked) };
}

function strange(gate: Gate, { profile, habits }: Shop): Reply {
  const content = { weather: 'rain', [`${profile.names.frame.results}Elsewhere`]: { mood: 'fine' } };
  if (gate.format === 'json') return reply(200, TYPES.json, JSON.stringify(content));
  const looks = { prefix: habits.prefix, multiRef: false, item: profile.names.frame.item, response: 'other' };
  return reply(200, TYPES.soap, writeSoap(content, gate, looks));
}

const BOMB = [
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<!DOCTYPE bomb [<!ENTITY a0 "ha">',
  ...Array.from({ length: 30 }, (_, n) => `<!ENTITY a${n + 1} "&a${n};&a${n};">`),
  ']>',
  `<SOAP-ENV:Envelope xmlns:SOAP-ENV="${SOAP}" SOAP-ENV:encodingStyle="${ENCODING}">`,
  '<SOAP-ENV:Body>&a30;</SOAP-ENV:Body></SOAP-ENV:Envelope>',
].join('\n');

const deepXml = (depth: number): string =>
  `<SOAP-ENV:Envelope xmlns:SOAP-ENV="${SOAP}"><SOAP-ENV:Body>${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}` +
  '</SOAP-ENV:Body></SOAP-ENV:Envelope>';

const deepJson = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

const LATIN2 = new Map(
  Object.entries({
    ...{ Ą: 0xa1, ą: 0xb1, Ć: 0xc6, ć: 0xe6, Ę: 0xca, ę: 0xea, Ł: 0xa3, ł: 0xb3, Ń: 0xd1, ń: 0xf1, Ó: 0xd3, ó: 0xf3 },
    ...{ Ś: 0xa6, ś: 0xb6, Ź: 0xac, ź: 0xbc, Ż: 0xaf, ż: 0xbf },
  }),
);

/** What neither ASCII nor Polish has becomes a question mark. */
const latin2 = (text: string): Buffer =>
  Buffer.from(Array.from(text, (sign) => LATIN2.get(sign) ?? (sign <= '\x7f' ? sign.charCodeAt(0) : 0x3f)));
