import type { Profile } from '../../connector/integrations/idosell/client/profile.ts';
import { amountOf } from './amount.ts';
import { done, fails, type Answer, type OutStruct } from './answer.ts';
import { weightOf } from './baskets.ts';
import { takes, type Courier, type PaymentType } from './couriers.ts';
import { struct, text } from './raw.ts';
import { shopDate } from './shop-time.ts';
import type { Operation, Shop } from './shop.ts';

const DAY_MS = 86_400_000;

/** 4.4 */
export const listCouriers: Operation = ({ params }, shop) => {
  const country = text(params, 'countryId');
  const found = shop.couriers.filter(({ countries }) => country === '' || countries.includes(country));
  return listed(
    found.map((courier) => courierAnswer(courier, shop.profile)),
    shop,
  );
};

/** 4.5: for what is in the basket, where it is to go, and how it is paid. */
export const listCouriersForOrder: Operation = ({ params, session, complain }, shop) => {
  const { lines } = shop.baskets.of(session);
  if (lines.length === 0) return fails('basket-empty', 'koszyk jest pusty');
  const address = struct(params, 'deliveryAddress');
  for (const name of ['countryId', 'zipCode', 'city']) {
    if (text(address, name) === '') complain(`couriers are asked for without ${name}`);
  }
  const paymentType = paymentTypeOf(text(params, 'paymentType'), shop.profile);
  if (paymentType === 'unknown') return listed([], shop);
  const parcel = { countryId: text(address, 'countryId'), weight: weightOf(lines), paymentType };
  const found = shop.couriers.filter((courier) => takes(courier, parcel));
  return listed(
    found.map((courier) => offerAnswer(courier, shop)),
    shop,
  );
};

/** Undefined where none is named. */
export function paymentTypeOf(word: string, { words }: Profile): PaymentType | 'unknown' | undefined {
  if (word === '') return undefined;
  const found = Object.entries(words.paymentType).find(([, wire]) => wire === word);
  return found ? (found[0] as PaymentType) : 'unknown'; // The cast: these are the profile's own names.
}

function listed(couriers: readonly OutStruct[], { profile, habits }: Shop): Answer {
  const results = { [profile.names.courier.couriers]: couriers };
  return couriers.length === 0 && habits.emptyIsFault ? fails('empty', 'brak wyników', results) : done(results);
}

function courierAnswer(courier: Courier, { names, words }: Profile): OutStruct {
  const { courier: name } = names;
  return {
    [name.courierId]: Number(courier.id),
    [name.courierName]: courier.name,
    [name.companyKey]: courier.companyKey,
    [name.hasPickupPoints]: courier.pickupPoints.length > 0 ? words.flag.yes : words.flag.no,
    [name.paymentTypes]: courier.paymentTypes.map((type) => words.paymentType[type]),
    ...(courier.trackingUrlTemplate === '' ? {} : { [name.trackingUrlTemplate]: courier.trackingUrlTemplate }),
  };
}

function offerAnswer(courier: Courier, { profile, now }: Shop): OutStruct {
  const { courier: name } = profile.names;
  const there = new Date(now().getTime() + courier.days * DAY_MS);
  return {
    ...courierAnswer(courier, profile),
    [name.deliveryCost]: amountOf(courier.cost),
    [name.currencyId]: 'PLN',
    [name.estimatedDeliveryDate]: shopDate(there, profile.timeZone),
  };
}
