import { ApiError } from '../../domain/api-error.ts';
import type { OrderDraftLine, OrderDraft } from '../../domain/incoming-order.ts';
import type { Address } from '../../domain/order.ts';
import { pickupPointId } from '../../domain/pickup-point.ts';
import { placeOrder } from '../../orders/place-order.ts';
import type { Field } from '../wire/action.ts';
import { boolean, id, money, positiveId, required, text, unixTime } from '../wire/fields.ts';
import { items, type Item } from '../wire/items.ts';
import { shopAction } from './context.ts';

/** Texts of an order are cut by the shop where it cannot hold them; here only a body of nonsense is refused. */
const MAX_TEXT = 100_000;
const MAX_LINES = 5000;

/** Texts that are taken as they are, by their names on the wire (docs/protocol/baselinker.md 2.12). */
const TEXTS = [
  'delivery_fullname',
  'delivery_company',
  'delivery_address',
  'delivery_postcode',
  'delivery_city',
  'delivery_state_code',
  'delivery_country',
  'delivery_country_code',
  'invoice_fullname',
  'invoice_company',
  'invoice_nip',
  'invoice_address',
  'invoice_postcode',
  'invoice_city',
  'invoice_state_code',
  'invoice_country',
  'invoice_country_code',
  'email',
  'phone',
  'delivery_method',
  'delivery_method_id',
  'delivery_point_id',
  'delivery_point_pni',
  'delivery_point_name',
  'delivery_point_address',
  'delivery_point_postcode',
  'delivery_point_city',
  'payment_method',
  'payment_method_id',
  'user_comments',
  'status_id',
  'currency',
  'transaction_id',
  'service',
  'service_account',
  'client_login',
] as const;

type Input = Record<(typeof TEXTS)[number], string> & {
  baselinker_id: string;
  previous_order_id: string;
  delivery_price: string;
  payment_method_cod: boolean;
  want_invoice: boolean;
  paid: boolean;
  change_products_quantity: boolean;
  date_add: Date;
  products: OrderDraftLine[];
};

const FIELDS: readonly Field[] = [
  required(positiveId('baselinker_id')),
  id('previous_order_id'),
  ...TEXTS.map((name) => text(name, MAX_TEXT)),
  money('delivery_price'),
  boolean('payment_method_cod'),
  boolean('want_invoice'),
  boolean('paid'),
  boolean('change_products_quantity'),
  unixTime('date_add'),
  required(items('products', MAX_LINES, readLine)),
];

export const orderAdd = shopAction<Input>({
  name: 'OrderAdd',
  input: FIELDS,
  run: async (input, { useCases, by }) => ({
    order_id: Number(await placeOrder(useCases, readOrder(input), by('OrderAdd'))),
  }),
});

function readOrder(input: Partial<Input>): OrderDraft {
  const lines = input.products ?? [];
  if (lines.length === 0) throw new ApiError('invalid_parameter', 'products: an order needs at least one line');
  return {
    baselinkerId: input.baselinker_id ?? '',
    previousOrderId: noneWhenZero(input.previous_order_id),
    statusId: noneWhenZero(input.status_id),
    paid: input.paid,
    takesStock: input.change_products_quantity === true,
    placedAt: input.date_add,
    email: input.email ?? '',
    phone: input.phone ?? '',
    delivery: addressOf(input, 'delivery'),
    invoice: { ...addressOf(input, 'invoice'), taxNumber: taxNumberIn(input.invoice_nip ?? '') },
    wantsInvoice: input.want_invoice === true,
    pickupPoint: pickupPointOf(input),
    deliveryMethod: {
      id: input.delivery_method_id ?? '',
      name: input.delivery_method ?? '',
      price: input.delivery_price ?? '0.00',
    },
    payment: {
      methodId: input.payment_method_id ?? '',
      method: input.payment_method ?? '',
      cashOnDelivery: input.payment_method_cod === true,
    },
    currency: (input.currency ?? '').toUpperCase(),
    userComments: input.user_comments ?? '',
    transactionId: input.transaction_id ?? '',
    marketplace: {
      service: input.service ?? '',
      account: input.service_account ?? '',
      buyerLogin: input.client_login ?? '',
    },
    lines,
  };
}

/** Absent, "" and "0" alike mean that there is none (docs/protocol/baselinker.md 1.1). */
function noneWhenZero(value: string | undefined): string | undefined {
  return value === '0' ? undefined : value;
}

function addressOf(input: Partial<Input>, kind: 'delivery' | 'invoice'): Address {
  return {
    fullname: input[`${kind}_fullname`] ?? '',
    company: input[`${kind}_company`] ?? '',
    address: input[`${kind}_address`] ?? '',
    postcode: input[`${kind}_postcode`] ?? '',
    city: input[`${kind}_city`] ?? '',
    stateCode: input[`${kind}_state_code`] ?? '',
    country: input[`${kind}_country`] ?? '',
    countryCode: input[`${kind}_country_code`] ?? '',
  };
}

function pickupPointOf(input: Partial<Input>): OrderDraft['pickupPoint'] {
  const name = input.delivery_point_name ?? '';
  return {
    id: pickupPointId([input.delivery_point_id, input.delivery_point_pni], name),
    name,
    address: input.delivery_point_address ?? '',
    postcode: input.delivery_point_postcode ?? '',
    city: input.delivery_point_city ?? '',
  };
}

function readLine(item: Item): OrderDraftLine {
  const productId = item.id('id') || item.id('product_id');
  const variantId = item.id('variant_id');
  const quantity = item.whole('quantity');
  if (quantity < 1) throw new ApiError('invalid_parameter', `${item.path}.quantity must be at least 1`);
  return {
    productId: productId === '0' ? '' : productId,
    variantId: variantId === '' ? '0' : variantId,
    sku: item.text('sku'),
    name: item.text('name'),
    // Gifts of marketplaces come with null; a price that is missing or empty is a mistake.
    price: item.isNull('price') ? undefined : item.exactMoney('price'),
    quantity,
    auctionId: item.text('auction_id'),
    attributes: item.items('attributes').map((attribute) => ({
      name: attribute.text('name'),
      value: attribute.text('value'),
      price: attribute.money('price', '0.00'),
    })),
  };
}

/** A dash stands for none, as it does for countries and pick-up points. */
function taxNumberIn(text: string): string {
  return /[\p{L}\d]/u.test(text) ? text : '';
}
