import { releaseLeases } from '../storage/outbox-leases.ts';
import { startDispatcher } from './dispatcher.ts';
import { TIMING, type RelayDeps } from './deps.ts';

export type { DeliveryRecord, RelayDeps, Timing } from './deps.ts';

export interface Relay {
  /** Something was committed that may be due: no need to wait for the next look. */
  wake(): void;
  /** Claims nothing more, lets requests in flight finish for a while, and returns the remaining leases. */
  stop(): Promise<void>;
}

/** Delivers what is due to each target, with a dispatcher of its own, until it is stopped. */
export function startRelay(deps: RelayDeps): Relay {
  const timing = { ...TIMING, ...deps.timing };
  const outOfTime = new AbortController();
  const dispatchers = deps.targets.map((target) => {
    const { timeoutMs = timing.timeoutMs } = target;
    return startDispatcher(deps, { ...timing, timeoutMs }, target, outOfTime.signal);
  });
  let stopped: Promise<void> | undefined;

  async function stop(): Promise<void> {
    const finished = Promise.all(dispatchers.map((dispatcher) => dispatcher.finish())).then(() => true);
    const inTime = await within(timing.stopMs, finished);
    outOfTime.abort();
    // Nothing is left when all has finished, unless a row could not be settled.
    try {
      const returned = await releaseLeases(deps.db, deps.owner, deps.now());
      deps.log.info('relay stopped', { inTime, returned });
    } catch (error) {
      deps.log.error('leases could not be returned: they run out by themselves', { err: error });
    }
  }

  return {
    wake: () => dispatchers.forEach((dispatcher) => dispatcher.wake()),
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
