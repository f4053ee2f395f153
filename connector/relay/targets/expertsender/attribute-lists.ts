import type { Log } from '../../../lib/log.ts';
import type { Api } from './api.ts';
import type { WireAttribute } from './attributes.ts';
import { judge } from './judge.ts';
import type { WireOrder } from './order.ts';
import type { ExpertSenderSettings } from './settings.ts';
import { dataOf } from './stored.ts';

/** Keeps to the attributes that the panel has: what an unknown name does to an order is not documented (section 2.4). */
export interface AttributeLists {
  /** The orders with those attributes that are known. */
  onlyKnown(orders: readonly WireOrder[], signal: AbortSignal): Promise<readonly WireOrder[]>;
}

/** So soon is a new attribute of the panel noticed. */
const FRESH_MS = 60 * 60 * 1000;
/** So soon is a list asked for again that could not be had. */
const AGAIN_MS = 60 * 1000;

interface Kept {
  readonly names: ReadonlySet<string>;
  readonly untilMs: number;
}

const NONE: ReadonlySet<string> = new Set();

interface Parts {
  readonly api: Api;
  readonly log: Log;
  readonly now: () => Date;
}

export function attributeLists(settings: ExpertSenderSettings, parts: Parts): AttributeLists {
  const orders = keptList('orderattributes', [...settings.orderAttributes.keys()], parts);
  const products = keptList('productattributes', [...settings.productAttributes.keys()], parts);
  return {
    async onlyKnown(list, signal) {
      const [ofOrders, ofProducts] = [await orders(signal), await products(signal)];
      return list.map((order) => (hasAttributes(order) ? withOnly(order, ofOrders, ofProducts) : order));
    },
  };
}

function keptList(resource: string, wanted: readonly string[], { api, log, now }: Parts) {
  let kept: Kept = { names: NONE, untilMs: -Infinity };
  return async (signal: AbortSignal): Promise<ReadonlySet<string>> => {
    if (wanted.length === 0 || now().getTime() < kept.untilMs) return kept.names;
    // Not a call of the delivery's line: a key without the right to read lists may still have the right to send orders.
    const verdict = judge(await api.call('GET', resource, signal), []);
    const names = verdict.kind === 'taken' ? namesIn(verdict.text) : undefined;
    if (names) {
      const unknown = wanted.filter((name) => !names.has(name));
      if (unknown.length > 0)
        log.warn('attributes are not in the ExpertSender panel and are left out', { resource, unknown });
    } else {
      const reason =
        verdict.kind === 'trouble' ? verdict.outcome.reason : verdict.kind === 'no' ? verdict.reason : 'not a list';
      log.warn('attributes of ExpertSender cannot be listed: those that were not known before are left out', {
        resource,
        reason,
      });
    }
    kept = { names: names ?? kept.names, untilMs: now().getTime() + (names ? FRESH_MS : AGAIN_MS) };
    return kept.names;
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
  const kept = known(orderAttributes, ofOrders);
  return {
    ...rest,
    products: products.map(({ productAttributes, ...product }) => {
      const own = known(productAttributes, ofProducts);
      return { ...product, ...(own.length > 0 && { productAttributes: own }) };
    }),
    ...(kept.length > 0 && { orderAttributes: kept }),
  };
}

function known(attributes: readonly WireAttribute[] = [], names: ReadonlySet<string>): readonly WireAttribute[] {
  return attributes.filter(({ name }) => names.has(name));
}
