import type { Outcome } from '../../contracts/target.ts';
import type { SendRequest } from './api.ts';
import { parsed } from './classify-response.ts';

/** What became of a question about one order. */
export type RemoteOrderResult =
  | { readonly kind: 'found'; readonly order: RemoteOrder }
  | { readonly kind: 'absent' }
  | Exclude<Outcome, { kind: 'delivered' }>;

/** An order as the platform gives it back, as far as anything depends on it. */
export interface RemoteOrder {
  /** In the platform's own spelling; '' where it says none. */
  readonly status: string;
  /** The whole answer, for a person to look at. */
  readonly data: unknown;
}

const path = (id: string) => `orders/${encodeURIComponent(id)}`;

export function readStored(sendRequest: SendRequest, id: string): Promise<RemoteOrderResult> {
  return about(sendRequest, 'GET', id);
}

/**
 * Takes the order out of the platform, where it stays as deleted; its id must never be used again (section 3.4). A
 * cancelled order is a status and no removal: this is for an operator alone.
 */
export function removeStored(sendRequest: SendRequest, id: string): Promise<RemoteOrderResult> {
  return about(sendRequest, 'DELETE', id);
}

async function about(sendRequest: SendRequest, method: 'GET' | 'DELETE', id: string): Promise<RemoteOrderResult> {
  const response = await sendRequest(method, path(id));
  switch (response.kind) {
    case 'accepted': {
      const data = dataOf(response.text);
      const isOrder = typeof data === 'object' && data !== null;
      if (!isOrder && method === 'GET') return { kind: 'retry', reason: 'the answer is not an order' };
      return { kind: 'found', order: { status: statusOf(data), data } };
    }
    case 'rejected':
      return response.status === 404 ? { kind: 'absent' } : { kind: 'refused', reason: response.reason };
    case 'failed':
      return response.outcome;
  }
}

/** Answers of the platform wrap what they give in `{status: 0, data}`. */
export function dataOf(text: string): unknown {
  const body = parsed(text);
  return typeof body === 'object' && body !== null && 'data' in body ? body.data : undefined;
}

function statusOf(data: unknown): string {
  if (typeof data !== 'object' || data === null || !('status' in data)) return '';
  return typeof data.status === 'string' ? data.status : '';
}

/** Letter case does not matter, nor does the second l of a cancellation (section 3.2). */
export function isSameStatus(one: string, other: string): boolean {
  const plain = (word: string) => word.toLowerCase().replace('cancelled', 'canceled');
  return plain(one) === plain(other);
}
