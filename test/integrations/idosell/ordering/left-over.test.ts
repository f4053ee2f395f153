import assert from 'node:assert/strict';
import type { OperationName } from '../../../../connector/integrations/idosell/client/profile.ts';
import type { Outcome, RelayedOrder } from '../../../../connector/contracts/target.ts';
import { writeAmount } from '../../../../simulators/idosell/amount.ts';
import { USUAL_COURIERS } from '../../../../simulators/idosell/couriers.ts';
import type { FaultInput } from '../../../../simulators/idosell/faults.ts';
import { emptyTables } from '../../../support/database.ts';
import { anOrder } from '../../../relay/an-order.ts';
import { aSupplied, aWholesaler, mugs, type TestWholesaler } from './a-wholesaler.ts';

const reasonOf = (outcome: Outcome): string => ('reason' in outcome ? outcome.reason : '');
/** How the delivery ended, and how the wholesaler showed itself where that is not what the kind says. */
const endOf = ({ kind, remote }: Outcome) => (remote === undefined ? kind : `${kind}, ${remote}`);

const [LINE] = anOrder().lines;
if (!LINE) throw new Error('an order of one mug is wanted');
const book = { ...LINE, productId: '502', sku: 'KSI', name: 'Książka' };
const SUPPLIES = new Map([...mugs(), ['502/0', { wholesaler: 'hurt', code: '502-uniw', codeType: 'internal' }]]);

const someMugs = (id: string, quantity: number, ...more: (typeof LINE)[]) =>
  aSupplied({ id, lines: [{ ...LINE, quantity }, ...more] }, SUPPLIES);
const aBook = (id: string) => aSupplied({ id, lines: [book] }, SUPPLIES);
/** The courier to lockers does not know this one, which shows only when it is to be ordered. */
const toNowhere = (order: RelayedOrder): RelayedOrder => ({
  ...order,
  order: { ...order.order, pickupPoint: { ...order.order.pickupPoint, id: 'XXX99' } },
});

