import { z } from 'zod';
import type { Profile } from '../../connector/integrations/idosell/client/profile.ts';
import { openAccounts, type Account, type Block } from './accounts.ts';
import { openAddressBook } from './addresses.ts';
import { amountOf } from './amount.ts';
import { USUAL_HABITS, type Habits } from './answer.ts';
import { openBaskets } from './baskets.ts';
import { USUAL_COURIERS, type Courier } from './couriers.ts';
import { coarseOf, openOrders, symbolOf, type Order } from './orders.ts';
import type { Shop, Supplier } from './shop.ts';
import { openStock, type ProductInput } from './stock.ts';
import { USUAL_SUPPLIER } from './supplier.ts';
import { callWebhook, loopback, Way, type WebhookCall } from './webhook.ts';

export interface ShopOptions {
  /** The very profile that the other side has. */
  readonly profile: Profile;
  /** Of the account that the profile names. */
  readonly password: string;
  readonly dropshippingKey: string;
  readonly minimumOrder?: string;
  readonly notSold?: readonly string[];
  /** Further accounts. */
  readonly accounts?: readonly Account[];
  readonly products?: readonly ProductInput[];
  readonly couriers?: readonly Courier[];
  readonly supplier?: Supplier;
  readonly habits?: Partial<Habits>;
  /** As the profile says, without it. */
  readonly singleSession?: boolean;
  readonly now?: () => Date;
  /** Where it tells that an order was sent; only on the loopback. */
  readonly webhook?: string;
}

/** Sent, or partly: what is told of it, and in which way. */
export const Dispatch = z.strictObject({
  courierId: z.string().optional(),
  numbers: z.array(z.string()).default([]),
  /** Of the consignments, in the order of the parcels. */
  shippingNumbers: z.array(z.string()).default([]),
  /** The profile's symbol for shipped, without it. */
  status: z.string().optional(),
  /** Whether the webhook is called. */
  notify: z.boolean().default(true),
  ...Way.shape,
});

export type DispatchInput = z.input<typeof Dispatch>;

/** What people at the wholesaler do. */
export interface Staff {
  dispatch(orderId: string, how?: DispatchInput): Promise<readonly WebhookCall[]>;
  setStatus(orderId: string, status: string, coarse?: string): void;
  /** Tells of an order as it is. */
  notify(orderId: string, way?: z.input<typeof Way>): Promise<readonly WebhookCall[]>;
  readonly webhookCalls: readonly WebhookCall[];
  setWebhook(url: string | undefined): void;
  block(login: string, block: Block | undefined): void;
  /** The account's owner fills the basket at the storefront; the code is any of the product's. */
  fillBasket(login: string, code: string, quantity: string): void;
}

export function openShop(options: ShopOptions): Shop {
  const { profile, password, dropshippingKey, now = () => new Date() } = options;
  const { minimumOrder, notSold, singleSession = profile.singleSession } = options;
  const own: Account = {
    ...{ login: profile.login, password, dropshippingKey },
    ...(minimumOrder === undefined ? {} : { minimumOrder }),
    ...(notSold === undefined ? {} : { notSold }),
  };
  const rules = { timeZone: profile.timeZone, ttlSeconds: profile.sessionTtlSeconds, singleSession, now };
  return {
    ...{ profile, now },
    habits: { ...USUAL_HABITS, ...options.habits },
    accounts: openAccounts([own, ...(options.accounts ?? [])], rules),
    stock: openStock(options.products ?? []),
    baskets: openBaskets(profile.basketScope),
    couriers: options.couriers ?? USUAL_COURIERS,
    orders: openOrders(profile),
    addresses: openAddressBook(),
    supplier: options.supplier ?? USUAL_SUPPLIER,
  };
}

export function openStaff(shop: Shop, firstUrl: string | undefined): Staff {
  const { profile, now } = shop;
  const calls: WebhookCall[] = [];
  let webhook = firstUrl === undefined ? undefined : loopback(firstUrl).href;

  const notify = async (orderId: string, input: z.input<typeof Way> = {}) => {
    const way = Way.parse(input);
    const order = shop.orders.get(orderId);
    const made: WebhookCall[] = [];
    for (let time = 0; webhook !== undefined && time < way.times; time += 1) {
      made.push(await callWebhook(webhook, { order, way, profile, now }));
    }
    calls.push(...made);
    return made;
  };
  const setStatus = (orderId: string, status: string, coarse?: string) => {
    const order = shop.orders.get(orderId);
    order.status = status;
    order.changedAt = now();
    if (coarse !== undefined) order.coarse = coarse;
  };
  return {
    dispatch: async (orderId, input = {}) => {
      const { courierId, numbers, shippingNumbers, status, notify: tells, ...way } = Dispatch.parse(input);
      const order = shop.orders.get(orderId);
      addPackages(order, shop.couriers, { courierId: courierId ?? order.courierId, numbers, shippingNumbers });
      order.dispatchedAt = now();
      setStatus(orderId, status ?? symbolOf(profile, 'shipped'), coarseOf(profile, 'shipped'));
      return tells ? notify(orderId, way) : [];
    },
    setStatus,
    notify,
    webhookCalls: calls,
    setWebhook: (url) => void (webhook = url === undefined ? undefined : loopback(url).href),
    block: (login, block) => shop.accounts.block(login, block),
    fillBasket: (login, code, quantity) => {
      const product = shop.stock.products.find(({ codes }) => [...codes.values()].includes(code));
      if (!product) throw new RangeError(`nobody sells ${code}`);
      const codeType = [...product.codes].find(([, one]) => one === code)?.[0] ?? 'internal';
      const line = { product, code, codeType, quantity: amountOf(quantity), comment: '', by: 'storefront' } as const;
      shop.baskets.fill(login, line);
    },
  };
}

function addPackages(
  order: Order,
  couriers: readonly Courier[],
  parcels: {
    readonly courierId: string;
    readonly numbers: readonly string[];
    readonly shippingNumbers: readonly string[];
  },
): void {
  const { courierId, numbers, shippingNumbers } = parcels;
  const courierName = couriers.find(({ id }) => id === courierId)?.name ?? '';
  const count = Math.max(numbers.length, shippingNumbers.length);
  const added = Array.from({ length: count }, (_, index) => ({
    ...{ courierId, courierName },
    packageNumber: numbers[index] ?? '',
    shippingNumber: shippingNumbers[index] ?? '',
  }));
  order.packages = [...order.packages, ...added];
}
