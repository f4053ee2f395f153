import type { SqlValue } from '../../../db/connect.ts';
import type { LinkedOrderDraft } from '../../../contracts/shop-writing.ts';
import { idNumber } from '../columns.ts';
import { cutBytes, cutCharacters, MAX_BYTES, MAX_CHARACTERS } from '../texts.ts';

type Texts = Readonly<Record<string, string>>;

/** Codes mean nothing, or something else, without their end. */
const COMPLETE_OR_NOT_AT_ALL = new Set(['delivery_country_code', 'invoice_country_code', 'phone_e164', 'tracking_url']);

/**
 * The columns of an order that its content decides, always in the same order. What did not fit is reported in `notes`.
 */
export function headColumns(order: LinkedOrderDraft, notes: string[]): Readonly<Record<string, SqlValue>> {
  const { payment, deliveryMethod } = order;
  return {
    ...fitting(MAX_CHARACTERS.shop_orders, headTexts(order), notes),
    want_invoice: order.wantsInvoice,
    delivery_id: idNumber(deliveryMethod.id) ?? null,
    delivery_price: deliveryMethod.price,
    payment_id: idNumber(payment.methodId) ?? null,
    cash_on_delivery: payment.cashOnDelivery,
    total: order.total,
    user_comments: fittingBytes(order.userComments, MAX_BYTES.shop_orders.user_comments, 'user_comments', notes),
  };
}

/** Texts cut to their columns; `where` begins the note about each that was. */
export function fitting<Given extends Texts>(
  limits: Readonly<Record<keyof Given, number>>,
  texts: Given,
  notes: string[],
  where = '',
): Given {
  const cuts: Record<string, string> = {};
  for (const column of Object.keys(texts)) {
    const text = texts[column] ?? '';
    const max = limits[column] ?? 0;
    const cut = cutCharacters(text, max);
    if (cut.length === text.length) continue;
    const isUseless = COMPLETE_OR_NOT_AT_ALL.has(column);
    notes.push(
      isUseless
        ? `${where}${column} was left out: it is longer than ${max} characters`
        : `${where}${column} was cut at ${max} characters`,
    );
    cuts[column] = isUseless ? '' : cut;
  }
  // Nearly everything fits, and a copy of a head costs more than looking at all its texts.
  return Object.keys(cuts).length === 0 ? texts : { ...texts, ...cuts };
}

function fittingBytes(text: string, max: number, column: string, notes: string[]): string {
  const cut = cutBytes(text, max);
  if (cut.length !== text.length) notes.push(`${column} was cut at ${max} bytes`);
  return cut;
}

/** Written out, column by column: gathering them by name takes longer than everything else here. */
function headTexts({ delivery, invoice, pickupPoint, marketplace, ...order }: LinkedOrderDraft) {
  return {
    email: order.email,
    phone: order.phone,
    phone_e164: order.phoneE164,
    delivery_fullname: delivery.fullname,
    delivery_company: delivery.company,
    delivery_address: delivery.address,
    delivery_postcode: delivery.postcode,
    delivery_city: delivery.city,
    delivery_state_code: delivery.stateCode,
    delivery_country: delivery.country,
    delivery_country_code: delivery.countryCode,
    invoice_fullname: invoice.fullname,
    invoice_company: invoice.company,
    invoice_address: invoice.address,
    invoice_postcode: invoice.postcode,
    invoice_city: invoice.city,
    invoice_state_code: invoice.stateCode,
    invoice_country: invoice.country,
    invoice_country_code: invoice.countryCode,
    invoice_nip: invoice.taxNumber,
    delivery_point_id: pickupPoint.id,
    delivery_point_name: pickupPoint.name,
    delivery_point_address: pickupPoint.address,
    delivery_point_postcode: pickupPoint.postcode,
    delivery_point_city: pickupPoint.city,
    delivery_name: order.deliveryMethod.name,
    payment_name: order.payment.method,
    currency: order.currency,
    transaction_id: order.transactionId,
    service: marketplace.service,
    service_account: marketplace.account,
    client_login: marketplace.buyerLogin,
  };
}

/** The comments with those notes added that are not among them yet, one a line. */
export function withNotes(comments: string, notes: readonly string[]): string {
  const known = new Set(comments.split('\n'));
  const lines = comments === '' ? [] : [comments];
  for (const note of notes) {
    const line = note.replaceAll(/[\r\n]+/g, ' ');
    if (line === '' || known.has(line)) continue;
    known.add(line);
    lines.push(line);
  }
  return cutBytes(lines.join('\n'), MAX_BYTES.shop_orders.admin_comments);
}
