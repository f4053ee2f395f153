import type { Log } from '../../lib/log.ts';
import type { Api } from './api.ts';
import type { WireAttribute } from './attributes.ts';
import { classifyResponse } from './classify-response.ts';
import type { WireOrder } from './order-mapping.ts';
import type { ExpertSenderSettings } from './settings.ts';
import { dataOf } from './remote-order.ts';

/** Keeps to the attributes that the panel has: what an unknown name does to an order is not documented (section 2.4). */
export interface AttributeLists {
  /** The orders with those attributes that are known. */
  onlyKnown(orders: readonly WireOrder[], signal: AbortSignal): Promise<readonly WireOrder[]>;
}

/** So soon is a new attribute of the panel noticed. */
const FRESH_MS = 60 * 60 * 1000;
/** So soon is a list asked for again that could not be had. */
const AGAIN_MS = 60 * 1000;

interface CachedList {
  readonly names: ReadonlySet<string>;
  readonly untilMs: number;
}

const NONE: ReadonlySet<string> = new Set();

interface ListDeps {
  readonly api: Api;
  readonly log: Log;
  readonly now: () => Date;
}

export function attributeLists(settings: ExpertSenderSettings, deps: ListDeps): AttributeLists {
  const orders = cachedList('orderattributes', [...settings.orderAttributes.keys()], deps);
  const products = cachedList('productattributes', [...settings.productAttributes.keys()], deps);
  return {
    async onlyKnown(list, signal) {
      const [ofOrders, ofProducts] = [await orders(signal), await products(signal)];
      return list.map((order) => (hasAttributes(order) ? withOnly(order, ofOrders, ofProducts) : order));
    },
  };
}

function cachedList(resource: string, wanted: readonly string[], { api, log, now }: ListDeps) {
  let cached: CachedList = { names: NONE, untilMs: -Infinity };
  return async (signal: AbortSignal): Promise<ReadonlySet<string>> => {
    if (wanted.length === 0 || now().getTime() < cached.untilMs) return cached.names;
    // Not a call of the delivery's line: a key without the right to read lists may still have the right to send orders.
    const response = classifyResponse(await api.call('GET', resource, signal), []);
    const names = response.kind === 'accepted' ? namesIn(response.text) : undefined;
    if (names) {
      const unknown = wanted.filter((name) => !names.has(name));
      if (unknown.length > 0)
        log.warn('attributes are not in the ExpertSender panel and are left out', { resource, unknown });
    } else {
      const reason =
        response.kind === 'failed'
          ? response.outcome.reason
          : response.kind === 'rejected'
            ? response.reason
            : 'not a list';
      log.warn('attributes of ExpertSender cannot be listed: those that were not known before are left out', {
        resource,
        reason,
      });
    }
    cached = { names: names ?? cached.names, untilMs: now().getTime() + (names ? FRESH_MS : AGAIN_MS) };
    return cached.names;
  };
}

function namesIn(text: string): ReadonlySet<string> | undefined {
  const data = dataOf(text);
  if (!Array.isArray(data)) return undefined;
  return new Set(data.flatMap((entry: unknown) => (hasName(entry) ? [entry.name] : [])));
}

function hasName(entry: unknown): entry is { readonly name: string } {
  return typeof entry === 'object' && entry !== null && 'name' in entry && typeof entry.name === 'string';
}

function hasAttributes({ orderAttributes, products }: WireOrder): boolean {
  return orderAttributes !== undefined || products.some(({ productAttributes }) => productAttributes !== undefined);
}

function withOnly(order: WireOrder, ofOrders: ReadonlySet<string>, ofProducts: ReadonlySet<string>): WireOrder {
  const { orderAttributes, products, ...rest } = order;
  const cached = known(orderAttributes, ofOrders);
  return {
    ...rest,
    products: products.map(({ productAttributes, ...product }) => {
      const own = known(productAttributes, ofProducts);
      return { ...product, ...(own.length > 0 && { productAttributes: own }) };
    }),
    ...(cached.length > 0 && { orderAttributes: cached }),
  };
}

function known(attributes: readonly WireAttribute[] = [], names: ReadonlySet<string>): readonly WireAttribute[] {
  return attributes.filter(({ name }) => names.has(name));
}
