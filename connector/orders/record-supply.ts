import { changePart, lockPart, partsOfOrder } from '../db/supply-parts.ts';
import type { PartNews, SupplyPart } from '../domain/supply-part.ts';
import { enqueue } from '../db/outbox.ts';
import { inTransaction } from '../db/transaction.ts';
import { articleKey } from '../domain/articles.ts';
import { isOrdered } from '../domain/supply.ts';
import type { DictionaryEntry, Shop } from '../shops/shop.ts';
import type { LockedLine, LockedOrder, ShopWriting, UnitOfWork } from '../shops/shop-writing.ts';
import type { OrderParts } from './parts.ts';

export interface SupplyParts extends Pick<OrderParts, 'db' | 'targets' | 'now'> {
  readonly shop: ShopWriting & Pick<Shop, 'dictionary'>;
}

/** How a part of an order stands at its wholesaler now, and what the order gets for it. */
export interface SupplyNews extends PartNews {
  readonly orderId: string;
  /** The shop's status of an order that was sent as a whole: an id, `auto` by meaning, or `none`. */
  readonly shippedStatus: string;
}

/**
 * Writes down what a wholesaler said of an order: its part, its parcels, and the shop's status once everything of it was
 * sent. Parcels are a set, and a status never goes back, so it does not matter how often the same is said. Whoever is
 * told of orders hears of it in the same transaction.
 */
export async function recordSupply(parts: SupplyParts, news: SupplyNews): Promise<void> {
  const statuses = await parts.shop.dictionary('statuses');
  await inTransaction(parts.db, async (unit) => {
    const at = parts.now();
    const order = await parts.shop.lockOrder(unit, news.orderId);
    const part = await lockPart(unit, news.partId);
    if (!part || !isOrdered(part.state)) return;
    const state = news.state ?? part.state;
    await changePart(
      unit,
      part,
      {
        ...{ state, symbol: news.symbol, note: news.note, alert: news.alert, askedAt: at, askAt: news.askAt ?? null },
        ...(news.symbolAt && { symbolAt: news.symbolAt }),
      },
      at,
    );
    if (!order) return;
    let hasChanged = false;
    for (const parcel of news.parcels) {
      if (await parts.shop.updateOrder(unit, order.id, { kind: 'parcel', parcel })) hasChanged = true;
    }
    const statusId = await shippedStatus(unit, parts, order, news, statuses);
    if (statusId !== undefined && (await parts.shop.updateOrder(unit, order.id, { kind: 'status', statusId }))) {
      hasChanged = true;
    }
    if (hasChanged) await enqueue(unit, parts.targets, order.id, at);
  });
}

/** The status that the order gets now; undefined when it keeps its own. */
async function shippedStatus(
  unit: UnitOfWork,
  { shop }: SupplyParts,
  order: LockedOrder,
  { state, shippedStatus: wanted }: SupplyNews,
  statuses: readonly DictionaryEntry[],
): Promise<string | undefined> {
  if (state !== 'shipped' || wanted === 'none') return undefined;
  const meaning = statuses.find(({ id }) => id === order.statusId)?.meaning;
  // The shop may be further by now, or have given the order up.
  if (meaning !== undefined && meaning !== 'new' && meaning !== 'paid') return undefined;
  if (!isSentAsAWhole(await shop.lockLines(unit, order.id), await partsOfOrder(unit, order.id))) return undefined;
  return wanted === 'auto'
    ? statuses.find((status) => !status.retired && status.meaning === 'shipped')?.id
    : statuses.find(({ id }) => id === wanted)?.id;
}

/** Whatever no wholesaler has sent is sent by the shop itself, and it alone knows when (5.2). */
function isSentAsAWhole(lines: readonly LockedLine[], parts: readonly SupplyPart[]): boolean {
  const sent = new Set(parts.filter(({ state }) => state === 'shipped').flatMap((part) => part.lines.map(articleKey)));
  return lines.every(
    ({ productId, variantId }) => productId !== undefined && sent.has(articleKey({ productId, variantId })),
  );
}
