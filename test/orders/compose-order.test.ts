import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { OrderDraftLine, OrderDraft } from '../../connector/domain/incoming-order.ts';
import { add, formatMoney, lineValue, parseMoney, roundMoney, type Money } from '../../connector/domain/money.ts';
import { ApiError } from '../../connector/domain/api-error.ts';
import { excerpt } from '../../connector/domain/cut-text.ts';
import { composeOrder } from '../../connector/orders/compose-order.ts';
import type { OrderSettings } from '../../connector/orders/deps.ts';
import type { VariantDetails } from '../../connector/contracts/shop-writing.ts';

const NOWHERE = {
  fullname: '',
  company: '',
  address: '',
  postcode: '',
  city: '',
  stateCode: '',
  country: '',
  countryCode: '',
};

const anIncomingLine = (changes: Partial<OrderDraftLine> = {}): OrderDraftLine => ({
  productId: '501',
  variantId: '0',
  sku: 'ich',
  name: 'Kubek z oferty',
  price: '24.90',
  quantity: 2,
  auctionId: '',
  attributes: [],
  ...changes,
});

const anIncomingOrder = (changes: Partial<OrderDraft> = {}): OrderDraft => ({
  baselinkerId: '70001',
  previousOrderId: undefined,
  statusId: undefined,
  paid: undefined,
  takesStock: true,
  placedAt: undefined,
  email: '',
  phone: '',
  delivery: NOWHERE,
  invoice: { ...NOWHERE, taxNumber: '' },
  wantsInvoice: false,
  pickupPoint: { id: '', name: '', address: '', postcode: '', city: '' },
  deliveryMethod: { id: '', name: '', price: '11.99' },
  payment: { methodId: '', method: '', cashOnDelivery: false },
  currency: 'PLN',
  userComments: '',
  transactionId: '',
  marketplace: { service: '', account: '', buyerLogin: '' },
  lines: [anIncomingLine()],
  ...changes,
});

const NO_DELIVERY = { id: '', name: '', price: '0.00' };

const MUG: VariantDetails = {
  stock: undefined,
  hasVariants: false,
  productId: '501',
  variantId: '0',
  name: 'Kubek',
  sku: 'KUB',
  ean: '5900000000012',
  vat: 8,
  weight: 0.3,
  location: 'A-1',
};

const SETTINGS: OrderSettings = {
  name: 'baselinker',
  unknownProducts: 'free-text',
  defaultVat: 23,
  currency: 'EUR',
  restockCancelled: 'never',
};

