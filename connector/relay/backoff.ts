const FIRST_MS = 15_000;
const MAX_MS = 3_600_000;

/**
 * How long to wait after a failed try (the first is 1): twice as long each time up to `maxMs`, of which half is left
 * to chance, so that what failed together does not come back together.
 */
export function backoffMs(attempt: number, random: () => number, firstMs = FIRST_MS, maxMs = MAX_MS): number {
  const wholeMs = Math.min(maxMs, firstMs * 2 ** Math.min(Math.max(attempt, 1) - 1, 30));
  return Math.round(wholeMs / 2 + (wholeMs / 2) * random());
}
