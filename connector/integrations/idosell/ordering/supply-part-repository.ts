import type { PartChange, SupplyPart } from '../../../domain/supply-part.ts';

/** The durable memory of one wholesaler's target: every step is written down before the next one is taken. */
export interface SupplyPartRepository {
  find(orderId: string): Promise<SupplyPart | undefined>;
  /** Of every wholesaler, the newest attempt each. */
  ofOrder(orderId: string): Promise<readonly SupplyPart[]>;
  /** Those that a person gave up before this one, the oldest first. */
  abandonedAttempts(part: SupplyPart): Promise<readonly SupplyPart[]>;
  open(part: Pick<SupplyPart, 'orderId' | 'reference' | 'content' | 'lines'>): Promise<SupplyPart>;
  /** The part whose lines may lie in the basket of the account. */
  basketOwner(): Promise<SupplyPart | undefined>;
  /** The lines of `owner` in the basket become those of `part`, which is given as it is then; both or none are changed. */
  handOver(owner: SupplyPart, part: SupplyPart, change: PartChange): Promise<SupplyPart>;
  /** Gives the part as it is now. Throws when somebody else has gone on with it: then their word counts. */
  change(part: SupplyPart, change: PartChange): Promise<SupplyPart>;
}

/** One at a time works on an account, in whichever process: its basket is shared by all of its orders (P3). */
export interface AccountLease {
  /**
   * Waits for the account, and runs `work` while it is ours; undefined when it was not to be had before the signal spoke.
   * `renew` is false once the account may have gone to somebody else.
   */
  withLease<T>(signal: AbortSignal, work: (renew: () => Promise<boolean>) => Promise<T>): Promise<T | undefined>;
}
