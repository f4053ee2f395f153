import { variantKey } from '../domain/variant-ref.ts';
import { countryOf } from '../domain/country.ts';
import { excerpt } from '../domain/cut-text.ts';
import type { OrderDraftLine, OrderDraft } from '../domain/incoming-order.ts';
import { absolute, add, formatMoney, lineValue, parseMoney } from '../domain/money.ts';
import { e164 } from '../domain/phone.ts';
import { ApiError } from '../domain/api-error.ts';
import type { VariantDetails, LinkedOrderDraft, LinkedOrderDraftLine } from '../contracts/shop-writing.ts';
import { addressNotes, withCountry } from './addresses.ts';
import { notesOnRounding, sentPrice, storedPrice } from './line-prices.ts';
import type { OrderSettings } from './deps.ts';

/** Beyond these an order is a mistake, and no shop's columns hold it. */
const MAX_TOTAL = parseMoney('9999999999.99');
const MAX_QUANTITY = 2_000_000_000;

/**
 * The order as it is to stand in the shop: lines linked to the shop's variants, VAT from them, totals to the cent, and
 * a note for everything that was odd. What is odd never refuses an order; only an unknown product may, by a setting.
 */
export function composeOrder(
  draft: OrderDraft,
  variants: readonly VariantDetails[],
  settings: OrderSettings,
): LinkedOrderDraft {
  const known = new Map(variants.map((details) => [variantKey(details), details]));
  const lines = draft.lines.map((line) => composeLine(line, known.get(variantKey(line)), settings));
  const delivery = withCountry(draft.delivery);
  const invoice = { ...withCountry(draft.invoice), taxNumber: draft.invoice.taxNumber };
  return {
    source: settings.name,
    sourceReference: draft.baselinkerId,
    email: draft.email,
    phone: draft.phone,
    phoneE164: e164(draft.phone, countryOf(delivery, invoice)),
    delivery,
    invoice,
    wantsInvoice: draft.wantsInvoice,
    pickupPoint: draft.pickupPoint,
    deliveryMethod: draft.deliveryMethod,
    payment: draft.payment,
    currency: draft.currency === '' ? settings.currency : draft.currency,
    total: totalOf(draft),
    userComments: draft.userComments,
    notes: notesOn(draft, lines, known),
    transactionId: draft.transactionId,
    marketplace: draft.marketplace,
    lines,
  };
}

/** Written out: a spread of half a line takes longer than everything else here. */
function composeLine(
  line: OrderDraftLine,
  details: VariantDetails | undefined,
  settings: OrderSettings,
): LinkedOrderDraftLine {
  if (!details && settings.unknownProducts === 'refused') {
    throw new ApiError('unknown_product', `the shop has no product ${line.productId || line.sku || `"${line.name}"`}`);
  }
  return {
    productId: details?.productId,
    variantId: details?.variantId ?? '0',
    sku: details?.sku || line.sku,
    ean: details?.ean ?? '',
    name: line.name || (details?.name ?? ''),
    quantity: line.quantity,
    price: storedPrice(line),
    vat: details?.vat ?? settings.defaultVat,
    weight: details?.weight ?? 0,
    location: details?.location ?? '',
    auctionId: line.auctionId,
    attributes: line.attributes,
  };
}

function totalOf({ lines, deliveryMethod }: OrderDraft): string {
  const goods = lines.map((line) => lineValue(sentPrice(line), line.quantity));
  const total = add(parseMoney(deliveryMethod.price), ...goods);
  if (absolute(total) > MAX_TOTAL) throw new ApiError('invalid_parameter', 'products: the total is too large');
  const quantity = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  if (quantity > MAX_QUANTITY) throw new ApiError('invalid_parameter', 'products: the order holds too many pieces');
  return formatMoney(total);
}

function notesOn(
  draft: OrderDraft,
  lines: readonly LinkedOrderDraftLine[],
  known: ReadonlyMap<string, VariantDetails>,
): string[] {
  const { lines: sent, takesStock } = draft;
  const unsold = takesStock ? '; their stock was not lowered' : '';
  return [
    ...lines
      .filter(({ productId }) => productId === undefined)
      .map((line) => `Not a product of the shop: ${titleOf(line)}`),
    ...addressNotes(draft),
    ...lines
      .filter((_, n) => isWithoutVariant(sent[n], known))
      .map((line) => `No variant was named of a product that has variants: ${titleOf(line)}${unsold}`),
    ...lines
      .filter((_, n) => sent[n]?.price === undefined)
      .map((line) => `Sent without a price, taken as 0.00: ${titleOf(line)}`),
    ...notesOnRounding(sent),
  ];
}

/** The units are taken from the product's own stock, which is shown nowhere once it has variants. */
function isWithoutVariant(line: OrderDraftLine | undefined, known: ReadonlyMap<string, VariantDetails>): boolean {
  return line?.variantId === '0' && known.get(variantKey(line))?.hasVariants === true;
}

function titleOf({ name, sku }: LinkedOrderDraftLine): string {
  return sku === '' ? excerpt(name) : `${excerpt(name)} (${excerpt(sku)})`;
}
