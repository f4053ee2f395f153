import type { Answer, OutStruct } from './answer.ts';
import type { Gate } from './gates.ts';
import { writeJson } from './json-twin.ts';
import { faultNumbers } from './numbers.ts';
import type { Shop } from './shop.ts';
import { writeFault, writeSoap } from './soap-write.ts';

/** What goes over the line. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The number of the house's own fault, where there is one. */
  readonly fault?: string;
}

export const TYPES = { soap: 'text/xml; charset=utf-8', json: 'application/json; charset=utf-8' } as const;

export function reply(status: number, type: string, text: string): Reply {
  return { status, headers: { 'content-type': type }, body: Buffer.from(text, 'utf8') };
}

/** An answer as the gate's format writes it, with the errors that every one has (2.6). */
export function answerReply(answer: Answer, gate: Gate, { profile, habits }: Shop): Reply {
  const { frame } = profile.names;
  const number = answer.number ?? faultNumbers(profile, gate.operation, answer.fault)[0] ?? '';
  const errors: OutStruct = { [frame.faultCode]: Number(number), [frame.faultString]: answer.text };
  if (gate.format === 'soap') {
    const results = answer.results ? { [frame.results]: answer.results } : {};
    const content = { ...answer.beside, [frame.errors]: errors, ...results };
    const looks = { prefix: habits.prefix, multiRef: habits.multiRef, item: frame.item, response: frame.response };
    return { ...reply(200, TYPES.soap, writeSoap(content, gate, looks)), fault: number };
  }
  const results = { [habits.otherCaseResults ? otherCase(frame.results) : frame.results]: answer.results ?? {} };
  const content = { ...answer.beside, [frame.errors]: habits.errorsAsList ? [errors] : errors, ...results };
  return { ...reply(200, TYPES.json, writeJson(content, habits)), fault: number };
}

/** `Results` where `results` is expected (2.4). */
function otherCase(name: string): string {
  const first = name.charAt(0);
  return (first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase()) + name.slice(1);
}

/** A request that cannot be read, or a server that broke: it rides on HTTP 500 (2.6). */
export function faultReply(by: 'client' | 'server', text: string, gate: Gate, { habits }: Shop): Reply {
  if (gate.format === 'soap') return reply(500, TYPES.soap, writeFault(by, text, habits.prefix));
  return reply(by === 'client' ? 400 : 500, TYPES.json, JSON.stringify({ error: text }));
}
