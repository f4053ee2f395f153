import { refusal, type Account, type OperationResponse } from '../session/account.ts';
import { addressFields, payerFields } from './addresses.ts';
import { lineError } from './basket.ts';
import { callError } from '../session/send-request.ts';
import type { IdoSell, LineAnswer, PlacedOrder, PlaceRequest, Result } from '../client.ts';
import { isRefused, readLines } from './lines.ts';
import { decimal, fields, given, int, text, type RequestField } from '../codec/request.ts';
import type { Profile } from '../profile.ts';
import { personsOf } from '../redact.ts';
import { noteOf } from '../codec/reference.ts';
import { asBoolean, asText, find } from '../codec/response.ts';

/** Turns the basket into an order (docs/protocol/idosell.md 4.6). */
export function placeOrder(account: Account): IdoSell['placeOrder'] {
  const { profile } = account.calls;
  return async (request, signal) => {
    const persons = [...personsOf(request.address), ...noteWords(request.noteToCourier)];
    const params = orderFields(profile, request);
    const response = await account.sendRequest({ operation: 'placeOrder', params, signal, persons });
    return response.kind === 'error' ? response : placed(account, response);
  };
}

function orderFields(profile: Profile, request: PlaceRequest): readonly RequestField[] {
  const { names, words, referenceField, externalReferenceField, invoice } = profile;
  const { order } = names;
  const { cashOnDelivery, reference } = request;
  return [
    [order.courierId, int(request.courierId)],
    ...given(order.pickupPointId, request.pickupPointId),
    [order.paymentType, text(words.paymentType[request.paymentType])],
    ...given(order.cashOnDeliveryAmount, cashOnDelivery?.amount ?? '', decimal),
    ...given(order.currencyId, cashOnDelivery?.currency ?? ''),
    [order.deliveryAddress, fields(...addressFields(profile, request.address))],
    [order.payerAddress, fields(...payerFields(profile))],
    [referenceField, text(noteOf(profile, reference))],
    ...(externalReferenceField === '' ? [] : given(externalReferenceField, reference)),
    ...given(order.clientNoteToCourier, request.noteToCourier),
    [order.clientRequestInvoice, text(words.invoice[invoice])],
  ];
}

const noteWords = (note: string): readonly string[] =>
  note.trim().length >= 3 ? [note.trim().replace(/\s+/g, ' ')] : [];

function placed(account: Account, response: OperationResponse): Result<PlacedOrder> {
  const { profile } = account.calls;
  const { frame, order } = profile.names;
  const of = (name: string) => asText(find(response.fields, frame.results, name));
  const value: PlacedOrder = {
    orderId: of(order.orderId),
    orderSerialNumber: of(order.orderSerialNumber),
    status: of(order.status),
  };
  const isNamed = value.orderId !== '' || value.orderSerialNumber !== '';
  // An order that has a number exists, whatever fault stands beside it.
  if (response.fault.class !== 'done') return refusal(account, response, isNamed || response.fault.code === '');
  const lines = readLines(response, { operation: 'placeOrder', profile, quantity: 'quantity' });
  const refused = typeof lines === 'object' ? lines.filter(isRefused) : [];
  if (isNamed) return { kind: 'done', value: refused.length > 0 ? { ...value, refusedLines: refused } : value };
  return unnamed(account, response, refused);
}

/** Without a number nobody knows whether there is an order, unless a line says why there is none. */
function unnamed(account: Account, response: OperationResponse, refused: readonly LineAnswer[]): Result<PlacedOrder> {
  const [first] = refused;
  if (!first) return refusal(account, response, true);
  const said = refused.map(({ code, faultString }) => `${code} ${faultString}`.trim()).join('; ');
  return { ...callError(lineError(first), `lines were refused: ${said}`.slice(0, 500), true), lines: refused };
}

/** Not known to exist (4.10). */
export function cancelOrder(account: Account): IdoSell['cancelOrder'] {
  const { profile } = account.calls;
  const { frame, order } = profile.names;
  return async ({ orderId, orderSerialNumber }, signal) => {
    const params = [...given(order.orderId, orderId), ...given(order.orderSerialNumber, orderSerialNumber, int)];
    const response = await account.sendRequest({ operation: 'cancelOrder', params, signal });
    if (response.kind === 'error') return response;
    if (response.fault.class !== 'done') return refusal(account, response);
    const isDone = asBoolean(find(response.fields, frame.results, order.resultStatus), profile.words.flag);
    return isDone === false ? callError('rejected', 'the order was not cancelled') : { kind: 'done', value: undefined };
  };
}
