import type { Address, PickupPoint } from './order.ts';

/** An order as BaseLinker sends it: read, but not yet compared with the shop. Texts are '' where nothing was sent. */
export interface OrderDraft {
  readonly baselinkerId: string;
  /** The shop's order number that BaseLinker remembers from an earlier call. */
  readonly previousOrderId: string | undefined;
  readonly statusId: string | undefined;
  /** Undefined when the call does not mention payment. */
  readonly paid: boolean | undefined;
  /** Whether the shop is to take the ordered units out of its stock. */
  readonly takesStock: boolean;
  readonly placedAt: Date | undefined;
  readonly email: string;
  readonly phone: string;
  readonly delivery: Address;
  readonly invoice: Address & { readonly taxNumber: string };
  readonly wantsInvoice: boolean;
  readonly pickupPoint: PickupPoint;
  /** Price: gross, decimal text with two places. */
  readonly deliveryMethod: { readonly id: string; readonly name: string; readonly price: string };
  readonly payment: { readonly methodId: string; readonly method: string; readonly cashOnDelivery: boolean };
  readonly currency: string;
  readonly userComments: string;
  readonly transactionId: string;
  readonly marketplace: { readonly service: string; readonly account: string; readonly buyerLogin: string };
  readonly lines: readonly OrderDraftLine[];
}

export interface OrderDraftLine {
  /** '' for an offer that is linked to no product. */
  readonly productId: string;
  readonly variantId: string;
  readonly sku: string;
  readonly name: string;
  /**
   * Gross price of one piece, attribute differences included: decimal text with every place that was sent, and at least
   * two. Undefined for a line that was sent without a price, as gifts are.
   */
  readonly price: string | undefined;
  readonly quantity: number;
  readonly auctionId: string;
  readonly attributes: readonly { readonly name: string; readonly value: string; readonly price: string }[];
}
