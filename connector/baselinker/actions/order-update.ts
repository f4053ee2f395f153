import { ApiError } from '../../domain/api-error.ts';
import { updateOrders } from '../../orders/update-orders.ts';
import { ids, required, text } from '../wire/fields.ts';
import type { OrderChange } from '../../contracts/shop-writing.ts';
import { shopAction } from './context.ts';

interface Input {
  orders_ids: string[];
  order_ids: string[];
  order_id: string[];
  update_type: string;
  update_value: string;
  delivery_method_name: string;
  tracking_url: string;
}

const MAX_IDS = 1000;
const MAX_TEXT = 1000;

/** The kinds of update, by their names on the wire; a shop may take some and leave others. */
export const UPDATE_KINDS = ['status', 'paid', 'delivery_number'] as const;
export type UpdateKind = (typeof UPDATE_KINDS)[number];

export const orderUpdate = shopAction<Input>({
  name: 'OrderUpdate',
  // The sample of the documentation says order_ids, all code says orders_ids (docs/protocol/baselinker.md 2.13).
  input: [
    ids('orders_ids', MAX_IDS),
    ids('order_ids', MAX_IDS),
    ids('order_id', MAX_IDS),
    required(text('update_type')),
    text('update_value', MAX_TEXT),
    text('delivery_method_name', MAX_TEXT),
    text('tracking_url', MAX_TEXT),
  ],
  async run(input, { useCases, by, accepts, now }) {
    const orders = input.orders_ids ?? input.order_ids ?? input.order_id;
    if (!orders) throw new ApiError('invalid_parameter', 'orders_ids is missing');
    const kind = kindOf(input.update_type ?? '');
    const change = changeOf(kind, input, now());
    // A kind that the shop owner does not want is no error: the update is simply not carried out.
    if (!accepts.has(kind)) return { counter: 0 };
    return { counter: await updateOrders(useCases, orders, change, by('OrderUpdate')) };
  },
});

function kindOf(word: string): UpdateKind {
  const kind = UPDATE_KINDS.find((one) => one === word.toLowerCase());
  if (kind) return kind;
  throw new ApiError('invalid_parameter', `update_type must be one of ${UPDATE_KINDS.join(', ')}`);
}

function changeOf(kind: UpdateKind, input: Partial<Input>, at: Date): OrderChange {
  const value = input.update_value ?? '';
  if (value === '') throw new ApiError('invalid_parameter', 'update_value is missing');
  switch (kind) {
    case 'status':
      return { kind: 'status', statusId: value };
    case 'paid':
      if (value !== '0' && value !== '1')
        throw new ApiError('invalid_parameter', 'update_value must be 0 or 1 for paid');
      return { kind: 'payment', paid: value === '1', at };
    case 'delivery_number':
      return { kind: 'parcel', parcel: parcelOf(value, input) };
  }
}

function parcelOf(trackingNumber: string, { delivery_method_name, tracking_url }: Partial<Input>) {
  return { trackingNumber, carrier: delivery_method_name ?? '', trackingUrl: tracking_url ?? '' };
}
