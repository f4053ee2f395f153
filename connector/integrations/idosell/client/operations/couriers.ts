import { refusal, type Account, type OperationResponse } from '../session/account.ts';
import { addressFields } from './addresses.ts';
import type { Courier, IdoSell, PaymentType, Result } from '../client.ts';
import { fields, given, text, type RequestField } from '../codec/request.ts';
import type { Profile } from '../profile.ts';
import { personsOf } from '../redact.ts';
import {
  asDecimal,
  asBoolean,
  asList,
  asText,
  field,
  findList,
  isFields,
  textOf,
  type ResponseFields,
} from '../codec/response.ts';

/** Everything that is offered (docs/protocol/idosell.md 4.4). */
export function listCouriers(account: Account): IdoSell['listCouriers'] {
  const { courier } = account.calls.profile.names;
  return async (countryId, signal) => {
    const params = given(courier.countryId, countryId);
    const response = await account.sendRequest({ operation: 'listCouriers', params, signal });
    return response.kind === 'error' ? response : couriersOf(account, response);
  };
}

/** What is possible for the basket as it is and this address: asked after the import (4.5). */
export function listCouriersForOrder(account: Account): IdoSell['listCouriersForOrder'] {
  const { profile } = account.calls;
  const { order } = profile.names;
  return async ({ address, paymentType }, signal) => {
    const params: readonly RequestField[] = [
      [order.deliveryAddress, fields(...addressFields(profile, address))],
      [order.paymentType, text(profile.words.paymentType[paymentType])],
    ];
    const persons = personsOf(address);
    const response = await account.sendRequest({ operation: 'listCouriersForOrder', params, signal, persons });
    return response.kind === 'error' ? response : couriersOf(account, response);
  };
}

function couriersOf(account: Account, response: OperationResponse): Result<readonly Courier[]> {
  const { profile } = account.calls;
  const { frame, courier } = profile.names;
  if (response.fault.class === 'empty') return { kind: 'done', value: [] };
  const found = findList(response.fields, frame.results, courier.couriers);
  if (response.fault.class !== 'done' || !found?.every(isFields)) return refusal(account, response);
  return { kind: 'done', value: found.map((one) => courierOf(profile, one)) };
}

function courierOf({ names: { courier }, words }: Profile, found: ResponseFields): Courier {
  return {
    id: textOf(found, courier.courierId),
    name: textOf(found, courier.courierName),
    hasPickupPoints: asBoolean(field(found, courier.hasPickupPoints), words.flag),
    paymentTypes: asList(field(found, courier.paymentTypes)).flatMap((one) => paymentTypeOf(asText(one), words)),
    trackingUrlTemplate: textOf(found, courier.trackingUrlTemplate),
    deliveryCost: asDecimal(field(found, courier.deliveryCost)),
  };
}

function paymentTypeOf(word: string, { paymentType }: Profile['words']): readonly PaymentType[] {
  const ours = (['prepaid', 'cashOnDelivery', 'tradeCredit'] as const).find((one) => paymentType[one] === word);
  return ours === undefined ? [] : [ours];
}
