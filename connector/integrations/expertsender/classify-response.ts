import type { HttpResponse, NetworkError } from '../../lib/http.ts';
import type { Outcome } from '../../contracts/target.ts';

/** What an answer says of everything that was sent with the call. */
export type ResponseClass =
  | { readonly kind: 'accepted'; readonly text: string }
  /** Something in it is not liked: of several records, nobody knows which (E3). */
  | { readonly kind: 'rejected'; readonly status: number; readonly reason: string }
  /** Nothing was said of it. `affectsAll`: the next call would fare no better. */
  | {
      readonly kind: 'failed';
      readonly outcome: Extract<Outcome, { kind: 'retry' | 'halted' }>;
      readonly affectsAll: boolean;
    };

/** Times out of the line itself, and of the servers before the remote system's own. */
const PASSING = new Set([502, 503, 504]);

/** By the HTTP status alone: the body has a field of that name, which means something else (section 1). */
export function classifyResponse(response: HttpResponse | NetworkError, secrets: readonly string[]): ResponseClass {
  if ('networkError' in response)
    return { kind: 'failed', outcome: { kind: 'retry', reason: response.networkError }, affectsAll: true };
  const { status, text } = response;
  const reason = `HTTP ${status}${explanation(text, secrets)}`;
  if (status >= 200 && status < 300 && !isPage(text)) return { kind: 'accepted', text };
  if (status === 401 || status === 403) return halted(`${reason}: check EXPERTSENDER_API_KEY and its rights`);
  if (status < 400) return halted(`${reason}: the address leads elsewhere, check EXPERTSENDER_URL`);
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const afterMs = response.retryAfterMs === undefined ? {} : { afterMs: response.retryAfterMs };
    const affectsAll = status < 500 || PASSING.has(status);
    return { kind: 'failed', outcome: { kind: 'retry', reason, ...afterMs }, affectsAll };
  }
  return { kind: 'rejected', status, reason };
}

/** A portal or a proxy says 200 to anything: had it been the platform, the order would be lost in silence. */
function isPage(text: string): boolean {
  return text.trimStart().startsWith('<');
}

/** A resource that every account has is not there: then it is not the remote system that answers. */
export function halted(reason: string): Extract<ResponseClass, { kind: 'failed' }> {
  return { kind: 'failed', outcome: { kind: 'halted', reason }, affectsAll: true };
}

const MAX_REASON = 500;

/** The messages of an error body, which may be anything at all: other texts could repeat the request and are left out. */
function explanation(text: string, secrets: readonly string[]): string {
  const body = parsed(text);
  if (typeof body !== 'object' || body === null) return '';
  const errors = 'errors' in body && Array.isArray(body.errors) ? body.errors.filter(isText) : [];
  const title = 'title' in body && isText(body.title) ? [body.title] : [];
  const message = (errors.length > 0 ? errors : title).join('; ');
  return message === ''
    ? ''
    : `: ${redactPersons(message, secrets)
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .slice(0, MAX_REASON)}`;
}

/**
 * The remote system may quote what it was sent: what we know to be personal or secret goes first, then whatever looks
 * so.
 */
export function redactPersons(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
  const plain = known.reduce((rest, secret) => rest.replaceAll(new RegExp(escapeRegExp(secret), 'gi'), '***'), text);
  return plain.replace(/[^\s@"'<>]+@[^\s@"'<>]+/g, '***').replace(/\+?\d[\d \-()]{7,}\d/g, '***');
}

const escapeRegExp = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** `undefined` is no JSON value, so it says "none". */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
