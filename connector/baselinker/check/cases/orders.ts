import { dictionary, ordersGet, type Order, type Orders } from '../response-schemas.ts';
import { counted } from '../text-layout.ts';
import type { Report } from '../report.ts';
import { few, pastTheEnd, readAll, type Listing } from './paging.ts';

type Names = ReadonlyMap<string, string> | undefined;

/** The lists that fill the panel's drop-downs, and the orders that use their ids. */
interface Dictionaries {
  readonly statuses: Names;
  readonly deliveries: Names;
  readonly payments: Names;
}

const MONTH_SECONDS = 30 * 24 * 3600;

export async function checkOrders(report: Report, offered: ReadonlySet<string>, now: Date): Promise<void> {
  report.heading('Lists of the panel');
  const dictionaries: Dictionaries = {
    statuses: await readDictionary(report, offered, 'StatusesList', 'statuses'),
    deliveries: await readDictionary(report, offered, 'DeliveryMethodsList', 'delivery methods'),
    payments: await readDictionary(report, offered, 'PaymentMethodsList', 'payment methods'),
  };
  report.heading('Orders');
  if (!offered.has('OrdersGet')) {
    report.skipped('OrdersGet', 'not among the supported methods');
    return;
  }
  const since = Math.floor(now.getTime() / 1000) - MONTH_SECONDS;
  const recent = await checkSince(report, 'OrdersGet, last 30 days', since, dictionaries);
  const orders = recent.size > 0 ? recent : await checkSince(report, 'OrdersGet, all times', 1, dictionaries);
  const someId = [...orders.keys()][Math.floor(orders.size / 2)];
  if (someId === undefined) {
    report.skipped('OrdersGet by number', 'the shop has no orders');
    return;
  }
  await checkChoices(report, someId, dictionaries, since);
}

async function readDictionary(
  report: Report,
  offered: ReadonlySet<string>,
  action: string,
  noun: string,
): Promise<Names> {
  if (!offered.has(action)) {
    report.skipped(action, 'not among the supported methods');
    return undefined;
  }
  return report.call({
    title: action,
    action,
    schema: dictionary,
    look: (names) => ({ says: `${names.size} ${noun}` }),
  });
}

async function checkSince(report: Report, title: string, since: number, dictionaries: Dictionaries): Promise<Orders> {
  const listing: Listing<Order> = {
    action: 'OrdersGet',
    title,
    parameters: { time_from: since },
    schema: ordersGet,
    noun: 'order',
    look: (rows) => ({
      faults: [
        ...excluded(rows, 'older than asked for', ({ date_add }) => date_add < since),
        ...withoutStatus(rows, dictionaries),
      ],
      notes: notInTheLists(rows, dictionaries),
    }),
  };
  const { rows, pages } = await readAll(report, listing);
  await pastTheEnd(report, listing, pages);
  return rows;
}

async function checkChoices(report: Report, id: string, dictionaries: Dictionaries, since: number): Promise<void> {
  const base = { action: 'OrdersGet', schema: ordersGet } as const;
  await report.call({
    ...base,
    title: `OrdersGet, order_id=${id}`,
    parameters: { order_id: id },
    look: ({ rows }) => ({
      says: 'that order and no other',
      faults: [
        ...(rows.size === 1 && rows.has(id)
          ? []
          : [`holds ${rows.size === 0 ? 'nothing' : few([...rows.keys()])} instead of ${id}`]),
        ...withoutStatus(rows, dictionaries),
      ],
      notes: notInTheLists(rows, dictionaries),
    }),
  });
  await report.call({
    ...base,
    title: 'OrdersGet of an unknown number',
    parameters: { order_id: 2_147_483_647 },
    look: ({ rows }) => ({ says: 'no orders', faults: rows.size === 0 ? [] : [`holds ${few([...rows.keys()])}`] }),
  });
  await report.call({
    ...base,
    title: `OrdersGet, id_from=${id}`,
    parameters: { id_from: id },
    look: ({ rows }) => ({
      says: `${counted(rows.size, 'order')}, none earlier`,
      faults: excluded(rows, `before ${id}`, (_, key) => Number(key) < Number(id)),
    }),
  });
  await report.call({
    ...base,
    title: 'OrdersGet, only_paid=1',
    parameters: { time_from: since, only_paid: 1 },
    look: ({ rows }) => ({
      says: `${counted(rows.size, 'order')}, all paid`,
      faults: excluded(rows, 'not paid', ({ paid }) => paid === 0),
    }),
  });
}

function excluded(rows: Orders, why: string, isWrong: (order: Order, id: string) => boolean): string[] {
  const wrong = [...rows].filter(([id, order]) => isWrong(order, id)).map(([id]) => id);
  return wrong.length > 0 ? [`order ${few(wrong)}: ${why}`] : [];
}

/** A retired method is left out of its list and stays on its orders, so this is odd rather than wrong. */
function notInTheLists(rows: Orders, { deliveries, payments }: Dictionaries): string[] {
  return [
    ...strange(rows, 'delivery method', ({ delivery_method_id }) => delivery_method_id, deliveries),
    ...strange(rows, 'payment method', ({ payment_method_id }) => payment_method_id, payments),
  ].map((sentence) => `${sentence}: retired?`);
}

/** A status is retired only when no order that is shown stands in it (2.15). */
function withoutStatus(rows: Orders, { statuses }: Dictionaries): string[] {
  return strange(rows, 'status', ({ status_id }) => status_id, statuses);
}

function strange(rows: Orders, what: string, idOf: (order: Order) => string, names: Names): string[] {
  if (!names) return [];
  const ids = new Set([...rows.values()].map(idOf).filter((id) => id !== '' && !names.has(id)));
  return ids.size > 0 ? [`${what} ${few([...ids])} stands on orders, but not in its list`] : [];
}
