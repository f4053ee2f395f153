import { pipeline, type Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { networkError } from './network-errors.ts';

/** A body that breaks off is decoded as far as it goes, as browsers do. */
const AS_FAR_AS_IT_GOES = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };

/** The body of a response as it was before `Content-Encoding`. Whoever leaves it early ends the connection. */
export function decoded(body: Readable, contentEncoding: string): AsyncIterable<Uint8Array> {
  switch (contentEncoding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return body;
    case 'gzip':
    case 'x-gzip':
      return through(body, createGunzip(AS_FAR_AS_IT_GOES));
    case 'deflate':
      return through(body, createInflate(AS_FAR_AS_IT_GOES));
    case 'br':
      return through(body, createBrotliDecompress());
    default:
      // Nobody listens for its error: the caller gets the encoding instead.
      body.on('error', () => undefined).destroy();
      throw networkError('UNKNOWN_CONTENT_ENCODING');
  }
}

function through<T extends NodeJS.ReadWriteStream & AsyncIterable<Uint8Array>>(body: Readable, decoder: T): T {
  // Whoever reads learns of an error by the stream itself.
  pipeline(body, decoder, () => undefined);
  return decoder;
}
