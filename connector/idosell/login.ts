import type { Log } from '../lib/log.ts';
import { send, trouble, type CallParts, type Heard } from './call.ts';
import type { Trouble } from './client.ts';
import { shopTime } from './day.ts';
import type { Endpoint } from './endpoints.ts';
import { text, fields, type OutgoingField } from './outgoing.ts';
import type { Profile } from './profile.ts';
import { systemKey } from './system-key.ts';
import { asText, find } from './wire.ts';

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

export interface LoginParts {
  readonly calls: CallParts;
  readonly endpoint: Endpoint;
  readonly inner: string;
  readonly secrets: Secrets;
  readonly log: Pick<Log, 'warn'> | undefined;
}

const NEAR_MIDNIGHT_MS = 5 * 60 * 1000;

/**
 * Logs in with the key of the wholesaler's day. When that is refused and the day may have been the wrong one, once more
 * with the other day, and never again: rules of lock-out are not public (protocol/idosell.md 3.3).
 */
export async function login(parts: LoginParts, signal: AbortSignal): Promise<NewSession | Trouble> {
  const { calls, log } = parts;
  const time = shopTime(calls.profile.timeZone);
  const now = calls.now();
  const day = time.day(now);
  const first = await attempt(parts, day, signal);
  if (first.session.kind === 'session' || !first.isRefused) return first.session;
  const other = otherDay(now, first.heard.date, (moment) => time.day(moment));
  if (other === undefined) return first.session;
  log?.warn('a wholesaler reckons with another day', { wholesaler: calls.profile.name, ours: day, theirs: other });
  return (await attempt(parts, other, signal)).session;
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
  readonly session: NewSession | Trouble;
  readonly heard: Heard;
  readonly isRefused: boolean;
}

async function attempt(parts: LoginParts, day: string, signal: AbortSignal): Promise<Attempt> {
  const { calls, endpoint, inner, secrets } = parts;
  const { profile } = calls;
  const key = systemKey(day, inner);
  secrets.add(key);
  const heard = await send(calls, {
    ...{ operation: 'authenticate', endpoint, signal },
    body: calls.format.write(endpoint, credentials(profile, key)),
    hidden: { secrets: secrets.all(), persons: [] },
  });
  if (heard.kind === 'trouble') return { session: heard.trouble, heard, isRefused: false };
  const { fault } = heard;
  const isRefused = fault.class === 'auth';
  if (fault.class !== 'done') return { session: refusal(profile, fault), heard, isRefused };
  const found = asText(find(heard.fields, profile.names.frame.results, profile.sessionKeyField));
  if (found === '') {
    return { session: trouble('protocol', 'the answer to the login holds no session'), heard, isRefused };
  }
  secrets.add(found);
  return { session: { kind: 'session', key: found, sentAtMs: heard.sentAtMs }, heard, isRefused };
}

function credentials(profile: Profile, key: string): readonly OutgoingField[] {
  return inAuthBlock(profile, [
    [profile.loginField, text(profile.login)],
    [profile.systemKeyField, text(key)],
  ]);
}

/** Keys stand in a block of their own, or directly in the request (3.5). */
export function inAuthBlock({ authBlock }: Profile, keys: readonly OutgoingField[]): readonly OutgoingField[] {
  return authBlock === '' ? keys : [[authBlock, fields(...keys)]];
}

function refusal(profile: Profile, fault: { readonly class: string; readonly code: string; readonly text: string }) {
  const said = `fault ${fault.code}: ${fault.text}`;
  switch (fault.class) {
    case 'auth':
      return trouble('auth', `the login was refused, check login and ${profile.passwordEnv} (${said})`);
    case 'supplier-unavailable':
      return trouble('supplier-unavailable', `the wholesaler's shop is closed (${said})`);
    default:
      return trouble('protocol', `the login was answered with ${said}`);
  }
}
