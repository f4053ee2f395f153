import type { Pages } from './shop.ts';

/** Lists that are kept at the same time; the one that was not asked for the longest goes first. */
const MOST_LISTS = 8;

/** Ids in all kept lists together: 8 MB. A single longer list is kept all the same. */
const MOST_IDS = 2_000_000;

/** How long a list is kept after it was last asked for. */
export const LIST_KEPT_MS = 5 * 60_000;

interface Kept {
  readonly ids: Promise<ArrayLike<number>>;
  size: number;
  usedAt: number;
}

/**
 * Pages of ids that one query gave in order. The first page always asks the database; the list is then kept for its
 * later pages, whose borders therefore do not move, and which cost nothing to find.
 */
export function keptLists(now: () => Date) {
  // In the order of their last use.
  const lists = new Map<string, Kept>();

  function list(key: string, isFirstPage: boolean, ask: () => Promise<ArrayLike<number>>): Kept {
    const at = now().getTime();
    const known = lists.get(key);
    lists.delete(key);
    const usable = known && !isFirstPage && at - known.usedAt < LIST_KEPT_MS;
    const kept: Kept = usable ? known : { ids: ask(), size: 0, usedAt: at };
    kept.usedAt = at;
    lists.set(key, kept);
    return kept;
  }

  function forget(key: string, kept: Kept): void {
    if (lists.get(key) === kept) lists.delete(key);
  }

  function tidy(): void {
    const oldest = now().getTime() - LIST_KEPT_MS;
    let ids = 0;
    for (const { size } of lists.values()) ids += size;
    for (const [key, { size, usedAt }] of lists) {
      const isNewest = lists.size === 1;
      if (isNewest || (lists.size <= MOST_LISTS && ids <= MOST_IDS && usedAt > oldest)) return;
      lists.delete(key);
      ids -= size;
    }
  }

  return {
    /** `key` names the listing without its page. */
    async pages(
      key: string,
      page: number,
      size: number,
      ask: () => Promise<ArrayLike<number>>,
    ): Promise<Pages<readonly string[]>> {
      const kept = list(key, page <= 1, ask);
      try {
        const ids = await kept.ids;
        kept.size = ids.length;
        if (ids.length <= size) forget(key, kept);
        tidy();
        return pagesOf(ids, size);
      } catch (error) {
        forget(key, kept);
        throw error;
      }
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
