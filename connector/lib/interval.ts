export interface Interval {
  /** Ends the repetition; resolves when the run that is under way has ended. */
  stop(): Promise<void>;
}

/** One run after the other, the first one after one interval. A run must not reject. It does not keep the process. */
export function startInterval(ms: number, run: (signal: AbortSignal) => Promise<void>): Interval {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= run(stopping.signal).finally(() => {
      running = undefined;
    });
  }, ms).unref();
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}
