import type { Order, StatusMeaning } from '../domain/order.ts';
import type { Supply } from '../domain/supply.ts';

/**
 * An order as remote systems receive it: as it stands in the shop at the moment of delivery, its newest state only.
 */
export interface RelayedOrder {
  readonly order: Order;
  readonly status: { readonly id: string; readonly name: string; readonly meaning: StatusMeaning | undefined };
  /** The order's id at BaseLinker's connection, where it was created there; undefined for the shop's own orders. */
  readonly origin: string | undefined;
  /** Which wholesaler supplies which of its variants, by `variantKey`; empty where no wholesaler is switched on. */
  readonly supplies: ReadonlyMap<string, Supply>;
}

/** One order that is due at one target. */
export interface Delivery<Mapped = unknown> extends RelayedOrder {
  /**
   * The digest that the target returned when it last delivered this order. '' when it never did, and also when a later
   * request without a response may have delivered something else: then everything must be sent. Opaque to others.
   */
  readonly lastDigest: string;
  /** Tries since the order last became due, this one included. */
  readonly attempt: number;
  /** What the target's `map` gave for it; undefined where it was not needed before the delivery. */
  readonly mapped?: Mapped;
}

/** What became of one delivery. A target returns it; it throws only when our own code is wrong. */
export type Outcome = What & {
  /**
   * The state of the remote system, where it does not follow from `kind`. `retry` and `halted` count as its failure,
   * unless it is `well` and only this order must wait; an outcome that needed no request is `unheard`.
   */
  readonly remote?: 'well' | 'unheard';
};

type What =
  /** The remote system has it. `memo` is stored for the next delivery and compared by the change scan. */
  | { readonly kind: 'delivered'; readonly reference: string; readonly memo: string }
  /** Not now: a network error, a failure on their side, or a request to come back later. */
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs?: number }
  /** This order never, as it is: a person must look. */
  | { readonly kind: 'refused'; readonly reason: string }
  /**
   * No request would succeed (for example an invalid key): the target is suspended until an operator or time changes
   * it.
   */
  | { readonly kind: 'halted'; readonly reason: string };

/** One remote system that orders are passed on to. */
export interface Target<Mapped = unknown> {
  /** Stored in every outbox row: never renamed. */
  readonly name: string;
  /** Deliveries that one call takes at most. */
  readonly batchSize: number;
  /** Calls under way at the same time, at most. */
  readonly concurrency: number;
  /** The longest that one call may take, where that is more than the relay's own timeout; milliseconds. */
  readonly timeoutMs?: number;
  /**
   * Whether this remote system should receive the order at all, or, with `wasDelivered`, its later changes; pure.
   */
  wants(order: RelayedOrder, wasDelivered: boolean): boolean;
  /** The digest that a delivery of this state would leave: when it equals the last one, nothing is sent; pure. */
  digest(order: RelayedOrder): string;
  /**
   * The same together with the order as the remote system reads it, where making both costs as much as making one: it
   * is carried along, so that an order is mapped once for the comparison and the delivery; pure.
   */
  map?(order: RelayedOrder): { readonly digest: string; readonly mapped: Mapped };
  /** One outcome for each delivery, in their order. Must end when the signal aborts. */
  deliver(deliveries: readonly Delivery<Mapped>[], signal: AbortSignal): Promise<readonly Outcome[]>;
}
