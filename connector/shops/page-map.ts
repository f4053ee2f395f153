import type { Pages, Selection } from '../contracts/shop.ts';

/** A map this old is rebuilt when a new listing starts. */
export const PAGE_MAP_FRESH_MS = 30_000;

/** How the catalogue is walked, in the adapter's own order of ids. */
export interface CatalogueOrder {
  /** The id that stands `distance` places after `from` (or after the first one); undefined past the end. */
  idAfter(from: string | undefined, distance: number): Promise<string | undefined>;
  /** The last id of all, quickly. */
  lastId(): Promise<string | undefined>;
}

/** Where pages 2, 3, … start, and what the end of the catalogue looked like when that was found. */
interface PageMap {
  readonly starts: readonly string[];
  readonly lastId: string | undefined;
  readonly builtAt: number;
}

/**
 * Pages of the whole catalogue as ranges of ids. The borders stay while a listing is read: even an old map divides all
 * ids, so nothing is skipped or shown twice when products come and go (OFFSET could not promise that, and costs more
 * the later the page).
 */
export function pageMaps(order: CatalogueOrder, now: () => Date) {
  const maps = new Map<number, PageMap>();
  const underWay = new Map<number, Promise<PageMap>>();

  /** One walk at a time a page size; who comes meanwhile waits for the same one. */
  function walk(size: number, known: PageMap | undefined): Promise<PageMap> {
    const running = underWay.get(size);
    if (running) return running;
    const walking = hop(size, known)
      .then((map) => {
        maps.set(size, map);
        return map;
      })
      .finally(() => underWay.delete(size));
    underWay.set(size, walking);
    return walking;
  }

  async function hop(size: number, known: PageMap | undefined): Promise<PageMap> {
    const builtAt = known?.builtAt ?? now().getTime();
    const lastId = await order.lastId();
    if (known && known.lastId === lastId) return known;
    const starts = [...(known?.starts ?? [])];
    for (;;) {
      const next = await order.idAfter(starts.at(-1), size);
      if (next === undefined) return { starts, lastId, builtAt };
      starts.push(next);
    }
  }

  async function mapFor(size: number, page: number): Promise<PageMap> {
    const known = maps.get(size);
    if (!known) return walk(size, undefined);
    if (page <= 1 && now().getTime() - known.builtAt >= PAGE_MAP_FRESH_MS) return walk(size, undefined);
    // The last page is open-ended: products that were appended since become pages of their own.
    if (page > known.starts.length) return walk(size, known);
    return known;
  }

  return {
    async pages(size: number, page: number): Promise<Pages<Selection>> {
      const { starts } = await mapFor(size, page);
      return {
        count: starts.length + 1,
        at: (wanted) =>
          wanted < 1 || wanted > starts.length + 1
            ? { kind: 'ids', ids: [] }
            : { kind: 'range', from: starts[wanted - 2], to: starts[wanted - 1] },
      };
    },
  };
}
