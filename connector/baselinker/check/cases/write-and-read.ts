import { counter, ordersGet, productsQuantity, type Order } from '../response-schemas.ts';
import type { Parameters } from '../client.ts';
import { counted } from '../text-layout.ts';
import type { Report } from '../report.ts';

/** A product of the shop that the test is made with. */
export interface Sample {
  readonly id: string;
  readonly name: string;
  readonly sku: string;
  /** Unset where the shop does not know it. */
  readonly price: string | undefined;
  readonly stock: number;
}

/** What is left in the shop, in a few words each. */
export type Leftovers = string[];

/** An update of one variant or one order: counted once, also when it already was as asked. */
export async function updates(report: Report, title: string, action: string, parameters: Parameters): Promise<void> {
  await report.call({
    title,
    action,
    parameters,
    schema: counter,
    look: ({ counter: value }) => ({
      says: `counter ${value}`,
      faults: value === 1 ? [] : [`the counter is ${value} where 1 is due`],
    }),
  });
}

/** The stock of a product on the first page of the dump. */
export async function showsStock(report: Report, title: string, id: string, expected: number): Promise<void> {
  await report.call({
    title: `ProductsQuantity, ${title}`,
    action: 'ProductsQuantity',
    schema: productsQuantity,
    look: ({ rows }) => {
      const stock = rows.get(id)?.get('0');
      return {
        says: stock === undefined ? '' : `${counted(stock, 'piece')} of ${id}`,
        faults: stock === expected ? [] : [`product ${id} has ${stock ?? 'no'} pieces where ${expected} are due`],
      };
    },
  });
}

/** The stock that the first page of the dump shows now; nothing is due. */
export async function readStock(report: Report, title: string, id: string): Promise<number | undefined> {
  const answer = await report.call({
    title: `ProductsQuantity, ${title}`,
    action: 'ProductsQuantity',
    schema: productsQuantity,
    look: ({ rows }) => ({ says: `${counted(rows.get(id)?.get('0') ?? 0, 'piece')} of ${id}` }),
  });
  return answer?.rows.get(id)?.get('0');
}

/** One order by its number; `look` answers what is not as it was sent. */
export async function showsOrder(
  report: Report,
  title: string,
  id: string,
  look: (order: Order) => readonly string[],
): Promise<Order | undefined> {
  const answer = await report.call({
    title: `OrdersGet, ${title}`,
    action: 'OrdersGet',
    parameters: { order_id: id },
    schema: ordersGet,
    look: ({ rows }) => {
      const order = rows.get(id);
      return { says: `order ${id}`, faults: order ? look(order) : [`order ${id} is not there`] };
    },
  });
  return answer?.rows.get(id);
}

/** A sentence when a value is not the one that was sent. */
export function differs(what: string, is: string | number, expected: string | number): string[] {
  return is === expected ? [] : [`${what} is "${is}" where "${expected}" was sent`];
}
