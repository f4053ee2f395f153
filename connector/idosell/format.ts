import type { Endpoint } from './endpoints.ts';
import type { OutgoingField } from './outgoing.ts';
import type { WireFields } from './wire.ts';

/** What an answer says before anybody looks at its fields. */
export type Read =
  | { readonly kind: 'answer'; readonly fields: WireFields }
  /** The second layer of faults (2.6): the envelope, the method or the server is wrong. */
  | { readonly kind: 'fault'; readonly isServer: boolean; readonly text: string };

/** One of the two ways in which a wholesaler may be spoken to. */
export interface Format {
  headers(endpoint: Endpoint): Readonly<Record<string, string>>;
  write(endpoint: Endpoint, request: readonly OutgoingField[]): string;
  /** A text as it stands in what is written. */
  text(value: string): string;
  /** Throws Unreadable. `charset` is '' where none was named. */
  read(bytes: Uint8Array, charset: string): Read;
}

/** No answer of a hundred orders comes near it. */
export const MOST_ANSWER_BYTES = 5_000_000;
