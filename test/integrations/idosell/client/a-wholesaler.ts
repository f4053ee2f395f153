import type { IdoSell } from '../../../../connector/integrations/idosell/client/client.ts';
import { openIdoSell, type IdoSellDeps } from '../../../../connector/integrations/idosell/client/index.ts';
import { Profile, type OperationName } from '../../../../connector/integrations/idosell/client/profile.ts';
import { innerHash } from '../../../../connector/integrations/idosell/client/session/system-key.ts';
import type { MonotonicClock } from '../../../../connector/lib/rate.ts';
import { startStubServer, type Received, type Reply, type StubServer } from '../../../support/stub-server.ts';

/** What the wholesaler says: text, numbers, lists, maps; in SOAP the lists are encoded arrays. */
export type Said = string | number | boolean | null | readonly Said[] | { readonly [name: string]: Said };
/** A whole HTTP answer, or what becomes of the line. */
export type Raw = Exclude<Reply, string> | { readonly line: Extract<Reply, string> };
export type Saying = Said | Raw | ((request: Received) => Said | Raw);
export type Format = 'soap' | 'json';

export const PASSWORD = 'Sklep-Demo_2026';
export const DROPSHIPPING_KEY = 'DROPKEY-EXAMPLE-1';
/** The sheet's worked example is of this Warsaw day (docs/protocol/idosell.md 3.2). */
export const NOW = new Date('2026-11-21T11:00:00Z');
export const PATIENCE = (): AbortSignal => AbortSignal.timeout(8000);

export const DONE = { faultCode: 0, faultString: '' };
export const fault = (faultCode: number | string, faultString = '') => ({ errors: { faultCode, faultString } });

/** A clock that stands still unless it is moved, and never makes anybody wait. */
export function handClock(): MonotonicClock & { pass(ms: number): void } {
  let atMs = 5_000_000;
  return {
    nowMs: () => atMs,
    wait: () => Promise.resolve(),
    pass: (ms) => void (atMs += ms),
  };
}

export function aProfile(simulator: { readonly url: string }, changes: Record<string, unknown> = {}): Profile {
  return Profile.parse({
    ...{ name: 'hurt', login: 'sklep-demo', passwordEnv: 'HURT_PASSWORD', dropshippingKeyEnv: 'HURT_KEY' },
    host: new URL(simulator.url).host,
    endpointTemplate: 'http://{host}/customer-api/?gate={gate}/{method}/{version}/{format}',
    minIntervalMs: 0,
    payer: {
      firm: 'Sklep Demo sp. z o.o.',
      nip: '1111111111',
      street: 'Handlowa 1',
      zipCode: '70-001',
      city: 'Szczecin',
    },
    ...changes,
  });
}

/** A wholesaler that answers from a script, by operation, started anew for each test of the block that asks for it. */
export function aWholesaler(format: Format = 'soap') {
  let simulator: StubServer | undefined;
  let script = new Map<string, Saying[]>();
  let profile: Profile | undefined;
  let clock = handClock();
  let logins = 0;
  let now = NOW;

  beforeEach(async () => {
    script = new Map();
    logins = 0;
    now = NOW;
    clock = handClock();
    simulator = await startStubServer((request) => reply(request));
    profile = aProfile(simulator, { format });
  });
  afterEach(() => simulator?.close());

  const there = (): { simulator: StubServer; profile: Profile } => {
    if (!simulator || !profile) throw new Error('the wholesaler is there inside of a test');
    return { simulator, profile };
  };

  function operationOf({ path }: Received): OperationName {
    const [, gate, method] = /gate=([^/]+)\/([^/]+)\//.exec(path) ?? [];
    const { operations } = there().profile;
    const names = Object.keys(operations) as OperationName[];
    const found = names.find((name) => operations[name]?.gate === gate && operations[name]?.method === method);
    if (!found) throw new Error(`no such gate: ${path}`);
    return found;
  }

  function reply(request: Received): Reply {
    const operation = operationOf(request);
    const sayings = script.get(operation);
    const next = sayings && sayings.length > 1 ? sayings.shift() : sayings?.[0];
    if (next === undefined && operation === 'authenticate') {
      logins += 1;
      return written(there().profile, operation, {
        authenticate: { sessionKey: `SESSION-EXAMPLE-${logins}` },
        errors: DONE,
      });
    }
    const said = typeof next === 'function' ? next(request) : (next ?? { errors: DONE });
    const raw = isRaw(said) ? said : written(there().profile, operation, said);
    // The wholesaler's clock agrees with ours, unless a test says otherwise.
    return 'line' in raw ? raw.line : { ...raw, headers: { Date: now.toUTCString(), ...raw.headers } };
  }

  return {
    received: (operation?: OperationName): readonly Received[] =>
      there().simulator.received.filter((one) => operation === undefined || operationOf(one) === operation),
    calls: (): OperationName[] => there().simulator.received.map(operationOf),
    says: (operation: OperationName, ...sayings: Saying[]) => void script.set(operation, sayings),
    written: (operation: OperationName, said: Said) => written(there().profile, operation, said),
    hasReceived: (count: number) => there().simulator.hasReceived(count),
    profile: () => there().profile,
    pass: (ms: number) => {
      clock.pass(ms);
      now = new Date(now.getTime() + ms);
    },
    setNow: (moment: Date) => void (now = moment),
    clock: () => clock,
    client: (changes: Record<string, unknown> = {}, deps: Partial<IdoSellDeps> = {}): IdoSell => {
      profile = aProfile(there().simulator, { format, ...changes });
      return openIdoSell({
        ...{ profile, innerHash: innerHash(PASSWORD), dropshippingKey: DROPSHIPPING_KEY, now: () => now, clock },
        ...deps,
      });
    },
  };
}

function isRaw(said: Said | Raw): said is Raw {
  if (typeof said !== 'object' || said === null) return false;
  return 'line' in said || ('status' in said && typeof said.status === 'number');
}

function written(profile: Profile, operation: OperationName, said: Said): Exclude<Reply, string> {
  if (profile.format === 'json') return { status: 200, body: said };
  const method = profile.operations[operation]?.method ?? '';
  return {
    status: 200,
    headers: { 'Content-Type': 'text/xml; charset=utf-8' },
    body: soapAnswer(method, said, profile.names.frame),
  };
}

/** Written by hand and not by the writer under test, with other prefixes than ours. */
export function soapAnswer(method: string, said: Said, frame = { response: 'response', item: 'item' }): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"' +
    ' xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' +
    ` xmlns:ns1="${method}"><SOAP-ENV:Body><ns1:${method}Response>${soapPart(frame.response, said, frame.item)}</ns1:${method}Response>` +
    '</SOAP-ENV:Body></SOAP-ENV:Envelope>'
  );
}

function soapPart(name: string, said: Said, item: string): string {
  if (said === null) return `<${name} xsi:nil="true"/>`;
  if (Array.isArray(said)) {
    const items = (said as readonly Said[]).map((one) => soapPart(item, one, item)).join('');
    return `<${name} SOAP-ENC:arrayType="ns1:anyType[${said.length}]">${items}</${name}>`;
  }
  if (typeof said !== 'object') {
    const text = String(said).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    return `<${name} xsi:type="xsd:string">${text}</${name}>`;
  }
  const inner = Object.entries(said).map(([key, value]) => soapPart(key, value, item));
  return `<${name} xsi:type="ns1:anyType">${inner.join('')}</${name}>`;
}
