import { articleKey } from '../domain/articles.ts';
import { countryOf } from '../domain/country.ts';
import { excerpt } from '../domain/excerpt.ts';
import type { IncomingLine, IncomingOrder } from '../domain/incoming-order.ts';
import { absolute, add, formatMoney, lineValue, parseMoney } from '../domain/money.ts';
import { e164 } from '../domain/phone.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Article, NewOrder, NewOrderLine } from '../shops/shop-writing.ts';
import { addressNotes, withCountry } from './addresses.ts';
import { notesOnRounding, sentPrice, storedPrice } from './line-prices.ts';
import type { OrderSettings } from './parts.ts';

/** Beyond these an order is a mistake, and no shop's columns hold it. */
const MOST_TOTAL = parseMoney('9999999999.99');
const MOST_PIECES = 2_000_000_000;

/**
 * The order as it is to stand in the shop: lines linked to the shop's articles, VAT from them, totals to the cent, and a
 * note for everything that was odd. What is odd never refuses an order; only an unknown product may, by a setting.
 */
export function composeOrder(incoming: IncomingOrder, articles: readonly Article[], settings: OrderSettings): NewOrder {
  const known = new Map(articles.map((article) => [articleKey(article), article]));
  const lines = incoming.lines.map((line) => composeLine(line, known.get(articleKey(line)), settings));
  const delivery = withCountry(incoming.delivery);
  const invoice = { ...withCountry(incoming.invoice), taxNumber: incoming.invoice.taxNumber };
  return {
    source: settings.name,
    sourceReference: incoming.baselinkerId,
    email: incoming.email,
    phone: incoming.phone,
    phoneE164: e164(incoming.phone, countryOf(delivery, invoice)),
    delivery,
    invoice,
    wantsInvoice: incoming.wantsInvoice,
    pickupPoint: incoming.pickupPoint,
    deliveryMethod: incoming.deliveryMethod,
    payment: incoming.payment,
    currency: incoming.currency === '' ? settings.currency : incoming.currency,
    total: totalOf(incoming),
    userComments: incoming.userComments,
    notes: notesOn(incoming, lines, known),
    transactionId: incoming.transactionId,
    marketplace: incoming.marketplace,
    lines,
  };
}

/** Written out, as a spread of half a line takes longer than all the rest of it. */
function composeLine(line: IncomingLine, article: Article | undefined, settings: OrderSettings): NewOrderLine {
  if (!article && settings.unknownProducts === 'refused') {
    throw new Refusal('unknown_product', `the shop has no product ${line.productId || line.sku || `"${line.name}"`}`);
  }
  return {
    productId: article?.productId,
    variantId: article?.variantId ?? '0',
    sku: article?.sku || line.sku,
    ean: article?.ean ?? '',
    name: line.name || (article?.name ?? ''),
    quantity: line.quantity,
    price: storedPrice(line),
    vat: article?.vat ?? settings.defaultVat,
    weight: article?.weight ?? 0,
    location: article?.location ?? '',
    auctionId: line.auctionId,
    attributes: line.attributes,
  };
}

function totalOf({ lines, deliveryMethod }: IncomingOrder): string {
  const goods = lines.map((line) => lineValue(sentPrice(line), line.quantity));
  const total = add(parseMoney(deliveryMethod.price), ...goods);
  if (absolute(total) > MOST_TOTAL) throw new Refusal('invalid_parameter', 'products: the total is too large');
  const pieces = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  if (pieces > MOST_PIECES) throw new Refusal('invalid_parameter', 'products: the order holds too many pieces');
  return formatMoney(total);
}

function notesOn(
  incoming: IncomingOrder,
  lines: readonly NewOrderLine[],
  known: ReadonlyMap<string, Article>,
): string[] {
  const { lines: sent, takesStock } = incoming;
  const unsold = takesStock ? '; their stock was not lowered' : '';
  return [
    ...lines
      .filter(({ productId }) => productId === undefined)
      .map((line) => `Not a product of the shop: ${titleOf(line)}`),
    ...addressNotes(incoming),
    ...lines
      .filter((_, n) => isWithoutVariant(sent[n], known))
      .map((line) => `No variant was named of a product that has variants: ${titleOf(line)}${unsold}`),
    ...lines
      .filter((_, n) => sent[n]?.price === undefined)
      .map((line) => `Sent without a price, taken as 0.00: ${titleOf(line)}`),
    ...notesOnRounding(sent),
  ];
}

/** The pieces are taken from the product's own stock, which is shown nowhere once it has variants. */
function isWithoutVariant(line: IncomingLine | undefined, known: ReadonlyMap<string, Article>): boolean {
  return line?.variantId === '0' && known.get(articleKey(line))?.hasVariants === true;
}

function titleOf({ name, sku }: NewOrderLine): string {
  return sku === '' ? excerpt(name) : `${excerpt(name)} (${excerpt(sku)})`;
}
