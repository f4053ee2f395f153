import { isOrdered, mayBeOrdered } from '../../../domain/supply.ts';
import type { IdoSell } from '../client/client.ts';
import type { Profile } from '../client/profile.ts';
import type { Delivery, Outcome, RelayedOrder, Target } from '../../../contracts/target.ts';
import { CANCELLED, amendOrdered } from './amendments.ts';
import { openBasketLooks } from './basket-looks.ts';
import type { AccountLease, SupplyPartRepository } from './supply-part-repository.ts';
import { openCourierList } from './courier-list.ts';
import { retry, unheard, type OrderingContext } from './context.ts';
import { abandonBasket } from './leave-basket.ts';
import { findLostOrder, findAbandonedOrder } from './lookup.ts';
import { orderPart } from './order-part.ts';
import { isCancelled, isToBeOrdered, partOf, type Part } from './part.ts';

export interface IdoSellTargetDeps {
  readonly profile: Profile;
  readonly client: IdoSell;
  readonly repository: SupplyPartRepository;
  readonly account: AccountLease;
  /** Tells this wholesaler's part of an order from the others': `A`, `B`, … */
  readonly letter: string;
  readonly now: () => Date;
}

/** The name under which the outbox knows a wholesaler; never renamed. */
export function targetName(profileName: string): string {
  return `idosell-${profileName}`;
}

/** What of an order is the wholesaler's to supply. */
interface Mapped {
  readonly part: Part | undefined;
}

/** Stands for the content of an order of which nothing is ordered. */
const NOTHING = 'nothing';

/** Session, all couriers, availability, basket twice, couriers twice and the order, each with the profile's timeout. */
const CALLS_AT_MOST = 8;

/**
 * A wholesaler that supplies some variants: its part of an order is ordered there once (docs/protocol/idosell.md section 5).
 * Where the part stands is written down step by step in its book.
 */
export function idoSellTarget({ profile, client, repository, account, letter, now }: IdoSellTargetDeps): Target {
  const couriers = openCourierList(profile, client, now);
  const looks = openBasketLooks(now);

  const contentOf = (relayed: RelayedOrder, part: Part | undefined): string =>
    isCancelled(relayed) ? CANCELLED : (part?.content ?? NOTHING);

  async function deliverOne(delivery: Delivery<Mapped>, signal: AbortSignal): Promise<Outcome> {
    const { part } = delivery.mapped ?? { part: partOf(delivery, profile) };
    const digest = contentOf(delivery, part);
    const outcome = await account.withLease(signal, async (renew) =>
      step({ profile, client, repository, couriers, looks, now, signal, renew, digest }, delivery, part),
    );
    return outcome ?? unheard(retry('another order was being sent to this wholesaler all the time'));
  }

  async function step(context: OrderingContext, relayed: RelayedOrder, part: Part | undefined): Promise<Outcome> {
    const known = await repository.find(relayed.order.id);
    if (known && isOrdered(known.state)) return amendOrdered(context, known, relayed, context.digest);
    if (known && mayBeOrdered(known.state)) {
      const found = await findLostOrder(context, known);
      // What changed meanwhile is settled with the order that was found.
      return found.kind === 'delivered' ? step(context, relayed, part) : found;
    }
    if (isCancelled(relayed) || !part || !isToBeOrdered(relayed, profile)) {
      await abandonBasket(context, relayed.order.id);
      // With the digest of its content it would not be ordered once it is time.
      const digest = isCancelled(relayed) ? CANCELLED : NOTHING;
      return unheard({ kind: 'delivered', reference: 'nothing was ordered', memo: digest });
    }
    const before = known && (await findAbandonedOrder(context, known));
    if (before) return before;
    const opened =
      known ?? (await repository.open({ ...referenceOf(relayed), content: part.content, lines: part.lines }));
    return orderPart(context, opened, relayed, part);
  }

  function referenceOf({ order }: RelayedOrder): { readonly orderId: string; readonly reference: string } {
    const reference = profile.referenceTemplate
      .replaceAll('{id}', order.id)
      .replaceAll('{number}', order.number)
      .replaceAll('{part}', letter);
    return { orderId: order.id, reference: reference.slice(0, 60) };
  }

  return {
    name: targetName(profile.name),
    batchSize: 1,
    concurrency: 1,
    timeoutMs: CALLS_AT_MOST * profile.timeoutSeconds * 1000,
    wants: (relayed, wasDelivered) =>
      wasDelivered ||
      (partOf(relayed, profile) !== undefined && (isCancelled(relayed) || isToBeOrdered(relayed, profile))),
    digest: (relayed) => contentOf(relayed, partOf(relayed, profile)),
    map(relayed) {
      const part = partOf(relayed, profile);
      return { digest: contentOf(relayed, part), mapped: { part } };
    },
    async deliver(deliveries: readonly Delivery<Mapped>[], signal) {
      const outcomes: Outcome[] = [];
      for (const delivery of deliveries) outcomes.push(await deliverOne(delivery, signal));
      return outcomes;
    },
  };
}
