import { randomUUID } from 'node:crypto';
import type { Endpoint } from './endpoints.ts';
import type { Codec } from './codec/codec.ts';
import { plain, type RequestField } from './codec/request.ts';

/** A request as it goes out, written once: only the session's key is put in when it is known, or when it is another one. */
export interface Message {
  with(sessionKey: string): string;
}

/** Stands in the place of the key meanwhile. No text of a buyer can hold it, as nobody knows it. */
const PLACE_OF_KEY = randomUUID();

export function writeMessage(
  codec: Codec,
  endpoint: Endpoint,
  requestWith: (sessionKey: string) => readonly RequestField[],
): Message {
  const [before = '', after = ''] = codec.write(endpoint, requestWith(PLACE_OF_KEY)).split(PLACE_OF_KEY);
  return { with: (sessionKey) => before + codec.text(plain(sessionKey)) + after };
}
