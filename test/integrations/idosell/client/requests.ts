import assert from 'node:assert/strict';
import type {
  BasketLine,
  PlaceRequest,
  Result,
  CallError,
} from '../../../../connector/integrations/idosell/client/client.ts';
import type { Said } from './a-wholesaler.ts';

export const LINES: readonly BasketLine[] = [
  { code: '1454-03', codeType: 'internal', quantity: '2' },
  { code: '5900000000012', codeType: 'producer', quantity: '0.5', comment: 'mocne opakowanie' },
];

export const PLACE: PlaceRequest = {
  ...{ reference: '1001/A', courierId: '100149', pickupPointId: '', paymentType: 'cashOnDelivery' },
  cashOnDelivery: { amount: '129.90', currency: 'PLN' },
  address: {
    ...{ firstName: 'Anna <b>\u0007', lastName: "O'Przykładowa", firm: '', street: 'Lipowa 7/2' },
    ...{ zipCode: '00-950', city: 'Warszawa', countryId: 'PL', phone: '600000001', email: '' },
  },
  noteToCourier: 'drugie "piętro" & winda',
};

/** A line as the wholesaler answers it. */
export const line = (changes: Record<string, Said> = {}) => ({
  ...{ code: '1454-03', codeType: 'internal', available: 'y', quantityAvailable: 7, faultCode: 0, faultString: '' },
  ...changes,
});
export const SOLD_OUT = line({ available: 'n', quantityAvailable: 0, faultCode: 11, faultString: 'za mało sztuk' });

export function value<Value>(reply: Result<Value>): Value {
  assert.ok(reply.kind === 'done', JSON.stringify(reply));
  return reply.value;
}

export function trouble(reply: Result<unknown>): CallError {
  assert.ok(reply.kind === 'error', JSON.stringify(reply));
  return reply;
}
