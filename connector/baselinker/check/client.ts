/** Plays BaseLinker's part: one POST address, `bl_pass`, `action` and parameters as form fields. */

export type Parameters = Readonly<Record<string, string | number>>;

/** What came back. A line that broke or stayed silent is a value, not an exception. */
export type CallResponse =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly text: string;
      /** False when the bytes are not clean UTF-8; the text then holds replacement characters. */
      readonly isUtf8: boolean;
      readonly bytes: number;
      readonly ms: number;
    }
  | { readonly kind: 'lost'; readonly reason: string; readonly ms: number };

export interface BaseLinker {
  /** One call of the protocol. */
  call(action: string, parameters?: Parameters): Promise<CallResponse>;
  /** A request that is not a call: exactly these fields, no key added. */
  post(fields: Parameters): Promise<CallResponse>;
  /** The same with a body that is written by hand. */
  postText(contentType: string, body: string): Promise<CallResponse>;
  /** The address opened in a browser. */
  get(): Promise<CallResponse>;
}

export interface BaseLinkerOptions {
  readonly url: string;
  readonly key: string;
  /** Form fields are what BaseLinker sends; JSON is for testers. */
  readonly encoding?: 'form' | 'json';
  /** How long one answer may take. BaseLinker's own limit is not published. */
  readonly timeoutMs?: number;
}

/** No sane page of 1000 products is larger. */
const MAX_BYTES = 64 * 1024 * 1024;

export function baseLinker({ url, key, encoding = 'form', timeoutMs = 30_000 }: BaseLinkerOptions): BaseLinker {
  const post = (fields: Parameters): Promise<CallResponse> =>
    send(url, { method: 'POST', ...body(fields, encoding) }, timeoutMs);
  return {
    call: (action, parameters = {}) => post({ bl_pass: key, action, ...parameters }),
    post,
    postText: (contentType, text) =>
      send(url, { method: 'POST', body: text, headers: { 'content-type': contentType } }, timeoutMs),
    get: () => send(url, { method: 'GET' }, timeoutMs),
  };
}

function body(fields: Parameters, encoding: 'form' | 'json'): { body: string; headers: Record<string, string> } {
  if (encoding === 'json') {
    return { body: JSON.stringify(fields), headers: { 'content-type': 'application/json; charset=utf-8' } };
  }
  const form = new URLSearchParams(
    Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return { body: form.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } };
}

async function send(url: string, request: RequestInit, timeoutMs: number): Promise<CallResponse> {
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  try {
    // A redirect would turn the POST into a GET: it is shown as what it is.
    const response = await fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    const bytes = await readAtMost(response, MAX_BYTES);
    if (bytes === undefined)
      return { kind: 'lost', reason: `the answer is larger than ${MAX_BYTES} bytes`, ms: elapsed() };
    return { kind: 'answered', status: response.status, ...decode(bytes), bytes: bytes.length, ms: elapsed() };
  } catch (error) {
    return { kind: 'lost', reason: lineError(error, timeoutMs), ms: elapsed() };
  }
}

async function readAtMost(response: Response, limit: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The byte order mark stays in the text: PHP does not skip it either. */
function decode(bytes: Buffer): { text: string; isUtf8: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), isUtf8: true };
  } catch {
    return { text: bytes.toString('utf8'), isUtf8: false };
  }
}

/** The reason of a line that was refused at once. */
export const NOTHING_LISTENS = 'nothing listens at this address (connection refused)';

const REAL_CERTIFICATE =
  'give the web server one of a public authority, such as Let’s Encrypt; to check all the same, name the file of the ' +
  'certificate in NODE_EXTRA_CA_CERTS';

const MISSING_LINK =
  'the certificate’s chain is incomplete or not of a public authority: let the web server send the intermediate ' +
  'certificates, too';

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: NOTHING_LISTENS,
  ENOTFOUND: 'no computer of this name is known',
  EAI_AGAIN: 'the name of the computer could not be looked up',
  ECONNRESET: 'the line was cut before the answer was complete',
  UND_ERR_SOCKET: 'the line was cut before the answer was complete',
  DEPTH_ZERO_SELF_SIGNED_CERT: `the certificate is self-signed, so no caller can trust it: ${REAL_CERTIFICATE}`,
  SELF_SIGNED_CERT_IN_CHAIN: `the certificate was signed by an authority that is not public: ${REAL_CERTIFICATE}`,
  UNABLE_TO_GET_ISSUER_CERT: MISSING_LINK,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: MISSING_LINK,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: MISSING_LINK,
  CERT_HAS_EXPIRED: 'the certificate has expired: renew it',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet: is the clock right, here and there?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name than the one in this address',
  ERR_SSL_WRONG_VERSION_NUMBER: 'what answers there does not speak HTTPS: is it an http:// address?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'what answers there does not speak HTTPS: is it an http:// address?',
  EPROTO: 'what answers there does not speak HTTPS as it should',
};

/** fetch hides the reason of a failed line in `cause`; a body that breaks off carries its own. */
function lineError(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) throw error;
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return `no answer within ${timeoutMs / 1000} s`;
  if (!(error instanceof TypeError)) throw error;
  const cause: unknown = error.cause;
  if (!(cause instanceof Error)) return error.message;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return SENTENCES[code] ?? `the line failed: ${code === '' ? cause.message : code}`;
}
