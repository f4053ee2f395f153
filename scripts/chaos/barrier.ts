/** Where clients wait between two calls while the books are compared. */
export interface Barrier {
  /** Called by a client before each call. False when it is to go home. */
  pass(): Promise<boolean>;
  /** Resolves when every client stands at the gate, with nothing of its own under way. */
  close(): Promise<void>;
  open(): void;
  /** Sends everybody home. */
  end(): void;
  readonly hasEnded: boolean;
}

export function createBarrier(clients: number): Barrier {
  let isClosed = false;
  let hasEnded = false;
  let waiting: (() => void)[] = [];
  let allHere: (() => void) | undefined;

  const release = (): void => {
    isClosed = false;
    const released = waiting;
    waiting = [];
    for (const go of released) go();
  };
  return {
    async pass() {
      if (isClosed) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          if (waiting.length === clients) allHere?.();
        });
      }
      return !hasEnded;
    },
    async close() {
      isClosed = true;
      await new Promise<void>((resolve) => {
        allHere = resolve;
      });
    },
    open: release,
    end() {
      hasEnded = true;
      release();
    },
    get hasEnded() {
      return hasEnded;
    },
  };
}
