import type { Order } from '../../connector/domain/order.ts';
import type { Delivery, RelayedOrder } from '../../connector/contracts/target.ts';

const ADDRESS = {
  fullname: 'Ala Kowalska',
  company: '',
  address: 'ul. Długa 5/7',
  postcode: '00-001',
  city: 'Warszawa',
  stateCode: '',
  country: 'Polska',
  countryCode: 'PL',
};

/** An order of one mug, paid and new; a test names only what matters to it. */
export const anOrder = (changes: Partial<Order> = {}): Order => ({
  id: '1001',
  number: '1001',
  placedAt: new Date('2027-01-04T09:00:00Z'),
  statusId: '1',
  customerId: undefined,
  email: 'ala@example.test',
  phone: '+48600100200',
  delivery: ADDRESS,
  invoice: { ...ADDRESS, taxNumber: '' },
  wantsInvoice: false,
  pickupPoint: { id: '', name: '', address: '', postcode: '', city: '' },
  deliveryMethod: { id: '2', name: 'Kurier', price: '11.99' },
  payment: {
    methodId: '4',
    method: 'BLIK',
    cashOnDelivery: false,
    paidAmount: '36.89',
    paidAt: new Date('2027-01-04T09:01:00Z'),
    externalId: '',
    operator: '',
  },
  currency: 'PLN',
  total: '36.89',
  userComments: '',
  adminComments: '',
  extraFields: ['', ''],
  transactionId: '',
  lines: [
    {
      productId: '501',
      variantId: '0',
      sku: 'KUB',
      ean: '5900000000012',
      name: 'Kubek',
      quantity: 1,
      price: '24.90',
      vat: 23,
      weight: 0.3,
      location: '',
      attributes: [],
    },
  ],
  adjustments: [],
  parcels: [],
  ...changes,
});

/** The same order as the relay reads it. */
export const aRelayedOrder = (
  changes: Partial<Order> = {},
  around: Partial<Omit<RelayedOrder, 'order'>> = {},
): RelayedOrder => {
  const order = anOrder(changes);
  return {
    order,
    status: { id: order.statusId, name: 'Nowe', meaning: 'new' },
    origin: undefined,
    supplies: new Map(),
    ...around,
  };
};

/** Its first delivery. */
export const aDelivery = (order: RelayedOrder = aRelayedOrder(), changes: Partial<Delivery> = {}): Delivery => ({
  ...order,
  lastDigest: '',
  attempt: 1,
  ...changes,
});
