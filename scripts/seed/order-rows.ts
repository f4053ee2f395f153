import { formatMoney } from '../../connector/domain/money.ts';
import { buyerAt } from './buyers.ts';
import { kilograms, type Filled } from './catalogue.ts';
import { timestamp, type Row } from './insert.ts';
import { customerId, type Order, type OrderBook } from './orders.ts';

/** A row by the names of its columns: an order has too many to count them off. */
type Named = Readonly<Record<string, string | number | null>>;

export function customerRows({ shop, now }: OrderBook, from: number, to: number): Filled {
  const rows: Row[] = [];
  for (let number = from; number < to; number += 1) {
    const { email, phone, nip, address } = buyerAt(shop, number);
    const since = timestamp(new Date(now.getTime() - (160 + (number % 900)) * 86_400_000));
    rows.push([customerId(number), email, phone, address.fullname, address.company, nip, since]);
  }
  const columns = ['id', 'email', 'phone', 'fullname', 'company', 'nip', 'created_at'];
  return [[{ name: 'shop_customers', columns }, rows]];
}

/** Everything that is stored of these orders; `first` is the number of the first one. */
export function orderRows(first: number, orders: readonly Order[]): Filled {
  const each = (rowsOf: (order: Order, number: number) => Named[]): Named[] =>
    orders.flatMap((order, i) => rowsOf(order, first + i));
  return [
    filled('shop_orders', each(orderRow)),
    filled('shop_order_lines', each(lineRows)),
    filled('shop_order_adjustments', each(adjustmentRows)),
    filled('shop_parcels', each(parcelRows)),
  ];
}

function filled(name: string, rows: readonly Named[]): Filled[number] {
  return [{ name, columns: Object.keys(rows[0] ?? {}) }, rows.map((row) => Object.values(row))];
}

function orderRow(order: Order): Named[] {
  const { id, buyer, delivery, payment, createdAt } = order;
  return [
    {
      id,
      number: `ZAM/${String(createdAt.getUTCFullYear())}/${String(id)}`,
      source: order.baselinkerId === undefined ? 'shop' : 'baselinker',
      source_reference: order.baselinkerId ?? null,
      is_draft: order.isDraft ? 1 : 0,
      status_id: order.status.id,
      customer_id: order.customerId ?? null,
      email: buyer.email,
      phone: buyer.phone,
      ...addressColumns(order),
      want_invoice: order.wantInvoice ? 1 : 0,
      ...pointColumns(order),
      delivery_id: delivery.id,
      delivery_name: delivery.name,
      delivery_price: formatMoney(order.deliveryPrice),
      payment_id: payment.id,
      payment_name: payment.name,
      cash_on_delivery: payment.cashOnDelivery ? 1 : 0,
      payment_external_id: order.paymentReference,
      payment_operator: payment.operator,
      transaction_id: order.paymentReference,
      currency: 'PLN',
      total: formatMoney(order.total),
      paid_amount: formatMoney(order.paidAmount),
      paid_at: order.paidAt === undefined ? null : timestamp(order.paidAt),
      user_comments: order.userComments,
      admin_comments: order.adminComments,
      extra_field_1: order.adjustments.some(({ kind }) => kind === 'discount') ? 'rabat' : '',
      created_at: timestamp(createdAt),
      changed_at: timestamp(order.changedAt),
    },
  ];
}

function addressColumns({ deliverTo, buyer: { address, nip } }: Order): Named {
  return {
    delivery_fullname: deliverTo.fullname,
    delivery_company: deliverTo.company,
    delivery_address: deliverTo.street,
    delivery_postcode: deliverTo.postcode,
    delivery_city: deliverTo.city,
    delivery_country: deliverTo.country,
    delivery_country_code: deliverTo.countryCode,
    invoice_fullname: address.fullname,
    invoice_company: address.company,
    invoice_nip: nip,
    invoice_address: address.street,
    invoice_postcode: address.postcode,
    invoice_city: address.city,
    invoice_country: address.country,
    invoice_country_code: address.countryCode,
  };
}

function pointColumns({ point }: Order): Named {
  return {
    delivery_point_id: point?.id ?? '',
    delivery_point_name: point?.name ?? '',
    delivery_point_address: point?.address ?? '',
    delivery_point_postcode: point?.postcode ?? '',
    delivery_point_city: point?.city ?? '',
  };
}

function lineRows({ id, lines }: Order, number: number): Named[] {
  return lines.map((line, i) => ({
    id: 1 + 8 * number + i,
    order_id: id,
    position: i + 1,
    product_id: line.productId,
    variant_id: line.variantId,
    sku: line.sku,
    ean: line.ean,
    name: line.name,
    quantity: line.quantity,
    price: formatMoney(line.price),
    vat_rate: line.vatRate,
    weight: kilograms(line.grams),
    location: line.location,
    attributes: line.attributes.length > 0 ? JSON.stringify(line.attributes) : null,
  }));
}

function adjustmentRows({ id, adjustments }: Order, number: number): Named[] {
  return adjustments.map(({ kind, name, amount, vatRate }, i) => ({
    id: 1 + 4 * number + i,
    order_id: id,
    position: i + 1,
    kind,
    name,
    amount: formatMoney(amount),
    vat_rate: vatRate,
  }));
}

function parcelRows({ id, parcels }: Order, number: number): Named[] {
  return parcels.map(({ carrier, number: tracking, at }, i) => ({
    id: 1 + 2 * number + i,
    order_id: id,
    carrier,
    tracking_number: tracking,
    tracking_url: `https://tracking.example/${carrier.toLowerCase().replace(' ', '-')}?numer=${tracking}`,
    created_at: timestamp(at),
  }));
}
