import { countryOf } from '../../domain/country.ts';
import { absolute, add, formatMoney, roundMoney } from '../../domain/money.ts';
import type { OrderLine } from '../../domain/order.ts';
import type { RelayedOrder } from '../../contracts/target.ts';
import type { OrderField, ProductField } from './settings.ts';

export interface WireAttribute {
  readonly name: string;
  readonly value: string;
}

/** The platform's attributes hold about so many characters (section 2.4). */
export const MAX_VALUE = 255;

/** What the settings name, as text; what is empty is left out. */
export function orderAttributes(relayed: RelayedOrder, named: ReadonlyMap<string, OrderField>): WireAttribute[] {
  return filled(named, (field) => orderValue(relayed, field));
}

export function productAttributes(line: OrderLine, named: ReadonlyMap<string, ProductField>): WireAttribute[] {
  return filled(named, (field) => productValue(line, field));
}

function filled<T>(named: ReadonlyMap<string, T>, valueOf: (field: T) => string): WireAttribute[] {
  return [...named]
    .map(([name, field]) => ({ name, value: valueOf(field).trim() }))
    .filter(({ value }) => value !== '');
}

function orderValue({ order, status, origin }: RelayedOrder, field: OrderField): string {
  switch (field) {
    case 'delivery_method':
      return order.deliveryMethod.name;
    case 'delivery_price':
      return formatMoney(roundMoney(order.deliveryMethod.price));
    case 'payment_method':
      return order.payment.method;
    case 'cash_on_delivery':
      return String(order.payment.cashOnDelivery);
    case 'source':
      return origin === undefined ? 'shop' : 'baselinker';
    case 'status':
      return status.name;
    case 'number':
      return order.number;
    case 'country':
      return countryOf(order.delivery) ?? (order.delivery.countryCode || order.delivery.country);
    case 'pickup_point':
      return order.pickupPoint.id;
    case 'carrier':
      return order.parcels.at(-1)?.carrier ?? '';
    case 'wants_invoice':
      return String(order.wantsInvoice);
    case 'discount':
      return discountOf(order.adjustments);
    case 'extra_field_1':
      return order.extraFields[0];
    case 'extra_field_2':
      return order.extraFields[1];
  }
}

/** Discounts are below zero in an order; an attribute of that name says how much was given. */
function discountOf(adjustments: RelayedOrder['order']['adjustments']): string {
  const amounts = adjustments.filter(({ kind }) => kind === 'discount').map(({ amount }) => roundMoney(amount));
  return amounts.length === 0 ? '' : formatMoney(absolute(add(...amounts)));
}

function productValue(line: OrderLine, field: ProductField): string {
  switch (field) {
    case 'product_id':
      return line.productId ?? '';
    case 'variant_id':
      return line.variantId === '0' ? '' : line.variantId;
    case 'sku':
      return line.sku;
    case 'ean':
      return line.ean;
    case 'vat':
      return String(line.vat);
    case 'weight':
      return String(line.weight);
    default: {
      const wanted = field.slice('attribute:'.length);
      return line.attributes.find(({ name }) => name === wanted)?.value ?? '';
    }
  }
}
