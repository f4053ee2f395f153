import { saveBookings, type Booking } from '../db/booked-stock.ts';
import { recordChanges } from '../db/changes.ts';
import type { ChangedBy } from '../domain/changed-by.ts';
import { articleKey, piecesOf } from '../domain/articles.ts';
import type { Article, Changed, LockedLine, UnitOfWork } from '../shops/shop-writing.ts';
import type { OrderParts } from './parts.ts';

type Lines = readonly LockedLine[];

/**
 * Makes the stock that is taken for an order equal to what these lines need: it moves by the difference to what was
 * taken before (`before`, of `bookedStock`), so however often an order comes, its pieces are taken once. Must be the
 * last thing in a unit of work: orders are locked first, stock after them. `read` are articles that were read to be sold.
 */
export async function bookStock(
  unit: UnitOfWork,
  { shop, now }: Pick<OrderParts, 'shop' | 'now'>,
  order: { readonly id: string; readonly lines: Lines },
  before: readonly Booking[],
  by: ChangedBy,
  read: readonly Article[] = [],
): Promise<void> {
  const articles = compared(before, order.lines);
  const changed = await moveStock(unit, shop, articles, read);
  await recordChanges(unit, 'stock', changed, { ...by, orderId: order.id }, now());
  const moved = new Set(changed.map(articleKey));
  const booked = new Set(before.map(articleKey));
  // An article of which nothing is needed yet is written down too: it tells that this order takes stock.
  const toSave = articles.filter(
    (one) => moved.has(articleKey(one)) || (one.needed === 0 && !booked.has(articleKey(one))),
  );
  await saveBookings(
    unit,
    order.id,
    toSave.map(({ productId, variantId, needed }) => ({ productId, variantId, quantity: needed })),
  );
}

async function moveStock(
  unit: UnitOfWork,
  shop: OrderParts['shop'],
  articles: ReturnType<typeof compared>,
  read: readonly Article[],
): Promise<readonly Changed<number>[]> {
  const different = articles.filter(({ taken, needed }) => taken !== needed);
  if (different.length === 0) return [];
  return shop.changeStock(
    unit,
    different.map(({ productId, variantId, taken, needed }) => ({
      productId,
      variantId,
      operation: 'change',
      quantity: taken - needed,
    })),
    read,
  );
}

/** What was taken beside what is needed, once for every article of either. */
function compared(before: readonly Booking[], lines: Lines) {
  const wanted = piecesOf(lines);
  const taken = new Map(before.map((booking) => [articleKey(booking), booking]));
  return [...new Map([...taken, ...wanted])].map(([key, { productId, variantId }]) => ({
    productId,
    variantId,
    taken: taken.get(key)?.quantity ?? 0,
    needed: wanted.get(key)?.quantity ?? 0,
  }));
}
