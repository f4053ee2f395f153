import { bookedStock, saveBookings } from '../db/booked-stock.ts';
import { piecesOf } from '../domain/articles.ts';
import type { ChangedBy } from '../domain/changed-by.ts';
import type { LockedLine, LockedOrder, UnitOfWork } from '../shops/shop-writing.ts';
import { bookStock } from './book-stock.ts';
import type { OrderParts } from './parts.ts';
import type { Statuses } from './statuses.ts';

/**
 * A cancelling status puts back what the order holds, and leaving it takes it again: both once, because only the
 * difference to what is booked moves. The books know the orders whose stock we took; for others the setting decides.
 * Hardly any change of status is such a one, so the lines are asked for only then.
 */
export async function restock(
  unit: UnitOfWork,
  parts: OrderParts,
  order: LockedOrder,
  lines: () => Promise<readonly LockedLine[]>,
  statusId: string,
  { isCancelling }: Statuses,
  by: ChangedBy,
): Promise<void> {
  const { restockCancelled, name } = parts.settings;
  if (restockCancelled === 'never' || isCancelling(statusId) === isCancelling(order.statusId)) return;
  let booked = await bookedStock(unit, order.id);
  if (booked.length === 0) {
    // The shop took the stock of its own orders itself; an order of BaseLinker without books holds none.
    if (restockCancelled !== 'all' || order.source === name || !isCancelling(statusId)) return;
    booked = [...piecesOf(await lines()).values()];
    await saveBookings(unit, order.id, booked);
  }
  await bookStock(unit, parts, { id: order.id, lines: isCancelling(statusId) ? [] : await lines() }, booked, by);
}
