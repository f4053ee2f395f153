import { bookedStock, saveBookings, type Booking } from '../db/booked-stock.ts';
import { recordChanges } from '../db/changes.ts';
import type { ChangedBy } from '../domain/changed-by.ts';
import { articleKey, piecesOf } from '../domain/articles.ts';
import type { LockedOrder, UnitOfWork } from '../shops/shop-writing.ts';
import type { OrderParts } from './parts.ts';

type Lines = LockedOrder['lines'];

/**
 * Makes the stock that is taken for an order equal to what these lines need: it moves by the difference to what was
 * taken before, so however often an order comes, its pieces are taken once. Must be the last thing in a unit of work:
 * orders are locked first, stock after them.
 */
export async function bookStock(
  unit: UnitOfWork,
  { shop, now }: Pick<OrderParts, 'shop' | 'now'>,
  order: { readonly id: string; readonly lines: Lines },
  by: ChangedBy,
): Promise<void> {
  const before = await bookedStock(unit, order.id);
  const different = compared(before, order.lines).filter(({ taken, needed }) => taken !== needed);
  if (different.length === 0) return;
  const changed = await shop.changeStock(
    unit,
    different.map(({ productId, variantId, taken, needed }) => ({
      productId,
      variantId,
      operation: 'change',
      quantity: taken - needed,
    })),
  );
  await recordChanges(unit, 'stock', changed, { ...by, orderId: order.id }, now());
  const moved = new Set(changed.map(articleKey));
  await saveBookings(
    unit,
    order.id,
    different
      .filter((one) => moved.has(articleKey(one)))
      .map(({ needed, ...article }) => ({ ...article, quantity: needed })),
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
