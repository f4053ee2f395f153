import { formatMoney, type Money } from '../../../domain/money.ts';
import { addedOrder, dictionary, totalOf, type Order } from '../response-schemas.ts';
import type { Parameters } from '../client.ts';
import type { Report } from '../report.ts';
import { writeStock } from './stock-and-price-writes.ts';
import { differs, readStock, showsOrder, showsStock, updates, type Leftovers, type Sample } from './write-and-read.ts';

/** The test order, and what it may do. */
interface Trial {
  readonly report: Report;
  readonly sample: Sample;
  /** Its number in BaseLinker. */
  readonly baselinkerId: string;
  /** Stock is taken only where it can be put back. */
  readonly takesStock: boolean;
}

/** A test order: added, added again, changed, paid, sent, cancelled. The stock ends as it was. */
export async function checkOrderWrites(
  report: Report,
  offered: ReadonlySet<string>,
  { sample, now, leftovers }: { readonly sample: Sample; readonly now: Date; readonly leftovers: Leftovers },
): Promise<void> {
  report.heading('Writing: orders');
  if (!offered.has('OrderAdd') || !offered.has('OrdersGet')) {
    report.skipped('OrderAdd', 'not among the supported methods, or there is no OrdersGet to read back');
    return;
  }
  const takesStock = offered.has('ProductsQuantityUpdate');
  // Seconds since 1970: a number that no earlier check has used.
  const baselinkerId = String(Math.floor(now.getTime() / 1000));
  const trial: Trial = { report, sample, baselinkerId, takesStock };
  const id = await addOrder(trial);
  const added = takesStock ? await readStock(report, 'once the order is there', sample.id) : undefined;
  if (id !== undefined) {
    const end = await updateOrder(trial, offered, id);
    leftovers.push(`order ${id} (${end})`);
  }
  if (takesStock) await putBack(trial, id === undefined ? 1 : MAX_UNITS, added);
}

/** The order ends with so many units. */
const MAX_UNITS = 2;

/**
 * Gives back what the order took, by a difference: what was sold meanwhile stays sold. A shop that puts stock back for a
 * cancelled order (RESTOCK_CANCELLED) has done so already.
 */
async function putBack({ report, sample }: Trial, taken: number, added: number | undefined): Promise<void> {
  const now = await readStock(report, 'at the end of the order', sample.id);
  if (now === undefined) {
    report.skipped('the stock put back', `it cannot be read: give product ${sample.id} its ${sample.stock} pieces`);
    return;
  }
  const restocked = Math.max(now - (added ?? now), 0);
  const expected = Math.min(taken - restocked, sample.stock - now);
  if (expected > 0) await writeStock(report, sample.id, 'change', expected);
  await showsStock(report, 'as before the order', sample.id, now + Math.max(expected, 0));
}

async function addOrder(trial: Trial): Promise<string | undefined> {
  const { report, sample, takesStock } = trial;
  await refuses(trial, 'products not JSON', '[{"id":');
  await refuses(trial, 'no lines', '[]');
  const id = await sendOrder(trial, 'OrderAdd', orderOf(trial, 1));
  if (id === undefined) return undefined;
  await showsOrder(report, 'the new order', id, (order) => unlike(order, sample, 1));
  await sendOrder(trial, 'OrderAdd, the same again', orderOf(trial, 1), id);
  if (takesStock) await showsStock(report, 'one piece taken once', sample.id, sample.stock - 1);
  const changed = { ...orderOf(trial, MAX_UNITS), ...GREEK, previous_order_id: id };
  await sendOrder(trial, 'OrderAdd of the order with two pieces', changed, id);
  await showsOrder(report, 'the changed order', id, (order) => [
    ...unlike(order, sample, MAX_UNITS),
    ...notGreek(order),
  ]);
  if (takesStock) await showsStock(report, 'one piece more taken', sample.id, sample.stock - MAX_UNITS);
  await sendOrder(trial, 'OrderAdd of the order at a price of three decimals', finelyPriced(trial, id), id);
  await showsOrder(report, 'the total at that price', id, (order) =>
    differs('the total of lines and delivery', formatMoney(totalOf(order) as Money), FINE.total),
  );
  return id;
}

/** Greece by the code of the European Union, which is not that of the list of countries (2.12). */
const GREEK = { invoice_country: 'Grecja', invoice_country_code: 'EL' };

function notGreek({ invoice_country_code: code }: Order): string[] {
  return code === 'GR' ? [] : [`invoice_country_code is "${code}" where "GR" is due, as for EL`];
}

/** Two units, multiplied before they are rounded, and the delivery (2.12): 29.27 and 11.99. */
const FINE = { price: '14.634', total: '41.26' };

function finelyPriced(trial: Trial, id: string): Parameters {
  return { ...orderOf(trial, MAX_UNITS, FINE.price), previous_order_id: id };
}

const DELIVERY = { price: '11.99', point: 'LOD01A' };

