import { bodyOf, speak } from './http-line.ts';

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
  const { mostBytes, now } = call;
  const asked = begin(call);
  try {
    const answer = await asked;
    const { headers, statusCode: status = 0 } = answer;
    return {
      status,
      ...(await readSome(bodyOf(answer), mostBytes)),
      contentType: headers['content-type'] ?? '',
      date: httpDate(headers.date ?? ''),
      retryAfterMs: retryAfterMs(headers['retry-after'], now()),
    };
  } catch (error) {
    return { lost: call.signal.aborted ? 'timed out' : lineError(error) };
  }
}

function begin({ method, url, body, headers, signal }: TextCall): ReturnType<typeof speak> {
  try {
    return speak({ method, url, body, headers, signal });
  } catch (error) {
    // Node names the header, and not its value, which may be a key.
    if (isHeaderError(error))
      throw new Error('a header of a call holds characters that HTTP cannot carry', { cause: error });
    throw error;
  }
}

function isHeaderError(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && /^ERR_(?:INVALID_CHAR|INVALID_HTTP_TOKEN)$/.test(String(error.code))
  );
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

async function readSome(
  body: AsyncIterable<Uint8Array>,
  mostBytes: number,
): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the rest of the body and with it the connection.
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > mostBytes) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, mostBytes), isWhole: size <= mostBytes };
}

/** Whatever breaks a line has a code: ECONNREFUSED, ECONNRESET, HPE_INVALID_CONSTANT, … */
function lineError(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}

/** No party's wish is kept longer than this: a slip of theirs must not put work off for ever. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

/** Retry-After is a number of seconds or a date; what is neither is no wish. */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : (httpDate(text)?.getTime() ?? NaN) - now.getTime();
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), LONGEST_WAIT_MS);
}

/** Date.parse takes many things for a date, "-5" among them; HTTP's dates have a name of a month. */
function httpDate(text: string): Date | undefined {
  const ms = /[a-z]{3}/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms);
}
