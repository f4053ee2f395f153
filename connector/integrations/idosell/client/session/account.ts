import type { Log } from '../../../../lib/log.ts';
import { send, tooLong, callError, type CallDeps, type Exchange } from './send-request.ts';
import type { Result, CallError } from '../client.ts';
import { endpointOf, type Endpoint } from '../endpoints.ts';
import type { Fault } from '../codec/faults.ts';
import { inAuthBlock, login, type Secrets } from './login.ts';
import { writeMessage, type Message } from '../message.ts';
import { fields, text, type RequestField } from '../codec/request.ts';
import type { OperationName } from '../profile.ts';
import { redact } from '../redact.ts';
import { openSessions, type Session } from './session.ts';
import type { ResponseFields } from '../codec/response.ts';

/** What an operation asks. */
export interface OperationRequest {
  readonly operation: OperationName;
  readonly params: readonly RequestField[];
  readonly signal: AbortSignal;
  /** How many elements its list has; 0 without one. */
  readonly elements?: number;
  /** What tells who the consumer is. */
  readonly persons?: readonly string[];
}

/** The wholesaler answered; whether with a fault is for the operation to judge. */
export interface OperationResponse {
  readonly kind: 'response';
  readonly fields: ResponseFields;
  readonly fault: Fault;
  /** The wholesaler's words about a part of the answer, fit to be kept. */
  readonly quote: (said: string) => string;
}

/** An account: its session, its pace and its keys. What is asked and what it means is in a file for each operation. */
export interface Account {
  readonly calls: CallDeps;
  sendRequest(question: OperationRequest): Promise<OperationResponse | CallError>;
  ensureSession(lastsMs: number, signal: AbortSignal): Promise<Result<{ readonly isNew: boolean }>>;
  dropSession(): void;
}

export interface AccountDeps {
  readonly calls: CallDeps;
  readonly innerHash: string;
  readonly dropshippingKey: string;
  readonly log: Pick<Log, 'warn' | 'debug'> | undefined;
}

interface ReadyQuestion {
  readonly question: OperationRequest;
  readonly endpoint: Endpoint;
  readonly message: Message;
}

/** Of keys that came and went, so many are remembered: a remote system that is slow may yet quote them. */
const MAX_SECRETS = 40;

export function openAccount({ calls, innerHash, dropshippingKey, log }: AccountDeps): Account {
  const { profile, clock } = calls;
  const secrets = openSecrets([innerHash, dropshippingKey]);
  const loginEndpoint = required(calls, 'authenticate');
  const sessions = openSessions({
    usableMs: (profile.sessionTtlSeconds - profile.sessionMarginSeconds) * 1000,
    nowMs: clock.nowMs,
    login: (signal) => login({ calls, endpoint: loginEndpoint, inner: innerHash, secrets, log }, signal),
  });

  const requestWith = (sessionKey: string, params: readonly RequestField[]): readonly RequestField[] => [
    ...inAuthBlock(profile, [
      [profile.sessionKeyField, text(sessionKey)],
      [profile.dropshippingKeyField, text(dropshippingKey)],
    ]),
    [profile.names.frame.params, fields(...params)],
  ];

  /** A basket that belongs to the session is gone with it, so what is ordered from it is not ordered in another. */
  const needsThisSession = (operation: OperationName): boolean =>
    operation === 'placeOrder' && profile.basketScope === 'session';

  async function sessionFor({ operation, signal }: OperationRequest): Promise<Session | CallError> {
    if (!needsThisSession(operation)) return sessions.get(0, signal);
    const key = sessions.held();
    if (key === undefined) return callError('auth', 'the session has ended, and its basket with it');
    return { kind: 'session', key, isNew: false };
  }

  async function sendRequest(question: OperationRequest): Promise<OperationResponse | CallError> {
    const { operation, params, elements = 0 } = question;
    const endpoint = endpointOf(profile, operation);
    if (!endpoint) return callError('not-supported', `the wholesaler has no ${operation}`);
    if (elements > profile.maxElements) {
      return callError('too-large', `${elements} elements, more than ${profile.maxElements}`);
    }
    const message = writeMessage(calls.codec, endpoint, (key) => requestWith(key, params));
    const refused = tooLong(calls, message.with(''));
    if (refused) return refused;
    const ready = { question, endpoint, message };
    return (await sendOnce(ready, false)) ?? (await sendOnce(ready, true)) ?? NEVER;
  }

  /** Undefined when the session was refused and the question may be asked again with a new one. */
  async function sendOnce(
    { question, endpoint, message }: ReadyQuestion,
    isLast: boolean,
  ): Promise<OperationResponse | CallError | undefined> {
    const { operation, signal, persons = [] } = question;
    const session = await sessionFor(question);
    // Nothing of the question itself went out.
    if (session.kind === 'error') return { ...session, reason: `login: ${session.reason}`, mayHaveHappened: false };
    const redactions = { secrets: secrets.all(), persons };
    const body = message.with(session.key);
    const exchange = await send(calls, { operation, endpoint, body, signal, redactions });
    note(operation, exchange);
    if (isRefusedSession(exchange)) {
      sessions.drop(session.key);
      const mayRepeat = operation === 'placeOrder' ? exchange.kind === 'answer' && !needsThisSession(operation) : true;
      if (mayRepeat && !isLast) return undefined;
    }
    if (exchange.kind === 'error') return exchange.callError;
    const quote = (said: string): string => redact(said, redactions);
    return { kind: 'response', fields: exchange.fields, fault: exchange.fault, quote };
  }

  function note(operation: OperationName, exchange: Exchange): void {
    const meaning = exchange.kind === 'answer' ? exchange.fault.class : exchange.callError.class;
    const ms = Math.round(clock.nowMs() - exchange.sentAtMs);
    log?.debug('wholesaler asked', { wholesaler: profile.name, operation, meaning, ms });
  }

  return {
    calls,
    sendRequest,
    async ensureSession(lastsMs, signal) {
      const session = await sessions.get(lastsMs, signal);
      return session.kind === 'error' ? session : { kind: 'done', value: { isNew: session.isNew } };
    },
    dropSession: () => sessions.drop(),
  };
}

/** The last of two tries always says something. */
const NEVER: CallError = callError('auth', 'the session was refused');

function isRefusedSession(exchange: Exchange): boolean {
  return (exchange.kind === 'answer' ? exchange.fault.class : exchange.callError.class) === 'auth';
}

function openSecrets(known: readonly string[]): Secrets {
  let passing: readonly string[] = [];
  return {
    add(secret) {
      if (!passing.includes(secret)) passing = [...passing, secret].slice(-MAX_SECRETS);
    },
    all: () => [...known, ...passing],
  };
}

function required({ profile }: CallDeps, operation: OperationName): Endpoint {
  const endpoint = endpointOf(profile, operation);
  if (!endpoint) throw new Error(`the profile has no ${operation}`);
  return endpoint;
}

/** A fault of the whole answer as the trouble that it is; `mayHaveHappened` where something was done all the same. */
export function refusal(
  { calls: { profile } }: Account,
  { fault }: OperationResponse,
  mayHaveHappened = false,
): CallError {
  const said = `fault ${fault.code === '' ? 'without a number' : fault.code}: ${fault.text}`;
  switch (fault.class) {
    case 'done':
    case 'empty':
      return callError('protocol', `an answer without what was asked for (${said})`, mayHaveHappened);
    case 'dropshipping-disabled':
      return callError(
        fault.class,
        `check ${profile.dropshippingKeyEnv}, and that dropshipping is switched on (${said})`,
      );
    default:
      return callError(fault.class, said, mayHaveHappened);
  }
}
