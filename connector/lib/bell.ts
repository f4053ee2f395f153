/** Lets one sleeper be woken. A ring that nobody waits for is kept for the next one who does. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, or after so long. */
  rings(withinMs: number): Promise<void>;
}

export function createBell(): Bell {
  let isRung = false;
  let wakeUp: (() => void) | undefined;
  return {
    ring() {
      isRung = true;
      wakeUp?.();
    },
    async rings(withinMs) {
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
