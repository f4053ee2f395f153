import type { UnitOfWork } from '../db/unit-of-work.ts';
import type { Feature, GrossPrice } from './shop.ts';
import type { Address, OrderLine, Parcel, PickupPoint, VatRate } from '../domain/order.ts';

/** Our unit of work: what is written through it commits together or not at all. */
export type { UnitOfWork };

/** A product ('0') or one of its variants. */
export interface VariantRef {
  readonly productId: string;
  readonly variantId: string;
}

/** What an order line takes over from the shop. */
export interface VariantDetails extends VariantRef {
  readonly name: string;
  readonly sku: string;
  readonly ean: string;
  readonly vat: VatRate;
  /** Kilograms. */
  readonly weight: number;
  readonly location: string;
  /** Of a product ('0'): whether it has variants, which are what is sold. */
  readonly hasVariants: boolean;
  /** Units in stock, where the variant was read to be sold and the shop has locked it for that. */
  readonly stock: number | undefined;
}

/** Sets the stock, or adds to it; below zero takes away. */
export interface StockChange extends VariantRef {
  readonly operation: 'set' | 'change';
  readonly quantity: number;
}

/** A stored value before and after; rows that the shop does not have are left out of the answer. */
export interface ValueChange<Value> extends VariantRef {
  readonly before: Value;
  readonly after: Value;
}

export interface PriceChange extends VariantRef {
  /** Gross, decimal text with two places. */
  readonly price: string;
}

/** An order as it is to stand in the shop. Texts may be longer than the shop can hold: it cuts them and notes that. */
export interface LinkedOrderDraft {
  /** The system in which the order was created, and its number there. */
  readonly source: string;
  readonly sourceReference: string;
  readonly email: string;
  readonly phone: string;
  /** The phone number in E.164, '' when it is none. */
  readonly phoneE164: string;
  readonly delivery: Address;
  readonly invoice: Address & { readonly taxNumber: string };
  readonly wantsInvoice: boolean;
  readonly pickupPoint: PickupPoint;
  readonly deliveryMethod: { readonly id: string; readonly name: string; readonly price: string };
  readonly payment: { readonly methodId: string; readonly method: string; readonly cashOnDelivery: boolean };
  readonly currency: string;
  readonly total: string;
  readonly userComments: string;
  /** Sentences about what was odd in the order; they end up in the shop's own comments. */
  readonly notes: readonly string[];
  readonly transactionId: string;
  readonly marketplace: Marketplace;
  readonly lines: readonly LinkedOrderDraftLine[];
}

/** Where on a marketplace an order comes from. */
export interface Marketplace {
  readonly service: string;
  readonly account: string;
  readonly buyerLogin: string;
}

export interface LinkedOrderDraftLine extends OrderLine {
  /** Number of the offer on the marketplace. */
  readonly auctionId: string;
}

/** One thing to change about an order. */
export type OrderChange =
  | { readonly kind: 'status'; readonly statusId: string }
  | { readonly kind: 'payment'; readonly paid: boolean; readonly at: Date }
  | { readonly kind: 'parcel'; readonly parcel: Parcel };

/** What an order is at the moment; its row is locked until the unit of work ends. */
export interface LockedOrder {
  readonly id: string;
  readonly source: string;
  readonly statusId: string;
}

/** What an order line takes from stock; nothing without a product. */
export interface LockedLine {
  readonly productId: string | undefined;
  readonly variantId: string;
  readonly quantity: number;
}

/** A product card as BaseLinker sends it; what is undefined was not sent, and stays as it is. */
export interface NewProduct {
  readonly sku?: string;
  readonly ean?: string;
  readonly name?: string;
  readonly price?: string;
  readonly quantity?: number;
  readonly vat?: VatRate;
  readonly weight?: number;
  readonly height?: number;
  readonly length?: number;
  readonly width?: number;
  /** The long description and up to four more; undefined where one was not sent. */
  readonly descriptions: readonly (string | undefined)[];
  readonly manufacturer?: string;
  readonly categoryId?: string;
  /** URLs; they are not downloaded during the call. */
  readonly images?: readonly string[];
  readonly features?: readonly Feature[];
}

/**
 * The writing half of the contract. Everything happens within the unit of work that is handed in; a database error
 * rejects, and the whole unit is then rolled back.
 */
export interface ShopWriting {
  /**
   * The variants' details, in the order of `ids`, each once; unknown and removed variants are left out. With `toBeSold`
   * the rows may be locked at once and their stock included, which saves `changeStock` a query.
   */
  variantDetails(unit: UnitOfWork, ids: readonly VariantRef[], toBeSold?: boolean): Promise<readonly VariantDetails[]>;
  /**
   * Several changes of one variant are applied in the order given and reported as one, in the order of first mention.
   * Rows are locked in one fixed order: call this once a unit of work. What leaves the range of the shop's column stays
   * at its end. Removed variants are changed too, because orders may still give units back. `read` is what this unit of
   * work read with `toBeSold` and has not changed since.
   */
  changeStock(
    unit: UnitOfWork,
    changes: readonly StockChange[],
    read?: readonly VariantDetails[],
  ): Promise<readonly ValueChange<number>[]>;
  /** The last of several prices of one variant counts. An amount that the shop's column cannot hold rejects. */
  setPrices(unit: UnitOfWork, prices: readonly PriceChange[]): Promise<readonly ValueChange<GrossPrice>[]>;
  /**
   * Stores the order in this status of the shop, unpaid or fully paid, and returns its id. Undefined, with nothing
   * stored, when an order of that origin and number exists already. Does not touch stock: the use case does.
   */
  createOrder(
    unit: UnitOfWork,
    order: LinkedOrderDraft,
    statusId: string,
    at: Date,
    paidAt?: Date,
  ): Promise<string | undefined>;
  /**
   * Brings the locked order to this content: head and lines; not status, paid amount, parcels, source and time. Earlier
   * comments stay, new notes are added; adjustments go, because the new content has none.
   */
  replaceOrder(unit: UnitOfWork, id: string, order: LinkedOrderDraft): Promise<void>;
  /** The id of the order of that origin and number; undefined when there is none. Locks nothing. */
  findOrder(unit: UnitOfWork, source: string, sourceReference: string): Promise<string | undefined>;
  /** Undefined when there is no such order; a draft is none. */
  lockOrder(unit: UnitOfWork, id: string): Promise<LockedOrder | undefined>;
  /** The lines of a locked order, in their order; they are locked, too. */
  lockLines(unit: UnitOfWork, id: string): Promise<readonly LockedLine[]>;
  /**
   * On an order that is locked. True when something changed; the order's change time moves then, and only then. The same
   * parcel number is never stored twice; a parcel without a number is none.
   */
  updateOrder(unit: UnitOfWork, id: string, change: OrderChange): Promise<boolean>;
  /**
   * Creates a product, or changes the one of this id; undefined when there is no product of this id, or it was removed.
   * A category that is not there is none. Images come first as sent, and none is deleted; the values of a feature
   * replace those it had, an empty value takes it away.
   */
  saveProduct(
    unit: UnitOfWork,
    id: string | undefined,
    product: NewProduct,
  ): Promise<
    { readonly id: string; readonly stock?: ValueChange<number>; readonly price?: ValueChange<GrossPrice> } | undefined
  >;
  /** The first product of exactly this SKU that was not removed; none for ''. */
  productBySku(unit: UnitOfWork, sku: string): Promise<string | undefined>;
  /** The id of the category of this name below this parent, created when there is none; undefined without the parent. */
  saveCategory(unit: UnitOfWork, name: string, parentId: string | undefined): Promise<string | undefined>;
}
