import {
  firstBelow,
  firstIn,
  parcelsIn,
  placesIn,
  plainName,
  textIn,
  type Aliases,
  type AliasMatch,
} from './aliases.ts';
import type { Package } from '../client.ts';
import { shopClock } from '../shop-clock.ts';
import { readNotificationBody, type RawMessage } from './notification-body.ts';
import type { Profile } from '../profile.ts';
import { referenceIn } from '../codec/reference.ts';
import { symbolOf } from '../statuses.ts';
import type { ResponseFields } from '../codec/response.ts';

/** What a wholesaler's notification says of one order; '' where it does not. */
export interface Notification {
  readonly orderId: string;
  readonly orderSerialNumber: string;
  /** Ours, without its prefix. */
  readonly reference: string;
  /** A symbol of the profile's maps, or what stands in its place. */
  readonly symbol: string;
  readonly time: Date | undefined;
  /** A set: no number twice. */
  readonly packages: readonly Package[];
}

/**
 * Pure: bytes in, what they say out, by the profile's aliases (docs/protocol/idosell.md 6.1). Undefined when neither an order
 * nor a parcel can be read from them. Of several orders in one notification the first is told: polling finds the others.
 */
export function readNotification(raw: RawMessage, profile: Profile): Notification | undefined {
  const body = readNotificationBody(raw, profile);
  if (!body) return undefined;
  const { aliases } = profile.webhook;
  const { order, isAmongOthers } = orderIn(body, aliases);
  // Of several orders each has its own; of one, its parcels may be told beside it.
  const scope = isAmongOthers ? order : body;
  const told: Notification = {
    orderId: firstIn([order], aliases.orderId)?.text ?? '',
    orderSerialNumber: firstIn([order], aliases.orderSerialNumber)?.text ?? '',
    reference: referenceFrom(profile, firstIn([order], aliases.reference) ?? firstBelow(scope, aliases.reference)),
    symbol: symbolOf(firstBelow(scope, aliases.status)?.text ?? '', profile),
    time: shopClock(profile.timeZone).read(firstBelow(scope, aliases.time)?.text ?? ''),
    packages: distinct(parcelsIn(scope, aliases)),
  };
  const names = [told.orderId, told.orderSerialNumber, told.reference];
  return names.some((name) => name !== '') || told.packages.length > 0 ? told : undefined;
}

/**
 * The map that names the order. The longest names are looked for first: an `id` alone may be a courier's or a product's.
 * For the same reason what stands in lists comes last.
 */
function orderIn(
  body: ResponseFields,
  { orderId, orderSerialNumber, reference }: Aliases,
): { readonly order: ResponseFields; readonly isAmongOthers: boolean } {
  const names = [...orderId, ...orderSerialNumber, ...reference].map(plainName).sort((a, b) => b.length - a.length);
  const { direct, listed } = placesIn(body);
  for (const places of [direct, listed]) {
    for (const name of names) {
      const [order, ...others] = places.filter((place) => textIn(place, name) !== '');
      if (order) return { order, isAmongOthers: places === listed && others.length > 0 };
    }
  }
  return { order: body, isAmongOthers: false };
}

function referenceFrom(profile: Profile, found: AliasMatch | undefined): string {
  if (!found) return '';
  const { referencePrefix, referenceField } = profile;
  const isMarked = referencePrefix !== '' && found.text.includes(referencePrefix);
  // A note without our mark is somebody's words; a field of its own holds the bare reference.
  return isMarked || found.name === plainName(referenceField) ? referenceIn(profile, found.text) : found.text;
}

function distinct(packages: readonly Package[]): readonly Package[] {
  const seen = new Set<string>();
  return packages.filter(({ number }) => !seen.has(number) && seen.add(number));
}
