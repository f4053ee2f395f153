/** One call to another party. */
export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  /** Sent as JSON; a call without it has no body. */
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** The answer is read so far and no further. */
  readonly mostBytes: number;
  /** By which a Retry-After that is a date is turned into a wait. */
  readonly now: () => Date;
}

/** The other side answered, whatever it said. */
export interface HttpAnswer {
  readonly status: number;
  /** The body, as far as it was read. */
  readonly text: string;
  readonly retryAfterMs: number | undefined;
}

/** There is no answer: the line broke, or the signal spoke. The call may have been carried out all the same. */
export interface Lost {
  readonly lost: string;
}

/** A call whose body is text of another kind; its `Content-Type` is among the headers. */
export interface TextCall extends Omit<HttpCall, 'body'> {
  readonly body?: string;
}

/** An answer in bytes, for whoever must know whether they are the text that they claim to be. */
export interface RawAnswer {
  readonly status: number;
  readonly bytes: Buffer;
  /** False when there was more than `mostBytes`. */
  readonly isWhole: boolean;
  /** As sent; '' where there is none. */
  readonly contentType: string;
  /** The other side's clock, by its `Date` header. */
  readonly date: Date | undefined;
  readonly retryAfterMs: number | undefined;
}

/**
 * Sends once: retries belong to whoever keeps the work. A redirect is an answer like any other and is not followed, so
 * that a key goes to no other address than the one in the settings.
 */
export async function sendText(call: TextCall): Promise<RawAnswer | Lost> {
  const { method, url, body, signal, mostBytes, now } = call;
  const headers = readableHeaders(call.headers);
  try {
    const reply = await fetch(url, { method, headers, body: body ?? null, signal, redirect: 'manual' });
    return {
      status: reply.status,
      ...(await readSome(reply, mostBytes)),
      contentType: reply.headers.get('content-type') ?? '',
      date: httpDate(reply.headers.get('date') ?? ''),
      retryAfterMs: retryAfterMs(reply.headers.get('retry-after'), now()),
    };
  } catch (error) {
    return { lost: lineError(error) };
  }
}

/** As `sendText`, for who speaks JSON. */
export async function sendJson(call: HttpCall): Promise<HttpAnswer | Lost> {
  const { body, ...rest } = call;
  const reply = await sendText(
    body === undefined
      ? rest
      : { ...rest, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...call.headers } },
  );
  if ('lost' in reply) return reply;
  return { status: reply.status, text: reply.bytes.toString('utf8'), retryAfterMs: reply.retryAfterMs };
}

/** fetch names the whole value of a header that it cannot send, and the value may be a key. */
function readableHeaders(headers: Readonly<Record<string, string>>): Headers {
  try {
    return new Headers(headers);
  } catch {
    throw new Error('a header of a call holds characters that HTTP cannot carry');
  }
}

async function readSome(reply: Response, mostBytes: number): Promise<{ bytes: Buffer; isWhole: boolean }> {
  if (!reply.body) return { bytes: Buffer.alloc(0), isWhole: true };
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the rest of the body and with it the connection.
  for await (const chunk of reply.body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > mostBytes) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, mostBytes), isWhole: size <= mostBytes };
}

/** fetch hides the reason of a failed line in `cause`: ECONNREFUSED, UND_ERR_SOCKET, … */
function lineError(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'timed out';
  const cause = error.cause as { code?: string; message?: string } | undefined;
  if (error instanceof TypeError && cause) return cause.code ?? cause.message ?? error.message;
  throw error;
}

/** No party's wish is kept longer than this: a slip of theirs must not put work off for ever. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

/** Retry-After is a number of seconds or a date; what is neither is no wish. */
export function retryAfterMs(header: string | null, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : (httpDate(text)?.getTime() ?? NaN) - now.getTime();
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), LONGEST_WAIT_MS);
}

/** Date.parse takes many things for a date, "-5" among them; HTTP's dates have a name of a month. */
function httpDate(text: string): Date | undefined {
  const ms = /[a-z]{3}/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms);
}
