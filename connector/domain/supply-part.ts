import type { Parcel } from './order.ts';
import type { PartLine, PartState, SupplyState } from './supply.ts';

/** What one wholesaler is to supply, or supplies, for one order. */
export interface SupplyPart {
  readonly id: string;
  readonly wholesaler: string;
  readonly orderId: string;
  /** More than 1 only when a person had it sent again. */
  readonly attempt: number;
  /** Our reference, as the wholesaler has it. */
  readonly reference: string;
  readonly state: PartState;
  /** Hash of what is ordered for whom. */
  readonly content: string;
  readonly lines: readonly PartLine[];
  /** A sentence for the operator, '' where all is well. */
  readonly note: string;
  /** A person must look. */
  readonly alert: boolean;
  /** What a person must resolve with the wholesaler, '' for nothing; stays until they mark it as resolved. */
  readonly dispute: string;
  readonly supplierOrderId: string;
  readonly supplierSerial: string;
  readonly courierId: string;
  /** The tracking address of that courier, with `{number}` in it; '' where the wholesaler gave none. */
  readonly trackingTemplate: string;
  /** The status symbol that the wholesaler reported last. */
  readonly symbol: string;
  /** When the order changed, by the wholesaler's own clock. */
  readonly symbolAt: Date | undefined;
  /** How often it was looked for in vain. */
  readonly lookups: number;
  /** Since when its lines may lie in the basket of the account. */
  readonly basketAt: Date | undefined;
  /** When it was about to be ordered. */
  readonly sentAt: Date | undefined;
  readonly placedAt: Date | undefined;
  /** When its status is polled next; undefined = never again. */
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
  /** All parcels that are known; earlier ones are never removed. */
  readonly parcels: readonly Parcel[];
  /** A sentence for the operator, '' where all is well; with `alert` a person must look. */
  readonly note: string;
  readonly alert: boolean;
  /** When to poll again; undefined = never. */
  readonly pollAt: Date | undefined;
}
