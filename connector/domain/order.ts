/** What a status means to the shop, where it declares one. */
export type StatusMeaning = 'new' | 'paid' | 'shipped' | 'completed' | 'cancelled' | 'returned';

/** Percent, 0 to 100, or exempt from VAT. */
export type VatRate = number | 'exempt';

export interface Address {
  readonly fullname: string;
  readonly company: string;
  readonly address: string;
  readonly postcode: string;
  readonly city: string;
  readonly stateCode: string;
  readonly country: string;
  readonly countryCode: string;
}

export interface PickupPoint {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly postcode: string;
  readonly city: string;
}

export interface OrderLine {
  /** Undefined for a free-text line. */
  readonly productId: string | undefined;
  readonly variantId: string;
  readonly sku: string;
  readonly ean: string;
  readonly name: string;
  readonly quantity: number;
  /** Gross price of one piece as paid: decimal text. */
  readonly price: string;
  readonly vat: VatRate;
  /** Kilograms, one piece. */
  readonly weight: number;
  readonly location: string;
  readonly attributes: readonly { readonly name: string; readonly value: string; readonly price: string }[];
}

/** A discount (below zero) or a fee: gross decimal text. */
export interface Adjustment {
  readonly kind: 'discount' | 'fee';
  readonly name: string;
  readonly amount: string;
  readonly vat: VatRate;
}

export interface Parcel {
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly trackingUrl: string;
}

export interface Order {
  readonly id: string;
  /** The number shown to the buyer; the id where the shop has none. */
  readonly number: string;
  readonly placedAt: Date;
  readonly statusId: string;
  /** The shop's own id of the customer; undefined for a guest. */
  readonly customerId: string | undefined;
  readonly email: string;
  readonly phone: string;
  readonly delivery: Address;
  readonly invoice: Address & { readonly taxNumber: string };
  readonly wantsInvoice: boolean;
  readonly pickupPoint: PickupPoint;
  readonly deliveryMethod: { readonly id: string; readonly name: string; readonly price: string };
  readonly payment: {
    readonly methodId: string;
    readonly method: string;
    readonly cashOnDelivery: boolean;
    /** What was captured so far: decimal text. */
    readonly paidAmount: string;
    readonly paidAt: Date | undefined;
    readonly externalId: string;
    readonly operator: string;
  };
  readonly currency: string;
  /** The total as the shop states it: lines, adjustments and delivery; gross decimal text. */
  readonly total: string;
  readonly userComments: string;
  readonly adminComments: string;
  readonly extraFields: readonly [string, string];
  readonly transactionId: string;
  readonly lines: readonly OrderLine[];
  readonly adjustments: readonly Adjustment[];
  /** Oldest first. */
  readonly parcels: readonly Parcel[];
}
