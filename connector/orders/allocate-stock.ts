import { saveAllocations, type Allocation } from '../storage/stock-allocations.ts';
import { recordAudit } from '../storage/audit-log.ts';
import type { ChangedBy } from '../domain/changed-by.ts';
import { variantKey, quantitiesByVariant } from '../domain/variant-ref.ts';
import type { VariantDetails, ValueChange, LockedLine, UnitOfWork } from '../contracts/shop-writing.ts';
import type { OrderDeps } from './deps.ts';

type Lines = readonly LockedLine[];

/**
 * Makes the stock that is taken for an order equal to what these lines need: it moves by the difference to what was
 * taken before (`before`, of `allocations`), so however often an order comes, its units are taken once. Must be the
 * last thing in a unit of work: orders are locked first, stock after them. `read` are variants that were read to be
 * sold.
 */
export async function allocateStock(
  unit: UnitOfWork,
  { shop, now }: Pick<OrderDeps, 'shop' | 'now'>,
  order: { readonly id: string; readonly lines: Lines },
  before: readonly Allocation[],
  by: ChangedBy,
  read: readonly VariantDetails[] = [],
): Promise<void> {
  const variants = compared(before, order.lines);
  const changed = await moveStock(unit, shop, variants, read);
  await recordAudit(unit, 'stock', changed, { ...by, orderId: order.id }, now());
  const moved = new Set(changed.map(variantKey));
  const allocated = new Set(before.map(variantKey));
  // A variant of which nothing is needed yet is stored too: the row marks that this order takes stock.
  const toSave = variants.filter(
    (one) => moved.has(variantKey(one)) || (one.needed === 0 && !allocated.has(variantKey(one))),
  );
  await saveAllocations(
    unit,
    order.id,
    toSave.map(({ productId, variantId, needed }) => ({ productId, variantId, quantity: needed })),
  );
}

async function moveStock(
  unit: UnitOfWork,
  shop: OrderDeps['shop'],
  variants: ReturnType<typeof compared>,
  read: readonly VariantDetails[],
): Promise<readonly ValueChange<number>[]> {
  const different = variants.filter(({ taken, needed }) => taken !== needed);
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

/** What was taken beside what is needed, once for every variant of either. */
function compared(before: readonly Allocation[], lines: Lines) {
  const wanted = quantitiesByVariant(lines);
  const taken = new Map(before.map((allocation) => [variantKey(allocation), allocation]));
  return [...new Map([...taken, ...wanted])].map(([key, { productId, variantId }]) => ({
    productId,
    variantId,
    taken: taken.get(key)?.quantity ?? 0,
    needed: wanted.get(key)?.quantity ?? 0,
  }));
}
