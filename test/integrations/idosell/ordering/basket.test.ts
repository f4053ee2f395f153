import assert from 'node:assert/strict';
import type { OperationName } from '../../../../connector/integrations/idosell/client/profile.ts';
import type { Outcome } from '../../../../connector/contracts/target.ts';
import { writeAmount } from '../../../../simulators/idosell/amount.ts';
import type { FaultInput } from '../../../../simulators/idosell/faults.ts';
import { emptyTables } from '../../../support/database.ts';
import { anOrder } from '../../../relay/an-order.ts';
import { aSupplied, aWholesaler, mugs, type TestWholesaler } from './a-wholesaler.ts';

const reasonOf = (outcome: Outcome): string => ('reason' in outcome ? outcome.reason : '');

const [LINE] = anOrder().lines;
if (!LINE) throw new Error('an order of one mug is wanted');
/** One mug and one book, both of the wholesaler. */
const BOTH = [LINE, { ...LINE, productId: '502', sku: 'KSI', name: 'Książka' }];
const book = { wholesaler: 'hurt', code: '502-uniw', codeType: 'internal' };
const both = (id = '1001') => aSupplied({ id, lines: BOTH }, new Map([...mugs(), ['502/0', book]]));

/** Longer than any call may still be on its way. */
const LANDED_SECONDS = 301;

