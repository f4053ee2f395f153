import type { OperationName } from '../../connector/integrations/idosell/client/profile.ts';
import { authenticate, BASKET_OPERATIONS, keysOf } from './authentication.ts';
import type { Format, Gate } from './gates.ts';
import { readJson } from './json-twin.ts';
import { decode, struct, text, Unreadable, type Struct } from './raw.ts';
import { answerReply, faultReply, reply, type Reply } from './reply.ts';
import { requestShape } from './shapes.ts';
import type { Shop } from './shop.ts';
import { readSoap } from './soap-read.ts';
import { escaped } from './soap-write.ts';

/** What is known of a request, filled in as it is read. */
interface Slip {
  readonly number: number;
  readonly operation: OperationName | undefined;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
  login: string;
  params: Struct | undefined;
}

/** Between the line and the shop: checks, reads, watches and answers. */
export interface RequestPipeline {
  readonly complaints: readonly string[];
  readonly unknownFields: ReadonlySet<string>;
  tooLong(): Reply;
  /** What is wrong before anything is read; undefined where nothing is. */
  refuse(slip: Slip, gate: Gate | undefined): Reply | undefined;
  read(slip: Slip, gate: Gate, body: Buffer): Promise<Struct | Unreadable>;
  /** Two requests that use one basket at a time may disturb one another (P3). */
  watch(slip: Slip, asked: Struct | Unreadable, onLeave: (leave: () => void) => void): void;
  answer(slip: Slip, gate: Gate, asked: Struct | Unreadable): Reply;
}

const CONTENT_TYPES: Readonly<Record<Format, RegExp>> = {
  soap: /^text\/xml\s*;\s*charset="?utf-8"?$/i,
  json: /^application\/json(\s*;\s*charset="?utf-8"?)?$/i,
};

export function openPipeline(shop: Shop): RequestPipeline {
  const complaints: string[] = [];
  const unknownFields = new Set<string>();
  const baskets = new Map<string, number>();
  const complainOf = (slip: Slip) => (what: string) => void complaints.push(`request ${slip.number}: ${what}`);

  return {
    complaints,
    unknownFields,
    tooLong: () => reply(413, 'text/plain', 'Request Entity Too Large'),
    refuse: ({ method, headers }, gate) => {
      if (!gate) return reply(404, 'text/html; charset=utf-8', '<html><body>Nie ma takiej strony</body></html>');
      if (method !== 'POST') return reply(405, 'text/plain', 'Method Not Allowed');
      return refuseHeaders(headers, gate, shop);
    },
    read: async (slip, gate, body) => {
      slip.body = hidden(body.toString('utf8'), knownSecrets(shop));
      try {
        const sent = utf8(body);
        const { item } = shop.profile.names.frame;
        const raw = gate.format === 'soap' ? await readSoap(sent, gate, item) : readJson(sent);
        const unknownField = (place: string) => void unknownFields.add(place.replaceAll(/\[\d+\]/g, '[]'));
        const notes = { complain: complainOf(slip), unknownField, item };
        const asked = decode(raw, requestShape(gate.operation, shop.profile), notes);
        fillIn(slip, asked, shop);
        return asked;
      } catch (error) {
        if (error instanceof Unreadable) return error;
        throw error;
      }
    },
    watch: (slip, asked, onLeave) => {
      const key = asked instanceof Unreadable ? undefined : basketKey(slip, asked, shop);
      if (key === undefined) return;
      const other = baskets.get(key);
      if (other !== undefined) complainOf(slip)(`the basket of ${slip.login} is still in request ${other}`);
      baskets.set(key, slip.number);
      onLeave(() => {
        if (baskets.get(key) === slip.number) baskets.delete(key);
      });
    },
    answer: (slip, gate, asked) => {
      if (asked instanceof Unreadable) return faultReply('client', asked.message, gate, shop);
      const knock = { request: slip.number, gate, asked, complain: complainOf(slip) };
      return answerReply(authenticate(knock, shop), gate, shop);
    },
  };
}

function utf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw new Unreadable('is no UTF-8', { cause: error });
  }
}

function refuseHeaders(headers: Slip['headers'], gate: Gate, shop: Shop): Reply | undefined {
  if (!CONTENT_TYPES[gate.format].test(String(headers['content-type'] ?? ''))) {
    return reply(415, 'text/plain', 'Unsupported Media Type');
  }
  if (gate.format === 'json' || headers['soapaction'] === `"${gate.soapAction}"`) return undefined;
  return faultReply('client', 'SOAPAction is another', gate, shop);
}

/** Whose request it is and what it asks, for whoever looks at it later: its keys are not kept. */
function fillIn(slip: Slip, asked: Struct, shop: Shop): void {
  const keys = keysOf(asked, shop);
  const secrets = ['systemKey', 'sessionKey', 'dropshippingKey'].map((name) => text(keys, name));
  slip.body = hidden(slip.body, secrets);
  slip.login = text(keys, 'login') || (shop.accounts.session(text(keys, 'sessionKey'))?.login ?? '');
  slip.params = struct(asked, 'params');
}

function basketKey({ operation, login }: Slip, asked: Struct, shop: Shop): string | undefined {
  if (!BASKET_OPERATIONS.has(operation ?? '') || login === '') return undefined;
  return shop.profile.basketScope === 'account' ? login : text(keysOf(asked, shop), 'sessionKey');
}

function knownSecrets({ accounts }: Shop): string[] {
  const keys = accounts.sessions.map(({ key }) => key);
  const own = accounts.sessions.map(({ login }) => accounts.find(login)?.dropshippingKey ?? '');
  return [...keys, ...new Set(own)];
}

const hidden = (body: string, secrets: readonly string[]): string =>
  secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [escaped(secret), secret])
    .reduce((left, secret) => left.replaceAll(secret, '***'), body);