function orderOf(
  { baselinkerId, sample, takesStock }: Trial,
  quantity: number,
  price: string = priceOf(sample),
): Parameters {
  const who = {
    fullname: 'Test BaseLinker',
    address: 'Testowa 1',
    postcode: '90-001',
    city: 'Łódź',
    country: 'Polska',
  };
  const address = (kind: string): Parameters =>
    Object.fromEntries(Object.entries({ ...who, country_code: 'PL' }).map(([name, text]) => [`${kind}_${name}`, text]));
  return {
    baselinker_id: baselinkerId,
    previous_order_id: '',
    ...address('delivery'),
    ...address('invoice'),
    email: 'check@example.com',
    phone: '+48500000000',
    delivery_method: 'Paczkomat',
    delivery_price: DELIVERY.price,
    delivery_point_id: DELIVERY.point,
    payment_method: 'Test',
    payment_method_cod: 0,
    currency: 'PLN',
    user_comments: 'A test order of the check, not to be sent',
    paid: 0,
    change_products_quantity: takesStock ? 1 : 0,
    products: JSON.stringify([{ id: sample.id, variant_id: 0, sku: sample.sku, name: sample.name, price, quantity }]),
  };
}

/** With a number of its own, so that nothing but the lines is wrong. */
async function refuses(trial: Trial, wrong: string, products: string): Promise<void> {
  const response = trial.report.baseLinker.call('OrderAdd', { ...orderOf(trial, 1), products });
  await trial.report.apiError(`OrderAdd, ${wrong}`, ['invalid_parameter'], response);
}

/** Of a product without a price: any will do. */
const priceOf = ({ price = '10.00' }: Sample): string => price;

async function sendOrder(
  { report }: Trial,
  title: string,
  parameters: Parameters,
  known?: string,
): Promise<string | undefined> {
  const added = await report.call({
    title,
    action: 'OrderAdd',
    parameters,
    schema: addedOrder,
    look: ({ order_id: id }) => ({
      says: known === undefined ? `order ${id}` : `order ${id}, the same`,
      faults:
        known === undefined || id === known
          ? []
          : [`is order ${id}, but before it was ${known}: the order stands twice`],
    }),
  });
  return added?.order_id;
}

function unlike(order: Order, sample: Sample, quantity: number): string[] {
  const [line] = order.products;
  return [
    ...(order.products.length === 1 ? [] : [`it has ${order.products.length} lines where 1 was sent`]),
    ...differs('the product', line?.id ?? '', sample.id),
    ...differs('the quantity', line?.quantity ?? '', quantity),
    ...differs('the price', line?.price ?? '', priceOf(sample)),
    ...differs('delivery_price', order.delivery_price, DELIVERY.price),
    ...differs('delivery_point_id', order.delivery_point_id, DELIVERY.point),
    ...differs('delivery_fullname', order.delivery_fullname, 'Test BaseLinker'),
    ...differs('paid', order.paid, 0),
  ];
}

/** Answers how the order ended. */
async function updateOrder({ report }: Trial, offered: ReadonlySet<string>, id: string): Promise<string> {
  if (!offered.has('OrderUpdate')) {
    report.skipped('OrderUpdate', 'not among the supported methods');
    return 'to be cancelled by hand';
  }
  const statuses = await readStatuses(report, offered);
  const cancelled = [...statuses].find(([, name]) => CANCELLED.test(name));
  const other = [...statuses].findLast(([status]) => status !== cancelled?.[0]);
  if (other) {
    await updateTwice(report, id, 'status', { update_value: other[0] });
    await showsOrder(report, 'the status', id, ({ status_id }) => differs('status_id', status_id, other[0]));
  }
  await updateTwice(report, id, 'paid', { update_value: 1 });
  await showsOrder(report, 'the payment', id, ({ paid }) => differs('paid', paid, 1));
  const parcel = `TEST${id.padStart(10, '0')}`;
  await updateTwice(report, id, 'delivery_number', { update_value: parcel, delivery_method_name: 'InPost' });
  // In which field it stands is a setting, for no source is sure of the name (2.14).
  await showsOrder(report, 'the parcel', id, (order) =>
    Object.values(order).includes(parcel) || order.admin_comments.includes(parcel)
      ? []
      : [`no field holds the parcel number ${parcel}`],
  );
  if (!cancelled) {
    report.skipped('OrderUpdate, cancelled', 'no status of the list sounds like it');
    return 'to be cancelled by hand';
  }
  await updates(report, 'OrderUpdate, cancelled', 'OrderUpdate', {
    orders_ids: id,
    update_type: 'status',
    update_value: cancelled[0],
  });
  await showsOrder(report, 'cancelled', id, ({ status_id }) => differs('status_id', status_id, cancelled[0]));
  return cancelled[1];
}

/** The protocol has no word for what a status means: its name must do. */
const CANCELLED = /anul|cancel|odwo[łl]|storn|zru[šs]/i;

async function readStatuses(report: Report, offered: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  if (!offered.has('StatusesList')) return new Map();
  const names = await report.call({
    title: 'StatusesList, to choose from',
    action: 'StatusesList',
    schema: dictionary,
    look: ({ size }) => ({ says: `${size} statuses` }),
  });
  return names ?? new Map<string, string>();
}

/** Twice, as BaseLinker does after a lost answer: an order that is already so counts too (2.13). */
async function updateTwice(report: Report, id: string, kind: string, parameters: Parameters): Promise<void> {
  const all = { orders_ids: id, update_type: kind, ...parameters };
  await updates(report, `OrderUpdate, ${kind}`, 'OrderUpdate', all);
  await updates(report, `OrderUpdate, ${kind} again`, 'OrderUpdate', all);
}
