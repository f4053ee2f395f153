import { LRUCache } from 'lru-cache';
import type { Pages } from '../contracts/shop.ts';

/** Lists that are cached at the same time; the least recently used goes first. */
const MAX_LISTS = 8;

/** Ids in all cached lists together: 8 MB. A single longer list is kept all the same. */
const MAX_IDS = 2_000_000;

/** How long a list is cached after its last use. */
export const LIST_TTL_MS = 5 * 60_000;

/**
 * Pages of ids that one query gave in order. The first page always queries the database; the list is then cached for
 * its later pages, whose borders therefore do not move, and which cost no query.
 */
export function listCache(now: () => Date) {
  const lists = new LRUCache<string, ArrayLike<number>>({
    max: MAX_LISTS,
    maxSize: MAX_IDS,
    // A list with no room beside it is alone in the cache; lru-cache would not take what is larger than its bound.
    sizeCalculation: ({ length }) => Math.min(Math.max(length, 1), MAX_IDS),
    ttl: LIST_TTL_MS,
    ttlResolution: 0,
    updateAgeOnGet: true,
    perf: { now: () => now().getTime() },
  });
  return {
    /** `key` names the listing without its page. */
    async pages(
      key: string,
      page: number,
      size: number,
      ask: () => Promise<ArrayLike<number>>,
    ): Promise<Pages<readonly string[]>> {
      if (page <= 1) lists.delete(key);
      const known = lists.get(key);
      const ids = known ?? (await ask());
      // A list of a single page is not read again.
      if (!known && ids.length > size) lists.set(key, ids);
      return pagesOf(ids, size);
    },
  };
}

function pagesOf(ids: ArrayLike<number>, size: number): Pages<readonly string[]> {
  const count = Math.max(1, Math.ceil(ids.length / size));
  return {
    count,
    at(page) {
      if (page < 1 || page > count) return [];
      const from = (page - 1) * size;
      const length = Math.min(size, ids.length - from);
      return Array.from({ length }, (_, n) => String(ids[from + n]));
    },
  };
}
