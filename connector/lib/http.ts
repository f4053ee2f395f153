import { Agent, request, type Dispatcher } from 'undici';
import { decoded } from './content-encoding.ts';
import { networkErrorCode } from './network-errors.ts';

/** One call to another remote system. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  /** Sent as JSON; a call without it has no body. */
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** The answer is read so far and no further. */
  readonly maxBytes: number;
  /** By which a Retry-After that is a date is turned into a wait. */
  readonly now: () => Date;
}

/** A response of the other side, whatever its status. */
export interface HttpResponse {
  readonly status: number;
  /** The body, as far as it was read. */
  readonly text: string;
  readonly retryAfterMs: number | undefined;
}

/** There is no answer: the connection broke, or the signal spoke. The call may have been carried out all the same. */
export interface NetworkError {
  readonly networkError: string;
}

/** A call whose body is text of another kind; its `Content-Type` is among the headers. */
export interface TextRequest extends Omit<HttpRequest, 'body'> {
  readonly body?: string;
}

/** An answer in bytes, for whoever must know whether they are the text that they claim to be. */
export interface RawResponse {
  readonly status: number;
  readonly bytes: Buffer;
  /** False when there was more than `maxBytes`. */
  readonly isComplete: boolean;
  /** As sent; '' where there is none. */
  readonly contentType: string;
  /** The other side's clock, by its `Date` header. */
  readonly date: Date | undefined;
  readonly retryAfterMs: number | undefined;
}

/** Longer than any network needs to make a connection; a request that waited longer was certainly never received. */
const CONNECT_TIMEOUT_MS = 10_000;

/** A little less than the 5 s after which many servers close a connection that is idle. */
const KEEP_ALIVE_MS = 4000;

const HEADERS = { 'user-agent': 'shop-connector', accept: '*/*', 'accept-encoding': 'gzip' };

/** Sends once: retries belong to whoever keeps the work. Rejects only for what HTTP cannot carry. */
export interface HttpClient {
  /**
   * A redirect is a response like any other and is not followed, so that a key goes to no other address than the one in
   * the settings.
   */
  readonly sendText: (request: TextRequest) => Promise<RawResponse | NetworkError>;
  /** As `sendText`, for JSON. */
  readonly sendJson: (request: HttpRequest) => Promise<HttpResponse | NetworkError>;
}

/** undici neither repeats requests nor follows redirects by itself; the signal decides how long a request may take. */
export function httpClient({ connectTimeoutMs = CONNECT_TIMEOUT_MS } = {}): HttpClient {
  const agent = new Agent({
    connect: { timeout: connectTimeoutMs },
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const sendText = async (request: TextRequest): Promise<RawResponse | NetworkError> => {
    try {
      return await responseOf(await sent(agent, request), request);
    } catch (error) {
      return { networkError: request.signal.aborted ? 'timed out' : networkErrorCode(error) };
    }
  };
  return {
    sendText,
    async sendJson(request) {
      const { body, ...rest } = request;
      const response = await sendText(
        body === undefined
          ? rest
          : {
              ...rest,
              body: JSON.stringify(body),
              headers: { 'Content-Type': 'application/json', ...request.headers },
            },
      );
      if ('networkError' in response) return response;
      return { status: response.status, text: response.bytes.toString('utf8'), retryAfterMs: response.retryAfterMs };
    },
  };
}

/** For the whole process: all requests to one address share its connections. */
export const { sendText, sendJson } = httpClient();

function sent(
  dispatcher: Dispatcher,
  { method, url, body, headers, signal }: TextRequest,
): Promise<Dispatcher.ResponseData> {
  return request(url, { dispatcher, method, signal, body: body ?? null, headers: withDefaults(headers) });
}

function withDefaults(headers: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { ...HEADERS, ...Object.fromEntries(own) };
}

async function responseOf(
  { statusCode: status, headers, body }: Dispatcher.ResponseData,
  { maxBytes, now }: Pick<TextRequest, 'maxBytes' | 'now'>,
): Promise<RawResponse> {
  const header = (name: string): string => [headers[name] ?? []].flat().join(', ');
  return {
    status,
    ...(await readSome(decoded(body, header('content-encoding')), maxBytes)),
    contentType: header('content-type'),
    date: httpDate(header('date')),
    retryAfterMs: retryAfterMs(header('retry-after'), now()),
  };
}

async function readSome(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ bytes: Buffer; isComplete: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the rest of the body and with it the connection.
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > maxBytes) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), isComplete: size <= maxBytes };
}

/** No remote system's wish is kept longer than this: a slip of theirs must not put work off for ever. */
const MAX_WAIT_MS = 24 * 60 * 60 * 1000;

/** Retry-After is a number of seconds or a date; what is neither is no wish. */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : (httpDate(text)?.getTime() ?? NaN) - now.getTime();
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), MAX_WAIT_MS);
}

/** Date.parse takes many things for a date, "-5" among them; HTTP's dates have a name of a month. */
function httpDate(text: string): Date | undefined {
  const ms = /[a-z]{3}/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms);
}
