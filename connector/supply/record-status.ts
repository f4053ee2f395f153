import { changePart, lockPart, partsOfOrder } from '../storage/supply-parts.ts';
import type { StatusUpdate, SupplyPart } from '../domain/supply-part.ts';
import { enqueue } from '../storage/outbox.ts';
import { inTransaction } from '../db/transaction.ts';
import { variantKey } from '../domain/variant-ref.ts';
import { isOrdered } from '../domain/supply.ts';
import type { DictionaryEntry, Shop } from '../contracts/shop.ts';
import type { LockedLine, LockedOrder, ShopWriting, UnitOfWork } from '../contracts/shop-writing.ts';
import type { Knex } from 'knex';

export interface RecordStatusDeps {
  readonly db: Knex;
  /** Names of the targets that are switched on: what happens to an order becomes due at each of them. */
  readonly targets: readonly string[];
  readonly now: () => Date;
  readonly shop: ShopWriting & Pick<Shop, 'dictionary'>;
}

/** How a part of an order stands at its wholesaler now, and what the order gets for it. */
export interface SupplyStatusUpdate extends StatusUpdate {
  readonly orderId: string;
  /** The shop's status once everything of an order was shipped: an id, `auto` by meaning, or `none`. */
  readonly shippedStatus: string;
}

/**
 * Records a wholesaler's status of an order: its part, its parcels, and the shop's status once everything of it was
 * shipped. Parcels are a set, and a status never goes back, so repeated updates do no harm. The targets' outbox
 * messages are written in the same transaction.
 */
export async function recordStatus(deps: RecordStatusDeps, update: SupplyStatusUpdate): Promise<void> {
  const statuses = await deps.shop.dictionary('statuses');
  await inTransaction(deps.db, async (unit) => {
    const at = deps.now();
    const order = await deps.shop.lockOrder(unit, update.orderId);
    const part = await lockPart(unit, update.partId);
    if (!part || !isOrdered(part.state)) return;
    const state = update.state ?? part.state;
    await changePart(
      unit,
      part,
      {
        ...{
          state,
          symbol: update.symbol,
          note: update.note,
          alert: update.alert,
          polledAt: at,
          pollAt: update.pollAt ?? null,
        },
        ...(update.symbolAt && { symbolAt: update.symbolAt }),
      },
      at,
    );
    if (!order) return;
    let hasChanged = false;
    for (const parcel of update.parcels) {
      if (await deps.shop.updateOrder(unit, order.id, { kind: 'parcel', parcel })) hasChanged = true;
    }
    const statusId = await shippedStatus(unit, deps, order, update, statuses);
    if (statusId !== undefined && (await deps.shop.updateOrder(unit, order.id, { kind: 'status', statusId }))) {
      hasChanged = true;
    }
    if (hasChanged) await enqueue(unit, deps.targets, order.id, at);
  });
}

/** The status that the order gets now; undefined when it keeps its own. */
async function shippedStatus(
  unit: UnitOfWork,
  { shop }: RecordStatusDeps,
  order: LockedOrder,
  { state, shippedStatus: wanted }: SupplyStatusUpdate,
  statuses: readonly DictionaryEntry[],
): Promise<string | undefined> {
  if (state !== 'shipped' || wanted === 'none') return undefined;
  const meaning = statuses.find(({ id }) => id === order.statusId)?.meaning;
  // The shop may be further by now, or have given the order up.
  if (meaning !== undefined && meaning !== 'new' && meaning !== 'paid') return undefined;
  if (!isSentAsOne(await shop.lockLines(unit, order.id), await partsOfOrder(unit, order.id))) return undefined;
  return wanted === 'auto'
    ? statuses.find((status) => !status.retired && status.meaning === 'shipped')?.id
    : statuses.find(({ id }) => id === wanted)?.id;
}

/** Whatever no wholesaler has sent is sent by the shop itself, and it alone knows when (5.2). */
function isSentAsOne(lines: readonly LockedLine[], parts: readonly SupplyPart[]): boolean {
  const sent = new Set(parts.filter(({ state }) => state === 'shipped').flatMap((part) => part.lines.map(variantKey)));
  return lines.every(
    ({ productId, variantId }) => productId !== undefined && sent.has(variantKey({ productId, variantId })),
  );
}
