import { setTimeout as sleep } from 'node:timers/promises';

/** What a wait needs to know of time. */
export interface MonotonicClock {
  /** Milliseconds on a clock that never goes back. */
  readonly nowMs: () => number;
  /** Resolves after so long, or at once when the signal aborts; it never throws. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const SYSTEM_CLOCK: MonotonicClock = {
  nowMs: () => performance.now(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
};

/** Lets calls through no faster than the remote system likes. */
export interface Throttle {
  /** True when it is the caller's turn; false when the signal spoke before. First come, first served. */
  wait(signal: AbortSignal): Promise<boolean>;
}

/**
 * A token bucket that refills at `perSecond`: a burst of so many requests, then an even pace. Stored as the moment at
 * which the bucket will be full, which makes every caller's turn known when it starts to wait.
 */
export function throttle(perSecond: number, clock: MonotonicClock = SYSTEM_CLOCK): Throttle {
  const stepMs = 1000 / perSecond;
  const depthMs = stepMs * (Math.max(perSecond, 1) - 1);
  let fullAtMs = 0;
  return {
    async wait(signal) {
      if (signal.aborted) return false;
      const nowMs = clock.nowMs();
      fullAtMs = Math.max(fullAtMs, nowMs);
      const waitMs = fullAtMs - depthMs - nowMs;
      fullAtMs += stepMs;
      if (waitMs <= 0) return true;
      await clock.wait(waitMs, signal);
      if (!isOver(signal)) return true;
      fullAtMs -= stepMs; // the turn was not taken: the next caller may have it
      return false;
    },
  };
}

/** A function, because the compiler believes that what was false before an `await` is false after it. */
const isOver = (signal: AbortSignal): boolean => signal.aborted;
