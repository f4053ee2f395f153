import assert from 'node:assert/strict';
import type { LinkedOrderDraft, OrderChange } from '../../connector/contracts/shop-writing.ts';
import { aLine, anOrder, NO_IDS, unitOfWork, type WritingBench } from './writing-battery.ts';

const AT = new Date('2027-03-10T09:30:00.123Z');

export function keepsTheOrderWritingContract({ fixtures, shop, writing }: WritingBench): void {
  const create = async (order: LinkedOrderDraft, statusId = '1'): Promise<string> => {
    const id = await unitOfWork((unit) => writing().createOrder(unit, order, statusId, AT));
    assert.ok(id !== undefined);
    return id;
  };
  const replace = (id: string, order: LinkedOrderDraft) =>
    unitOfWork((unit) => writing().replaceOrder(unit, id, order));
  const update = (id: string, change: OrderChange) =>
    unitOfWork(async (unit) => {
      await writing().lockOrder(unit, id);
      return writing().updateOrder(unit, id, change);
    });
  const stored = async (id: string) => {
    const [order] = await shop().orders([id]);
    assert.ok(order);
    return order;
  };

  describe('a new order', () => {
    it('is read back as it was written: unpaid, with its lines and notes', async () => {
      const { id: productId, variantIds } = await fixtures.product({ variants: [{}] });
      const [variantId = ''] = variantIds;
      const attributes = [{ name: 'Kolor', value: 'ąę\u0000"', price: '1.00' }];
      const linked = aLine({ productId, variantId, name: 'Kubek 🫖', attributes });
      const free = aLine({ name: 'Usługa', vat: 'exempt', price: '0.01', quantity: 3, weight: 0, auctionId: '' });
      const order = anOrder({ lines: [linked, free], notes: ['Not a product of the shop: Usługa', 'b\nc'] });
      const id = await create(order, '2');
      const unpaid = { paidAmount: '0.00', paidAt: undefined, externalId: '', operator: '' };
      const { payment, lines } = order;
      assert.deepEqual(await stored(id), {
        ...shown(order),
        ...{
          id,
          number: id,
          placedAt: AT,
          statusId: '2',
          extraFields: ['', ''],
          adjustments: [],
          parcels: [],
          customerId: undefined,
        },
        payment: { ...payment, ...unpaid },
        adminComments: 'Not a product of the shop: Usługa\nb c',
        lines: lines.map(({ auctionId: _, ...line }) => line),
      });
    });

    it('may have no lines, and knows no delivery or payment by an id that cannot be one', async () => {
      for (const [n, odd] of NO_IDS.filter((id) => id !== '999999999').entries()) {
        const id = await create(
          anOrder({
            ...{ sourceReference: `r${n}`, lines: [], transactionId: '' },
            deliveryMethod: { id: odd, name: 'Kurier', price: '0.00' },
            payment: { methodId: odd, method: '', cashOnDelivery: true },
          }),
        );
        const { lines, deliveryMethod, payment } = await stored(id);
        assert.deepEqual([lines, deliveryMethod.id, payment.methodId, payment.cashOnDelivery], [[], '', '', true]);
      }
    });

    it('is cut where the shop cannot hold it, between whole characters, and says so', async () => {
      const long = '🫖'.repeat(5000);
      const pot = long.slice(0, 2);
      const { delivery, invoice, pickupPoint } = anOrder();
      const id = await create(
        anOrder({
          ...{ email: long, phone: long, transactionId: long, userComments: `x${'🫖'.repeat(30_000)}` },
          delivery: { ...delivery, address: long, countryCode: 'POL' },
          invoice: { ...invoice, taxNumber: long },
          pickupPoint: { ...pickupPoint, id: long },
          marketplace: { service: long, account: long, buyerLogin: long },
          lines: [aLine({ name: long, sku: `a${long}` }), aLine({ name: 'x'.repeat(300) })],
          notes: ['first'],
        }),
      );
      const order = await stored(id);
      const texts = [order.delivery.address, order.email, order.userComments, ...order.lines.map(({ name }) => name)];
      for (const text of texts) assert.ok(text.isWellFormed() && text.length > 90);
      assert.equal(order.delivery.address, pot.repeat(order.delivery.address.length / 2));
      assert.equal(order.delivery.countryCode, '');
      assert.equal(order.lines[1]?.name.length, 300);
      const comments = order.adminComments.split('\n');
      assert.equal(comments[0], 'first');
      assert.ok(comments.includes('delivery_address was cut at 300 characters'));
      assert.ok(comments.includes('delivery_country_code was left out: it is longer than 2 characters'));
      assert.ok(comments.some((comment) => /^line 1: name was cut at \d+ characters$/.test(comment)));
      assert.ok(!order.adminComments.includes('line 2'));
      assert.ok(comments.some((comment) => /^user_comments was cut at \d+ bytes$/.test(comment)));
    });

    it('keeps attributes readable when they are too many, and survives endless notes', async () => {
      const attributes = Array.from({ length: 400 }, (_, n) => ({
        name: `n${n}`,
        value: 'ż'.repeat(200),
        price: '0.00',
      }));
      const notes = Array.from({ length: 400 }, (_, n) => `${n} ${'🫖'.repeat(100)}`);
      const order = await stored(await create(anOrder({ lines: [aLine({ attributes })], notes })));
      const kept = order.lines[0]?.attributes ?? [];
      assert.ok(kept.length > 50 && kept.length < 400);
      assert.deepEqual(kept, attributes.slice(0, kept.length));
      assert.ok(order.adminComments.isWellFormed() && order.adminComments.startsWith('0 🫖'));
    });
  });

  describe('an order that comes again', () => {
    it('takes the new content, and keeps its status, payment, number, time and parcels', async () => {
      const id = await create(anOrder({ notes: ['one'] }), '2');
      await update(id, { kind: 'payment', paid: true, at: AT });
      const parcel = { carrier: 'InPost', trackingNumber: '6200', trackingUrl: '' };
      await update(id, { kind: 'parcel', parcel });
      const before = await stored(id);
      const after = anOrder({
        ...{ email: 'ola@example.test', total: '1.00', notes: ['two', 'one'], userComments: '', wantsInvoice: false },
        deliveryMethod: { id: '3', name: 'Odbiór', price: '0.00' },
        lines: [aLine({ name: 'Inny', price: '0.50' }), aLine({ productId: '7', quantity: 1 })],
      });
      await replace(id, after);
      const now = await stored(id);
      assert.deepEqual(now, {
        ...before,
        ...{ email: after.email, total: '1.00', userComments: '', wantsInvoice: false, adminComments: 'one\ntwo' },
        deliveryMethod: after.deliveryMethod,
        lines: after.lines.map(({ auctionId: _, ...line }) => line),
      });
      await replace(id, after);
      assert.deepEqual(await stored(id), now);
    });

    it('loses lines and adjustments that it no longer has', async () => {
      const id = await fixtures.order({
        lines: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
        adjustments: [{ kind: 'discount', name: 'Rabat', amount: '-5.00' }],
      });
      await replace(id, anOrder({ lines: [aLine({ name: 'b' })] }));
      const order = await stored(id);
      assert.deepEqual(
        order.lines.map(({ name }) => name),
        ['b'],
      );
      assert.deepEqual(order.adjustments, []);
      await replace(id, anOrder({ lines: [] }));
      assert.deepEqual((await stored(id)).lines, []);
    });

    it('rejects when it is gone', async () => {
      for (const odd of NO_IDS) await assert.rejects(replace(odd, anOrder()));
    });
  });

  describe('locking an order', () => {
    it('tells its source, status and lines; nothing of a draft or of an id that is none', async () => {
      const id = await create(
        anOrder({ lines: [aLine({ productId: '7', variantId: '9' }), aLine({ quantity: 4 })] }),
        '2',
      );
      const locked = unitOfWork(async (unit) => ({
        ...(await writing().lockOrder(unit, id)),
        lines: await writing().lockLines(unit, id),
      }));
      assert.deepEqual(await locked, {
        ...{ id, source: 'main', statusId: '2' },
        lines: [
          { productId: '7', variantId: '9', quantity: 2 },
          { productId: undefined, variantId: '0', quantity: 4 },
        ],
      });
      const draft = await fixtures.order({ draft: true });
      for (const odd of [...NO_IDS, draft]) {
        assert.equal(await unitOfWork((unit) => writing().lockOrder(unit, odd)), undefined);
        assert.equal(await update(odd, { kind: 'status', statusId: '3' }), false);
        assert.equal(await update(odd, { kind: 'payment', paid: true, at: AT }), false);
        const parcel = { carrier: '', trackingNumber: '1', trackingUrl: '' };
        assert.equal(await update(odd, { kind: 'parcel', parcel }), false);
      }
    });

    it('makes others wait until the unit of work ends', async () => {
      const id = await create(anOrder());
      const events: string[] = [];
      let second: Promise<unknown> | undefined;
      await unitOfWork(async (unit) => {
        await writing().lockOrder(unit, id);
        second = unitOfWork(async (other) => {
          await writing().lockOrder(other, id);
          events.push('second');
        });
        await writing().updateOrder(unit, id, { kind: 'status', statusId: '5' });
        // Another order's turn takes as long as a round of the second one would.
        await create(anOrder({ sourceReference: 'x' }));
        events.push('first');
      });
      await second;
      assert.deepEqual(events, ['first', 'second']);
    });
  });

  describe('an update of an order', () => {
    it('sets the status, once', async () => {
      const id = await create(anOrder(), '1');
      assert.equal(await update(id, { kind: 'status', statusId: '4' }), true);
      assert.equal(await update(id, { kind: 'status', statusId: '4' }), false);
      assert.equal((await stored(id)).statusId, '4');
    });

    it('pays the whole total, once, and takes it back', async () => {
      const id = await create(anOrder({ total: '61.79' }));
      const paid: OrderChange = { kind: 'payment', paid: true, at: AT };
      assert.equal(await update(id, paid), true);
      assert.equal(await update(id, { ...paid, at: new Date() }), false);
      const { paidAmount, paidAt } = (await stored(id)).payment;
      assert.deepEqual([paidAmount, paidAt], ['61.79', AT]);
      assert.equal(await update(id, { ...paid, paid: false }), true);
      assert.equal(await update(id, { ...paid, paid: false }), false);
      const { payment } = await stored(id);
      assert.deepEqual([payment.paidAmount, payment.paidAt], ['0.00', undefined]);
    });

    it('completes a part that was paid, keeps what was paid too much, and pays nothing once', async () => {
      const part = await fixtures.order({ total: '10.00', paidAmount: '4.00', paidAt: new Date(0) });
      const more = await fixtures.order({ total: '10.00', paidAmount: '12.00', paidAt: new Date(0) });
      const none = await fixtures.order({ total: '0.00' });
      const answers = [];
      for (const id of [part, more, none, none])
        answers.push(await update(id, { kind: 'payment', paid: true, at: AT }));
      assert.deepEqual(answers, [true, false, true, false]);
      const paid = await shop().orders([part, more, none]);
      assert.deepEqual(
        paid.map(({ payment }) => [payment.paidAmount, payment.paidAt]),
        [
          ['10.00', AT],
          ['12.00', new Date(0)],
          ['0.00', AT],
        ],
      );
    });

    it('adds a parcel once, and completes what was not known of it', async () => {
      const id = await create(anOrder());
      const parcel = { carrier: 'InPost', trackingNumber: '6200', trackingUrl: '' };
      const url = 'https://example.test/6200';
      const answers = [];
      for (const sent of [
        parcel,
        parcel,
        { ...parcel, carrier: '' },
        { ...parcel, trackingUrl: url },
        { ...parcel, carrier: 'DPD' },
        { ...parcel, trackingNumber: '6201' },
        { ...parcel, trackingNumber: '' },
        { ...parcel, trackingUrl: `${url}${'x'.repeat(600)}` },
      ])
        answers.push(await update(id, { kind: 'parcel', parcel: sent }));
      assert.deepEqual(answers, [true, false, false, true, true, true, false, true]);
      const { parcels } = await stored(id);
      assert.deepEqual(parcels, [
        { carrier: 'InPost', trackingNumber: '6200', trackingUrl: url },
        { ...parcel, trackingNumber: '6201' },
      ]);
    });
  });
}

/** What the reading half shows as it was sent. */
function shown(order: LinkedOrderDraft) {
  const { email, phone, delivery, invoice, wantsInvoice, pickupPoint, deliveryMethod } = order;
  const { currency, total, userComments, transactionId } = order;
  const parties = { email, phone, delivery, invoice, wantsInvoice, pickupPoint, deliveryMethod };
  return { ...parties, currency, total, userComments, transactionId };
}
