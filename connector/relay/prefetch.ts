export interface PrefetchDeps<Batch> {
  /** How many calls may be under way. */
  readonly concurrency: number;
  /** Resolves to whether the remote system is healthy; never rejects. */
  readonly deliver: (batch: Batch) => Promise<boolean>;
  /** Releases the leases of a batch that is not sent after all; never rejects. */
  readonly release: (batch: Batch) => Promise<void>;
  /** A place has become free. */
  readonly onCapacity: () => void;
  /** Of a clock that never goes back. */
  readonly nowMs: () => number;
}

/** The places of one target. What is read while all of them are taken waits here, but never for long. */
export interface PrefetchWindow<Batch> {
  /** How many batches may come, those that are here left out. */
  capacity(): number;
  isEmpty(): boolean;
  add(batch: Batch): void;
  /** Gives back what waits, and whatever comes; resolves when the calls under way have ended. */
  close(): Promise<void>;
}

/**
 * A remote system that answers so fast is worth reading ahead for: its places would be empty most of the time. With a
 * slower one what was read would be stale when its turn comes.
 */
const QUICK_MS = 200;

/**
 * How many batches may then be held for each slot, the request in flight included. The next claim is made when half of
 * them are gone: a claim and a read cost the same for many batches as for one, and the other half is sent meanwhile.
 */
const QUICK_BATCHES = 4;

/** What has waited longer may have changed in the shop, and is read anew. */
const FRESH_MS = 1000;

export function openPrefetch<Batch>({
  concurrency,
  deliver,
  release,
  onCapacity,
  nowMs,
}: PrefetchDeps<Batch>): PrefetchWindow<Batch> {
  const waiting: { readonly batch: Batch; readonly since: number }[] = [];
  const underWay = new Set<Promise<void>>();
  let calling = 0;
  let returning = 0;
  let isQuick = false;
  let isClosed = false;

  function track(work: Promise<void>): void {
    const followed = work.finally(() => {
      underWay.delete(followed);
      onCapacity();
    });
    underWay.add(followed);
  }

  async function deliverNow(batch: Batch): Promise<void> {
    calling += 1;
    const beganAt = nowMs();
    const isHealthy = await deliver(batch);
    calling -= 1;
    isQuick = isHealthy && nowMs() - beganAt < QUICK_MS;
    // Waiting batches would meet the same failure, past the breaker.
    if (isHealthy) sendNext();
    else releaseAll();
  }

  async function releaseBatch(batch: Batch): Promise<void> {
    returning += 1;
    await release(batch);
    returning -= 1;
  }

  function sendNext(): void {
    while (calling < concurrency) {
      const next = waiting.shift();
      if (!next) return;
      track(nowMs() - next.since < FRESH_MS ? deliverNow(next.batch) : releaseBatch(next.batch));
    }
  }

  function releaseAll(): void {
    for (const { batch } of waiting.splice(0)) track(releaseBatch(batch));
  }

  return {
    capacity() {
      const here = calling + waiting.length + returning;
      if (!isQuick) return concurrency - here;
      const max = QUICK_BATCHES * concurrency;
      return here > max / 2 ? 0 : max - here;
    },
    isEmpty: () => underWay.size === 0 && waiting.length === 0,
    add(batch) {
      waiting.push({ batch, since: nowMs() });
      if (isClosed) releaseAll();
      else sendNext();
    },
    async close() {
      isClosed = true;
      releaseAll();
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
