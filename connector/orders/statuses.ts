import { ApiError } from '../domain/api-error.ts';
import { ttlCache } from '../lib/ttl-cache.ts';
import type { DictionaryEntry, Shop } from '../contracts/shop.ts';

/** The shop's statuses, as the use cases need them. */
export interface Statuses {
  readonly known: ReadonlySet<string>;
  /** What a new order gets when the call names no status, or none that the shop has. */
  readonly first: string;
  readonly isCancelling: (id: string) => boolean;
}

/** The statuses as they are; those that a call names are among them if the shop has them. */
export type ReadStatuses = (named?: string) => Promise<Statuses>;

/** Statuses hardly ever change: under load, one reading serves all that comes in so many milliseconds. */
export const STATUS_TTL_MS = 1000;

/** A status that is not among those kept is looked for in the shop: a new one may be used at once. */
export function cachedStatuses(shop: Pick<Shop, 'dictionary'>, now: () => Date): ReadStatuses {
  const statuses = ttlCache(() => readStatuses(shop), STATUS_TTL_MS, now);
  return (named) => statuses(({ known }) => named === undefined || known.has(named));
}

async function readStatuses(shop: Pick<Shop, 'dictionary'>): Promise<Statuses> {
  const entries = await shop.dictionary('statuses');
  const current = entries.filter(({ retired }) => !retired);
  const first = current.find(({ meaning }) => meaning === 'new') ?? current[0];
  if (!first)
    throw new ApiError('internal_error', 'The shop has no order status yet. Add one, then the call can be repeated.');
  return {
    known: new Set(entries.map(({ id }) => id)),
    first: first.id,
    isCancelling: (id) => entries.some((entry) => entry.id === id && isCancelled(entry)),
  };
}

function isCancelled({ meaning }: DictionaryEntry): boolean {
  return meaning === 'cancelled';
}
