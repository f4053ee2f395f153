import { isOrdered } from '../../domain/supply.ts';
import type { IdoSell, OrderStatus } from '../../idosell/client.ts';
import { readNotification } from '../../idosell/notification.ts';
import type { Profile } from '../../idosell/profile.ts';
import type { PartNews } from '../../domain/supply-part.ts';
import type { AskedPart, Asked, Notice, Source } from '../source.ts';
import { newsOf } from './news.ts';
import { nextAsk } from './next-ask.ts';

export interface IdoSellSourceParts {
  readonly profile: Profile;
  readonly client: Pick<IdoSell, 'getOrderStatuses'>;
  readonly now: () => Date;
}

/** When to ask again after trouble that is not over by itself, and after trouble of the line. */
const LONG_MS = 30 * 60_000;
const SHORT_MS = 5 * 60_000;

/** How a wholesaler tells what became of orders: it is asked, and its notifications make us ask sooner (sections 5.6, 6). */
export function idoSellSource({ profile, client, now }: IdoSellSourceParts): Source {
  return {
    name: `idosell-${profile.name}`,
    wholesaler: profile.name,
    batchSize: profile.maxElements,
    shippedStatus: profile.shippedStatus,
    async ask(parts, signal): Promise<Asked> {
      const orders = parts.map(({ supplierOrderId, supplierSerial }) => ({
        orderId: supplierOrderId,
        orderSerialNumber: supplierSerial,
      }));
      const reply = await client.getOrderStatuses({ orders }, signal);
      if (reply.kind === 'trouble') {
        const isPassing = reply.class === 'lost' || reply.class === 'busy' || reply.class === 'server';
        const afterMs = Math.max(reply.retryAfterMs ?? 0, isPassing ? SHORT_MS : LONG_MS);
        return { kind: 'trouble', reason: reply.reason, afterMs };
      }
      return { kind: 'told', news: parts.flatMap((part) => newsAbout(part, reply.value, profile, now())) };
    },
    webhook: {
      allowsGet: profile.webhook.allowGet,
      mostBytes: profile.webhook.maxBytes,
      read(delivery): Notice | undefined {
        const told = readNotification(delivery, profile);
        if (!told) return undefined;
        const { orderId: supplierOrderId, orderSerialNumber: supplierSerial, reference } = told;
        return { supplierOrderId, supplierSerial, reference };
      },
      believe(delivery, part, at) {
        const told = profile.webhook.trust === 'confirm' ? undefined : readNotification(delivery, profile);
        if (!told || !isOrdered(part.state)) return undefined;
        // A notification is of a parcel that was sent (6), whether it says so or not; of when that was told it says nothing.
        const status = {
          ...told,
          coarse: told.symbol === '' ? wordForShipped(profile) : '',
          changedAt: undefined,
          dispatchedAt: told.time,
        };
        return newsOf({ ...part, state: part.state }, status, profile, at);
      },
    },
  };
}

function newsAbout(part: AskedPart, told: readonly OrderStatus[], profile: Profile, now: Date): readonly PartNews[] {
  if (!isOrdered(part.state)) return [];
  const status = told.find((one) => isOf(part, one));
  if (status?.fault === 'done' || status?.fault === 'empty') {
    return [newsOf({ ...part, state: part.state }, status, profile, now)];
  }
  const why = status ? status.faultString || status.fault : 'its answer does not name it';
  const next = nextAsk(
    { state: part.state, placedAt: part.placedAt, shippedSince: undefined, hasNumber: false },
    profile,
    now,
  );
  return [
    {
      ...{ partId: part.id, state: undefined, symbol: part.symbol, symbolAt: part.symbolAt, parcels: [] },
      ...{ note: `${profile.name} does not tell how the order stands: ${why}`, alert: true },
      askAt: next.kind === 'at' ? next.at : undefined,
    },
  ];
}

function isOf(part: AskedPart, { orderId, orderSerialNumber }: OrderStatus): boolean {
  if (orderId !== '' && part.supplierOrderId !== '') return orderId === part.supplierOrderId;
  return orderSerialNumber !== '' && orderSerialNumber === part.supplierSerial;
}

function wordForShipped({ coarseStatusMap }: Profile): string {
  return Object.keys(coarseStatusMap).find((word) => coarseStatusMap[word] === 'shipped') ?? '';
}
