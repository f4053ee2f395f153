import { add, formatMoney, roundMoney, times, type Money } from '../../domain/money.ts';
import { unitRoundingOf } from '../../domain/order-totals.ts';
import type { Order, OrderLine } from '../../domain/order.ts';
import type { RelayedOrder } from '../../contracts/target.ts';
import { MAX_VALUE, orderAttributes, productAttributes, type WireAttribute } from './attributes.ts';
import { wireCustomer, type WireCustomer } from './customer.ts';
import type { ExpertSenderSettings } from './settings.ts';
import { mapStatus } from './status-mapping.ts';
import { wireZone, type WireZone } from './time-zone.ts';

export interface WireProduct {
  readonly id: string;
  readonly name: string;
  readonly price: number;
  readonly quantity: number;
  readonly returned?: number;
  readonly productAttributes?: readonly WireAttribute[];
}

export interface WireOrder {
  readonly id: string;
  readonly date: string;
  readonly timeZone: string;
  readonly websiteId?: number;
  readonly status: string;
  readonly currency?: string;
  readonly totalValue: number;
  readonly returnsValue?: number;
  readonly customer: WireCustomer;
  readonly products: readonly WireProduct[];
  readonly orderAttributes?: readonly WireAttribute[];
}

/** An order as the platform reads it, or the sentence that says why there is none. */
export type MappedOrder =
  /** `notes` name what was cut or left out, and hold nothing of its content. */
  { readonly wire: WireOrder; readonly notes: readonly string[] } | { readonly unfit: string };

const MAX_ID = 128;
const MAX_NAME = 2048;
const MAX_QUANTITY = 2_147_483_647;

/** The id of lines that are not in the catalogue: one for all, so that they join with no product of the feed. */
export const FREE_TEXT_ID = 'free-text';

/** Always the complete order: what is left out of a replacement may be cleared (E1). */
export function orderWriter(settings: ExpertSenderSettings): (relayed: RelayedOrder) => MappedOrder {
  const zone = wireZone(settings.timeZone);
  return (relayed) => {
    const notes: string[] = [];
    try {
      return { wire: wireOrder(relayed, { settings, zone, note: (text) => void notes.push(text) }), notes };
    } catch (error) {
      if (error instanceof Unfit) return { unfit: error.message };
      throw error;
    }
  };
}

/** Caught by `orderWriter` alone, which makes a value of it. */
class Unfit extends Error {}

interface Writing {
  readonly settings: ExpertSenderSettings;
  readonly zone: WireZone;
  readonly note: (text: string) => void;
}

function wireOrder(relayed: RelayedOrder, writing: Writing): WireOrder {
  const { order, status } = relayed;
  const { settings, zone } = writing;
  const stands = mapStatus(withAmounts(relayed), settings);
  if (!stands) {
    throw new Unfit(
      `the shop's status ${status.id} means nothing to ExpertSender yet: give it a meaning in the shop, or name it in ` +
        `EXPERTSENDER_STATUSES, for example ${status.id}=paid`,
    );
  }
  if (Number.isNaN(order.placedAt.getTime())) throw new Unfit('the order has no date');
  const products = order.lines.flatMap((line, at) => wireProduct(line, `products[${at}]`, stands.isReturned, writing));
  const attributes = cutValues(orderAttributes(relayed, settings.orderAttributes), 'order', writing);
  return {
    id: wireId(order.id, settings),
    date: zone.write(order.placedAt),
    timeZone: zone.name,
    ...(settings.websiteId !== undefined && { websiteId: settings.websiteId }),
    status: stands.status === 'canceled' ? settings.canceledAs : stands.status,
    ...currency(order, writing),
    totalValue: wireNumber(amount(order.total, 'total')),
    ...(stands.isReturned && { returnsValue: wireNumber(returnedValue(order)) }),
    customer: wireCustomer(order, settings),
    products,
    ...(attributes.length > 0 && { orderAttributes: attributes }),
  };
}

/** Ids are never cut: two orders could become one. Dots alone would be read as a step in a path. */
export function wireId(id: string, { orderIdPrefix }: Pick<ExpertSenderSettings, 'orderIdPrefix'>): string {
  const full = `${orderIdPrefix}${id}`;
  if (full.length < 1 || full.length > MAX_ID || /^\.+$/.test(full)) {
    throw new Unfit(`the order's id must have 1 to ${MAX_ID} characters, and not dots alone`);
  }
  return full;
}

