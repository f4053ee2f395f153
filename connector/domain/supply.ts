/** Where a variant of the shop can be ordered. */
export interface Supply {
  /** Name of the wholesaler's profile. */
  readonly wholesaler: string;
  /** The variant's code there. */
  readonly code: string;
  readonly codeType: string;
}

/** One line of what a wholesaler is to supply for an order. */
export interface PartLine {
  readonly productId: string;
  readonly variantId: string;
  readonly code: string;
  readonly codeType: string;
  readonly quantity: number;
}

/** Where an order stands at a wholesaler, by the wholesaler's own word (docs/protocol/idosell.md section 7); never renamed. */
export const SUPPLY_STATES = [
  'submitted',
  'awaiting_supplier_payment',
  'backordered',
  'scheduled',
  'on_hold',
  'processing',
  'packed',
  'ready_to_ship',
  'shipped',
  'cancelled',
  'returned',
] as const;

export type SupplyState = (typeof SUPPLY_STATES)[number];

/**
 * Steps on the way to an order (5.5), and why it came no further; never renamed. From `sending` on the order may exist;
 * `unknown` is what only a person can decide, and `given_up` what a person has decided to send anew.
 */
type OrderingState =
  | 'draft'
  | 'verified'
  | 'importing'
  | 'basketed'
  | 'sending'
  | 'unknown'
  | 'out_of_stock'
  | 'no_courier'
  | 'basket_blocked'
  | 'rejected'
  | 'given_up';

/** Where the part of an order that one wholesaler supplies stands. */
export type PartState = OrderingState | SupplyState;

/** The wholesaler has confirmed that it has the order. */
export function isOrdered(state: PartState): state is SupplyState {
  return (SUPPLY_STATES as readonly string[]).includes(state);
}

/** The wholesaler may have the order. */
export function mayBeOrdered(state: PartState): boolean {
  return state === 'sending' || state === 'unknown' || isOrdered(state);
}
