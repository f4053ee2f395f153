import assert from 'node:assert/strict';
import type { Outcome } from '../../../../connector/contracts/target.ts';
import { writeAmount } from '../../../../simulators/idosell/amount.ts';
import { USUAL_COURIERS } from '../../../../simulators/idosell/couriers.ts';
import { changePart, listParts } from '../../../../connector/storage/supply-parts.ts';
import { decidePart } from '../../../../connector/operator/decide-part.ts';
import { emptyTables, testDatabase } from '../../../support/database.ts';
import { anOrder } from '../../../relay/an-order.ts';
import { aSupplied, aWholesaler, mugs, type TestWholesaler } from './a-wholesaler.ts';

/** What the operator reads; a delivery has no reason. */
const reasonOf = (outcome: Outcome): string => ('reason' in outcome ? outcome.reason : '');

describe('an order at a wholesaler', () => {
  let hurt: TestWholesaler;
  beforeEach(emptyTables);
  afterEach(() => hurt.close());

  const operations = () => hurt.simulator.requests.map(({ operation }) => operation);
  const orders = () => hurt.simulator.shop.orders.all;

  it('is placed once, with our reference, the consumer as recipient and the shop as payer', async () => {
    hurt = await aWholesaler();
    const outcome = await hurt.deliver(aSupplied());
    assert.deepEqual(outcome, { kind: 'delivered', reference: 'sklep-demo-1', memo: hurt.target.digest(aSupplied()) });
    assert.deepEqual(operations(), [
      'authenticate',
      'listCouriers',
      'checkAvailability',
      'listCouriersForOrder',
      'importBasket',
      'listCouriersForOrder',
      'placeOrder',
    ]);
    const [order] = hurt.simulator.ordersFor('1001/A');
    assert.ok(order);
    assert.equal(order.courierId, '100149');
    const part = await hurt.part();
    assert.deepEqual(
      [part?.state, part?.supplierOrderId, part?.supplierSerial, part?.basketAt],
      ['submitted', 'sklep-demo-1', order.serialNumber, undefined],
    );
    assert.deepEqual(hurt.simulator.complaints, []);
  });

  it('is placed once however often it is delivered', async () => {
    hurt = await aWholesaler();
    await hurt.deliver(aSupplied());
    const asked = operations().length;
    assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered');
    assert.equal((await hurt.another().deliver(aSupplied())).kind, 'delivered');
    assert.equal(orders().length, 1);
    assert.equal(operations().length, asked);
  });

  it('of twenty, sent by two processes at once, each is placed once and with its own lines', async function () {
    this.timeout(60_000);
    hurt = await aWholesaler(
      {},
      { products: [{ codes: { internal: '501-uniw' }, stock: '500', price: '10', weight: '0.1' }] },
    );
    const other = hurt.another();
    const ids = Array.from({ length: 10 }, (_, n) => String(2001 + n));
    const one = (id: string) =>
      aSupplied({ id, lines: anOrder().lines.map((line) => ({ ...line, quantity: Number(id) - 2000 })) });
    const outcomes = await Promise.all(ids.flatMap((id) => [hurt.deliver(one(id)), other.deliver(one(id))]));
    assert.deepEqual(new Set(outcomes.map(({ kind }) => kind)), new Set(['delivered']));
    assert.deepEqual(
      ids.map((id) =>
        hurt.simulator.ordersFor(`${id}/A`).map(({ lines }) => lines.map(({ quantity }) => writeAmount(quantity))),
      ),
      ids.map((id) => [[String(Number(id) - 2000)]]),
    );
    assert.equal(orders().length, ids.length);
    assert.deepEqual(hurt.simulator.complaints, []);
  });

  describe('is placed for a house without a number', () => {
    const addressOf = () => hurt.simulator.shop.addresses.of('sklep-demo').map(({ address }) => address);

    for (const [title, delivery, countryId] of [
      ['in Great Britain', { address: 'Rose Cottage, Church Lane', postcode: 'GL54 2HN', countryCode: 'UK' }, 'GB'],
      ['in Slovakia', { address: 'Šulekovská cesta', postcode: '811 06', country: 'Slovensko', countryCode: '' }, 'SK'],
    ] as const) {
      it(title, async () => {
        const [courier] = USUAL_COURIERS;
        assert.ok(courier);
        hurt = await aWholesaler({}, { couriers: [{ ...courier, countries: ['GB', 'SK'] }] });
        const outcome = await hurt.deliver(
          aSupplied({ delivery: { ...anOrder().delivery, country: '', ...delivery } }),
        );
        assert.equal(outcome.kind, 'delivered', reasonOf(outcome));
        const [address] = addressOf();
        assert.deepEqual([address?.street, address?.countryId], [delivery.address, countryId]);
      });
    }

    it('that is not where it goes, but to a parcel locker', async () => {
      hurt = await aWholesaler();
      const delivery = { ...anOrder().delivery, address: 'ul. Długa' };
      const pickupPoint = { ...anOrder().pickupPoint, id: 'WAW01' };
      const outcome = await hurt.deliver(aSupplied({ delivery, pickupPoint }));
      assert.equal(outcome.kind, 'delivered', reasonOf(outcome));
      assert.equal(orders()[0]?.pickupPointId, 'WAW01');
    });
  });

  describe('is sent when it is time', () => {
    const unpaid = { ...anOrder().payment, paidAmount: '0.00', paidAt: undefined };
    const onDelivery = { ...unpaid, cashOnDelivery: true };

    it('not before it is paid', async () => {
      hurt = await aWholesaler();
      assert.equal(hurt.target.wants(aSupplied({ payment: unpaid }), false), false);
      assert.equal(hurt.target.wants(aSupplied(), false), true);
      assert.equal(hurt.target.wants(aSupplied({}, new Map()), false), false);
      assert.equal(hurt.target.wants(aSupplied({}, mugs({ wholesaler: 'other' })), false), false);
    });

    it('with cash on delivery only where the profile takes it, and with the amount', async () => {
      hurt = await aWholesaler();
      const refused = await hurt.deliver(aSupplied({ payment: onDelivery }));
      assert.deepEqual([refused.kind, orders().length], ['refused', 0]);
      assert.match(reasonOf(refused), /does not take cash on delivery/);
      await hurt.close();
      hurt = await aWholesaler({ cashOnDelivery: 'accepted' });
      assert.equal((await hurt.deliver(aSupplied({ id: '1002', payment: onDelivery }))).kind, 'delivered');
      assert.equal(orders().length, 1);
    });

    it('not when it is old: who switches a wholesaler on has old orders, too', async () => {
      hurt = await aWholesaler();
      const outcome = await hurt.deliver(aSupplied({ placedAt: new Date('2026-11-01T00:00:00Z') }));
      assert.deepEqual([outcome.kind, orders().length], ['refused', 0]);
      assert.match(reasonOf(outcome), /older than 30 days/);
    });
  });

  describe('ends in a state with a sentence', () => {
    const cases: [string, string, (simulator: TestWholesaler['simulator']) => void, Outcome['kind'], RegExp][] = [
      [
        'goods that are gone',
        'out_of_stock',
        ({ shop }) => shop.stock.set('501-uniw', '0'),
        'refused',
        /cannot supply everything.*501-uniw/,
      ],
      [
        'a blocked account',
        'rejected',
        (simulator) => simulator.block('sklep-demo', 'customer'),
        'halted',
        /has blocked the account/,
      ],
      ['a blocked shop', 'rejected', (simulator) => simulator.block('sklep-demo', 'shop'), 'halted', /is blocked/],
    ];
    for (const [what, state, arrange, kind, sentence] of cases) {
      it(what, async () => {
        hurt = await aWholesaler();
        arrange(hurt.simulator);
        const outcome = await hurt.deliver(aSupplied());
        assert.equal(outcome.kind, kind);
        assert.match(reasonOf(outcome), sentence);
        const part = await hurt.part();
        assert.deepEqual([part?.state, part?.alert], [state, true]);
        assert.match(part?.note ?? '', sentence);
        assert.equal(orders().length, 0);
      });
    }

    it('a courier that is not to be had, before anything was put into the basket', async () => {
      hurt = await aWholesaler({ couriers: { '2': ['7'] } });
      const outcome = await hurt.deliver(aSupplied());
      assert.equal(outcome.kind, 'refused');
      assert.match(reasonOf(outcome), /none of 7 fits for the delivery method 2 \(Kurier\).*100149 Kurier Demo/);
      assert.equal((await hurt.part())?.state, 'no_courier');
      assert.deepEqual(operations(), ['authenticate', 'listCouriers']);
      const other = aSupplied({ id: '1002', deliveryMethod: { id: '3', name: 'Paczkomat', price: '9.99' } });
      assert.equal((await hurt.deliver(other)).kind, 'refused');
      assert.deepEqual(operations(), ['authenticate', 'listCouriers'], 'the list is kept');
    });

    it('an address that no courier finds', async () => {
      hurt = await aWholesaler();
      const delivery = { ...anOrder().delivery, postcode: '1', address: 'Długa' };
      const outcome = await hurt.deliver(aSupplied({ delivery, phone: '12' }));
      assert.equal(outcome.kind, 'refused');
      assert.match(reasonOf(outcome), /no house number.*NN-NNN.*nine digits/);
      assert.deepEqual(operations(), []);
    });

    it('a country that nobody knows, and not the form of a Polish postcode', async () => {
      hurt = await aWholesaler();
      const delivery = { ...anOrder().delivery, country: 'Atlantyda', countryCode: '', postcode: '1' };
      const outcome = await hurt.deliver(aSupplied({ delivery }));
      assert.equal(outcome.kind, 'refused');
      assert.equal(reasonOf(outcome), 'the delivery address: the country Atlantyda is not known');
      assert.deepEqual(operations(), []);
    });

    it('a basket that somebody else has filled, and goes on when it was emptied', async () => {
      hurt = await aWholesaler();
      hurt.simulator.fillBasket('sklep-demo', '502-uniw', '3');
      const outcome = await hurt.deliver(aSupplied());
      assert.equal(outcome.kind, 'halted');
      assert.match(reasonOf(outcome), /holds lines that the connector did not put there/);
      assert.equal((await hurt.part())?.state, 'basket_blocked');
      assert.equal(orders().length, 0);
      for (const basket of hurt.simulator.shop.baskets.all.values()) basket.lines = [];
      assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered');
    });

    it('goods that vanish between check and order', async () => {
      hurt = await aWholesaler();
      hurt.simulator.when('received', 'placeOrder', () => hurt.simulator.shop.stock.set('501-uniw', '0'));
      const outcome = await hurt.deliver(aSupplied());
      assert.equal(outcome.kind, 'refused');
      assert.equal((await hurt.part())?.state, 'out_of_stock');
    });
  });

  describe('of whose answer nothing was heard', () => {
    const drop = (at: 'received' | 'accepted') =>
      hurt.simulator.misbehave({ fault: { kind: 'drop', at }, on: 'placeOrder', times: 1 });

    it('is found by our reference, and not sent again', async () => {
      hurt = await aWholesaler();
      drop('accepted');
      const lost = await hurt.deliver(aSupplied());
      assert.equal(lost.kind, 'retry');
      assert.equal((await hurt.part())?.state, 'sending');
      assert.equal((await hurt.another().deliver(aSupplied())).kind, 'delivered');
      assert.equal(orders().length, 1);
      assert.deepEqual(
        [(await hurt.part())?.state, (await hurt.part())?.supplierOrderId],
        ['submitted', 'sklep-demo-1'],
      );
    });

    it('and that is not there, is for a person to decide, with both choices', async () => {
      hurt = await aWholesaler();
      drop('received');
      const kinds = [];
      for (let time = 0; time < 4; time += 1) kinds.push((await hurt.deliver(aSupplied())).kind);
      assert.deepEqual(kinds, ['retry', 'retry', 'retry', 'refused']);
      const part = await hurt.part();
      assert.equal(part?.state, 'unknown');
      assert.match(part.note, /connector idosell placed hurt 1001 NUMBER.*connector idosell resend hurt 1001/);
      assert.equal(operations().filter((one) => one === 'placeOrder').length, 1);
    });
  });

  it('that the wholesaler was too busy for is sent later, and once', async () => {
    hurt = await aWholesaler();
    hurt.simulator.misbehave({ fault: { kind: 'busy', retryAfter: 7 }, on: 'placeOrder', times: 1 });
    const busy = await hurt.deliver(aSupplied());
    assert.deepEqual([busy.kind, 'afterMs' in busy && busy.afterMs], ['retry', 7000]);
    assert.equal((await hurt.part())?.state, 'basketed');
    assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered');
    assert.deepEqual(
      orders().map(({ lines }) => lines.length),
      [1],
    );
  });

  it('takes up an import of which nothing was heard, and does not order it double', async () => {
    for (const at of ['received', 'accepted'] as const) {
      await emptyTables();
      hurt = await aWholesaler();
      hurt.simulator.misbehave({ fault: { kind: 'drop', at }, on: 'importBasket', times: 1 });
      assert.equal((await hurt.deliver(aSupplied())).kind, 'retry');
      hurt.clock.pass(301);
      assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered');
      assert.deepEqual(
        orders().map(({ lines }) => lines.length),
        [1],
      );
      if (at === 'received') await hurt.close();
    }
  });

  describe('that changes afterwards', () => {
    it('is told nowhere, and a person is asked', async () => {
      hurt = await aWholesaler();
      await hurt.deliver(aSupplied());
      const changed = aSupplied({ delivery: { ...anOrder().delivery, address: 'ul. Krótka 1' } });
      const outcome = await hurt.deliver(changed);
      assert.equal(outcome.kind, 'refused');
      assert.match(reasonOf(outcome), /changed in the shop after it had been ordered \(sklep-demo-1 at hurt\)/);
      assert.equal(orders().length, 1);
    });

    it('is cancelled there where the profile knows how', async () => {
      hurt = await aWholesaler({ operations: { cancelOrder: { gate: 'Dropshipping', method: 'cancelOrder' } } });
      await hurt.deliver(aSupplied());
      const cancelled = { ...aSupplied(), status: { id: '5', name: 'Anulowane', meaning: 'cancelled' as const } };
      const outcome = await hurt.deliver(cancelled);
      assert.deepEqual([outcome.kind, orders()[0]?.status], ['delivered', 'canceled']);
    });

    it('stays for a person until they have settled it, whatever the wholesaler tells meanwhile', async () => {
      hurt = await aWholesaler();
      await hurt.deliver(aSupplied());
      await hurt.deliver(aSupplied({ delivery: { ...anOrder().delivery, address: 'ul. Krótka 1' } }));
      const { db } = testDatabase();
      const onlyAlerts = { onlyAlerts: true, limit: 10 };
      const [before] = await listParts(db, onlyAlerts);
      assert.match(before?.dispute ?? '', /settle it with the wholesaler/);
      // As the poller writes down an order of which nothing is to be said.
      await changePart(db, before ?? assert.fail(), { note: '', alert: false, symbol: 'on_order' }, hurt.clock.now());
      assert.equal((await listParts(db, onlyAlerts)).length, 1);
      const decision = { kind: 'settled' as const, orderId: '1001', content: 'x'.repeat(64) };
      await decidePart({ db, now: hurt.clock.now }, 'hurt', 'idosell-hurt', decision);
      assert.deepEqual(await listParts(db, onlyAlerts), []);
    });

    it('is wanted still when the shop has gone on with it, or has nothing of ours in it any more', async () => {
      hurt = await aWholesaler();
      const sent = { ...aSupplied(), status: { id: '8', name: 'Wysłane', meaning: 'shipped' as const } };
      const emptied = aSupplied({}, new Map());
      assert.deepEqual([hurt.target.wants(sent, false), hurt.target.wants(emptied, false)], [false, false]);
      assert.deepEqual([hurt.target.wants(sent, true), hurt.target.wants(emptied, true)], [true, true]);
      await hurt.deliver(aSupplied());
      assert.equal((await hurt.deliver(sent)).kind, 'delivered', 'as it was ordered');
      assert.match(reasonOf(await hurt.deliver(emptied)), /changed in the shop after it had been ordered/);
      assert.equal(orders().length, 1);
    });

    it('of whose answer nothing was heard, is looked for though the shop has gone on with it', async () => {
      hurt = await aWholesaler();
      hurt.simulator.misbehave({ fault: { kind: 'drop', at: 'accepted' }, on: 'placeOrder', times: 1 });
      assert.equal((await hurt.deliver(aSupplied())).kind, 'retry');
      hurt.clock.pass(301);
      const sent = { ...aSupplied(), status: { id: '8', name: 'Wysłane', meaning: 'shipped' as const } };
      assert.deepEqual([(await hurt.deliver(sent)).kind, (await hurt.part())?.state], ['delivered', 'submitted']);
      assert.equal(orders().length, 1);
    });

    it('to one that is not paid any more, is not ordered, and ordered once it is', async () => {
      hurt = await aWholesaler();
      const unpaid = aSupplied({ payment: { ...anOrder().payment, paidAmount: '0.00', paidAt: undefined } });
      const outcome = await hurt.deliver(unpaid);
      assert.deepEqual([outcome.kind, orders().length], ['delivered', 0]);
      assert.notEqual(outcome.kind === 'delivered' && outcome.memo, hurt.target.digest(aSupplied()));
      assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered');
      assert.equal(orders().length, 1);
    });

    it('before anything was ordered, is simply not ordered', async () => {
      hurt = await aWholesaler();
      const cancelled = { ...aSupplied(), status: { id: '5', name: 'Anulowane', meaning: 'cancelled' as const } };
      assert.equal((await hurt.deliver(cancelled)).kind, 'delivered');
      assert.deepEqual(operations(), []);
    });
  });
});
