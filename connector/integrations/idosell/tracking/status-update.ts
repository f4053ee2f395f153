import type { Parcel } from '../../../domain/order.ts';
import type { SupplyState } from '../../../domain/supply.ts';
import type { OrderStatus, Package } from '../client/client.ts';
import type { Profile } from '../client/profile.ts';
import { meaningOf, replaces } from '../client/statuses.ts';
import { trackingLink } from './tracking-link.ts';
import type { StatusUpdate } from '../../../domain/supply-part.ts';
import type { TrackedPart } from '../../../contracts/shipment-tracker.ts';
import { nextPoll } from './next-poll.ts';

/** What is told of an order that the wholesaler has. */
export type ReportedStatus = Pick<OrderStatus, 'symbol' | 'coarse' | 'changedAt' | 'dispatchedAt' | 'packages'>;

/** What a status means for its part: an older word, or one that goes back, changes nothing but what is known of it. */
export function statusUpdateOf(
  part: TrackedPart & { readonly state: SupplyState },
  reported: ReportedStatus,
  profile: Profile,
  now: Date,
): StatusUpdate {
  const { symbol, coarse, changedAt, dispatchedAt } = reported;
  const parcels = parcelsOf(reported.packages, part, profile);
  const meaning = meaningOf({ symbol, coarse, hasParcel: parcels.length > 0, dispatchedAt }, profile);
  const last = { state: part.state, changedAt: part.symbolAt };
  const isNewer =
    meaning.state !== undefined && replaces(last, { state: meaning.state, changedAt, isLost: meaning.isLost });
  const state = isNewer ? meaning.state : undefined;
  const next = nextPoll(
    {
      ...{ state: state ?? part.state, placedAt: part.placedAt, hasNumber: parcels.length > 0 },
      shippedSince: dispatchedAt ?? changedAt ?? part.symbolAt,
    },
    profile,
    now,
  );
  const note = noteOn(symbol, coarse, meaning, next.kind === 'overdue', profile);
  return {
    ...{ partId: part.id, state, symbol: coarse === '' ? symbol : `${symbol}/${coarse}`, parcels, note },
    symbolAt: isNewer ? changedAt : part.symbolAt,
    alert: note !== '',
    pollAt: next.kind === 'at' ? next.at : undefined,
  };
}

/** A person is told what the wholesaler's word means for them, and once that a word is not known. */
function noteOn(
  symbol: string,
  coarse: string,
  { alerts, isKnown }: { readonly alerts: boolean; readonly isKnown: boolean },
  isOverdue: boolean,
  { name, polling }: Profile,
): string {
  const word = coarse === '' ? symbol : `${symbol}, ${coarse}`;
  if (isOverdue)
    return `${name} has not sent the order within ${polling.stopAfterDays} days (${word}): it is not asked any more`;
  if (!isKnown) return `${name} tells a status that its profile does not have: ${word}`;
  return alerts ? `${name} tells "${word}": see what it means in docs/idosell.md` : '';
}

function parcelsOf(packages: readonly Package[], part: TrackedPart, profile: Profile): readonly Parcel[] {
  const parcels = packages
    .filter(({ number }) => number !== '')
    .map((parcel) => ({
      carrier: parcel.courierName || parcel.courierId,
      trackingNumber: parcel.number,
      trackingUrl: trackingLink(profile, parcel, parcel.courierId === part.courierId ? part.trackingTemplate : ''),
    }));
  return [...new Map(parcels.map((parcel) => [parcel.trackingNumber, parcel])).values()];
}
