import type { Log } from '../lib/log.ts';
import { send, tooLong, trouble, type CallParts, type Heard } from './call.ts';
import type { Reply, Trouble } from './client.ts';
import { endpointOf, type Endpoint } from './endpoints.ts';
import type { Fault } from './faults.ts';
import { inAuthBlock, login, type Secrets } from './login.ts';
import { writeMessage, type Message } from './message.ts';
import { fields, text, type OutgoingField } from './outgoing.ts';
import type { OperationName } from './profile.ts';
import { redacted } from './redact.ts';
import { openSessions, type Session } from './session.ts';
import type { WireFields } from './wire.ts';

/** What an operation asks. */
export interface Question {
  readonly operation: OperationName;
  readonly params: readonly OutgoingField[];
  readonly signal: AbortSignal;
  /** How many elements its list has; 0 without one. */
  readonly elements?: number;
  /** What tells who the consumer is. */
  readonly persons?: readonly string[];
}

/** The wholesaler answered; whether with a fault is for the operation to judge. */
export interface Told {
  readonly kind: 'told';
  readonly fields: WireFields;
  readonly fault: Fault;
  /** The wholesaler's words about a part of the answer, fit to be kept. */
  readonly words: (said: string) => string;
}

/** An account: its session, its pace and its keys. What is asked and what it means is in a file for each operation. */
export interface Account {
  readonly calls: CallParts;
  ask(question: Question): Promise<Told | Trouble>;
  ensureSession(lastsMs: number, signal: AbortSignal): Promise<Reply<{ readonly isNew: boolean }>>;
  dropSession(): void;
}

export interface AccountParts {
  readonly calls: CallParts;
  readonly innerHash: string;
  readonly dropshippingKey: string;
  readonly log: Pick<Log, 'warn' | 'debug'> | undefined;
}

interface ReadyQuestion {
  readonly question: Question;
  readonly endpoint: Endpoint;
  readonly message: Message;
}

/** Of keys that came and went, so many are remembered: a party that is slow may yet quote them. */
const MOST_SECRETS = 40;

export function openAccount({ calls, innerHash, dropshippingKey, log }: AccountParts): Account {
  const { profile, pace } = calls;
  const secrets = openSecrets([innerHash, dropshippingKey]);
  const loginEndpoint = required(calls, 'authenticate');
  const sessions = openSessions({
    usableMs: (profile.sessionTtlSeconds - profile.sessionMarginSeconds) * 1000,
    nowMs: pace.nowMs,
    login: (signal) => login({ calls, endpoint: loginEndpoint, inner: innerHash, secrets, log }, signal),
  });

  const requestWith = (sessionKey: string, params: readonly OutgoingField[]): readonly OutgoingField[] => [
    ...inAuthBlock(profile, [
      [profile.sessionKeyField, text(sessionKey)],
      [profile.dropshippingKeyField, text(dropshippingKey)],
    ]),
    [profile.names.frame.params, fields(...params)],
  ];

  /** A basket that belongs to the session is gone with it, so what is ordered from it is not ordered in another. */
  const needsThisSession = (operation: OperationName): boolean =>
    operation === 'placeOrder' && profile.basketScope === 'session';

  async function sessionFor({ operation, signal }: Question): Promise<Session | Trouble> {
    if (!needsThisSession(operation)) return sessions.get(0, signal);
    const key = sessions.held();
    if (key === undefined) return trouble('auth', 'the session has ended, and its basket with it');
    return { kind: 'session', key, isNew: false };
  }

  async function ask(question: Question): Promise<Told | Trouble> {
    const { operation, params, elements = 0 } = question;
    const endpoint = endpointOf(profile, operation);
    if (!endpoint) return trouble('not-supported', `the wholesaler has no ${operation}`);
    if (elements > profile.maxElements) {
      return trouble('too-large', `${elements} elements, more than ${profile.maxElements}`);
    }
    const message = writeMessage(calls.format, endpoint, (key) => requestWith(key, params));
    const refused = tooLong(calls, message.with(''));
    if (refused) return refused;
    const ready = { question, endpoint, message };
    return (await askOnce(ready, false)) ?? (await askOnce(ready, true)) ?? NEVER;
  }

  /** Undefined when the session was refused and the question may be asked again with a new one. */
  async function askOnce(
    { question, endpoint, message }: ReadyQuestion,
    isLast: boolean,
  ): Promise<Told | Trouble | undefined> {
    const { operation, signal, persons = [] } = question;
    const session = await sessionFor(question);
    // Nothing of the question itself went out.
    if (session.kind === 'trouble') return { ...session, reason: `login: ${session.reason}`, mayBeDone: false };
    const hidden = { secrets: secrets.all(), persons };
    const body = message.with(session.key);
    const heard = await send(calls, { operation, endpoint, body, signal, hidden });
    note(operation, heard);
    if (isRefusedSession(heard)) {
      sessions.drop(session.key);
      const mayRepeat = operation === 'placeOrder' ? heard.kind === 'answer' && !needsThisSession(operation) : true;
      if (mayRepeat && !isLast) return undefined;
    }
    if (heard.kind === 'trouble') return heard.trouble;
    const words = (said: string): string => redacted(said, hidden);
    return { kind: 'told', fields: heard.fields, fault: heard.fault, words };
  }

  function note(operation: OperationName, heard: Heard): void {
    const meaning = heard.kind === 'answer' ? heard.fault.class : heard.trouble.class;
    const ms = Math.round(pace.nowMs() - heard.sentAtMs);
    log?.debug('wholesaler asked', { wholesaler: profile.name, operation, meaning, ms });
  }

  return {
    calls,
    ask,
    async ensureSession(lastsMs, signal) {
      const session = await sessions.get(lastsMs, signal);
      return session.kind === 'trouble' ? session : { kind: 'done', value: { isNew: session.isNew } };
    },
    dropSession: () => sessions.drop(),
  };
}

/** The last of two tries always says something. */
const NEVER: Trouble = trouble('auth', 'the session was refused');

function isRefusedSession(heard: Heard): boolean {
  return (heard.kind === 'answer' ? heard.fault.class : heard.trouble.class) === 'auth';
}

function openSecrets(known: readonly string[]): Secrets {
  let passing: readonly string[] = [];
  return {
    add(secret) {
      if (!passing.includes(secret)) passing = [...passing, secret].slice(-MOST_SECRETS);
    },
    all: () => [...known, ...passing],
  };
}

function required({ profile }: CallParts, operation: OperationName): Endpoint {
  const endpoint = endpointOf(profile, operation);
  if (!endpoint) throw new Error(`the profile has no ${operation}`);
  return endpoint;
}

/** A fault of the whole answer as the trouble that it is; `mayBeDone` where something was done all the same. */
export function refusal({ calls: { profile } }: Account, { fault }: Told, mayBeDone = false): Trouble {
  const said = `fault ${fault.code === '' ? 'without a number' : fault.code}: ${fault.text}`;
  switch (fault.class) {
    case 'done':
    case 'empty':
      return trouble('protocol', `an answer without what was asked for (${said})`, mayBeDone);
    case 'dropshipping-disabled':
      return trouble(
        fault.class,
        `check ${profile.dropshippingKeyEnv}, and that dropshipping is switched on (${said})`,
      );
    default:
      return trouble(fault.class, said, mayBeDone);
  }
}
