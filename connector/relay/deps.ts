import type { Knex } from 'knex';
import type { Log } from '../lib/log.ts';
import type { Outcome, RelayedOrder, Target } from '../contracts/target.ts';

/** What the relay is made of. */
export interface RelayDeps {
  readonly db: Knex;
  readonly targets: readonly Target[];
  /** The orders as they stand in the shop now; those that are gone are left out. */
  readonly readOrders: (ids: readonly string[]) => Promise<readonly RelayedOrder[]>;
  /** Names this run of this process; another run has another name. */
  readonly owner: string;
  readonly now: () => Date;
  readonly random: () => number;
  readonly log: Log;
  /** What cannot be delivered for so many days is dead-lettered. */
  readonly giveUpDays: number;
  /** Called for every delivery, once its outcome is known; must neither throw nor wait. */
  readonly onDelivery: (record: DeliveryRecord) => void;
  /** Called for every round that failed, for example without a database. */
  readonly onRoundFailed?: (target: string) => void;
  readonly timing?: Partial<Timing>;
}

export interface DeliveryRecord {
  readonly at: Date;
  readonly target: string;
  readonly orderId: string;
  readonly result: Outcome['kind'];
  /** The remote system's reference, or its reason; without personal data. */
  readonly detail: string;
  readonly attempt: number;
  readonly ms: number;
  /** As in the log. */
  readonly deliveryId: string;
}

export interface Timing {
  /** The longest that a call may take. */
  readonly timeoutMs: number;
  /** How often an idle target looks whether something is due. */
  readonly pollMs: number;
  /** How long a stop waits for what is under way. */
  readonly stopMs: number;
}

export const TIMING: Timing = {
  timeoutMs: 30_000,
  pollMs: 1000,
  stopMs: 8000, // less than the 10 s that the process has, so that leases can still be returned
};

/** Twice the longest call: a slow one keeps its lease, and there is time to write down what became of it. */
export function leaseMs({ timeoutMs }: Timing): number {
  return 2 * timeoutMs;
}
