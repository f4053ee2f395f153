import { refusal, type Account, type Told } from './account.ts';
import { addressFields } from './addresses.ts';
import type { Courier, IdoSell, PaymentType, Reply } from './client.ts';
import { fields, given, text, type OutgoingField } from './outgoing.ts';
import type { Profile } from './profile.ts';
import { personsOf } from './redact.ts';
import { asDecimal, asFlag, asList, asText, field, findList, isFields, textOf, type WireFields } from './wire.ts';

/** Everything that is offered (protocol/idosell.md 4.4). */
export function listCouriers(account: Account): IdoSell['listCouriers'] {
  const { courier } = account.calls.profile.names;
  return async (countryId, signal) => {
    const params = given(courier.countryId, countryId);
    const told = await account.ask({ operation: 'listCouriers', params, signal });
    return told.kind === 'trouble' ? told : couriersOf(account, told);
  };
}

/** What is possible for the basket as it is and this address: asked after the import (4.5). */
export function listCouriersForOrder(account: Account): IdoSell['listCouriersForOrder'] {
  const { profile } = account.calls;
  const { order } = profile.names;
  return async ({ address, paymentType }, signal) => {
    const params: readonly OutgoingField[] = [
      [order.deliveryAddress, fields(...addressFields(profile, address))],
      [order.paymentType, text(profile.words.paymentType[paymentType])],
    ];
    const persons = personsOf(address);
    const told = await account.ask({ operation: 'listCouriersForOrder', params, signal, persons });
    return told.kind === 'trouble' ? told : couriersOf(account, told);
  };
}

function couriersOf(account: Account, told: Told): Reply<readonly Courier[]> {
  const { profile } = account.calls;
  const { frame, courier } = profile.names;
  if (told.fault.class === 'empty') return { kind: 'done', value: [] };
  const found = findList(told.fields, frame.results, courier.couriers);
  if (told.fault.class !== 'done' || !found?.every(isFields)) return refusal(account, told);
  return { kind: 'done', value: found.map((one) => courierOf(profile, one)) };
}

function courierOf({ names: { courier }, words }: Profile, found: WireFields): Courier {
  return {
    id: textOf(found, courier.courierId),
    name: textOf(found, courier.courierName),
    hasPickupPoints: asFlag(field(found, courier.hasPickupPoints), words.flag),
    paymentTypes: asList(field(found, courier.paymentTypes)).flatMap((one) => paymentTypeOf(asText(one), words)),
    trackingUrlTemplate: textOf(found, courier.trackingUrlTemplate),
    deliveryCost: asDecimal(field(found, courier.deliveryCost)),
  };
}

function paymentTypeOf(word: string, { paymentType }: Profile['words']): readonly PaymentType[] {
  const ours = (['prepaid', 'cashOnDelivery', 'tradeCredit'] as const).find((one) => paymentType[one] === word);
  return ours === undefined ? [] : [ours];
}
