import { countryOf } from '../../domain/country.ts';
import { shownMoney } from '../../domain/money.ts';
import { differenceOf, isPaid, type Difference } from '../../domain/order-totals.ts';
import { boolean, id, idFrom, page as pageField, unixTime } from '../wire/fields.ts';
import { plainJson } from '../wire/response.ts';
import type { OrderWindow, Shop } from '../../contracts/shop.ts';
import type { Address, Adjustment, Order, OrderLine, VatRate } from '../../domain/order.ts';
import { shopAction, type ConnectionSettings, type ShopContext } from './context.ts';
import { paged, tax } from './response-parts.ts';

interface Input {
  time_from: Date;
  id_from: number;
  only_paid: boolean;
  order_id: string;
  page: number;
}

/** BaseLinker keeps so many characters of a buyer's comment (docs/protocol/baselinker.md 2); the whole text goes beside it. */
const MAX_COMMENT = 510;

export const ordersGet = shopAction<Input>({
  name: 'OrdersGet',
  input: [unixTime('time_from'), idFrom('id_from'), boolean('only_paid'), id('order_id'), pageField()],
  async run(input, context) {
    const { orders, pages } = await wantedOrders(input, context);
    return paged(
      orders.map((order) => [order.id, plainJson(toWire(order, context.connection, watched(order, context)))]),
      pages,
    );
  },
});

/** One order by its id, whatever its origin and age, or a page of the scan. */
async function wantedOrders(input: Partial<Input>, { shop, connection, now }: ShopContext) {
  if (input.order_id !== undefined) return { orders: await shop.orders([input.order_id]), pages: 1 };
  const pages = await shop.orderPages(windowOf(input, connection, now()));
  return { orders: await ordersOf(pages.at(input.page ?? 1), shop), pages: pages.count };
}

async function ordersOf(ids: readonly string[], shop: Shop): Promise<readonly Order[]> {
  return ids.length === 0 ? [] : shop.orders(ids);
}

function windowOf(input: Partial<Input>, connection: ConnectionSettings, now: Date): OrderWindow {
  const { time_from: placedFrom, id_from: idFrom, only_paid: onlyPaid = false, page = 1 } = input;
  const firstId = idFrom === undefined || connection.ordersIdFrom === 'inclusive' ? idFrom : idFrom + 1;
  return {
    pageSize: connection.ordersPerPage,
    page,
    onlyPaid,
    ...(placedFrom && { placedFrom }),
    ...(connection.ordersMinAgeMs > 0 && { placedUntil: new Date(now.getTime() - connection.ordersMinAgeMs) }),
    // Below 0 is before every order; an adapter would see an id that no order can have, and show none.
    ...(firstId !== undefined && { idFrom: String(Math.max(firstId, 0)) }),
    ...(connection.ordersFromBaseLinker === 'hidden' && { excludeOrigin: connection.name }),
  };
}

/** The difference between total and parts. One that is no rounding is logged, once for every order. */
function watched(order: Order, { isFirstDifference, useCases }: ShopContext): Difference | undefined {
  const difference = differenceOf(order);
  if (difference?.isRounding === false && isFirstDifference(order.id)) {
    const { id: orderId, total } = order;
    useCases.log.warn('order does not add up', {
      orderId,
      total,
      parts: difference.parts,
      difference: difference.amount,
    });
  }
  return difference;
}

