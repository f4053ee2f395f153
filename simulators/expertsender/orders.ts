import { fits, statusOf, type Account, type AttributeDefinition } from './account.ts';
import { invalid, problem, type Reply } from './problem.ts';
import type { Store, StoredOrder } from './store.ts';
import { Orders, OrderStatus, read, type WireOrder } from './wire.ts';

/** What a request needs besides its body. */
export interface Context {
  readonly account: Account;
  readonly store: Store;
  /** The number of the request. */
  readonly request: number;
  /** Something that is let through and still is not as it should be. */
  complain(text: string): void;
  unknownField(place: string): void;
}

/** All or nothing: one bad record refuses the whole batch (E3). */
export function postOrders(json: unknown, context: Context): Reply {
  const { account, store, request } = context;
  const sent = read(Orders, json);
  sent.unknown.forEach((place) => context.unknownField(place));
  if ('errors' in sent) return invalid('/orders', sent.errors);
  const { mode, data } = sent.value;
  const errors = data.flatMap((order, at) => {
    const place = `data[${at}]`;
    return [...wrongIn(order, place, context), ...wrongMode(mode, order.id, place, store)];
  });
  if (data.length > account.mostRecords) errors.push(`data: ${account.mostRecords} records at most`);
  if (new Set(data.map(({ id }) => id)).size !== data.length) errors.push('data: an order stands twice in it');
  if (errors.length > 0) return invalid('/orders', errors);
  data.forEach((order, at) => {
    suspect(order, `data[${at}]`, context);
    store.put(order, statusIn(order, account), { request, by: `POST ${mode}` });
  });
  return { status: 201 };
}

const statusIn = ({ status }: WireOrder, account: Account) =>
  status === undefined || status === null ? undefined : statusOf(status, account);

function wrongMode(mode: string, id: string, place: string, { orders }: Store): string[] {
  if (mode === 'Add' && orders.has(id)) return [`${place}.id: the order is already there`];
  if (mode === 'Replace' && !isThere(orders.get(id))) return [`${place}.id: there is no such order`];
  return [];
}

/** What only the account can know. */
function wrongIn(order: WireOrder, place: string, { account, store }: Context): string[] {
  const { matchField, websites, knownCustomersOnly } = account;
  const errors: string[] = [];
  const match = order.customer[matchField] ?? '';
  if (match === '') errors.push(`${place}.customer.${matchField}: is required`);
  else if (knownCustomersOnly && store.findCustomer(match) === undefined) {
    errors.push(`${place}.customer: there is no such customer`);
  }
  if (typeof order.status === 'string' && statusOf(order.status, account) === undefined) {
    errors.push(`${place}.status: is not a known status`);
  }
  errors.push(...wrongWebsite(order.websiteId, `${place}.websiteId`, websites));
  errors.push(...wrongAttributes(order.orderAttributes, account.orderAttributes, `${place}.orderAttributes`));
  order.products.forEach((product, at) => {
    const line = `${place}.products[${at}]`;
    errors.push(...wrongAttributes(product.productAttributes, account.productAttributes, `${line}.productAttributes`));
    if ((product.returned ?? 0) > product.quantity) errors.push(`${line}.returned: is more than quantity`);
  });
  return errors;
}

function wrongWebsite(id: number | null | undefined, place: string, websites: readonly number[]): string[] {
  const isWrong = typeof id === 'number' && websites.length > 0 && !websites.includes(id);
  return isWrong ? [`${place}: there is no such website`] : [];
}

export function wrongAttributes(
  sent: readonly { readonly name: string; readonly value: string }[] | null | undefined,
  defined: readonly AttributeDefinition[],
  place: string,
): string[] {
  const given = sent ?? [];
  const errors = given.flatMap(({ name, value }, at) => {
    const definition = defined.find((one) => one.name === name);
    if (!definition) return [`${place}[${at}].name: there is no attribute "${name}"`];
    if (given.findIndex((one) => one.name === name) !== at) return [`${place}[${at}].name: stands twice`];
    return fits(value, definition) ? [] : [`${place}[${at}].value: is not a ${definition.type}`];
  });
  const missing = defined.filter(({ name, required }) => required && !given.some((one) => one.name === name));
  return [...errors, ...missing.map(({ name }) => `${place}: "${name}" is required`)];
}

