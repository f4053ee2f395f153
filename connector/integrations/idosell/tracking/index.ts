import { isOrdered } from '../../../domain/supply.ts';
import type { IdoSell, OrderStatus } from '../client/client.ts';
import { readNotification } from '../client/notifications/notification.ts';
import type { Profile } from '../client/profile.ts';
import type { StatusUpdate } from '../../../domain/supply-part.ts';
import type { TrackedPart, PollResult, PartNotice, ShipmentTracker } from '../../../contracts/shipment-tracker.ts';
import { statusUpdateOf } from './status-update.ts';
import { nextPoll } from './next-poll.ts';

export interface IdoSellTrackerDeps {
  readonly profile: Profile;
  readonly client: Pick<IdoSell, 'getOrderStatuses'>;
  readonly now: () => Date;
}

/** When to ask again after trouble that is not over by itself, and after trouble of the line. */
const SLOW_POLL_MS = 30 * 60_000;
const SHORT_MS = 5 * 60_000;

/** How a wholesaler tells what became of orders: it is asked, and its notifications make us ask sooner (sections 5.6, 6). */
export function idoSellTracker({ profile, client, now }: IdoSellTrackerDeps): ShipmentTracker {
  return {
    name: `idosell-${profile.name}`,
    wholesaler: profile.name,
    batchSize: profile.maxElements,
    shippedStatus: profile.shippedStatus,
    async poll(parts, signal): Promise<PollResult> {
      const orders = parts.map(({ supplierOrderId, supplierSerial }) => ({
        orderId: supplierOrderId,
        orderSerialNumber: supplierSerial,
      }));
      const result = await client.getOrderStatuses({ orders }, signal);
      if (result.kind === 'error') {
        const isPassing = result.class === 'lost' || result.class === 'busy' || result.class === 'server';
        const afterMs = Math.max(result.retryAfterMs ?? 0, isPassing ? SHORT_MS : SLOW_POLL_MS);
        return { kind: 'error', reason: result.reason, afterMs };
      }
      return { kind: 'updates', updates: parts.flatMap((part) => updateAbout(part, result.value, profile, now())) };
    },
    webhook: {
      allowsGet: profile.webhook.allowGet,
      maxBytes: profile.webhook.maxBytes,
      read(message): PartNotice | undefined {
        const notification = readNotification(message, profile);
        if (!notification) return undefined;
        const { orderId: supplierOrderId, orderSerialNumber: supplierSerial, reference } = notification;
        return { supplierOrderId, supplierSerial, reference };
      },
      trustedUpdate(message, part, at) {
        const notification = profile.webhook.trust === 'confirm' ? undefined : readNotification(message, profile);
        if (!notification || !isOrdered(part.state)) return undefined;
        // A notification is of a parcel that was sent (6), whether it says so or not; of when that was told it says nothing.
        const status = {
          ...notification,
          coarse: notification.symbol === '' ? wordForShipped(profile) : '',
          changedAt: undefined,
          dispatchedAt: notification.time,
        };
        return statusUpdateOf({ ...part, state: part.state }, status, profile, at);
      },
    },
  };
}

function updateAbout(
  part: TrackedPart,
  notification: readonly OrderStatus[],
  profile: Profile,
  now: Date,
): readonly StatusUpdate[] {
  if (!isOrdered(part.state)) return [];
  const status = notification.find((one) => isOf(part, one));
  if (status?.fault === 'done' || status?.fault === 'empty') {
    return [statusUpdateOf({ ...part, state: part.state }, status, profile, now)];
  }
  const why = status ? status.faultString || status.fault : 'its answer does not name it';
  const next = nextPoll(
    { state: part.state, placedAt: part.placedAt, shippedSince: undefined, hasNumber: false },
    profile,
    now,
  );
  return [
    {
      ...{ partId: part.id, state: undefined, symbol: part.symbol, symbolAt: part.symbolAt, parcels: [] },
      ...{ note: `${profile.name} does not tell how the order stands: ${why}`, alert: true },
      pollAt: next.kind === 'at' ? next.at : undefined,
    },
  ];
}

function isOf(part: TrackedPart, { orderId, orderSerialNumber }: OrderStatus): boolean {
  if (orderId !== '' && part.supplierOrderId !== '') return orderId === part.supplierOrderId;
  return orderSerialNumber !== '' && orderSerialNumber === part.supplierSerial;
}

function wordForShipped({ coarseStatusMap }: Profile): string {
  return Object.keys(coarseStatusMap).find((word) => coarseStatusMap[word] === 'shipped') ?? '';
}
