/** Chance that can be repeated: the same key gives the same sequence on every machine. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number, both ends included. */
  int(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  /** True in about this share of the cases. */
  chance(share: number): boolean;
}

/**
 * The sequence that belongs to a key such as (shop, kind, number). Every made-up thing has a sequence of its own, so that
 * it can be made again alone: an order knows its products without asking the database, and nothing is kept in memory.
 */
export function randomOf(...key: readonly number[]): Random {
  let state = key.reduce((hash, part) => scramble(hash ^ scramble(part)), 0x9e3779b9);

  /** mulberry32: 32 bits of state are plenty for some dozen draws a key. */
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));

  return {
    next,
    int,
    chance: (share) => next() < share,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new RangeError('nothing to pick from');
      return list[int(0, list.length - 1)] as T; // inside the list by the line above
    },
  };
}

/** The finalizer of MurmurHash3: neighbouring numbers come out unrelated. */
function scramble(value: number): number {
  let h = (value | 0) + 0x7f4a7c15;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
