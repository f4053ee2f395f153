import { allocations, saveAllocations } from '../storage/stock-allocations.ts';
import { quantitiesByVariant } from '../domain/variant-ref.ts';
import type { ChangedBy } from '../domain/changed-by.ts';
import type { LockedLine, LockedOrder, UnitOfWork } from '../contracts/shop-writing.ts';
import { allocateStock } from './allocate-stock.ts';
import type { OrderDeps } from './deps.ts';
import type { Statuses } from './statuses.ts';

/**
 * A cancelling status gives the order's stock back, and leaving it takes the stock again: both once, because only the
 * difference to the allocation moves. Allocations exist for the orders whose stock we took; for others the setting
 * decides. Few changes of status cancel, so the lines are read only then.
 */
export async function restock(
  unit: UnitOfWork,
  deps: OrderDeps,
  order: LockedOrder,
  lines: () => Promise<readonly LockedLine[]>,
  statusId: string,
  { isCancelling }: Statuses,
  by: ChangedBy,
): Promise<void> {
  const { restockCancelled, name } = deps.settings;
  if (restockCancelled === 'never' || isCancelling(statusId) === isCancelling(order.statusId)) return;
  let allocated = await allocations(unit, order.id);
  if (allocated.length === 0) {
    // The shop took the stock of its own orders itself; an order of BaseLinker without an allocation holds none.
    if (restockCancelled !== 'all' || order.source === name || !isCancelling(statusId)) return;
    allocated = [...quantitiesByVariant(await lines()).values()];
    await saveAllocations(unit, order.id, allocated);
  }
  await allocateStock(unit, deps, { id: order.id, lines: isCancelling(statusId) ? [] : await lines() }, allocated, by);
}