describe('an order as it is to stand in the shop', () => {
  it('totals its lines and its delivery to the cent', () => {
    const cents = fc.bigInt({ min: -100_000n, max: 99_999_999_999n / 1000n });
    const line = fc.record({ price: cents, quantity: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 40 }),
        fc.bigInt({ min: 0n, max: 99_999n }),
        (lines, delivery) => {
          const order = anIncomingOrder({
            deliveryMethod: { id: '', name: '', price: formatMoney(delivery as Money) },
            lines: lines.map(({ price, quantity }) => anIncomingLine({ price: formatMoney(price as Money), quantity })),
          });
          const expected = lines.reduce((sum, { price, quantity }) => sum + price * BigInt(quantity), delivery);
          const { total } = composeOrder(order, [MUG], SETTINGS);
          assert.equal(BigInt(total.replace('.', '')), expected);
          assert.match(total, /^-?\d+\.\d\d$/);
        },
      ),
    );
  });

  it('multiplies what was sent before it rounds, and says where the stored price cannot carry it', () => {
    const lines = [
      anIncomingLine({ price: '0.0455', quantity: 1000 }),
      anIncomingLine({ price: '14.634', quantity: 2 }),
      anIncomingLine({ price: '24.899999999999999', quantity: 2 }),
      anIncomingLine({ price: '0.0455', quantity: 1 }),
    ];
    const order = composeOrder(anIncomingOrder({ deliveryMethod: NO_DELIVERY, lines }), [MUG], SETTINGS);
    assert.deepEqual(
      order.lines.map(({ price }) => price),
      ['0.05', '14.63', '24.90', '0.05'],
    );
    assert.equal(order.total, '124.62');
    assert.deepEqual(order.notes, [
      'line 1: 0.0455 a piece is stored as 0.05; 1000 pieces come to 45.50',
      'line 2: 14.634 a piece is stored as 14.63; 2 pieces come to 29.27',
    ]);
  });

  it('says of as many lines as have room in the comments that their price was rounded', () => {
    const lines = Array.from({ length: 5000 }, (_, n) => anIncomingLine({ price: `1.${String(n).padStart(4, '0')}5` }));
    const { notes } = composeOrder(anIncomingOrder({ lines }), [MUG], SETTINGS);
    assert.equal(notes.length, 21);
    assert.match(notes.at(-1) ?? '', /^\d{4} more lines were rounded like these$/);
  });

  it('has a note wherever lines and delivery do not make the total, and nowhere else', () => {
    const price = fc
      .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 12 }))
      .map(([digits, places]) => `${digits}e-${places}`);
    const line = fc.record({ price, quantity: fc.integer({ min: 1, max: 3000 }) });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (sent) => {
        const order = composeOrder(
          anIncomingOrder({ deliveryMethod: NO_DELIVERY, lines: sent.map(anIncomingLine) }),
          [MUG],
          SETTINGS,
        );
        assert.deepEqual(
          order.lines.map((stored) => stored.price),
          sent.map((one) => formatMoney(roundMoney(one.price))),
        );
        const values = sent.map((one) => lineValue(one.price, one.quantity));
        assert.equal(parseMoney(order.total), add(...values));
        const differing = order.lines.filter((stored, n) => lineValue(stored.price, stored.quantity) !== values[n]);
        assert.equal(order.notes.length, differing.length);
      }),
    );
  });

  it('has what the shop knows of a variant, and price, quantity and name of the call', () => {
    const attributes = [{ name: 'Grawer', value: 'Ala', price: '2.00' }];
    const [line] = composeOrder(
      anIncomingOrder({ lines: [anIncomingLine({ attributes, auctionId: '9' })] }),
      [MUG],
      SETTINGS,
    ).lines;
    const sent = { name: 'Kubek z oferty', price: '24.90', quantity: 2, auctionId: '9', attributes };
    assert.deepEqual({ ...line, stock: undefined, hasVariants: false }, { ...MUG, ...sent });
  });

  it('has the name of the shop, or the SKU of the call, where the other has none', () => {
    const [line] = composeOrder(
      anIncomingOrder({ lines: [anIncomingLine({ name: '' })] }),
      [{ ...MUG, sku: '', vat: 'exempt' }],
      SETTINGS,
    ).lines;
    assert.deepEqual([line?.name, line?.sku, line?.vat], ['Kubek', 'ich', 'exempt']);
  });

  it('takes a line without a price for a gift, and says so', () => {
    const lines = [anIncomingLine(), anIncomingLine({ price: undefined, name: 'Gratis', quantity: 3 })];
    const order = composeOrder(anIncomingOrder({ lines }), [MUG], SETTINGS);
    assert.deepEqual(
      order.lines.map(({ price }) => price),
      ['24.90', '0.00'],
    );
    assert.equal(order.total, '61.79');
    assert.deepEqual(order.notes, ['Sent without a price, taken as 0.00: Gratis (KUB)']);
  });

  it('says which line names no variant of a product that has some', () => {
    const variant = { ...MUG, variantId: '9001' };
    const lines = [anIncomingLine(), anIncomingLine({ variantId: '9001' })];
    const noted = (takesStock: boolean) =>
      composeOrder(anIncomingOrder({ takesStock, lines }), [{ ...MUG, hasVariants: true }, variant], SETTINGS).notes;
    const note = 'No variant was named of a product that has variants: Kubek z oferty (KUB)';
    assert.deepEqual(noted(true), [`${note}; their stock was not lowered`]);
    assert.deepEqual(noted(false), [note]);
    assert.deepEqual(composeOrder(anIncomingOrder({ lines }), [MUG, variant], SETTINGS).notes, []);
  });

  it('is refused when no shop could hold it', () => {
    for (const lines of [
      [anIncomingLine({ price: '999999999.99', quantity: 11 })],
      [anIncomingLine({ price: '-999999999.99', quantity: 11 })],
      [anIncomingLine({ price: '0.00', quantity: 2_000_000_000 }), anIncomingLine({ price: '0.00', quantity: 1 })],
    ]) {
      assert.throws(
        () => composeOrder(anIncomingOrder({ lines }), [MUG], SETTINGS),
        (error) => error instanceof ApiError && error.code === 'invalid_parameter',
      );
    }
  });

  it('has the currency of the shop where the call names none', () => {
    assert.equal(composeOrder(anIncomingOrder({ currency: '' }), [MUG], SETTINGS).currency, 'EUR');
  });

  it('quotes the beginning of a long text in a note, so that the other notes have room', () => {
    const long = '😀'.repeat(30_000);
    const { notes } = composeOrder(
      anIncomingOrder({
        invoice: { ...anIncomingOrder({}).invoice, countryCode: 'PL', taxNumber: long },
        lines: [anIncomingLine({ productId: '999', name: long, sku: '' })],
      }),
      [MUG],
      SETTINGS,
    );
    assert.equal(excerpt('😀'.repeat(200)), '😀'.repeat(200), 'nothing is left out');
    const begin = `${'😀'.repeat(200)}…`;
    assert.deepEqual(notes, [`Not a product of the shop: ${begin}`, `Not a valid Polish tax number: ${begin}`]);
  });
});
