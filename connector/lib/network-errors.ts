import { errors } from 'undici';

/**
 * undici's words in ours. Ours are stored and compared: from them a wholesaler's client concludes whether a request can have
 * been carried out (docs/decisions/0013).
 */
const CODES: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_CLOSED: 'ECONNRESET',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'ECONNRESET',
  UND_ERR_CONNECT_TIMEOUT: 'CONNECT_TIMEOUT',
  UND_ERR_HEADERS_OVERFLOW: 'HPE_HEADER_OVERFLOW',
  // undici asserts that a status has three digits and begins with 1 or more.
  ERR_ASSERTION: 'INVALID_STATUS',
};

/** The code of a failed request. Rethrows what is no failure of the network: a mistake of our own. */
export function networkErrorCode(error: unknown): string {
  if (error instanceof errors.InvalidArgumentError) {
    // undici names the header, and not its value, which may be a key.
    throw new Error('a header of a call holds characters that HTTP cannot carry', { cause: error });
  }
  if (error instanceof Error) {
    if (error instanceof errors.SocketError && error.message === 'bad upgrade') return 'UNASKED_UPGRADE';
    const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
    if (code !== undefined) return CODES[code] ?? code;
    if (error instanceof errors.HTTPParserError) return 'HPE_INVALID';
  }
  throw error;
}

export function networkError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