describe('what was left over in the basket of an account', () => {
  let hurt: TestWholesaler;
  beforeEach(emptyTables);
  afterEach(() => hurt.close());

  const once = (fault: FaultInput['fault'], on: OperationName) => hurt.simulator.misbehave({ fault, on, times: 1 });
  const placed = () =>
    hurt.simulator.shop.orders.all.map(({ reference, lines }) => [
      reference,
      ...lines.map(({ code, quantity }) => `${writeAmount(quantity)} ${code}`),
    ]);
  const asked = () => hurt.simulator.requests.length;
  const emptyIt = (): void => {
    for (const basket of hurt.simulator.shop.baskets.all.values()) basket.lines = [];
  };
  async function leave(order = someMugs('1001', 1)): Promise<void> {
    const outcome = await hurt.deliver(toNowhere(order));
    assert.equal(outcome.kind, 'refused', JSON.stringify(outcome));
  }

  it('is told to a person once, with what they can do', async () => {
    hurt = await aWholesaler();
    await leave();
    const part = await hurt.part();
    assert.match(
      part?.note ?? '',
      /^the order: .*; its lines lie in the basket of sklep-demo: .* empty it in the store/,
    );
    assert.equal(part?.alert, true);
    assert.equal(hurt.log().match(/needs a person/g)?.length, 1);
  });

  it('goes with the next order of the same variants, and with one of more after the import of the rest', async () => {
    hurt = await aWholesaler();
    await leave();
    assert.equal((await hurt.deliver(someMugs('1002', 1))).kind, 'delivered');
    assert.doesNotMatch((await hurt.part())?.note ?? '', /basket/);
    await leave(someMugs('1003', 2));
    assert.equal((await hurt.deliver(someMugs('1004', 3, book))).kind, 'delivered');
    assert.equal((await hurt.deliver(someMugs('1005', 1))).kind, 'delivered');
    assert.deepEqual(placed(), [
      ['1002/A', '1 501-uniw'],
      ['1004/A', '3 501-uniw', '1 502-uniw'],
      ['1005/A', '1 501-uniw'],
    ]);
    assert.deepEqual(hurt.simulator.complaints, []);
  });

  it('lets an order of other variants wait, which asks no more than once a minute, and is no trouble of the account', async () => {
    hurt = await aWholesaler();
    await leave(someMugs('1001', 2));
    const first = await hurt.deliver(aBook('1002'));
    assert.deepEqual([endOf(first), first.kind === 'retry' && first.afterMs], ['retry, well', 300_000]);
    assert.match(reasonOf(first), /holds the lines of order 1001, which was not ordered/);
    const requests = asked();
    for (const id of ['1002', '1003', '1004']) assert.equal(endOf(await hurt.deliver(aBook(id))), 'retry, unheard');
    // Less than what lies there is something else, too.
    assert.equal(endOf(await hurt.deliver(someMugs('1005', 1))), 'retry, unheard');
    assert.equal(asked(), requests);
    emptyIt();
    hurt.clock.pass(61);
    for (const id of ['1002', '1003']) assert.equal((await hurt.deliver(aBook(id))).kind, 'delivered');
    assert.deepEqual(placed(), [
      ['1002/A', '1 502-uniw'],
      ['1003/A', '1 502-uniw'],
    ]);
  });

  it('is not relied upon after an hour', async () => {
    hurt = await aWholesaler();
    await leave();
    hurt.clock.pass(3601);
    const outcome = await hurt.deliver(someMugs('1002', 1));
    assert.equal(outcome.kind, 'halted');
    assert.match(reasonOf(outcome), /empty it in the storefront of hurt, then: connector relay retry idosell-hurt/);
    assert.deepEqual(placed(), []);
  });

  it('of an order that was put right goes with it', async () => {
    hurt = await aWholesaler();
    await leave();
    assert.equal((await hurt.deliver(someMugs('1001', 2))).kind, 'delivered');
    assert.deepEqual(placed(), [['1001/A', '2 501-uniw']]);
  });

  it('of an order that is not wanted any more goes with another, and is told to a person', async () => {
    hurt = await aWholesaler();
    once({ kind: 'busy', retryAfter: 7 }, 'placeOrder');
    assert.equal((await hurt.deliver(someMugs('1001', 1))).kind, 'retry');
    const cancelled = { ...aSupplied(), status: { id: '5', name: 'Anulowane', meaning: 'cancelled' as const } };
    assert.equal((await hurt.deliver(cancelled)).kind, 'delivered');
    assert.equal((await hurt.part())?.alert, true);
    assert.equal((await hurt.deliver(someMugs('1002', 1))).kind, 'delivered');
    assert.equal((await hurt.part())?.alert, false);
    assert.deepEqual(placed(), [['1002/A', '1 501-uniw']]);
  });

  it('for a moment, by an order that the wholesaler was too busy for, halts nobody', async () => {
    hurt = await aWholesaler();
    once({ kind: 'busy', retryAfter: 7 }, 'placeOrder');
    assert.equal((await hurt.deliver(someMugs('1001', 2))).kind, 'retry');
    assert.equal(endOf(await hurt.deliver(aBook('1002'))), 'retry, well');
    assert.equal((await hurt.deliver(someMugs('1001', 2))).kind, 'delivered');
    assert.equal((await hurt.deliver(aBook('1002'))).kind, 'delivered');
    assert.deepEqual(placed(), [
      ['1001/A', '2 501-uniw'],
      ['1002/A', '1 502-uniw'],
    ]);
  });

  for (const [changes, what] of [
    [{ operations: { clearBasket: { gate: 'Dropshipping', method: 'basketClear' } } }, 'is emptied'],
    [{ basketReplaceSupported: true }, 'is replaced'],
    [{ basketScope: 'session' }, 'is left with its session'],
  ] as const) {
    it(`${what} where the wholesaler has a way, and keeps nobody waiting`, async () => {
      hurt = await aWholesaler(changes);
      await leave();
      assert.doesNotMatch((await hurt.part())?.note ?? '', /basket/);
      assert.equal((await hurt.deliver(aBook('1002'))).kind, 'delivered');
      assert.deepEqual(placed(), [['1002/A', '1 502-uniw']]);
    });
  }

  it('is emptied by the next order when that failed at first', async () => {
    hurt = await aWholesaler({ operations: { clearBasket: { gate: 'Dropshipping', method: 'basketClear' } } });
    once({ kind: 'drop', at: 'received' }, 'clearBasket');
    await leave();
    assert.equal((await hurt.deliver(aBook('1002'))).kind, 'delivered');
    assert.deepEqual(placed(), [['1002/A', '1 502-uniw']]);
  });

  it('is not thrown away when nobody knows whose it is', async () => {
    hurt = await aWholesaler({ operations: { clearBasket: { gate: 'Dropshipping', method: 'basketClear' } } });
    hurt.simulator.fillBasket('sklep-demo', '502-uniw', '3');
    assert.equal((await hurt.deliver(someMugs('1001', 1))).kind, 'halted');
    assert.equal(hurt.simulator.requests.filter(({ operation }) => operation === 'clearBasket').length, 0);
  });

  describe('with an import of the rest of which nothing was heard', () => {
    for (const at of ['received', 'accepted'] as const) {
      it(`is nobody's until a person has emptied it (${at})`, async () => {
        hurt = await aWholesaler();
        await leave();
        once({ kind: 'drop', at }, 'importBasket');
        assert.equal((await hurt.deliver(someMugs('1002', 2))).kind, 'retry');
        hurt.clock.pass(301);
        assert.equal((await hurt.deliver(someMugs('1002', 2))).kind, 'halted');
        assert.equal((await hurt.deliver(someMugs('1003', 1))).kind, 'halted');
        assert.deepEqual(placed(), []);
        emptyIt();
        assert.equal((await hurt.deliver(someMugs('1002', 2))).kind, 'delivered');
        assert.deepEqual(placed(), [['1002/A', '2 501-uniw']]);
      });
    }

    it('or that was refused is used all the same', async () => {
      hurt = await aWholesaler();
      await leave();
      once({ kind: 'busy', retryAfter: 7 }, 'importBasket');
      assert.equal((await hurt.deliver(someMugs('1002', 2))).kind, 'retry');
      assert.equal((await hurt.deliver(someMugs('1002', 2))).kind, 'delivered');
      assert.deepEqual(placed(), [['1002/A', '2 501-uniw']]);
    });
  });
});