/** Pitfalls of section 9: taken by the platform, and wrong all the same. */
function suspect(order: WireOrder, place: string, context: Context): void {
  const complain = (text: string): void => context.complain(text);
  const earlier = context.store.orders.get(order.id);
  const { email, crmId } = order.customer;
  if (earlier && Date.parse(earlier.order.date) !== Date.parse(order.date)) {
    complain(`${place}.date: was ${earlier.order.date}, is ${order.date}`);
  }
  if (earlier?.isDeleted) complain(`${place}.id: a deleted order comes back`);
  if (earlier?.status && !order.status) complain(`${place}.status: is left out and lost`);
  if (email && email !== email.toLowerCase()) complain(`${place}.customer.email: not in small letters`);
  if (crmId === '0') complain(`${place}.customer.crmId: is "0", which makes one customer of all guests`);
  if (order.date.endsWith('Z') && (order.timeZone ?? 'UTC') !== 'UTC') {
    complain(`${place}.timeZone: ${order.timeZone ?? ''} beside a date in UTC`);
  }
  const amounts: [string, number | null | undefined][] = [
    ['totalValue', order.totalValue],
    ['returnsValue', order.returnsValue],
    ...order.products.map(({ price }, at): [string, number] => [`products[${at}].price`, price]),
  ];
  for (const [name, amount] of amounts) {
    if (/\.\d{3}|e/.test(String(amount ?? 0))) complain(`${place}.${name}: ${String(amount)} is no amount of money`);
  }
}

export function putStatus(json: unknown, context: Context): Reply {
  const { account, store, request } = context;
  const instance = '/orders/status';
  const sent = read(OrderStatus, json);
  sent.unknown.forEach((place) => context.unknownField(place));
  if ('errors' in sent) return invalid(instance, sent.errors);
  const { orderId, orderStatus, websiteId } = sent.value;
  const status = statusOf(orderStatus, account);
  const errors = wrongWebsite(websiteId, 'websiteId', account.websites);
  if (status === undefined) return invalid(instance, ['orderStatus: is not a known status', ...errors]);
  if (errors.length > 0) return invalid(instance, errors);
  if (!isThere(store.orders.get(orderId))) {
    context.complain(`order ${orderId}: its status comes before the order itself`);
    return account.unknownOrder === 404
      ? problem(404, instance, 'There is no such order')
      : invalid(instance, ['orderId: there is no such order']);
  }
  store.setStatus(orderId, status, request);
  return { status: 200 };
}

export function getOrder(id: string, { store }: Context): Reply {
  const stored = store.orders.get(id);
  return isThere(stored) ? shown(stored) : problem(404, '/orders/{id}', 'There is no such order');
}

/** Soft: the order is kept and not shown any more; a second time there is nothing to delete. */
export function deleteOrder(id: string, context: Context): Reply {
  const reply = getOrder(id, context);
  if (reply.status === 200) context.store.remove(id, context.request);
  return reply;
}

function isThere(stored: StoredOrder | undefined): stored is StoredOrder {
  return stored !== undefined && !stored.isDeleted;
}

function shown({ order, status, customerId }: StoredOrder): Reply {
  const { email = null, phone = null, crmId = null } = order.customer;
  const data = {
    ...order,
    status: status ?? null,
    returnsValue: order.returnsValue ?? 0,
    customer: { id: customerId, email, phone, crmId },
    products: order.products.map((product) => ({ ...product, returned: product.returned ?? 0 })),
    orderAttributes: order.orderAttributes ?? [],
  };
  return { status: 200, body: { status: 0, data } };
}
