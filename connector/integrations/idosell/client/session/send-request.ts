import { sendText, type NetworkError, type RawResponse } from '../../../../lib/http.ts';
import type { MonotonicClock } from '../../../../lib/rate.ts';
import type { CallError } from '../client.ts';
import type { Endpoint } from '../endpoints.ts';
import { topFault, type Fault } from '../codec/faults.ts';
import { MAX_RESPONSE_BYTES, type Codec, type Decoded } from '../codec/codec.ts';
import type { Throttle } from '../../../../lib/throttle.ts';
import type { OperationName, Profile } from '../profile.ts';
import { redact, type Redactions } from '../redact.ts';
import { Unreadable, type ResponseFields } from '../codec/response.ts';

/** One request, as it is written. */
export interface OutgoingRequest {
  readonly operation: OperationName;
  readonly endpoint: Endpoint;
  readonly body: string;
  readonly signal: AbortSignal;
  readonly redactions: Redactions;
}

/** What was heard of it: an answer with the fault that it tells of, or none that can be used. */
export type Exchange = (
  | { readonly kind: 'answer'; readonly fields: ResponseFields; readonly fault: Fault }
  | { readonly kind: 'error'; readonly callError: CallError }
) & {
  /** When it was sent, on the clock that never goes back; a session lives from then on (3.4). */
  readonly sentAtMs: number;
  /** The wholesaler's clock, where it was told. */
  readonly date: Date | undefined;
};

export interface CallDeps {
  readonly profile: Profile;
  readonly codec: Codec;
  readonly throttle: Throttle;
  readonly clock: MonotonicClock;
  readonly now: () => Date;
}

/** Undefined when the request is not too long; checked before anything goes out, the login included. */
export function tooLong({ profile }: CallDeps, body: string): CallError | undefined {
  const bytes = Buffer.byteLength(body, 'utf8');
  return bytes > profile.maxRequestBytes
    ? callError('too-large', `a request of ${bytes} bytes, more than ${profile.maxRequestBytes}`)
    : undefined;
}

/** Sends once, at the account's pace. */
export async function send(deps: CallDeps, call: OutgoingRequest): Promise<Exchange> {
  const { profile, codec, throttle, clock, now } = deps;
  const refused = tooLong(deps, call.body);
  if (refused) return unsent(refused, clock);
  const { availabilityTimeoutSeconds, timeoutSeconds } = profile;
  const seconds = call.operation === 'checkAvailability' ? availabilityTimeoutSeconds : timeoutSeconds;
  const heard = await throttle.run(call.signal, async () => {
    const sentAtMs = clock.nowMs();
    const response = await sendText({
      ...{ method: 'POST', url: call.endpoint.url, headers: codec.headers(call.endpoint), now },
      body: call.body,
      signal: AbortSignal.any([call.signal, AbortSignal.timeout(seconds * 1000)]),
      maxBytes: MAX_RESPONSE_BYTES,
    });
    return {
      ...classifyResponse(response, deps, call),
      sentAtMs,
      date: 'networkError' in response ? undefined : response.date,
    };
  });
  return heard ?? unsent(callError('lost', 'timed out before it was sent'), clock);
}

function unsent(reason: CallError, clock: MonotonicClock): Exchange {
  return { kind: 'error', callError: reason, sentAtMs: clock.nowMs(), date: undefined };
}

type ResponseClass =
  | { readonly kind: 'answer'; readonly fields: ResponseFields; readonly fault: Fault }
  | { readonly kind: 'error'; readonly callError: CallError };

/** With these no line was ever made, so nothing was heard of the call at the other end. */
const NEVER_CONNECTED =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CONNECT_TIMEOUT)$|CERT|UNABLE_TO_VERIFY/;

/** The three layers of faults in their order (2.6). */
function classifyResponse(
  response: RawResponse | NetworkError,
  { profile, codec }: CallDeps,
  call: OutgoingRequest,
): ResponseClass {
  if ('networkError' in response)
    return failed(callError('lost', response.networkError, !NEVER_CONNECTED.test(response.networkError)));
  const { status } = response;
  const isFine = status >= 200 && status < 300;
  if (status === 429 || status === 503) return failed(busy(response));
  if (status === 413) return failed(callError('too-large', 'HTTP 413: the request is too long for the wholesaler'));
  const decoded = readBody(codec, response);
  if (decoded.kind === 'fault') return failed(soapError(decoded, status, call.redactions));
  // A fault may ride on any status (2.6), but a status of failure without one is the status's word.
  const fault = decoded.kind === 'answer' ? topFault(decoded.fields, call.operation, profile) : undefined;
  if (decoded.kind === 'answer' && fault && (isFine || fault.class !== 'done')) {
    return { kind: 'answer', fields: decoded.fields, fault: { ...fault, text: redact(fault.text, call.redactions) } };
  }
  return failed(byStatus(status, decoded.kind === 'unreadable' ? `: ${decoded.why}` : ''));
}

function readBody(
  codec: Codec,
  response: RawResponse,
): Decoded | { readonly kind: 'unreadable'; readonly why: string } {
  if (!response.isComplete) return { kind: 'unreadable', why: `an answer of more than ${MAX_RESPONSE_BYTES} bytes` };
  const [, charset = ''] = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(response.contentType) ?? [];
  try {
    return codec.read(response.bytes, charset);
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'unreadable', why: error.message };
    throw error;
  }
}

/** A proxy says 503 too when the shop behind it broke off half-way, so it proves nothing (5.4). */
function busy({ status, retryAfterMs }: RawResponse): CallError {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { ...callError('busy', `HTTP ${status}: asked to slow down`, status === 503), ...wait };
}

/** Of the envelope or the method: our mistake or the profile's; or the server broke, and nobody knows where. */
function soapError(fault: Extract<Decoded, { kind: 'fault' }>, status: number, redactions: Redactions): CallError {
  const reason = `SOAP fault with HTTP ${status}: ${redact(fault.text, redactions)}`;
  return fault.isServer ? callError('server', reason, true) : callError('protocol', reason);
}

function byStatus(status: number, why: string): CallError {
  const reason = `HTTP ${status}${why}`;
  if (status >= 500) return callError('server', reason, true);
  if (status === 401) return callError('auth', reason);
  if (status >= 400) return callError('protocol', reason);
  if (status >= 300) return callError('protocol', `${reason}: the address leads elsewhere, check the host`, true);
  // A page of maintenance, or half an answer: it says nothing of the request.
  return callError('server', `an answer that cannot be read${why}`, true);
}

export function callError(kind: CallError['class'], reason: string, mayHaveHappened = false): CallError {
  return { kind: 'error', class: kind, reason, mayHaveHappened };
}

const failed = (reason: CallError): ResponseClass => ({ kind: 'error', callError: reason });
