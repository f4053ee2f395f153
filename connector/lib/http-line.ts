import { Agent, request as plainRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { pipeline } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** What is sent over a line. */
export interface LineCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
}

/** A little less than the 5 s after which many servers hang up on a line that is idle. */
const IDLE_MS = 4000;

/** Longer than any network needs to make a line; what is over it is known never to have been heard. */
const CONNECT_MS = 10_000;

const plainLines = new Agent({ keepAlive: true, timeout: IDLE_MS });
const tlsLines = new TlsAgent({ keepAlive: true, timeout: IDLE_MS });

/**
 * Sends one request and resolves with the head of its answer, whose body is still to come. Node's own client, not
 * fetch: that takes four times its processor time, a fifth of a delivery's in all. Throws at once for what HTTP cannot
 * carry; rejects with an error that has a `code` when the line breaks.
 */
export function speak({ method, url, headers, body, signal }: LineCall): Promise<IncomingMessage> {
  const to = new URL(url);
  const isTls = to.protocol === 'https:';
  const request = (isTls ? tlsRequest : plainRequest)(to, {
    ...{ method, signal, agent: isTls ? tlsLines : plainLines },
    headers: { 'User-Agent': 'shop-connector', Accept: '*/*', 'Accept-Encoding': 'gzip', ...headers },
  });
  endWithoutLine(request);
  return new Promise((resolve, reject) => {
    request.once('response', (answer) => {
      if ((answer.statusCode ?? 0) >= 100) resolve(answer);
      else request.destroy(broken('INVALID_STATUS'));
    });
    // Not once: what is broken may break again while it is put away.
    request.on('error', reject);
    request.once('upgrade', (_answer, socket) => {
      socket.destroy();
      reject(broken('UNASKED_UPGRADE'));
    });
    request.end(body);
  });
}

function endWithoutLine(request: ClientRequest): void {
  request.once('socket', (socket) => {
    if (!socket.connecting) return;
    const tooLong = setTimeout(() => request.destroy(broken('CONNECT_TIMEOUT')), CONNECT_MS);
    for (const end of ['connect', 'close'] as const) socket.once(end, () => clearTimeout(tooLong));
  });
}

/** An error as of a line. */
export function broken(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** An answer that is packed is unpacked as far as it goes, as browsers do. */
const UNPACKED = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };

/** The body of an answer, unpacked. Whoever leaves it early ends the line. */
export function bodyOf(answer: IncomingMessage): AsyncIterable<Uint8Array> {
  switch (answer.headers['content-encoding']?.trim().toLowerCase() ?? '') {
    case '':
    case 'identity':
      return answer;
    case 'gzip':
    case 'x-gzip':
      return through(answer, createGunzip(UNPACKED));
    case 'deflate':
      return through(answer, createInflate(UNPACKED));
    case 'br':
      return through(answer, createBrotliDecompress());
    default:
      answer.destroy();
      throw broken('UNKNOWN_CONTENT_ENCODING');
  }
}

function through<T extends NodeJS.ReadWriteStream & AsyncIterable<Uint8Array>>(answer: IncomingMessage, unpack: T): T {
  // Whoever reads is told of trouble by the stream itself.
  pipeline(answer, unpack, () => undefined);
  return unpack;
}
