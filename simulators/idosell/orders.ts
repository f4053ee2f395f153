import type { Profile, SupplyState } from '../../connector/integrations/idosell/client/profile.ts';
import type { Address, Payer } from './addresses.ts';
import type { Amount } from './amount.ts';
import type { BasketLine } from './baskets.ts';
import type { PaymentType } from './couriers.ts';

export interface Package {
  readonly courierId: string;
  readonly courierName: string;
  readonly packageNumber: string;
  readonly shippingNumber: string;
}

export interface NewOrder {
  readonly login: string;
  /** The request that placed it. */
  readonly request: number;
  readonly placedAt: Date;
  readonly lines: readonly BasketLine[];
  readonly courierId: string;
  readonly pickupPointId: string;
  readonly paymentType: PaymentType;
  /** '' where nothing is to be collected. */
  readonly cashOnDeliveryAmount: string;
  readonly currencyId: string;
  readonly addressId: string;
  readonly payer: Payer;
  readonly note: string;
  readonly externalReference: string;
  readonly noteToCourier: string;
  readonly invoice: string;
  readonly deliveryDate: string;
  readonly total: Amount;
  readonly deliveryCost: Amount;
}

export interface Order extends NewOrder {
  /** `login-N` */
  readonly orderId: string;
  /** Counted over the whole shop. */
  readonly serialNumber: string;
  /** The other side's word for it, '' where it has sent none. */
  readonly reference: string;
  address: Address;
  status: string;
  coarse: string;
  changedAt: Date;
  dispatchedAt: Date | undefined;
  packages: readonly Package[];
}

export interface Orders {
  readonly all: readonly Order[];
  place(order: NewOrder, address: Address): Order;
  /** Both must fit where both are given. */
  find(login: string, by: { readonly orderId: string; readonly serialNumber: string }): Order | undefined;
  /** For whoever runs the simulator: by its id or serial number. */
  get(id: string): Order;
  /** By reference; more than one means that something was ordered twice. */
  readonly byReference: ReadonlyMap<string, readonly Order[]>;
}

const FIRST_SERIAL = 40_211;

export function openOrders(profile: Profile): Orders {
  const all: Order[] = [];
  const byReference = new Map<string, Order[]>();
  return {
    all,
    byReference,
    place: (order, address) => {
      const number = all.filter(({ login }) => login === order.login).length + 1;
      const reference = referenceOf(order, profile);
      const placed: Order = {
        ...order,
        ...{ orderId: `${order.login}-${number}`, serialNumber: String(FIRST_SERIAL + all.length), reference, address },
        ...{ status: symbolOf(profile, 'submitted'), coarse: '', changedAt: order.placedAt },
        ...{ dispatchedAt: undefined, packages: [] },
      };
      all.push(placed);
      if (reference !== '') byReference.set(reference, [...(byReference.get(reference) ?? []), placed]);
      return placed;
    },
    find: (login, { orderId, serialNumber }) =>
      all.find(
        (order) =>
          order.login === login &&
          (orderId !== '' || serialNumber !== '') &&
          (orderId === '' || order.orderId === orderId) &&
          (serialNumber === '' || order.serialNumber === serialNumber),
      ),
    get: (id) => {
      const order = all.find(({ orderId, serialNumber }) => orderId === id || serialNumber === id);
      if (!order) throw new RangeError(`there is no order ${id}`);
      return order;
    },
  };
}

function referenceOf({ note, externalReference }: NewOrder, { referencePrefix }: Profile): string {
  const at = note.indexOf(referencePrefix);
  const [told = ''] = at < 0 ? [] : note.slice(at + referencePrefix.length).split(/\s/);
  return told === '' ? externalReference : told;
}

/** The profile's symbol for a state: one that alarms nobody, where there are several. */
export function symbolOf({ statusMap, alertStatuses }: Profile, state: SupplyState): string {
  const symbols = Object.entries(statusMap).flatMap(([symbol, means]) => (means === state ? [symbol] : []));
  return symbols.find((symbol) => !alertStatuses.includes(symbol)) ?? symbols[0] ?? state;
}

/** The coarse word for a state, '' where the profile has none. */
export function coarseOf({ coarseStatusMap }: Profile, state: SupplyState | 'keep'): string {
  return Object.entries(coarseStatusMap).find(([, means]) => means === state)?.[0] ?? '';
}