describe('couriers before the basket', () => {
  let hurt: TestWholesaler;
  beforeEach(emptyTables);
  afterEach(() => hurt.close());

  const counted = (operation: OperationName) =>
    hurt.simulator.requests.filter((one) => one.operation === operation).length;
  const england = {
    ...anOrder().delivery,
    address: '7 Long Lane',
    postcode: 'SW1A 1AA',
    country: '',
    countryCode: 'GB',
  };
  const toEngland = (id: string) => aSupplied({ id, delivery: england, phone: '+447911123456' });
  const toLocker = (id: string) => toNowhere(aSupplied({ id }));

  it('are asked for once a day', async () => {
    hurt = await aWholesaler();
    for (const id of ['1001', '1002', '1003']) assert.equal((await hurt.deliver(aSupplied({ id }))).kind, 'delivered');
    assert.equal(counted('listCouriers'), 1);
    hurt.clock.pass(86_400);
    assert.equal((await hurt.deliver(aSupplied({ id: '1004' }))).kind, 'delivered');
    // The session has ended, too: the first question of the new day is asked twice.
    const answered = hurt.simulator.requests.filter(
      ({ operation, fault }) => operation === 'listCouriers' && fault === '0',
    );
    assert.equal(answered.length, 2);
  });

  it('refuse a locker where none of those in the list goes to one, and a country to which nobody goes', async () => {
    hurt = await aWholesaler({ couriers: { '*': ['100149'] } });
    for (const order of [toLocker('1001'), toEngland('1002')]) {
      const outcome = await hurt.deliver(order);
      assert.equal(outcome.kind, 'refused');
      assert.match(reasonOf(outcome), /none of 100149 fits for the delivery method 2 \(Kurier\)/);
    }
    assert.equal(counted('importBasket'), 0);
  });

  it('are asked for anew before a second no, so that a new courier is seen', async () => {
    const couriers = USUAL_COURIERS.slice(0, 1);
    hurt = await aWholesaler({ couriers: { '*': ['100150'] } }, { couriers });
    assert.equal((await hurt.deliver(aSupplied())).kind, 'refused');
    hurt.clock.pass(61);
    assert.equal((await hurt.deliver(aSupplied())).kind, 'refused');
    assert.equal(counted('listCouriers'), 2);
  });

  for (const fault of [
    { kind: 'house', number: '4711' },
    { kind: 'soap-fault', by: 'client' },
    { kind: 'soap-fault', by: 'server' },
    { kind: 'strange' },
    { kind: 'redirect', to: 'http://127.0.0.1:1/' },
  ] as const) {
    it(`that cannot be listed (${fault.kind}) hold up no order`, async () => {
      hurt = await aWholesaler();
      hurt.simulator.misbehave({ fault, on: 'listCouriers' });
      for (const id of ['1001', '1002']) assert.equal((await hurt.deliver(aSupplied({ id }))).kind, 'delivered');
      assert.equal(counted('listCouriers'), 1, 'and are not asked for with every order');
    });
  }

  it('are not asked for where the profile says that there is no such list', async () => {
    hurt = await aWholesaler({ operations: { listCouriers: null } });
    assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered');
    assert.equal(counted('listCouriers'), 0);
  });

  it('of which none is named for our own country say nothing: the word for it may be another one', async () => {
    hurt = await aWholesaler();
    hurt.simulator.misbehave({ fault: { kind: 'house', fault: 'empty' }, on: 'listCouriers' });
    assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered');
  });

  it('that the wholesaler is too busy to list are asked for later', async () => {
    hurt = await aWholesaler();
    hurt.simulator.misbehave({ fault: { kind: 'busy', retryAfter: 7 }, on: 'listCouriers', times: 1 });
    const outcome = await hurt.deliver(aSupplied());
    assert.deepEqual([outcome.kind, outcome.kind === 'retry' && outcome.afterMs], ['retry', 7000]);
    assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered');
  });
});
