import type { MonotonicClock } from './rate.ts';

/** Keeps an account's calls apart: so many at a time, and so long between the beginnings of two. */
export interface Throttle {
  /** Undefined when the signal spoke before it was the work's turn: then it was not begun. First come, first served. */
  run<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Value | undefined>;
}

export function throttle({
  concurrency,
  gapMs,
  clock,
}: {
  concurrency: number;
  gapMs: number;
  clock: MonotonicClock;
}): Throttle {
  let free = concurrency;
  let nextAtMs = -Infinity;
  const waiting = new Set<() => void>();

  /** False when the signal spoke first. */
  const slot = (signal: AbortSignal): Promise<boolean> => {
    if (signal.aborted) return Promise.resolve(false);
    if (free > 0) {
      free -= 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const leave = (): void => {
        waiting.delete(take);
        resolve(false);
      };
      const take = (): void => {
        signal.removeEventListener('abort', leave);
        waiting.delete(take);
        resolve(true);
      };
      waiting.add(take);
      signal.addEventListener('abort', leave, { once: true });
    });
  };

  /** The slot goes straight to the longest waiting caller, so that no newcomer overtakes. */
  const rise = (): void => {
    const [first] = waiting;
    if (first) first();
    else free += 1;
  };

  return {
    async run(signal, work) {
      if (!(await slot(signal))) return undefined;
      try {
        const waitMs = nextAtMs - clock.nowMs();
        nextAtMs = Math.max(nextAtMs, clock.nowMs()) + gapMs;
        if (waitMs > 0) await clock.wait(waitMs, signal);
        return signal.aborted ? undefined : await work();
      } finally {
        rise();
      }
    },
  };
}
