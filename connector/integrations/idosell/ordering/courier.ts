import { parseMoney, roundMoney } from '../../../domain/money.ts';
import type { Courier, PaymentType } from '../client/client.ts';
import type { Profile } from '../client/profile.ts';

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
    (courier) => (courier.hasPickupPoints ?? false) === wish.needsPickupPoint && takesPayment(courier, wish),
  );
  const wanted = couriers[wish.deliveryMethod.id] ?? couriers['*'] ?? [];
  const chosen = wanted.flatMap((id) => fit.find((courier) => courier.id === id) ?? [])[0];
  if (chosen) return chosen;
  const cheapest = courierFallback === 'cheapest' ? cheapestOf(fit) : undefined;
  return cheapest ?? { missing: sentence(allowed, wanted, wish) };
}

/**
 * Why no courier can come to be chosen, by everything that the wholesaler offers to the country; undefined when one may.
 * What is not said of a courier there may be said once the basket is filled.
 */
export function noCourierAmong(
  offered: readonly Courier[],
  wish: CourierWish,
  { couriers, courierFallback }: Profile,
): string | undefined {
  const wanted = couriers[wish.deliveryMethod.id] ?? couriers['*'] ?? [];
  const mayFit = offered.some(
    (courier) =>
      (courierFallback === 'cheapest' || wanted.includes(courier.id)) &&
      (courier.hasPickupPoints ?? wish.needsPickupPoint) === wish.needsPickupPoint &&
      takesPayment(courier, wish),
  );
  return mayFit ? undefined : sentence(offered, wanted, wish);
}

function takesPayment({ paymentTypes }: Courier, { paymentType }: CourierWish): boolean {
  return paymentTypes.length === 0 || paymentTypes.includes(paymentType);
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
