import type { Outcome } from '../../target.ts';
import type { Ask } from './api.ts';
import { parsed } from './judge.ts';

/** What became of a question about one order. */
export type Found =
  | { readonly kind: 'found'; readonly order: StoredOrder }
  | { readonly kind: 'absent' }
  | Exclude<Outcome, { kind: 'delivered' }>;

/** An order as the platform gives it back, as far as anything depends on it. */
export interface StoredOrder {
  /** In the platform's own spelling; '' where it says none. */
  readonly status: string;
  /** The whole answer, for a person to look at. */
  readonly data: unknown;
}

const path = (id: string) => `orders/${encodeURIComponent(id)}`;

export function readStored(ask: Ask, id: string): Promise<Found> {
  return about(ask, 'GET', id);
}

/**
 * Takes the order out of the platform, where it stays as deleted; its id must never be used again (section 3.4). A
 * cancelled order is a status and no removal: this is for an operator alone.
 */
export function removeStored(ask: Ask, id: string): Promise<Found> {
  return about(ask, 'DELETE', id);
}

async function about(ask: Ask, method: 'GET' | 'DELETE', id: string): Promise<Found> {
  const verdict = await ask(method, path(id));
  switch (verdict.kind) {
    case 'taken': {
      const data = dataOf(verdict.text);
      const isOrder = typeof data === 'object' && data !== null;
      if (!isOrder && method === 'GET') return { kind: 'retry', reason: 'the answer is not an order' };
      return { kind: 'found', order: { status: statusOf(data), data } };
    }
    case 'no':
      return verdict.status === 404 ? { kind: 'absent' } : { kind: 'refused', reason: verdict.reason };
    case 'trouble':
      return verdict.outcome;
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
