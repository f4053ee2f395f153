/** Wakes one waiting loop. A signal sent while nobody waits is delivered to the next wait. */
export interface WakeSignal {
  notify(): void;
  /** Resolves at the next signal, or after so long. */
  wait(withinMs: number): Promise<void>;
}

export function createWakeSignal(): WakeSignal {
  let isRung = false;
  let wakeUp: (() => void) | undefined;
  return {
    notify() {
      isRung = true;
      wakeUp?.();
    },
    async wait(withinMs) {
      if (!isRung)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, withinMs);
          wakeUp = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      wakeUp = undefined;
      isRung = false;
    },
  };
}
