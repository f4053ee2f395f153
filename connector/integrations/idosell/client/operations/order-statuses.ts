import { refusal, type Account, type OperationResponse } from '../session/account.ts';
import { callError } from '../session/send-request.ts';
import type { IdoSell, OrderStatus, Package, StatusQuery } from '../client.ts';
import { shopClock, type ShopClock } from '../shop-clock.ts';
import { faultOf } from '../codec/faults.ts';
import { fields, given, int, list, text, type RequestField } from '../codec/request.ts';
import type { Profile } from '../profile.ts';
import { referenceOf } from '../codec/reference.ts';
import { symbolOf } from '../statuses.ts';
import {
  asList,
  asText,
  field,
  findList,
  isFields,
  textOf,
  type ResponseValue,
  type ResponseFields,
} from '../codec/response.ts';

/** Where orders stand (docs/protocol/idosell.md 4.7). */
export function getOrderStatuses(account: Account): IdoSell['getOrderStatuses'] {
  const { profile } = account.calls;
  const { frame, status } = profile.names;
  const time = shopClock(profile.timeZone);
  return async (query, signal) => {
    const { orders, between } = query;
    if (!between && (orders ?? []).length === 0) return { kind: 'done', value: [] };
    const params = queryFields(profile, time, query);
    const response = await account.sendRequest({
      operation: 'getOrderStatuses',
      params,
      signal,
      elements: orders?.length ?? 0,
    });
    if (response.kind === 'error') return response;
    if (response.fault.class === 'empty') return { kind: 'done', value: [] };
    if (response.fault.class !== 'done') return refusal(account, response);
    const found = findList(response.fields, frame.results, status.orders);
    if (!found?.every(isFields)) return callError('protocol', 'the answer holds no list of orders');
    return { kind: 'done', value: found.map((one) => statusOf({ profile, time, words: response.quote }, one)) };
  };
}

function queryFields({ names: { status } }: Profile, time: ShopClock, { orders = [], between }: StatusQuery) {
  const asked = ({ orderId, orderSerialNumber }: (typeof orders)[number]) =>
    fields(...given(status.orderId, orderId), ...given(status.orderSerialNumber, orderSerialNumber, int));
  const wanted: RequestField[] = orders.length > 0 ? [[status.orders, list(orders.map(asked))]] : [];
  const range: RequestField[] = between
    ? [
        [status.dateBegin, text(time.write(between.begin))],
        [status.dateEnd, text(time.write(between.end))],
      ]
    : [];
  return [...wanted, ...range];
}

interface Reading {
  readonly profile: Profile;
  readonly time: ShopClock;
  readonly words: OperationResponse['quote'];
}

function statusOf({ profile, time, words }: Reading, order: ResponseFields): OrderStatus {
  const { status } = profile.names;
  const fault = faultOf(order, 'getOrderStatuses', profile);
  return {
    orderId: textOf(order, status.orderId),
    orderSerialNumber: textOf(order, status.orderSerialNumber),
    symbol: symbolOf(textOf(order, status.orderStatus), profile),
    coarse: textOf(order, status.dropshippingOrderStatus),
    reference: referenceOf(profile, order),
    changedAt: time.read(textOf(order, status.orderChangeDate)),
    dispatchedAt: time.read(textOf(order, status.orderDispatchDate)),
    packages: asList(field(order, status.packages)).map((one) => packageOf(profile, one)),
    fault: fault.class,
    faultString: words(fault.text),
  };
}

/** The parcel's number is the one to follow; the consignment's where that is missing (4.7). */
function packageOf({ names }: Profile, found: ResponseValue): Package {
  if (!isFields(found)) return { courierId: '', courierName: '', number: asText(found), trackingUrl: '' };
  const of = (name: string) => textOf(found, name);
  return {
    courierId: of(names.package.courierId),
    courierName: of(names.package.courierName),
    number: of(names.package.packageNumber) || of(names.package.shippingNumber),
    trackingUrl: of(names.package.trackingUrl),
  };
}
