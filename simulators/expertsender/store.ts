import { isDeepStrictEqual } from 'node:util';
import type { Status } from './account.ts';
import type { WireCustomer, WireOrder } from './wire.ts';

/** An order as it stands here. */
export interface StoredOrder {
  readonly order: WireOrder;
  readonly status: Status | undefined;
  readonly customerId: number;
  readonly isDeleted: boolean;
}

/** One state that an order had, in the order in which they came. */
export interface OrderState extends StoredOrder {
  /** The number of the request that brought it. */
  readonly request: number;
  readonly by: string;
  /** It changed nothing: the same was there already. */
  readonly isDouble: boolean;
}

export interface Store {
  readonly orders: ReadonlyMap<string, StoredOrder>;
  history(orderId: string): readonly OrderState[];
  readonly doubles: readonly (OrderState & { readonly orderId: string })[];
  put(order: WireOrder, status: Status | undefined, by: { readonly request: number; readonly by: string }): void;
  setStatus(orderId: string, status: Status, request: number): void;
  remove(orderId: string, request: number): void;
  readonly customers: ReadonlyMap<number, WireCustomer>;
  findCustomer(key: CustomerKey): number | undefined;
  putCustomer(key: CustomerKey, customer: WireCustomer): void;
}

/** What tells a customer apart from others, in small letters. */
export type CustomerKey = string;

/** An order has one status, however it came: what stood in an order that was sent before it says nothing any more. */
function asKept({ order, ...kept }: StoredOrder) {
  return { ...kept, order: { ...order, status: undefined } };
}

/** Ids of orders are kept as they are written: large and small letters are different (E11). */
export function openStore(): Store {
  const orders = new Map<string, StoredOrder>();
  const histories = new Map<string, OrderState[]>();
  const doubles: (OrderState & { orderId: string })[] = [];
  const customers = new Map<number, WireCustomer>();
  const customerIds = new Map<CustomerKey, number>();

  const note = (orderId: string, next: StoredOrder, request: number, by: string): void => {
    const before = orders.get(orderId);
    const isDouble = before !== undefined && isDeepStrictEqual(asKept(before), asKept(next));
    orders.set(orderId, next);
    const state = { ...next, request, by, isDouble };
    histories.set(orderId, [...(histories.get(orderId) ?? []), state]);
    if (isDouble) doubles.push({ ...state, orderId });
  };
  const known = (orderId: string): StoredOrder => {
    const stored = orders.get(orderId);
    if (!stored) throw new Error(`order ${orderId} is asked for before anybody looked whether it is there`);
    return stored;
  };

  return {
    orders,
    history: (orderId) => histories.get(orderId) ?? [],
    doubles,
    put: (order, status, { request, by }) => {
      const { email, phone, crmId } = order.customer;
      const key = (email ?? crmId ?? phone ?? '').toLowerCase();
      const customerId = customerIds.get(key) ?? 90_000 + customerIds.size + 1;
      customerIds.set(key, customerId);
      note(order.id, { order, status, customerId, isDeleted: false }, request, by);
    },
    setStatus: (orderId, status, request) => note(orderId, { ...known(orderId), status }, request, 'PUT'),
    remove: (orderId, request) => note(orderId, { ...known(orderId), isDeleted: true }, request, 'DELETE'),
    customers,
    findCustomer: (key) => {
      const id = customerIds.get(key.toLowerCase());
      return id !== undefined && customers.has(id) ? id : undefined;
    },
    putCustomer: (key, customer) => {
      const small = key.toLowerCase();
      const id = customerIds.get(small) ?? 90_000 + customerIds.size + 1;
      customerIds.set(small, id);
      customers.set(id, { ...customers.get(id), ...customer });
    },
  };
}