/** The payment state is read from these, so they are checked first. */
function withAmounts(relayed: RelayedOrder): RelayedOrder {
  amount(relayed.order.total, 'total');
  amount(relayed.order.payment.paidAmount, 'paid amount');
  amount(relayed.order.deliveryMethod.price, 'delivery price');
  for (const { amount: text } of relayed.order.adjustments) amount(text, 'discount or fee');
  return relayed;
}

function wireProduct(line: OrderLine, place: string, isReturned: boolean, writing: Writing): WireProduct[] {
  const { settings, note } = writing;
  const { quantity } = line;
  if (!Number.isInteger(quantity) || quantity < 1) {
    note(`${place} is left out: its quantity is not 1 or more`);
    return [];
  }
  if (quantity > MAX_QUANTITY) throw new Unfit(`${place}: the quantity is above ${MAX_QUANTITY}`);
  const id = productId(line, settings.productId);
  if (id.length > MAX_ID) throw new Unfit(`${place}: the product's id is longer than ${MAX_ID} characters`);
  const attributes = cutValues(productAttributes(line, settings.productAttributes), place, writing);
  return [
    {
      id,
      name: cut(line.name.trim() || id, MAX_NAME, `${place}.name`, note),
      price: wireNumber(amount(line.price, `${place}.price`)),
      quantity,
      // Left out for 0: the document wants 1 or more where its own sample and both plugins send 0 (E8).
      ...(isReturned ? { returned: quantity } : settings.sendsZeroReturned && { returned: 0 }),
      ...(attributes.length > 0 && { productAttributes: attributes }),
    },
  ];
}

/** The id of the setting; where the line has none, the variant's number. */
function productId(line: OrderLine, kind: ExpertSenderSettings['productId']): string {
  const { productId: product = '', variantId, sku, ean } = line;
  const isVariant = variantId !== '' && variantId !== '0';
  const chosen = {
    product,
    variant: isVariant ? variantId : product,
    'product-variant': isVariant && product !== '' ? `${product}-${variantId}` : product,
    sku,
    ean,
  }[kind];
  return [chosen, sku, product].map((id) => id.trim()).find((id) => id !== '') ?? FREE_TEXT_ID;
}

/** The goods alone, and never more than was asked for the whole order. */
function returnedValue(order: Order): Money {
  const lines = order.lines.filter(isSold);
  const shown = lines.map(({ price, quantity }) => times(roundMoney(price), quantity));
  const goods = add(...shown, unitRoundingOf({ ...order, lines }));
  const max = roundMoney(order.total);
  return goods > max ? max : goods;
}

const isSold = ({ quantity }: OrderLine) => Number.isInteger(quantity) && quantity >= 1;

function currency(order: Order, { note }: Writing): { currency?: string } {
  const code = order.currency.trim().toUpperCase();
  if (/^[A-Z]{3}$/.test(code)) return { currency: code };
  if (code !== '') throw new Unfit('the currency is not an ISO code of three letters');
  note('currency is left out: the order has none');
  return {};
}

function amount(text: string, place: string): Money {
  try {
    return roundMoney(text);
  } catch {
    throw new Unfit(`${place}: not an amount of money`);
  }
}

/** Fifteen digits: any decimal of so many is told apart from its neighbours as a double. */
const MAX_HUNDREDTHS = 999_999_999_999_999n;

/**
 * The one place where money becomes a number, because the platform wants one. It is made of the final decimal text, and a
 * decimal of at most fifteen digits comes back unchanged when the double nearest to it is written in its shortest form,
 * as JSON.stringify does: 24.90 goes out as 24.9 and never as 24.899999999999999.
 */
export function wireNumber(money: Money): number {
  if (money > MAX_HUNDREDTHS || money < -MAX_HUNDREDTHS) throw new Unfit('an amount is too large to be told');
  return Number(formatMoney(money));
}

function cutValues(attributes: readonly WireAttribute[], place: string, { note }: Writing): WireAttribute[] {
  return attributes.map(({ name, value }) => ({
    name,
    value: cut(value, MAX_VALUE, `${place}, attribute ${name}`, note),
  }));
}

/** Counted as the platform's strings are, in units of UTF-16, and cut between characters. */
function cut(text: string, max: number, place: string, note: (text: string) => void): string {
  if (text.length <= max) return text;
  note(`${place} is cut to ${max} characters`);
  const short = text.slice(0, max);
  return /[\uD800-\uDBFF]$/.test(short) ? short.slice(0, -1) : short;
}
