import type { Log } from '../../../../lib/log.ts';
import { send, callError, type CallDeps, type Exchange } from './send-request.ts';
import type { CallError } from '../client.ts';
import { shopClock } from '../shop-clock.ts';
import type { Endpoint } from '../endpoints.ts';
import { text, fields, type RequestField } from '../codec/request.ts';
import type { Profile } from '../profile.ts';
import { systemKey } from './system-key.ts';
import { asText, find } from '../codec/response.ts';

export interface NewSession {
  readonly kind: 'session';
  readonly key: string;
  readonly sentAtMs: number;
}

/** What no reason may repeat. Keys are added as they come into being. */
export interface Secrets {
  add(secret: string): void;
  all(): readonly string[];
}

export interface LoginDeps {
  readonly calls: CallDeps;
  readonly endpoint: Endpoint;
  readonly inner: string;
  readonly secrets: Secrets;
  readonly log: Pick<Log, 'warn'> | undefined;
}

const NEAR_MIDNIGHT_MS = 5 * 60 * 1000;

/**
 * Logs in with the key of the wholesaler's day. When that is refused and the day may have been the wrong one, once more
 * with the other day, and never again: rules of lock-out are not public (docs/protocol/idosell.md 3.3).
 */
export async function login(deps: LoginDeps, signal: AbortSignal): Promise<NewSession | CallError> {
  const { calls, log } = deps;
  const time = shopClock(calls.profile.timeZone);
  const now = calls.now();
  const day = time.day(now);
  const first = await attempt(deps, day, signal);
  if (first.session.kind === 'session' || !first.isRefused) return first.session;
  const other = otherDay(now, first.exchange.date, (moment) => time.day(moment));
  if (other === undefined) return first.session;
  log?.warn('a wholesaler reckons with another day', { wholesaler: calls.profile.name, ours: day, theirs: other });
  return (await attempt(deps, other, signal)).session;
}

/** The day by the wholesaler's own clock where it tells it; the neighbouring one when it is about midnight. */
function otherDay(now: Date, theirs: Date | undefined, dayOf: (moment: Date) => string): string | undefined {
  const used = dayOf(now);
  const moments = [
    ...(theirs ? [theirs] : []),
    ...[-NEAR_MIDNIGHT_MS, NEAR_MIDNIGHT_MS].map((shift) => new Date(now.getTime() + shift)),
  ];
  return moments.map(dayOf).find((day) => day !== used);
}

interface Attempt {
  readonly session: NewSession | CallError;
  readonly exchange: Exchange;
  readonly isRefused: boolean;
}

async function attempt(deps: LoginDeps, day: string, signal: AbortSignal): Promise<Attempt> {
  const { calls, endpoint, inner, secrets } = deps;
  const { profile } = calls;
  const key = systemKey(day, inner);
  secrets.add(key);
  const exchange = await send(calls, {
    ...{ operation: 'authenticate', endpoint, signal },
    body: calls.codec.write(endpoint, credentials(profile, key)),
    redactions: { secrets: secrets.all(), persons: [] },
  });
  if (exchange.kind === 'error') return { session: exchange.callError, exchange, isRefused: false };
  const { fault } = exchange;
  const isRefused = fault.class === 'auth';
  if (fault.class !== 'done') return { session: refusal(profile, fault), exchange, isRefused };
  const found = asText(find(exchange.fields, profile.names.frame.results, profile.sessionKeyField));
  if (found === '') {
    return { session: callError('protocol', 'the answer to the login holds no session'), exchange, isRefused };
  }
  secrets.add(found);
  return { session: { kind: 'session', key: found, sentAtMs: exchange.sentAtMs }, exchange, isRefused };
}

function credentials(profile: Profile, key: string): readonly RequestField[] {
  return inAuthBlock(profile, [
    [profile.loginField, text(profile.login)],
    [profile.systemKeyField, text(key)],
  ]);
}

/** Keys stand in a block of their own, or directly in the request (3.5). */
export function inAuthBlock({ authBlock }: Profile, keys: readonly RequestField[]): readonly RequestField[] {
  return authBlock === '' ? keys : [[authBlock, fields(...keys)]];
}

function refusal(profile: Profile, fault: { readonly class: string; readonly code: string; readonly text: string }) {
  const said = `fault ${fault.code}: ${fault.text}`;
  switch (fault.class) {
    case 'auth':
      return callError('auth', `the login was refused, check login and ${profile.passwordEnv} (${said})`);
    case 'supplier-unavailable':
      return callError('supplier-unavailable', `the wholesaler's shop is closed (${said})`);
    default:
      return callError('protocol', `the login was answered with ${said}`);
  }
}
