import { vatRate } from '../columns.ts';
import { formatMoney, parseMoney } from '../../../domain/money.ts';
import type { Adjustment, OrderLine, Parcel } from '../../../domain/order.ts';
import type { Slice } from '../columns.ts';

/** What hangs on an order. Every row begins with the order's id. */
export type LineRow = readonly [
  orderId: number,
  productId: number | null,
  variantId: number,
  sku: string,
  ean: string,
  name: string,
  quantity: number,
  price: string,
  vat: string | null,
  weight: string,
  location: string,
  attributes: string | null,
];
export type AdjustmentRow = readonly [orderId: number, kind: string, name: string, amount: string, vat: string | null];
export type ParcelRow = readonly [orderId: number, carrier: string, trackingNumber: string, trackingUrl: string];

export const linesSql = (on: Slice['on']) => `
  SELECT order_id, product_id, variant_id, sku, ean, name, quantity, price, vat_rate, weight, location, attributes
  FROM shop_order_lines WHERE ${on('order_id')} ORDER BY order_id, position, id`;

export const adjustmentsSql = (on: Slice['on']) => `
  SELECT order_id, kind, name, amount, vat_rate
  FROM shop_order_adjustments WHERE ${on('order_id')} ORDER BY order_id, position, id`;

export const parcelsSql = (on: Slice['on']) => `
  SELECT order_id, carrier, tracking_number, tracking_url
  FROM shop_parcels WHERE ${on('order_id')} ORDER BY order_id, created_at, id`;

export function toLine(row: LineRow): OrderLine {
  return {
    productId: row[1] === null ? undefined : String(row[1]),
    variantId: String(row[2]),
    sku: row[3],
    ean: row[4],
    name: row[5],
    quantity: row[6],
    price: row[7],
    vat: vatRate(row[8]),
    weight: Number(row[9]),
    location: row[10],
    attributes: row[11] === null ? [] : readAttributes(row[11]),
  };
}

export function toAdjustment([, kind, name, amount, vat]: AdjustmentRow): Adjustment {
  return { kind: kind === 'discount' ? 'discount' : 'fee', name, amount, vat: vatRate(vat) };
}

export function toParcel([, carrier, trackingNumber, trackingUrl]: ParcelRow): Parcel {
  return { carrier, trackingNumber, trackingUrl };
}

/** The shop writes this text itself: what cannot be read is left out, because it must not keep the order back. */
export function readAttributes(json: string): OrderLine['attributes'] {
  const list = parseLeniently(json);
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('name' in entry)) return [];
    const value = 'value' in entry ? textOf(entry.value) : '';
    return [{ name: textOf(entry.name), value, price: 'price' in entry ? priceOf(entry.price) : NO_PRICE }];
  });
}

const NO_PRICE = '0.00';

function parseLeniently(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return [];
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function priceOf(value: unknown): string {
  try {
    return formatMoney(parseMoney(textOf(value)));
  } catch {
    return NO_PRICE;
  }
}
