import type { FaultClass } from './profile.ts';

/** What kind of trouble a call had. `lost`, `busy` and `server` say nothing about the request itself; never renamed. */
export type CallErrorClass = Exclude<FaultClass, 'done' | 'empty'> | 'lost' | 'busy' | 'server' | 'not-supported';

/** A call that did not give what was asked. */
export interface CallError {
  readonly kind: 'error';
  readonly class: CallErrorClass;
  /** For the operator; without secrets and personal data. */
  readonly reason: string;
  /**
   * True when the remote system may have carried the call out all the same: nothing was heard, or nothing that is
   * understood.
   */
  readonly mayHaveHappened: boolean;
  readonly retryAfterMs?: number;
  /** Lines of the basket that were refused, where the answer says so. */
  readonly lines?: readonly LineAnswer[];
}

export type Result<Value> = { readonly kind: 'done'; readonly value: Value } | CallError;

/** One line of a basket. `codeType` is internal, producer or external. */
export interface BasketLine {
  readonly code: string;
  readonly codeType: string;
  /** Decimal text above 0: stock may be fractional there. */
  readonly quantity: string;
  readonly comment?: string;
}

export interface LineAnswer {
  readonly code: string;
  readonly codeType: string;
  /** Undefined where the answer does not say. */
  readonly available: boolean | undefined;
  /** What was accepted into the basket, or what can be had: decimal text; undefined where not told or -1 ("ask"). */
  readonly quantity: string | undefined;
  readonly fault: FaultClass;
  readonly faultString: string;
}

/** `unknown` when the answer has a shape that nothing is known of: that is never "available" (4.2). */
export interface Availability {
  readonly verdict: 'available' | 'missing' | 'unknown';
  readonly lines: readonly LineAnswer[];
}

/** What the basket holds after an import, as far as the answer says. */
export interface Basket {
  /** The overall word, '' where none is said. */
  readonly status: string;
  /** Undefined when the answer lists no lines. */
  readonly lines: readonly LineAnswer[] | undefined;
}

export interface Courier {
  readonly id: string;
  readonly name: string;
  /** Undefined where the answer does not say. */
  readonly hasPickupPoints: boolean | undefined;
  /** In our words; empty where the answer does not say. */
  readonly paymentTypes: readonly PaymentType[];
  readonly trackingUrlTemplate: string;
  /** Gross decimal text; undefined where the answer does not say. */
  readonly deliveryCost: string | undefined;
}

export type PaymentType = 'prepaid' | 'cashOnDelivery' | 'tradeCredit';

/** A consumer, or for `nip` the reseller. Texts are '' where there is nothing. */
export interface WireAddress {
  readonly firstName: string;
  readonly lastName: string;
  readonly firm: string;
  readonly street: string;
  readonly zipCode: string;
  readonly city: string;
  /** ISO 3166-1 alpha-2. */
  readonly countryId: string;
  readonly phone: string;
  readonly email: string;
}

export interface PlaceRequest {
  readonly reference: string;
  readonly courierId: string;
  readonly pickupPointId: string;
  readonly paymentType: PaymentType;
  /** Of a COD order: what is collected from the consumer, decimal text. */
  readonly cashOnDelivery: { readonly amount: string; readonly currency: string } | undefined;
  readonly address: WireAddress;
  readonly noteToCourier: string;
}

export interface PlacedOrder {
  /** Both as text; '' where the answer lacks one. Never both. */
  readonly orderId: string;
  readonly orderSerialNumber: string;
  readonly status: string;
  /** Lines that the order was made without, where the answer names any (P2): for the operator. */
  readonly refusedLines?: readonly LineAnswer[];
}

export interface StatusQuery {
  readonly orders?: readonly { readonly orderId: string; readonly orderSerialNumber: string }[];
  /** A range of shop time instead of orders. */
  readonly between?: { readonly begin: Date; readonly end: Date };
}

export interface OrderStatus {
  readonly orderId: string;
  readonly orderSerialNumber: string;
  /** The symbol as told, after `statusIds`. */
  readonly symbol: string;
  /** The coarse state in the supplier's system, '' where it is not told. */
  readonly coarse: string;
  /** Our reference, without its prefix; '' where it is not told. */
  readonly reference: string;
  readonly changedAt: Date | undefined;
  readonly dispatchedAt: Date | undefined;
  readonly packages: readonly Package[];
  /** 'done', or why this order could not be told. */
  readonly fault: FaultClass;
  readonly faultString: string;
}

export interface Package {
  readonly courierId: string;
  readonly courierName: string;
  /** The parcel number, or the consignment number where that is missing; '' where neither is told. */
  readonly number: string;
  readonly trackingUrl: string;
}

export interface AddressRecord extends WireAddress {
  readonly id: string;
}

export interface SupplierData {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly street: string;
  readonly zipCode: string;
  readonly city: string;
  /** As told: `2 days`; '' where it is not. */
  readonly averageDeliveryTime: string;
  readonly orderCompletionTime: string;
  readonly workDays: readonly {
    readonly day: string;
    readonly type: string;
    readonly from: string;
    readonly to: string;
  }[];
}

/**
 * One account at one wholesaler. Every function sends at most one call of its kind (and a login before it where one is
 * needed), in the pace of the profile; it resolves with a Trouble instead of rejecting, and rejects only for a fault of
 * our own. A read or a basket operation whose session was refused is repeated once with a new session (3.4).
 */
export interface IdoSell {
  checkAvailability(lines: readonly BasketLine[], signal: AbortSignal): Promise<Result<Availability>>;
  /** `mode` is sent only where the profile says that it is understood. */
  importBasket(lines: readonly BasketLine[], mode: 'replace' | 'append', signal: AbortSignal): Promise<Result<Basket>>;
  clearBasket(signal: AbortSignal): Promise<Result<undefined>>;
  listCouriers(countryId: string, signal: AbortSignal): Promise<Result<readonly Courier[]>>;
  listCouriersForOrder(
    wanted: { readonly address: WireAddress; readonly paymentType: PaymentType },
    signal: AbortSignal,
  ): Promise<Result<readonly Courier[]>>;
  /** Never sent twice, but after a fault that says for certain that the session was refused (3.4). */
  placeOrder(request: PlaceRequest, signal: AbortSignal): Promise<Result<PlacedOrder>>;
  /** At most `maxElements` orders. */
  getOrderStatuses(query: StatusQuery, signal: AbortSignal): Promise<Result<readonly OrderStatus[]>>;
  cancelOrder(
    order: { readonly orderId: string; readonly orderSerialNumber: string },
    signal: AbortSignal,
  ): Promise<Result<undefined>>;
  getAddresses(ids: readonly string[], signal: AbortSignal): Promise<Result<readonly AddressRecord[]>>;
  updateAddress(id: string, changes: Partial<WireAddress>, signal: AbortSignal): Promise<Result<undefined>>;
  getSupplierData(signal: AbortSignal): Promise<Result<SupplierData>>;
  /**
   * Makes sure of a session that lasts this long yet, so that it does not end between basket and order (P16). True when
   * it is a new one: a basket that belongs to the session is then empty.
   */
  ensureSession(lastsMs: number, signal: AbortSignal): Promise<Result<{ readonly isNew: boolean }>>;
  /** Forgets the session: the next call logs in. */
  dropSession(): void;
}
