import type { Knex } from 'knex';
import { numbersInBaseLinker } from '../db/order-references.ts';
import type { RelayedOrder } from '../relay/target.ts';
import type { Shop } from '../shops/shop.ts';

export interface RelayedOrderParts {
  readonly db: Knex;
  readonly shop: Pick<Shop, 'orders' | 'dictionary'>;
  /** The connection under whose name orders of BaseLinker are kept. */
  readonly connection: string;
}

/**
 * The orders as parties are told about them, as they stand in the shop now; ascending by id. Those that are gone, and
 * drafts, are left out. A status that the shop's dictionary does not have goes by its id.
 */
export async function relayedOrders(
  { db, shop, connection }: RelayedOrderParts,
  ids: readonly string[],
): Promise<readonly RelayedOrder[]> {
  if (ids.length === 0) return [];
  const [orders, statuses, numbers] = await Promise.all([
    shop.orders(ids),
    shop.dictionary('statuses'),
    numbersInBaseLinker(db, connection, ids),
  ]);
  const known = new Map(statuses.map((status) => [status.id, status]));
  return orders.map((order) => {
    const { name = '', meaning } = known.get(order.statusId) ?? {};
    return {
      order,
      status: { id: order.statusId, name: name || order.statusId, meaning },
      bornIn: numbers.get(order.id),
    };
  });
}
