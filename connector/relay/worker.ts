import { returnLeases } from '../db/outbox-returns.ts';
import { startLane } from './lane.ts';
import { TIMING, type RelayParts } from './parts.ts';

export type { DeliveryRecord, RelayParts, Timing } from './parts.ts';

export interface Relay {
  /** Something was committed that may be due: no need to wait for the next look. */
  wake(): void;
  /** Claims nothing more, lets what is under way finish for a while, and returns the leases of the rest. */
  stop(): Promise<void>;
}

/** Delivers what is due to each target, in a lane of its own, until it is stopped. */
export function startRelay(parts: RelayParts): Relay {
  const timing = { ...TIMING, ...parts.timing };
  const outOfTime = new AbortController();
  const lanes = parts.targets.map((target) => {
    const { patienceMs = timing.patienceMs } = target;
    return startLane(parts, { ...timing, patienceMs }, target, outOfTime.signal);
  });
  let stopped: Promise<void> | undefined;

  async function stop(): Promise<void> {
    const finished = Promise.all(lanes.map((lane) => lane.finish())).then(() => true);
    const inTime = await within(timing.stopMs, finished);
    outOfTime.abort();
    // Nothing is left when all has finished, unless a row could not be settled.
    try {
      const returned = await returnLeases(parts.db, parts.owner, parts.now());
      parts.log.info('relay stopped', { inTime, returned });
    } catch (error) {
      parts.log.error('leases could not be returned: they run out by themselves', { err: error });
    }
  }

  return {
    wake: () => lanes.forEach((lane) => lane.wake()),
    stop: () => (stopped ??= stop()),
  };
}

async function within(ms: number, finished: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([finished, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
