import { Refusal } from '../domain/refusal.ts';
import type { DictionaryEntry, Shop } from '../shops/shop.ts';

/** The shop's statuses, as the stories ask about them. */
export interface Statuses {
  readonly known: ReadonlySet<string>;
  /** What a new order gets when the call names no status, or none that the shop has. */
  readonly first: string;
  readonly isCancelling: (id: string) => boolean;
}

export async function readStatuses(shop: Pick<Shop, 'dictionary'>): Promise<Statuses> {
  const entries = await shop.dictionary('statuses');
  const current = entries.filter(({ retired }) => !retired);
  const first = current.find(({ meaning }) => meaning === 'new') ?? current[0];
  if (!first)
    throw new Refusal('internal_error', 'The shop has no order status yet. Add one, then the call can be repeated.');
  return {
    known: new Set(entries.map(({ id }) => id)),
    first: first.id,
    isCancelling: (id) => entries.some((entry) => entry.id === id && isCancelled(entry)),
  };
}

function isCancelled({ meaning }: DictionaryEntry): boolean {
  return meaning === 'cancelled';
}
