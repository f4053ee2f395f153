import type { Knex } from 'knex';
import { baselinkerIds } from '../../storage/order-references.ts';
import { quantitiesByVariant } from '../../domain/variant-ref.ts';
import type { Order } from '../../domain/order.ts';
import type { Supply } from '../../domain/supply.ts';
import { ttlCache } from '../../lib/ttl-cache.ts';
import type { RelayedOrder } from '../../contracts/target.ts';
import type { DictionaryEntry, Shop } from '../../contracts/shop.ts';

export interface RelayedOrderDeps {
  readonly db: Knex;
  readonly shop: Pick<Shop, 'orders' | 'dictionary' | 'supplies'>;
  /** The connection under whose name orders of BaseLinker are kept. */
  readonly connection: string;
  /** Names of the wholesalers that are switched on: of several that supply a variant, the first one named gets it. */
  readonly wholesalers: readonly string[];
}

/**
 * The orders as remote systems receive them, as they stand in the shop now; ascending by id. Those that are gone, and
 * drafts, are left out. A status that the shop's dictionary does not have goes by its id.
 */
export function relayedOrders(deps: RelayedOrderDeps, ids: readonly string[]): Promise<readonly RelayedOrder[]> {
  return readWith(deps, () => deps.shop.dictionary('statuses'), ids);
}

/** The same for frequent readers: the names and meanings of statuses are cached for a moment. */
export function relayedOrderReader(
  deps: RelayedOrderDeps,
  now: () => Date,
  statusTtlMs: number,
): (ids: readonly string[]) => Promise<readonly RelayedOrder[]> {
  const statuses = ttlCache(() => deps.shop.dictionary('statuses'), statusTtlMs, now);
  return (ids) => readWith(deps, statuses, ids);
}

async function readWith(
  { db, shop, connection, wholesalers }: RelayedOrderDeps,
  readStatuses: (serves: (statuses: readonly DictionaryEntry[]) => boolean) => Promise<readonly DictionaryEntry[]>,
  ids: readonly string[],
): Promise<readonly RelayedOrder[]> {
  if (ids.length === 0) return [];
  const [orders, numbers] = await Promise.all([shop.orders(ids), baselinkerIds(db, connection, ids)]);
  const statuses = await readStatuses((entries) => {
    const there = new Set(entries.map(({ id }) => id));
    return orders.every(({ statusId }) => there.has(statusId));
  });
  const supplies = await suppliesOf(shop, wholesalers, orders);
  const known = new Map(statuses.map((status) => [status.id, status]));
  return orders.map((order) => {
    const { name = '', meaning } = known.get(order.statusId) ?? {};
    return {
      order,
      status: { id: order.statusId, name: name || order.statusId, meaning },
      origin: numbers.get(order.id),
      supplies,
    };
  });
}

/** Of all of these orders together: each looks up its own variants. */
async function suppliesOf(
  shop: RelayedOrderDeps['shop'],
  wholesalers: readonly string[],
  orders: readonly Order[],
): Promise<ReadonlyMap<string, Supply>> {
  if (wholesalers.length === 0) return NOBODY;
  const variants = orders.flatMap(({ lines }) => [...quantitiesByVariant(lines).values()]);
  const offers = await shop.supplies(variants);
  const chosen = new Map<string, Supply>();
  for (const [key, all] of offers) {
    const supply = wholesalers.flatMap((name) => all.find(({ wholesaler }) => wholesaler === name) ?? [])[0];
    if (supply) chosen.set(key, supply);
  }
  return chosen;
}

const NOBODY: ReadonlyMap<string, Supply> = new Map();
