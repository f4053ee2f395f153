import type { Parcel } from '../domain/order.ts';
import type { PartState, SupplyState } from '../domain/supply.ts';

/** What came in from outside, as it came. */
export interface RawDelivery {
  readonly contentType: string;
  readonly body: Buffer;
}

/** A part of an order as a source asks about it. */
export interface AskedPart {
  readonly id: string;
  readonly orderId: string;
  readonly reference: string;
  readonly state: PartState;
  readonly symbol: string;
  readonly symbolAt: Date | undefined;
  readonly supplierOrderId: string;
  readonly supplierSerial: string;
  readonly placedAt: Date | undefined;
  readonly courierId: string;
  /** Where that courier shows a parcel, as the party said when the courier was chosen. */
  readonly trackingTemplate: string;
}

/** Of which order a notification speaks, by whatever names it; '' where it does not say. */
export interface Notice {
  readonly supplierOrderId: string;
  readonly supplierSerial: string;
  readonly reference: string;
}

/** How a part stands now, by the party's word. */
export interface PartNews {
  readonly partId: string;
  /** Undefined: as it was. */
  readonly state: SupplyState | undefined;
  readonly symbol: string;
  readonly symbolAt: Date | undefined;
  /** The whole set that is known of; earlier ones are never taken away. */
  readonly parcels: readonly Parcel[];
  /** A sentence for the operator, '' where all is well; with `alert` a person must look. */
  readonly note: string;
  readonly alert: boolean;
  /** When to ask again; undefined = never. */
  readonly askAt: Date | undefined;
}

/** What came of a question; trouble says nothing of the parts. */
export type Asked =
  | { readonly kind: 'told'; readonly news: readonly PartNews[] }
  | { readonly kind: 'trouble'; readonly reason: string; readonly afterMs: number };

/** One party that tells what became of orders: it calls us, and we ask it. */
export interface Source {
  /** Stored with everything that it says: never renamed. */
  readonly name: string;
  /** Its name among the wholesalers. */
  readonly wholesaler: string;
  /** So many parts one question takes. */
  readonly batchSize: number;
  /** The shop's status of an order that was sent as a whole: an id, `auto` by meaning, or `none`. */
  readonly shippedStatus: string;
  ask(parts: readonly AskedPart[], signal: AbortSignal): Promise<Asked>;
  readonly webhook: {
    readonly allowsGet: boolean;
    readonly mostBytes: number;
    /** Pure. Undefined for a body from which nothing can be read. */
    read(delivery: RawDelivery): Notice | undefined;
    /** What a notification says of this part, where its word is enough; undefined where it only makes us ask. */
    believe(delivery: RawDelivery, part: AskedPart, now: Date): PartNews | undefined;
  };
}
