import type { Endpoint } from '../endpoints.ts';
import type { RequestField } from './request.ts';
import type { ResponseFields } from './response.ts';

/** What an answer says before anybody looks at its fields. */
export type Decoded =
  | { readonly kind: 'answer'; readonly fields: ResponseFields }
  /** The second layer of faults (2.6): the envelope, the method or the server is wrong. */
  | { readonly kind: 'fault'; readonly isServer: boolean; readonly text: string };

/** One of the two ways in which a wholesaler may be spoken to. */
export interface Codec {
  headers(endpoint: Endpoint): Readonly<Record<string, string>>;
  write(endpoint: Endpoint, request: readonly RequestField[]): string;
  /** A text as it stands in what is written. */
  text(value: string): string;
  /** Throws Unreadable. `charset` is '' where none was named. */
  read(bytes: Uint8Array, charset: string): Decoded;
}

/** No answer of a hundred orders comes near it. */
export const MAX_RESPONSE_BYTES = 5_000_000;