function toWire(order: Order, connection: ConnectionSettings, difference: Difference | undefined) {
  const { delivery, invoice, pickupPoint, deliveryMethod, payment } = order;
  const paid = isPaid(order);
  return {
    date_add: unixSeconds(order.placedAt),
    email: order.email,
    phone: order.phone,
    delivery_fullname: delivery.fullname,
    delivery_company: delivery.company,
    delivery_address: delivery.address,
    delivery_city: delivery.city,
    delivery_postcode: delivery.postcode,
    delivery_state_code: delivery.stateCode,
    delivery_country: delivery.country,
    delivery_country_code: codeOf(delivery),
    invoice_fullname: invoice.fullname,
    invoice_company: invoice.company,
    invoice_nip: invoice.taxNumber,
    invoice_address: invoice.address,
    invoice_city: invoice.city,
    invoice_postcode: invoice.postcode,
    invoice_state_code: invoice.stateCode,
    invoice_country: invoice.country,
    invoice_country_code: codeOf(invoice),
    delivery_point_id: pickupPoint.id,
    delivery_point_name: pickupPoint.name,
    delivery_point_address: pickupPoint.address,
    delivery_point_postcode: pickupPoint.postcode,
    delivery_point_city: pickupPoint.city,
    payment_method_id: payment.methodId,
    payment_method: payment.method,
    payment_method_cod: payment.cashOnDelivery ? 1 : 0,
    payment_external_id: payment.externalId,
    payment_operator: payment.operator,
    currency: order.currency,
    user_comments: beginningOf(order.userComments),
    user_comments_long: order.userComments,
    admin_comments: adminComments(order, connection, difference),
    status_id: order.statusId,
    delivery_method_id: deliveryMethod.id,
    delivery_method: deliveryMethod.name,
    delivery_price: shownMoney(deliveryMethod.price),
    paid: paid ? 1 : 0,
    paid_time: paid && payment.paidAt ? unixSeconds(payment.paidAt) : 0,
    want_invoice: order.wantsInvoice || invoice.taxNumber !== '' ? 1 : 0,
    extra_field_1: order.extraFields[0],
    extra_field_2: order.extraFields[1],
    transaction_id: order.transactionId,
    ...parcelFields(order, connection),
    products: linesOf(order, connection.vatExemptAs, difference),
  };
}

/** Of a country that is not known, what the shop has. */
function codeOf(address: Address): string {
  return countryOf(address) ?? address.countryCode;
}

/** Cut by characters: half a surrogate pair is no text. */
function beginningOf(comment: string): string {
  return comment.length <= MAX_COMMENT ? comment : Array.from(comment).slice(0, MAX_COMMENT).join('');
}

/** The newest parcel: a replaced label is worth nothing. Empty texts when the shop made none. */
function parcelFields({ parcels }: Order, { parcelFields: [number, carrier, link] }: ConnectionSettings) {
  const parcel = parcels.at(-1);
  return {
    [number]: parcel?.trackingNumber ?? '',
    [carrier]: parcel?.carrier ?? '',
    [link]: parcel?.trackingUrl ?? '',
  };
}

function adminComments(
  { adminComments: comments, parcels, total }: Order,
  { parcelInComments }: ConnectionSettings,
  difference: Difference | undefined,
): string {
  const notes = difference?.isRounding === false ? [differenceNote(difference.parts, total)] : [];
  const shown = parcelInComments ? parcels : [];
  const numbers = shown.map(({ carrier, trackingNumber }) => `${carrier} ${trackingNumber}`.trim());
  if (notes.length === 0 && numbers.length === 0) return comments;
  return [comments, ...notes, ...numbers].filter((text) => text !== '').join('\n');
}

const differenceNote = (parts: string, total: string): string =>
  `The parts of this order come to ${parts}, its total is ${shownMoney(total)}: the difference is a line of its own`;

function linesOf(order: Order, vatExemptAs: number, difference: Difference | undefined): readonly object[] {
  const lines = [
    ...order.lines.map((line) => lineWire(line, vatExemptAs)),
    ...order.adjustments.map((adjustment) => adjustmentWire(adjustment, vatExemptAs)),
  ];
  if (!difference) return lines;
  const name = difference.isRounding ? 'Rounding' : 'Difference to the total';
  return [...lines, adjustmentWire({ name, amount: difference.amount, vat: commonVat(order) }, vatExemptAs)];
}

function lineWire(line: OrderLine, vatExemptAs: number) {
  return {
    id: line.productId ?? '0',
    variant_id: line.variantId,
    name: line.name,
    quantity: line.quantity,
    price: shownMoney(line.price),
    tax: tax(line.vat, vatExemptAs),
    weight: line.weight,
    sku: line.sku,
    ean: line.ean,
    location: line.location,
    attributes: line.attributes,
  };
}

/** Discounts and fees are lines of their own, without a product (docs/protocol/baselinker.md 2.14). */
function adjustmentWire({ name, amount, vat }: Omit<Adjustment, 'kind'>, vatExemptAs: number) {
  return {
    id: '0',
    variant_id: '0',
    name,
    quantity: 1,
    price: shownMoney(amount),
    tax: tax(vat, vatExemptAs),
    weight: 0,
    sku: '',
    ean: '',
    location: '',
    attributes: [],
  };
}

/** The rate of the first line stands for the order where a line of ours needs one. */
function commonVat(order: Order): VatRate {
  return order.lines[0]?.vat ?? 'exempt';
}

function unixSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}
