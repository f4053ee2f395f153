/** Lets one sleeper be woken. A ring that nobody waits for is kept for the next one who does. */
export interface WakeSignal {
  notify(): void;
  /** Resolves at the next ring, or after so long. */
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
