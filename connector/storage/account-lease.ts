import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { returnLease, takeLease } from './cursors.ts';

/** One at a time works on an account of a remote system, in whichever process. */
export interface AccountLease {
  /**
   * Waits for the account, and runs `work` while it is ours; undefined when it was not to be had before the signal spoke.
   * `renew` is false once the account may have gone to somebody else.
   */
  withLease<T>(signal: AbortSignal, work: (renew: () => Promise<boolean>) => Promise<T>): Promise<T | undefined>;
}

export interface AccountLockDeps {
  readonly db: Knex;
  /** Of the account; never renamed. */
  readonly name: string;
  /** Names this run of this process. */
  readonly owner: string;
  /** Longer than the longest time between two renewals. */
  readonly leaseMs: number;
  readonly now: () => Date;
}

const WAIT_MS = 100;

/** A lease, no lock that is held over the network: it is free again when its holder has died. */
export function accountLease({ db, name, owner, leaseMs, now }: AccountLockDeps): AccountLease {
  let holds = 0;
  return {
    async withLease(signal, work) {
      holds += 1;
      // Two tasks of one process are two holders.
      const holder = `${owner}#${holds}`;
      const take = (): Promise<boolean> => {
        const at = now();
        return takeLease(db, name, holder, { now: at, until: new Date(at.getTime() + leaseMs) });
      };
      while (!(await take())) {
        if (isOver(signal)) return undefined;
        await sleep(WAIT_MS, undefined, { signal }).catch(() => undefined);
      }
      try {
        return await work(take);
      } finally {
        await returnLease(db, name, holder, now());
      }
    },
  };
}

/** A function, because the compiler believes that what was false before an `await` is false after it. */
const isOver = (signal: AbortSignal): boolean => signal.aborted;
