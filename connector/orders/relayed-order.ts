import type { Knex } from 'knex';
import { numbersInBaseLinker } from '../db/order-references.ts';
import { piecesOf } from '../domain/articles.ts';
import type { Order } from '../domain/order.ts';
import type { Supply } from '../domain/supply.ts';
import type { RelayedOrder } from '../relay/target.ts';
import type { Shop } from '../shops/shop.ts';

export interface RelayedOrderParts {
  readonly db: Knex;
  readonly shop: Pick<Shop, 'orders' | 'dictionary' | 'supplies'>;
  /** The connection under whose name orders of BaseLinker are kept. */
  readonly connection: string;
  /** Names of the wholesalers that are switched on: of several that supply an article, the first one named gets it. */
  readonly wholesalers: readonly string[];
}

/**
 * The orders as parties are told about them, as they stand in the shop now; ascending by id. Those that are gone, and
 * drafts, are left out. A status that the shop's dictionary does not have goes by its id.
 */
export async function relayedOrders(
  { db, shop, connection, wholesalers }: RelayedOrderParts,
  ids: readonly string[],
): Promise<readonly RelayedOrder[]> {
  if (ids.length === 0) return [];
  const [orders, statuses, numbers] = await Promise.all([
    shop.orders(ids),
    shop.dictionary('statuses'),
    numbersInBaseLinker(db, connection, ids),
  ]);
  const supplies = await suppliesOf(shop, wholesalers, orders);
  const known = new Map(statuses.map((status) => [status.id, status]));
  return orders.map((order) => {
    const { name = '', meaning } = known.get(order.statusId) ?? {};
    return {
      order,
      status: { id: order.statusId, name: name || order.statusId, meaning },
      bornIn: numbers.get(order.id),
      supplies,
    };
  });
}

/** Of all of these orders together: each looks up its own articles. */
async function suppliesOf(
  shop: RelayedOrderParts['shop'],
  wholesalers: readonly string[],
  orders: readonly Order[],
): Promise<ReadonlyMap<string, Supply>> {
  if (wholesalers.length === 0) return NOBODY;
  const articles = orders.flatMap(({ lines }) => [...piecesOf(lines).values()]);
  const offers = await shop.supplies(articles);
  const chosen = new Map<string, Supply>();
  for (const [key, all] of offers) {
    const supply = wholesalers.flatMap((name) => all.find(({ wholesaler }) => wholesaler === name) ?? [])[0];
    if (supply) chosen.set(key, supply);
  }
  return chosen;
}

const NOBODY: ReadonlyMap<string, Supply> = new Map();
