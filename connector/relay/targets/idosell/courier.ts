import { parseMoney, roundMoney } from '../../../domain/money.ts';
import type { Courier, PaymentType } from '../../../idosell/client.ts';
import type { Profile } from '../../../idosell/profile.ts';

/** What the courier must be able to do. */
export interface CourierWish {
  readonly deliveryMethod: { readonly id: string; readonly name: string };
  readonly needsPickupPoint: boolean;
  readonly paymentType: PaymentType;
}

/**
 * The first courier of the profile's list for this delivery method that the wholesaler allows for this order (4.5).
 * Another carrier is never chosen silently, unless the profile says so.
 */
export function chooseCourier(
  allowed: readonly Courier[],
  wish: CourierWish,
  { couriers, courierFallback }: Profile,
): Courier | { readonly missing: string } {
  const fit = allowed.filter(
    ({ hasPickupPoints, paymentTypes }) =>
      hasPickupPoints === wish.needsPickupPoint &&
      (paymentTypes.length === 0 || paymentTypes.includes(wish.paymentType)),
  );
  const wanted = couriers[wish.deliveryMethod.id] ?? couriers['*'] ?? [];
  const chosen = wanted.flatMap((id) => fit.find((courier) => courier.id === id) ?? [])[0];
  if (chosen) return chosen;
  const cheapest = courierFallback === 'cheapest' ? cheapestOf(fit) : undefined;
  return cheapest ?? { missing: sentence(allowed, wanted, wish) };
}

function cheapestOf(couriers: readonly Courier[]): Courier | undefined {
  const priced = couriers.filter(({ deliveryCost }) => deliveryCost !== undefined);
  return priced.toSorted((a, b) => (costOf(a) < costOf(b) ? -1 : costOf(a) > costOf(b) ? 1 : 0))[0];
}

function costOf({ deliveryCost }: Courier): bigint {
  return deliveryCost === undefined ? parseMoney('0') : roundMoney(deliveryCost);
}

function sentence(
  allowed: readonly Courier[],
  wanted: readonly string[],
  { deliveryMethod, needsPickupPoint, paymentType }: CourierWish,
): string {
  const method = `${deliveryMethod.id} (${deliveryMethod.name})`;
  const needs = [
    ...(needsPickupPoint ? ['a pick-up point'] : []),
    ...(paymentType === 'cashOnDelivery' ? ['COD'] : []),
  ];
  const offered = allowed.map(({ id, name }) => `${id} ${name}`).join(', ') || 'none';
  const listed = wanted.length === 0 ? 'the profile lists no courier' : `none of ${wanted.join(', ')} fits`;
  const with_ = needs.length === 0 ? '' : ` with ${needs.join(' and ')}`;
  return `${listed} for the delivery method ${method}${with_}; the wholesaler offers: ${offered}`;
}
