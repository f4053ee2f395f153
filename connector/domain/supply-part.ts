import type { Parcel } from './order.ts';
import type { PartLine, PartState, SupplyState } from './supply.ts';

/** What one wholesaler is to supply, or supplies, for one order. */
export interface SupplyPart {
  readonly id: string;
  readonly wholesaler: string;
  readonly orderId: string;
  /** More than 1 only when a person had it sent again. */
  readonly attempt: number;
  /** Ours, as the wholesaler is told it. */
  readonly reference: string;
  readonly state: PartState;
  /** Hash of what is ordered for whom. */
  readonly content: string;
  readonly lines: readonly PartLine[];
  /** A sentence for the operator, '' where all is well. */
  readonly note: string;
  /** A person must look. */
  readonly alert: boolean;
  /** What a person is to settle with the wholesaler, '' where nothing is; stays until they say that they have. */
  readonly dispute: string;
  readonly supplierOrderId: string;
  readonly supplierSerial: string;
  readonly courierId: string;
  /** Where that courier shows a parcel, with `{number}` in it; '' where the wholesaler did not say. */
  readonly trackingTemplate: string;
  /** The status as the wholesaler told it last. */
  readonly symbol: string;
  /** When the wholesaler says that the order changed. */
  readonly symbolAt: Date | undefined;
  /** How often it was looked for in vain. */
  readonly lookups: number;
  /** Since when its lines may lie in the basket of the account. */
  readonly basketAt: Date | undefined;
  /** When it was about to be ordered. */
  readonly sentAt: Date | undefined;
  readonly placedAt: Date | undefined;
  /** When its status is asked next; undefined = never again. */
  readonly pollAt: Date | undefined;
}

/** What may change about a part. A time that is null is taken away. */
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
  readonly symbolAt?: Date | null;
  readonly lookups?: number;
  readonly basketAt?: Date | null;
  readonly sentAt?: Date | null;
  readonly placedAt?: Date | null;
  readonly polledAt?: Date | null;
  readonly pollAt?: Date | null;
}

/** How a part stands now, by the remote system's word. */
export interface StatusUpdate {
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
  readonly pollAt: Date | undefined;
}
