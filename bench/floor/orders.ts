import { filledUp, HUNDRED, type Ask } from './database.ts';
import { byFirst, quote } from './json.ts';

const PAGE_SIZE = 100;
const MAX_COMMENT = 510;

/** Text columns that stand one after the other in the answer, under the names that they have there. */
const BUYER = {
  email: 'email',
  phone: 'phone',
  delivery_fullname: 'delivery_fullname',
  delivery_company: 'delivery_company',
  delivery_address: 'delivery_address',
  delivery_city: 'delivery_city',
  delivery_postcode: 'delivery_postcode',
  delivery_state_code: 'delivery_state_code',
  delivery_country: 'delivery_country',
  delivery_country_code: 'delivery_country_code',
  invoice_fullname: 'invoice_fullname',
  invoice_company: 'invoice_company',
  invoice_nip: 'invoice_nip',
  invoice_address: 'invoice_address',
  invoice_city: 'invoice_city',
  invoice_postcode: 'invoice_postcode',
  invoice_state_code: 'invoice_state_code',
  invoice_country: 'invoice_country',
  invoice_country_code: 'invoice_country_code',
  delivery_point_id: 'delivery_point_id',
  delivery_point_name: 'delivery_point_name',
  delivery_point_address: 'delivery_point_address',
  delivery_point_postcode: 'delivery_point_postcode',
  delivery_point_city: 'delivery_point_city',
  payment_method_id: "COALESCE(payment_id, '')",
  payment_method: 'payment_name',
};
const BUYER_KEYS = Object.keys(BUYER).map((name) => `,"${name}":`);
const FIRST_TEXT = 9;

type HeadRow = [
  ...[id: number, placedAt: number, cashOnDelivery: number, statusId: number, deliveryId: number | null],
  ...[paid: number, paidAt: number | null, wantsInvoice: number, total: string],
  ...string[],
];
type LineRow = [
  ...[orderId: number, productId: number | null, variantId: number, sku: string, ean: string, name: string],
  ...[quantity: number, price: string, vat: string | null, weight: string, location: string, attributes: string | null],
];
type AdjustmentRow = [orderId: number, name: string, amount: string, vat: string | null];
type ParcelRow = [orderId: number, carrier: string, number: string, url: string];

const SCAN = "FROM shop_orders WHERE is_draft = 0 AND id >= ? AND source <> 'baselinker'";
const HEADS = `
  SELECT id, FLOOR(UNIX_TIMESTAMP(created_at)) + 0E0, cash_on_delivery, status_id, delivery_id,
    paid_amount >= total AND NOT (cash_on_delivery = 1 AND paid_amount = 0), FLOOR(UNIX_TIMESTAMP(paid_at)) + 0E0,
    want_invoice = 1 OR invoice_nip <> '', total, ${Object.values(BUYER).join()}, payment_external_id, payment_operator,
    currency, user_comments, admin_comments, delivery_name, delivery_price, extra_field_1, extra_field_2, transaction_id
  ${SCAN} ORDER BY id LIMIT ${PAGE_SIZE + 1}`;
const LINES = `
  SELECT order_id, product_id, variant_id, sku, ean, name, quantity, price, vat_rate, weight, location, attributes
  FROM shop_order_lines WHERE order_id IN (${HUNDRED}) ORDER BY order_id, position, id`;
const ADJUSTMENTS = `
  SELECT order_id, name, amount, vat_rate
  FROM shop_order_adjustments WHERE order_id IN (${HUNDRED}) ORDER BY order_id, position, id`;
const PARCELS = `
  SELECT order_id, carrier, tracking_number, tracking_url
  FROM shop_parcels WHERE order_id IN (${HUNDRED}) ORDER BY order_id, created_at, id`;

