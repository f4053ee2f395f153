import { done, fails, type Answer, type OutStruct } from './answer.ts';
import { coarseOf, symbolOf, type Order } from './orders.ts';
import { structs, text, type Struct } from './raw.ts';
import { isShopTime, shopTime } from './shop-time.ts';
import type { Call, Operation, Shop } from './shop.ts';
import { giveBack } from './stock.ts';

/** 4.7: by their ids, or those that were placed between two times of the shop. */
export const getOrderStatuses: Operation = (call, shop) => {
  const { params } = call;
  const asked = structs(params, 'orders');
  const { maxElements } = shop.profile;
  if (asked.length > maxElements) return fails('too-large', `najwyżej ${maxElements} zamówień`);
  if (asked.length > 0)
    return listed(
      asked.map((one) => oneAnswer(one, call, shop)),
      shop,
    );

  const [begin, end] = [text(params, 'dateBegin'), text(params, 'dateEnd')];
  if (!isShopTime(begin) || !isShopTime(end)) return fails('protocol', 'brak zamówień lub zakresu dat');
  // As text, as a database compares times without their zone.
  const isBetween = ({ placedAt }: Order) => {
    const at = shopTime(placedAt, shop.profile.timeZone);
    return begin <= at && at <= end;
  };
  const found = shop.orders.all.filter((order) => order.login === call.account.login && isBetween(order));
  return listed(
    found.slice(0, maxElements).map((order) => orderAnswer(order, call, shop)),
    shop,
  );
};

/** Not known to exist (4.10): served where the profile has it. */
export const cancelOrder: Operation = (call, shop) => {
  const { params, account } = call;
  const order = shop.orders.find(account.login, idsOf(params));
  if (!order) return fails('rejected', 'nie ma takiego zamówienia');
  const isOver = ['shipped', 'cancelled', 'returned'].includes(shop.profile.statusMap[order.status] ?? '');
  if (isOver) {
    order.coarse = coarseOf(shop.profile, 'keep');
    return fails('rejected', 'zamówienia nie można anulować');
  }
  for (const { product, quantity } of order.lines) giveBack(product, quantity);
  order.status = symbolOf(shop.profile, 'cancelled');
  order.coarse = coarseOf(shop.profile, 'cancelled');
  order.changedAt = shop.now();
  return done({ [shop.profile.names.order.resultStatus]: true });
};

const idsOf = (from: Struct) => ({ orderId: text(from, 'orderId'), serialNumber: text(from, 'orderSerialNumber') });

function listed(orders: readonly OutStruct[], { profile, habits }: Shop): Answer {
  const results = { [profile.names.status.orders]: orders };
  return orders.length === 0 && habits.emptyIsFault ? fails('empty', 'brak wyników', results) : done(results);
}

function oneAnswer(asked: Struct, call: Call, shop: Shop): OutStruct {
  const ids = idsOf(asked);
  const order = shop.orders.find(call.account.login, ids);
  if (order) return orderAnswer(order, call, shop);
  const { status, frame } = shop.profile.names;
  return {
    [status.orderId]: ids.orderId,
    ...(/^\d{1,9}$/.test(ids.serialNumber) ? { [status.orderSerialNumber]: Number(ids.serialNumber) } : {}),
    [frame.faultCode]: Number(call.number('empty')),
    [frame.faultString]: 'nie ma takiego zamówienia',
  };
}

function orderAnswer(order: Order, call: Call, { profile, habits }: Shop): OutStruct {
  const { status: names, frame } = profile.names;
  const time = (at: Date | undefined) => (at ? shopTime(at, profile.timeZone) : habits.emptyDate);
  const external = profile.externalReferenceField;
  return {
    [names.orderId]: order.orderId,
    [names.orderSerialNumber]: Number(order.serialNumber),
    [names.orderStatus]: toldStatus(order.status, profile.statusIds),
    ...(habits.tellsCoarse && order.coarse !== '' ? { [names.dropshippingOrderStatus]: order.coarse } : {}),
    ...(habits.tellsReference ? { [profile.referenceField]: order.note } : {}),
    ...(habits.tellsReference && external !== '' ? { [external]: order.externalReference } : {}),
    [names.orderChangeDate]: time(order.changedAt),
    [names.orderDispatchDate]: time(order.dispatchedAt),
    ...(habits.tellsPackages ? { [names.packages]: packagesAnswer(order, profile.names.package) } : {}),
    [frame.faultCode]: Number(call.number('done')),
    [frame.faultString]: '',
  };
}

/** An account may tell its statuses by number (section 7). */
const toldStatus = (symbol: string, statusIds: Readonly<Record<string, string>>): string =>
  Object.entries(statusIds).find(([, means]) => means === symbol)?.[0] ?? symbol;

const packagesAnswer = ({ packages }: Order, names: Shop['profile']['names']['package']): OutStruct[] =>
  packages.map(({ courierId, courierName, packageNumber, shippingNumber }) => ({
    [names.courierId]: Number(courierId),
    [names.courierName]: courierName,
    [names.packageNumber]: packageNumber,
    [names.shippingNumber]: shippingNumber,
    [names.trackingUrl]: '',
  }));
