import type { StatusUpdate, SupplyPart } from '../domain/supply-part.ts';

/** What came in from outside, as it came. */
export interface RawMessage {
  readonly contentType: string;
  readonly body: Buffer;
}

/** A part of an order as a source asks about it. */
export type TrackedPart = Pick<
  SupplyPart,
  | ('id' | 'orderId' | 'reference' | 'state' | 'symbol' | 'symbolAt' | 'placedAt')
  | ('supplierOrderId' | 'supplierSerial' | 'courierId' | 'trackingTemplate')
>;

/** Of which order a notification speaks, by whatever names it; '' where it does not say. */
export interface PartNotice {
  readonly supplierOrderId: string;
  readonly supplierSerial: string;
  readonly reference: string;
}

/** What came of a question; trouble says nothing of the parts. */
export type PollResult =
  | { readonly kind: 'updates'; readonly updates: readonly StatusUpdate[] }
  | { readonly kind: 'error'; readonly reason: string; readonly afterMs: number };

/** One remote system that tells what became of orders: it calls us, and we ask it. */
export interface ShipmentTracker {
  /** Stored with everything that it says: never renamed. */
  readonly name: string;
  /** Its name among the wholesalers. */
  readonly wholesaler: string;
  /** So many parts one question takes. */
  readonly batchSize: number;
  /** The shop's status of an order that was sent as a whole: an id, `auto` by meaning, or `none`. */
  readonly shippedStatus: string;
  poll(parts: readonly TrackedPart[], signal: AbortSignal): Promise<PollResult>;
  readonly webhook: {
    readonly allowsGet: boolean;
    readonly maxBytes: number;
    /** Pure. Undefined for a body from which nothing can be read. */
    read(message: RawMessage): PartNotice | undefined;
    /** What a notification says of this part, where its word is enough; undefined where it only makes us ask. */
    trustedUpdate(message: RawMessage, part: TrackedPart, now: Date): StatusUpdate | undefined;
  };
}
