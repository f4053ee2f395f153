import { variantKey, quantitiesByVariant, type VariantRef } from '../../connector/domain/variant-ref.ts';

/** One line as a client sends it; without a product it is free text. */
export interface Line {
  readonly productId: string;
  readonly variantId: string;
  readonly name: string;
  /** Hundredths, gross. */
  readonly price: number;
  readonly quantity: number;
}

/** What an OrderAdd says of an order. */
export interface Content {
  /** Goes into the buyer's remarks, so that no two contents are alike. */
  readonly number: number;
  readonly lines: readonly Line[];
  readonly deliveryPrice: number;
  readonly statusId: string | undefined;
  readonly paid: boolean | undefined;
}

/** How an order must stand in the shop, by what was acknowledged. */
export interface ExpectedOrder {
  readonly baselinkerId: string;
  readonly takesStock: boolean;
  /** As it was answered, and must be answered for ever. */
  id: string | undefined;
  content: Content;
  statusId: string;
  /** What the calls said last of status and payment. */
  askedStatus: string | undefined;
  askedPaid: boolean | undefined;
  /** Hundredths. */
  paid: number;
  readonly parcels: Set<string>;
  /** The first run of the connector in which no lost call about it can be under way any more. */
  restsUntil: number;
}

/**
 * One attempt to change shared stock. Its number of units is its own, so the audit tells which attempt came through.
 */
export interface ChangeAttempt {
  readonly pieces: number;
  readonly variants: readonly VariantRef[];
  /** Nothing is known of an attempt whose answer was lost, nor of one that was told of trouble with the database. */
  outcome: 'acknowledged' | 'lost' | 'troubled';
}

/** A variant that one client sets and nobody else touches. */
export interface OwnVariant extends VariantRef {
  /** Undefined until something was acknowledged. */
  quantity: number | undefined;
  restsUntil: number;
}

/** What the clients were told, and so what the shop must hold. */
export interface ExpectedState {
  readonly start: ReadonlyMap<string, number>;
  readonly shared: readonly VariantRef[];
  readonly own: readonly OwnVariant[];
  readonly orders: ExpectedOrder[];
  readonly changes: ChangeAttempt[];
}

export const STATUSES = { first: '1', usual: ['2', '4', '5', '6', '8'], cancelled: '9' } as const;

/** A call that says what the last one said changes nothing; otherwise only a new word about the status counts. */
export function acknowledgeAdd(order: ExpectedOrder, content: Content): void {
  if (order.id !== undefined && order.content.number === content.number) return;
  if (content.statusId !== undefined && content.statusId !== order.askedStatus) order.statusId = content.statusId;
  order.askedStatus = content.statusId ?? order.askedStatus;
  order.content = content;
  if (content.paid === true) order.paid = Math.max(order.paid, totalOf(content));
  else if (content.paid === false && order.askedPaid === true) order.paid = 0;
  order.askedPaid = content.paid ?? order.askedPaid;
}

export function acknowledgePayment(order: ExpectedOrder, isPaid: boolean): void {
  order.paid = isPaid ? Math.max(order.paid, totalOf(order.content)) : 0;
}

export function totalOf({ lines, deliveryPrice }: Content): number {
  return lines.reduce((sum, { price, quantity }) => sum + price * quantity, deliveryPrice);
}

/** The units that an order must hold: none when it is cancelled. */
export function heldBy({ takesStock, statusId, content }: ExpectedOrder): ReadonlyMap<string, number> {
  if (!takesStock || statusId === STATUSES.cancelled) return new Map();
  const linked = content.lines.filter(({ productId }) => productId !== '');
  return new Map([...quantitiesByVariant(linked).values()].map((units) => [variantKey(units), units.quantity]));
}
