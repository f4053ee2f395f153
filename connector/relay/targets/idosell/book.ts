import type { PartLine, PartState } from '../../../domain/supply.ts';

/** A part of an order as our books have it; see `connector/db/supply-parts.ts`. */
export interface BookedPart {
  readonly id: string;
  readonly wholesaler: string;
  readonly orderId: string;
  readonly attempt: number;
  readonly reference: string;
  readonly state: PartState;
  readonly content: string;
  readonly lines: readonly PartLine[];
  readonly note: string;
  readonly supplierOrderId: string;
  readonly supplierSerial: string;
  readonly lookups: number;
  readonly basketAt: Date | undefined;
  readonly sentAt: Date | undefined;
}

/** What becomes of a part. A time that is null is taken away. */
export interface PartChange {
  readonly state?: PartState;
  readonly content?: string;
  readonly lines?: readonly PartLine[];
  readonly note?: string;
  readonly alert?: boolean;
  readonly dispute?: string;
  readonly supplierOrderId?: string;
  readonly supplierSerial?: string;
  readonly courierId?: string;
  readonly trackingTemplate?: string;
  readonly symbol?: string;
  readonly lookups?: number;
  readonly basketAt?: Date | null;
  readonly sentAt?: Date | null;
  readonly placedAt?: Date | null;
  readonly askAt?: Date | null;
}

/** The durable memory of one wholesaler's target: every step is written down before the next one is taken. */
export interface SupplyBook {
  find(orderId: string): Promise<BookedPart | undefined>;
  /** Of every wholesaler, the newest attempt each. */
  ofOrder(orderId: string): Promise<readonly BookedPart[]>;
  /** Those that a person gave up before this one, the oldest first. */
  givenUp(part: BookedPart): Promise<readonly BookedPart[]>;
  open(part: Pick<BookedPart, 'orderId' | 'reference' | 'content' | 'lines'>): Promise<BookedPart>;
  /** The part whose lines may lie in the basket of the account. */
  inBasket(): Promise<BookedPart | undefined>;
  /** Gives the part as it is now. Throws when somebody else has gone on with it: then their word counts. */
  change(part: BookedPart, change: PartChange): Promise<BookedPart>;
}

/** One at a time works on an account, in whichever process: its basket is shared by all of its orders (P3). */
export interface AccountLock {
  /**
   * Waits for the account, and runs `work` while it is ours; undefined when it was not to be had before the signal spoke.
   * `renew` is false once the account may have gone to somebody else.
   */
  hold<T>(signal: AbortSignal, work: (renew: () => Promise<boolean>) => Promise<T>): Promise<T | undefined>;
}
