export interface GateParts<Batch> {
  /** How many calls may be under way. */
  readonly concurrency: number;
  /** Says whether the party is well; never rejects. */
  readonly call: (batch: Batch) => Promise<boolean>;
  /** Gives up the leases of a batch that is not told after all; never rejects. */
  readonly giveBack: (batch: Batch) => Promise<void>;
  /** A place has become free. */
  readonly onRoom: () => void;
}

/** The places of one target. What is read while all of them are taken waits here, but never for long. */
export interface Gate<Batch> {
  /** How many batches may come, those that are here left out. */
  room(): number;
  isEmpty(): boolean;
  enter(batch: Batch): void;
  /** Gives back what waits, and whatever comes; resolves when the calls under way have ended. */
  close(): Promise<void>;
}

/**
 * A party that answers so fast is worth reading ahead for: its places would be empty most of the time. With a slower one
 * what was read would be stale when its turn comes.
 */
const QUICK_MS = 200;

/**
 * How many batches may then be here for each place, the call under way included. Claimed is when half of them are gone:
 * a claim and a reading cost the same for many batches as for one, and the other half is told meanwhile.
 */
const QUICK_BATCHES = 4;

/** What has waited longer may have changed in the shop, and is read anew. */
const FRESH_MS = 1000;

export function openGate<Batch>({ concurrency, call, giveBack, onRoom }: GateParts<Batch>): Gate<Batch> {
  const waiting: { readonly batch: Batch; readonly since: number }[] = [];
  const underWay = new Set<Promise<void>>();
  let calling = 0;
  let returning = 0;
  let isQuick = false;
  let isClosed = false;

  function follow(work: Promise<void>): void {
    const followed = work.finally(() => {
      underWay.delete(followed);
      onRoom();
    });
    underWay.add(followed);
  }

  async function tell(batch: Batch): Promise<void> {
    calling += 1;
    const beganAt = performance.now();
    const isWell = await call(batch);
    calling -= 1;
    isQuick = isWell && performance.now() - beganAt < QUICK_MS;
    // What waits would run into the same trouble, past the breaker.
    if (isWell) goOn();
    else returnAll();
  }

  async function giveUp(batch: Batch): Promise<void> {
    returning += 1;
    await giveBack(batch);
    returning -= 1;
  }

  function goOn(): void {
    while (calling < concurrency) {
      const next = waiting.shift();
      if (!next) return;
      follow(performance.now() - next.since < FRESH_MS ? tell(next.batch) : giveUp(next.batch));
    }
  }

  function returnAll(): void {
    for (const { batch } of waiting.splice(0)) follow(giveUp(batch));
  }

  return {
    room() {
      const here = calling + waiting.length + returning;
      if (!isQuick) return concurrency - here;
      const most = QUICK_BATCHES * concurrency;
      return here > most / 2 ? 0 : most - here;
    },
    isEmpty: () => underWay.size === 0 && waiting.length === 0,
    enter(batch) {
      waiting.push({ batch, since: performance.now() });
      if (isClosed) returnAll();
      else goOn();
    },
    async close() {
      isClosed = true;
      returnAll();
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
