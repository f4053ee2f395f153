import type { CallError } from '../client.ts';
import type { NewSession } from './login.ts';
import { callError } from './send-request.ts';

export interface Session {
  readonly kind: 'session';
  readonly key: string;
  /** True when it was made for this question. */
  readonly isNew: boolean;
}

/** The one session of an account, shared by all that asks for one. */
export interface Sessions {
  /** The session, if it lasts so long yet, or a new one. Ten that ask at once cause one login. */
  get(lastsMs: number, signal: AbortSignal): Promise<Session | CallError>;
  /** The session in hand, if it is still good; never logs in. */
  held(): string | undefined;
  /** Forgets the session, or only this one: whoever was refused late must not throw away what others made anew. */
  drop(key?: string): void;
}

interface Flight {
  readonly outcome: Promise<NewSession | CallError>;
  readonly stop: AbortController;
  waiting: number;
}

/**
 * `usableMs` counts from the moment at which the login was sent: whether use prolongs a session is not known, so it does
 * not (docs/protocol/idosell.md 3.4).
 */
export function openSessions(parts: {
  readonly usableMs: number;
  /** On a clock that never goes back. */
  readonly nowMs: () => number;
  readonly login: (signal: AbortSignal) => Promise<NewSession | CallError>;
}): Sessions {
  let current: NewSession | undefined;
  let flight: Flight | undefined;

  const leftMs = (): number => (current ? current.sentAtMs + parts.usableMs - parts.nowMs() : 0);

  const takeOff = (): Flight => {
    const stop = new AbortController();
    const begun: Flight = { stop, waiting: 0, outcome: parts.login(stop.signal).then(land, crash) };
    function land(outcome: NewSession | CallError) {
      if (flight === begun) flight = undefined;
      if (outcome.kind === 'session') current = outcome;
      return outcome;
    }
    function crash(error: unknown): never {
      if (flight === begun) flight = undefined;
      throw error;
    }
    return begun;
  };

  return {
    async get(lastsMs, signal) {
      if (current && leftMs() > 0 && leftMs() >= lastsMs) return { kind: 'session', key: current.key, isNew: false };
      if (signal.aborted) return callError('lost', 'timed out before the login');
      flight ??= takeOff();
      const mine = flight;
      mine.waiting += 1;
      const outcome = await orGone(mine.outcome, signal);
      mine.waiting -= 1;
      // Nobody is left who would use it: a login that hangs must not keep the process from stopping.
      if (outcome === undefined && mine.waiting === 0) {
        mine.stop.abort();
        if (flight === mine) flight = undefined;
      }
      if (outcome === undefined) return callError('lost', 'timed out during the login');
      return outcome.kind === 'session' ? { kind: 'session', key: outcome.key, isNew: true } : outcome;
    },
    held: () => (current && leftMs() > 0 ? current.key : undefined),
    drop(key) {
      if (key === undefined || current?.key === key) current = undefined;
    },
  };
}

/** Undefined when the signal spoke before; the promise's own end is waited for by the others. */
function orGone<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const leave = (): void => resolve(undefined);
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
