import { ordersGet, type Order } from '../../connector/baselinker/check/response-schemas.ts';
import { parcelOf } from './selling.ts';
import type { Scenario } from './step.ts';

/** Asks how an order stands, as BaseLinker does, and shows its status, its parcel and what else is worth a look. */
export async function readBack(
  { client }: Scenario,
  id: string,
  [shipped, name]: readonly [string, string],
  more: (order: Order) => { readonly state?: string; readonly entries: readonly string[] },
): Promise<Order | undefined> {
  const answer = await client.ask({
    words: `How does order ${id} stand?`,
    action: 'OrdersGet',
    parameters: { order_id: id },
    schema: ordersGet,
    tell: ({ rows }) => {
      const order = rows.get(id);
      if (!order) return { says: 'no such order' };
      const { state, entries } = more(order);
      const status = `status ${order.status_id === shipped ? name : order.status_id}`;
      const parcel = `parcel ${parcelOf(order) || 'not known'}`;
      return { says: [status, state, parcel].filter((part) => part !== undefined).join(' · '), entries };
    },
  });
  return answer?.rows.get(id);
}
