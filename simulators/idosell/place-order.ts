import { payerProblem, problemOf, readAddress, readPayer } from './addresses.ts';
import { amountOf, readAmount } from './amount.ts';
import { done, fails, type Answer } from './answer.ts';
import { empty, priceOf, wantedOf, weightOf, type BasketLine } from './baskets.ts';
import { paymentTypeOf } from './courier-gates.ts';
import { takes, type Courier, type PaymentType } from './couriers.ts';
import type { NewOrder, Order } from './orders.ts';
import { struct, text } from './raw.ts';
import { isShopDate } from './shop-time.ts';
import type { Call, Operation, Shop } from './shop.ts';
import { canGive, take } from './stock.ts';

/** 4.6: what is in the basket becomes an order, and the basket is empty. */
export const placeOrder: Operation = (call, shop) => {
  const basket = shop.baskets.of(call.session);
  if (shop.accounts.blockOf(call.account.login) === 'customer') {
    return fails('customer-blocked', 'klient zablokowany lub przekroczony limit kredytu');
  }
  if (basket.lines.length === 0) return fails('basket-empty', 'koszyk jest pusty');
  const wanted = readWanted(call, shop, basket.lines);
  if (!('courier' in wanted)) return wanted;

  for (const { product, quantity } of basket.lines) take(product, quantity);
  const order = shop.orders.place(newOrder(call, shop, wanted), readAddress(struct(call.params, 'deliveryAddress')));
  empty(basket);
  return placed(order, call, shop);
};

interface Wanted {
  readonly lines: readonly BasketLine[];
  readonly courier: Courier;
  readonly paymentType: PaymentType;
}

/** The first thing that stands against it, or what is wanted. */
function readWanted(call: Call, shop: Shop, lines: readonly BasketLine[]): Answer | Wanted {
  const { params, account } = call;
  const gone = goneAnswer(call, shop, lines);
  if (gone) return gone;
  const address = readAddress(struct(params, 'deliveryAddress'));
  const courier = shop.couriers.find(({ id }) => id === text(params, 'courierId'));
  const to = courier && courier.pickupPoints.length > 0 ? 'point' : 'door';
  const wrong = problemOf(address, to) ?? payerProblem(readPayer(struct(params, 'payerAddress')));
  if (wrong !== undefined) return fails('address-invalid', wrong);
  const paymentType = paymentTypeOf(text(params, 'paymentType'), shop.profile) ?? 'prepaid';
  if (paymentType === 'unknown') return fails('rejected', 'nieznany sposób płatności');
  const parcel = { countryId: address.countryId, weight: weightOf(lines), paymentType };
  if (!courier || !takes(courier, parcel)) return fails('courier-unavailable', 'kurier niedostępny');
  const point = text(params, 'pickupPointId');
  if (courier.pickupPoints.length > 0 && !courier.pickupPoints.includes(point)) {
    return fails('courier-unavailable', 'nieznany punkt odbioru');
  }
  const refusal = refuseRest(call, paymentType);
  if (refusal) return refusal;
  if (priceOf(lines) < amountOf(account.minimumOrder ?? '0')) {
    return fails('minimum-order', 'nie osiągnięto minimalnej wartości zamówienia');
  }
  noteOddities(call, shop, courier);
  return { lines, courier, paymentType };
}

/** Stock may have gone since it was put into the basket (P1). */
function goneAnswer(call: Call, { profile }: Shop, lines: readonly BasketLine[]): Answer | undefined {
  const { product: names, frame } = profile.names;
  const isGone = ({ product }: BasketLine) => !canGive(product, wantedOf(lines, product));
  if (!lines.some(isGone)) return undefined;
  return fails('stock-changed', 'stan magazynowy uległ zmianie', {
    [names.products]: lines.map((line) => ({
      [names.code]: line.code,
      [names.codeType]: line.codeType,
      [names.quantity]: line.quantity,
      [names.quantityAvailable]: line.product.stock,
      [frame.faultCode]: Number(call.number(isGone(line) ? 'stock-changed' : 'done')),
      [frame.faultString]: isGone(line) ? 'za mało sztuk' : '',
    })),
  });
}

function refuseRest({ params }: Call, paymentType: PaymentType): Answer | undefined {
  if (paymentType === 'cashOnDelivery') {
    const amount = readAmount(text(params, 'cashOnDeliveryAmount'));
    if (amount === undefined || amount <= 0n || !/^[A-Z]{3}$/.test(text(params, 'currencyId'))) {
      return fails('rejected', 'brak kwoty pobrania');
    }
  }
  const date = text(params, 'deliveryDate');
  return date === '' || isShopDate(date) ? undefined : fails('rejected', 'błędna data dostawy');
}

/** Nobody refuses these, and they are mistakes all the same. */
function noteOddities({ params, complain }: Call, { profile }: Shop, courier: Courier): void {
  const isCod = paymentTypeOf(text(params, 'paymentType'), profile) === 'cashOnDelivery';
  if (!isCod && text(params, 'cashOnDeliveryAmount') !== '') complain('an amount to collect for an order without COD');
  if (courier.pickupPoints.length === 0 && text(params, 'pickupPointId') !== '') {
    complain('a pick-up point for a courier that goes to the door');
  }
  const invoice = text(params, 'clientRequestInvoice');
  if (invoice !== '' && !Object.values(profile.words.invoice).includes(invoice)) {
    complain(`nobody knows the invoice word ${invoice}`);
  }
}

function newOrder({ params, account, request }: Call, shop: Shop, { lines, courier, paymentType }: Wanted): NewOrder {
  const address = readAddress(struct(params, 'deliveryAddress'));
  return {
    ...{ login: account.login, request, placedAt: shop.now(), lines, courierId: courier.id, paymentType },
    pickupPointId: text(params, 'pickupPointId'),
    cashOnDeliveryAmount: text(params, 'cashOnDeliveryAmount'),
    currencyId: text(params, 'currencyId'),
    addressId: shop.addresses.add(account.login, address).id,
    payer: readPayer(struct(params, 'payerAddress')),
    note: text(params, 'note'),
    externalReference: text(params, 'externalReference'),
    noteToCourier: text(params, 'clientNoteToCourier'),
    invoice: text(params, 'clientRequestInvoice'),
    deliveryDate: text(params, 'deliveryDate'),
    total: priceOf(lines),
    deliveryCost: amountOf(courier.cost),
  };
}

function placed(order: Order, call: Call, { profile }: Shop): Answer {
  const { order: names, product, frame } = profile.names;
  return done({
    [names.orderId]: order.orderId,
    [names.orderSerialNumber]: Number(order.serialNumber),
    [names.status]: order.status,
    [names.total]: order.total,
    [names.deliveryCost]: order.deliveryCost,
    [names.currencyId]: 'PLN',
    [product.products]: order.lines.map((line) => ({
      [product.code]: line.code,
      [product.codeType]: line.codeType,
      [product.quantity]: line.quantity,
      [frame.faultCode]: Number(call.number('done')),
      [frame.faultString]: '',
    })),
  });
}
