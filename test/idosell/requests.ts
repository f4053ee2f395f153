import type { BasketLine, PlaceRequest } from '../../connector/idosell/client.ts';

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
