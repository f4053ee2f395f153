import type { StatusUpdate, SupplyPart } from '../domain/supply-part.ts';

/** What came in from outside, as it came. */
export interface RawMessage {
  readonly contentType: string;
  readonly body: Buffer;
}

/** The fields of a supply part that a tracker needs. */
export type TrackedPart = Pick<
  SupplyPart,
  | ('id' | 'orderId' | 'reference' | 'state' | 'symbol' | 'symbolAt' | 'placedAt')
  | ('supplierOrderId' | 'supplierSerial' | 'courierId' | 'trackingTemplate')
>;

/** The order that a notification is about, by each identifier it may carry; '' where it carries none. */
export interface PartNotice {
  readonly supplierOrderId: string;
  readonly supplierSerial: string;
  readonly reference: string;
}

/** The result of one poll; after a failure nothing is known about the parts. */
export type PollResult =
  | { readonly kind: 'updates'; readonly updates: readonly StatusUpdate[] }
  | { readonly kind: 'error'; readonly reason: string; readonly afterMs: number };

/** One remote system that reports what became of orders: by notifications to us, or when we poll it. */
export interface ShipmentTracker {
  /** Stored with every message of this system: never renamed. */
  readonly name: string;
  /** Its name among the wholesalers. */
  readonly wholesaler: string;
  /** So many parts one question takes. */
  readonly batchSize: number;
  /** The shop's status once everything of an order was shipped: an id, `auto` by meaning, or `none`. */
  readonly shippedStatus: string;
  poll(parts: readonly TrackedPart[], signal: AbortSignal): Promise<PollResult>;
  readonly webhook: {
    readonly allowsGet: boolean;
    readonly maxBytes: number;
    /** Pure. Undefined for a body from which nothing can be read. */
    read(message: RawMessage): PartNotice | undefined;
    /**
     * The status update in a notification, where its content can be trusted; undefined where it only triggers a poll.
     */
    trustedUpdate(message: RawMessage, part: TrackedPart, now: Date): StatusUpdate | undefined;
  };
}
