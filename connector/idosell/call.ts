import { sendText, type Lost, type RawAnswer } from '../lib/http.ts';
import type { Pace } from '../lib/rate.ts';
import type { Trouble } from './client.ts';
import type { Endpoint } from './endpoints.ts';
import { topFault, type Fault } from './faults.ts';
import { MOST_ANSWER_BYTES, type Format, type Read } from './format.ts';
import type { Lane } from './lane.ts';
import type { OperationName, Profile } from './profile.ts';
import { redacted, type Hidden } from './redact.ts';
import { Unreadable, type WireFields } from './wire.ts';

/** One request, as it is written. */
export interface Call {
  readonly operation: OperationName;
  readonly endpoint: Endpoint;
  readonly body: string;
  readonly signal: AbortSignal;
  readonly hidden: Hidden;
}

/** What was heard of it: an answer with the fault that it tells of, or none that can be used. */
export type Heard = (
  | { readonly kind: 'answer'; readonly fields: WireFields; readonly fault: Fault }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
) & {
  /** When it was sent, on the clock that never goes back; a session lives from then on (3.4). */
  readonly sentAtMs: number;
  /** The wholesaler's clock, where it was told. */
  readonly date: Date | undefined;
};

export interface CallParts {
  readonly profile: Profile;
  readonly format: Format;
  readonly lane: Lane;
  readonly pace: Pace;
  readonly now: () => Date;
}

/** Undefined when the request is not too long; checked before anything goes out, the login included. */
export function tooLong({ profile }: CallParts, body: string): Trouble | undefined {
  const bytes = Buffer.byteLength(body, 'utf8');
  return bytes > profile.maxRequestBytes
    ? trouble('too-large', `a request of ${bytes} bytes, more than ${profile.maxRequestBytes}`)
    : undefined;
}

/** Sends once, at the account's pace. */
export async function send(parts: CallParts, call: Call): Promise<Heard> {
  const { profile, format, lane, pace, now } = parts;
  const refused = tooLong(parts, call.body);
  if (refused) return unsent(refused, pace);
  const { availabilityTimeoutSeconds, timeoutSeconds } = profile;
  const seconds = call.operation === 'checkAvailability' ? availabilityTimeoutSeconds : timeoutSeconds;
  const heard = await lane.run(call.signal, async () => {
    const sentAtMs = pace.nowMs();
    const reply = await sendText({
      ...{ method: 'POST', url: call.endpoint.url, headers: format.headers(call.endpoint), now },
      body: call.body,
      signal: AbortSignal.any([call.signal, AbortSignal.timeout(seconds * 1000)]),
      mostBytes: MOST_ANSWER_BYTES,
    });
    return { ...judge(reply, parts, call), sentAtMs, date: 'lost' in reply ? undefined : reply.date };
  });
  return heard ?? unsent(trouble('lost', 'timed out before it was sent'), pace);
}

function unsent(reason: Trouble, pace: Pace): Heard {
  return { kind: 'trouble', trouble: reason, sentAtMs: pace.nowMs(), date: undefined };
}

type Verdict =
  | { readonly kind: 'answer'; readonly fields: WireFields; readonly fault: Fault }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

/** With these no line was ever made, so nothing was heard of the call at the other end. */
const NEVER_CONNECTED =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CONNECT_TIMEOUT)$|CERT|UNABLE_TO_VERIFY/;

/** The three layers of faults in their order (2.6). */
function judge(reply: RawAnswer | Lost, { profile, format }: CallParts, call: Call): Verdict {
  if ('lost' in reply) return failed(trouble('lost', reply.lost, !NEVER_CONNECTED.test(reply.lost)));
  const { status } = reply;
  const isFine = status >= 200 && status < 300;
  if (status === 429 || status === 503) return failed(busy(reply));
  if (status === 413) return failed(trouble('too-large', 'HTTP 413: the request is too long for the wholesaler'));
  const read = readBody(format, reply);
  if (read.kind === 'fault') return failed(soapFault(read, status, call.hidden));
  // A fault may ride on any status (2.6), but a status of failure without one is the status's word.
  const fault = read.kind === 'answer' ? topFault(read.fields, call.operation, profile) : undefined;
  if (read.kind === 'answer' && fault && (isFine || fault.class !== 'done')) {
    return { kind: 'answer', fields: read.fields, fault: { ...fault, text: redacted(fault.text, call.hidden) } };
  }
  return failed(byStatus(status, read.kind === 'unreadable' ? `: ${read.why}` : ''));
}

function readBody(format: Format, reply: RawAnswer): Read | { readonly kind: 'unreadable'; readonly why: string } {
  if (!reply.isWhole) return { kind: 'unreadable', why: `an answer of more than ${MOST_ANSWER_BYTES} bytes` };
  const [, charset = ''] = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(reply.contentType) ?? [];
  try {
    return format.read(reply.bytes, charset);
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'unreadable', why: error.message };
    throw error;
  }
}

/** A proxy says 503 too when the shop behind it broke off half-way, so it proves nothing (5.4). */
function busy({ status, retryAfterMs }: RawAnswer): Trouble {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { ...trouble('busy', `HTTP ${status}: asked to slow down`, status === 503), ...wait };
}

/** Of the envelope or the method: our mistake or the profile's; or the server broke, and nobody knows where. */
function soapFault(fault: Extract<Read, { kind: 'fault' }>, status: number, hidden: Hidden): Trouble {
  const reason = `SOAP fault with HTTP ${status}: ${redacted(fault.text, hidden)}`;
  return fault.isServer ? trouble('server', reason, true) : trouble('protocol', reason);
}

function byStatus(status: number, why: string): Trouble {
  const reason = `HTTP ${status}${why}`;
  if (status >= 500) return trouble('server', reason, true);
  if (status === 401) return trouble('auth', reason);
  if (status >= 400) return trouble('protocol', reason);
  if (status >= 300) return trouble('protocol', `${reason}: the address leads elsewhere, check the host`, true);
  // A page of maintenance, or half an answer: it says nothing of the request.
  return trouble('server', `an answer that cannot be read${why}`, true);
}

export function trouble(kind: Trouble['class'], reason: string, mayBeDone = false): Trouble {
  return { kind: 'trouble', class: kind, reason, mayBeDone };
}

const failed = (reason: Trouble): Verdict => ({ kind: 'trouble', trouble: reason });