export async function orders(ask: Ask, idFrom: number): Promise<string> {
  const heads = await ask<HeadRow>(HEADS, [idFrom]);
  const more = heads.length > PAGE_SIZE ? await ask<[number]>(`SELECT COUNT(*) ${SCAN}`, [idFrom]) : [];
  const page = heads.slice(0, PAGE_SIZE);
  const ids = filledUp(page.map((head) => head[0]));
  const [lines, adjustments, parcels] = await Promise.all([
    ask<LineRow>(LINES, ids),
    ask<AdjustmentRow>(ADJUSTMENTS, ids),
    ask<ParcelRow>(PARCELS, ids),
  ]);
  const linesOf = byFirst(lines);
  const adjustmentsOf = byFirst(adjustments);
  const parcelsOf = byFirst(parcels);
  let text = '{';
  for (const head of page) {
    const id = head[0];
    const parcel = parcelsOf.get(id)?.at(-1);
    text += `"${id}":{${headText(head)},"delivery_package_nr":${quote(parcel?.[2] ?? '')}`;
    text += `,"delivery_package_module":${quote(parcel?.[1] ?? '')},"tracking_url":${quote(parcel?.[3] ?? '')}`;
    text += `,"products":[${products(head, linesOf.get(id) ?? [], adjustmentsOf.get(id) ?? [])}]},`;
  }
  return `${text}"pages":${Math.max(1, Math.ceil((more[0]?.[0] ?? 0) / PAGE_SIZE))}}`;
}

function headText(head: HeadRow): string {
  let text = `"date_add":${head[1]}`;
  BUYER_KEYS.forEach((key, n) => {
    text += key + quote(head[FIRST_TEXT + n] as string);
  });
  const [external, operator, currency, comments, admin, ...rest] = head.slice(FIRST_TEXT + BUYER_KEYS.length) as Texts;
  const [delivery, deliveryPrice, extra1, extra2, transaction] = rest;
  const short = comments.length > MAX_COMMENT ? Array.from(comments).slice(0, MAX_COMMENT).join('') : comments;
  return (
    `${text},"payment_method_cod":${head[2]},"payment_external_id":${quote(external)}` +
    `,"payment_operator":${quote(operator)},"currency":${quote(currency)},"user_comments":${quote(short)}` +
    `,"user_comments_long":${quote(comments)},"admin_comments":${quote(admin)},"status_id":"${head[3]}"` +
    `,"delivery_method_id":"${head[4] ?? ''}","delivery_method":${quote(delivery)},"delivery_price":"${deliveryPrice}"` +
    `,"paid":${head[5]},"paid_time":${head[5] === 1 ? (head[6] ?? 0) : 0},"want_invoice":${head[7]}` +
    `,"extra_field_1":${quote(extra1)},"extra_field_2":${quote(extra2)},"transaction_id":${quote(transaction)}`
  );
}

type Texts = [string, string, string, string, string, string, string, string, string, string];

/** Lines, adjustments, and a line for the cents by which the shop's total differs from their sum. */
function products(head: HeadRow, lines: readonly LineRow[], adjustments: readonly AdjustmentRow[]): string {
  let text = '';
  let missing = cents(head[8]) - cents(head[FIRST_TEXT + BUYER_KEYS.length + 6] as string);
  for (const [, id, variant, sku, ean, name, quantity, price, vat, weight, location, attributes] of lines) {
    missing -= quantity * cents(price);
    text +=
      `${text === '' ? '' : ','}{"id":"${id ?? 0}","variant_id":"${variant}","name":${quote(name)}` +
      `,"quantity":${quantity},"price":"${price}","tax":${Number(vat ?? 0)},"weight":${Number(weight)}` +
      `,"sku":${quote(sku)},"ean":${quote(ean)},"location":${quote(location)},"attributes":${attributes ?? '[]'}}`;
  }
  for (const [, name, amount, vat] of adjustments) {
    missing -= cents(amount);
    text += (text === '' ? '' : ',') + adjustment(name, amount, vat);
  }
  if (missing === 0 || Math.abs(missing) > 100) return text;
  return text + (text === '' ? '' : ',') + adjustment('Rounding', (missing / 100).toFixed(2), lines[0]?.[8] ?? null);
}

function adjustment(name: string, amount: string, vat: string | null): string {
  return (
    `{"id":"0","variant_id":"0","name":${quote(name)},"quantity":1,"price":"${amount}","tax":${Number(vat ?? 0)}` +
    `,"weight":0,"sku":"","ean":"","location":"","attributes":[]}`
  );
}

function cents(amount: string): number {
  return Math.round(Number(amount) * 100);
}