describe('the basket of an account', () => {
  let hurt: TestWholesaler;
  beforeEach(emptyTables);
  afterEach(() => hurt.close());

  const once = (fault: FaultInput['fault'], on: OperationName) => hurt.simulator.misbehave({ fault, on, times: 1 });
  /** Of each order in the remote system's books: our reference and what it is of. */
  const placed = () =>
    hurt.simulator.shop.orders.all.map(({ reference, lines }) => [
      reference,
      ...lines.map(({ code, quantity }) => `${writeAmount(quantity)} ${code}`),
    ]);
  const emptyIt = (): void => {
    for (const basket of hurt.simulator.shop.baskets.all.values()) basket.lines = [];
  };

  it('into which somebody else put something is not ordered, however often it is tried, until it was emptied', async () => {
    hurt = await aWholesaler();
    once({ kind: 'basket-filled', code: '502-uniw', quantity: '3' }, 'importBasket');
    for (let time = 0; time < 3; time += 1) {
      const outcome = await hurt.deliver(aSupplied());
      assert.equal(outcome.kind, 'halted', JSON.stringify(outcome));
      assert.match(reasonOf(outcome), /empty it in the storefront of hurt/);
      hurt.clock.pass(60);
    }
    assert.deepEqual(placed(), []);
    emptyIt();
    assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered');
    assert.deepEqual(placed(), [['1001/A', '1 501-uniw']]);
  });

  it('that took only some of the lines is not ordered when it is tried again', async () => {
    hurt = await aWholesaler();
    hurt.simulator.when('received', 'importBasket', () => hurt.simulator.shop.stock.set('502-uniw', '0'));
    const refused = await hurt.deliver(both());
    assert.equal(refused.kind, 'refused', JSON.stringify(refused));
    assert.equal((await hurt.part())?.state, 'out_of_stock');
    hurt.simulator.shop.stock.set('502-uniw', '5');
    const again = await hurt.deliver(both());
    assert.equal(again.kind, 'halted', JSON.stringify(again));
    assert.deepEqual(placed(), []);
    emptyIt();
    assert.equal((await hurt.deliver(both())).kind, 'delivered');
    assert.deepEqual(placed(), [['1001/A', '1 501-uniw', '1 502-uniw']]);
  });

  it('is known to be as it was when the import was refused as a whole', async () => {
    for (const fault of [{ kind: 'busy' }, { kind: 'house', fault: 'auth' }, { kind: 'soap-fault', by: 'client' }]) {
      await emptyTables();
      hurt = await aWholesaler();
      hurt.simulator.misbehave({ fault, on: 'importBasket', times: 2 } as FaultInput);
      assert.notEqual((await hurt.deliver(aSupplied())).kind, 'delivered');
      assert.equal((await hurt.part())?.basketAt, undefined);
      hurt.simulator.behave();
      assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered');
      assert.deepEqual(placed(), [['1001/A', '1 501-uniw']]);
      await hurt.close();
    }
    hurt = await aWholesaler();
  });

  for (const [changes, outcome] of [
    [{}, 'one order'],
    [{ basketReplaceSupported: true }, 'one order'],
    [{ basketScope: 'session' }, 'one order'],
  ] as const) {
    it(`${JSON.stringify(changes)}: an import that comes late, when another has the account, makes ${outcome}`, async () => {
      hurt = await aWholesaler(changes);
      const other = hurt.another();
      let isHeld = true;
      let letGo = (): void => undefined;
      const held = new Promise<void>((resolve) => (letGo = resolve));
      const goOn = (): void => {
        isHeld = false;
        letGo();
      };
      const arrived = new Promise<void>((resolve) => {
        hurt.simulator.when('received', 'importBasket', () => {
          resolve();
          return held;
        });
      });
      const late = hurt.deliver(aSupplied()).then(
        ({ kind }) => kind,
        () => 'thrown',
      );
      await arrived;
      // The lease of who hangs is over; the call is still under way.
      hurt.clock.pass(100);
      const second = aSupplied({ id: '1002', lines: [{ ...LINE, quantity: 2 }] });
      hurt.simulator.when('connected', 'placeOrder', async () => {
        if (!isHeld) return;
        goOn();
        await late;
      });
      const first = await other.deliver(second);
      goOn();
      await late;
      emptyIt();
      hurt.clock.pass(LANDED_SECONDS);
      for (const order of [aSupplied(), second]) {
        if (first.kind !== 'delivered' || order !== second) await other.deliver(order);
      }
      assert.deepEqual(placed().toSorted(), [
        ['1001/A', '1 501-uniw'],
        ['1002/A', '2 501-uniw'],
      ]);
    });
  }

  it('that can be replaced is not filled anew while the order for what lies in it may still come', async () => {
    hurt = await aWholesaler({ basketReplaceSupported: true });
    once({ kind: 'drop', at: 'received' }, 'placeOrder');
    await hurt.deliver(aSupplied());
    assert.equal((await hurt.part())?.state, 'sending');
    const second = await hurt.deliver(aSupplied({ id: '1002' }));
    assert.equal(second.kind, 'retry', JSON.stringify(second));
    hurt.clock.pass(LANDED_SECONDS);
    assert.equal((await hurt.deliver(aSupplied({ id: '1002' }))).kind, 'delivered');
    assert.deepEqual(placed(), [['1002/A', '1 501-uniw']]);
  });

  it('of a session is filled anew when the session has died, and nobody is told to look at the login', async () => {
    for (const on of ['importBasket', 'listCouriersForOrder', 'placeOrder'] as const) {
      await emptyTables();
      hurt = await aWholesaler({ basketScope: 'session' });
      once({ kind: 'session-dies' }, on);
      const kinds = [(await hurt.deliver(aSupplied())).kind];
      if (kinds[0] !== 'delivered') kinds.push((await hurt.deliver(aSupplied())).kind);
      assert.equal(kinds.at(-1), 'delivered', on);
      assert.ok(!kinds.includes('halted') && !kinds.includes('refused'), `${on}: ${kinds.join()}`);
      assert.deepEqual(placed(), [['1001/A', '1 501-uniw']], on);
      await hurt.close();
    }
    hurt = await aWholesaler();
  });

  it('is not filled twice when the session dies in between', async () => {
    for (const on of ['checkAvailability', 'importBasket', 'listCouriersForOrder', 'placeOrder'] as const) {
      await emptyTables();
      hurt = await aWholesaler();
      once({ kind: 'session-dies' }, on);
      assert.equal((await hurt.deliver(aSupplied())).kind, 'delivered', on);
      assert.deepEqual(placed(), [['1001/A', '1 501-uniw']], on);
      await hurt.close();
    }
    hurt = await aWholesaler();
  });
});
