import assert from 'node:assert/strict';
import type { ExpectedState } from '../scripts/chaos/expected-state.ts';
import { loadRun } from '../scripts/chaos/load-run.ts';
import { verify } from '../scripts/chaos/verify.ts';
import { findMariadb } from '../scripts/mariadb-binaries.mjs';
import { emptyTables, testDatabase } from './support/database.ts';
import { addOrder, addProduct } from './support/shop-rows.ts';

describe('a storm', function () {
  this.timeout(180_000); // usually a quarter of a minute; a busy machine takes longer

  it('of kills leaves no order, no piece and no line wrong', async function () {
    // It kills the server: a given database cannot be asked to bear that.
    if (!findMariadb()) this.skip();
    const said: string[] = [];
    const summary = await loadRun({
      kills: 7,
      seed: 62, // with which every kind of blow falls once at least
      maxMs: 12_000,
      clients: 6,
      verifyEvery: 4,
      say: (line) => said.push(line),
    }).catch((error: unknown) => assert.fail(`${String(error)}\n${said.join('\n')}`));
    assert.ok(summary.kills >= 1);
    assert.ok(summary.verified.orders >= 1);
    assert.ok(summary.verified.auditRows >= 1);
  });
});

describe('what compares the books after a storm', () => {
  const KEY = '501/0';
  const nobody: ExpectedState = { start: new Map(), shared: [], own: [], orders: [], changes: [] };
  let ledger: ExpectedState;

  beforeEach(async () => {
    await emptyTables();
    await addProduct({ id: 501, quantity: 7 });
    const shared = [{ productId: '501', variantId: '0' }];
    ledger = { ...nobody, start: new Map([[KEY, 7]]), shared };
  });
  after(emptyTables);

  const complaint = async (over: ExpectedState = ledger): Promise<string> =>
    verify(testDatabase().url, over, 0).then(
      () => '',
      (error: unknown) => String(error),
    );
  const change = (before: number, after: number): Promise<unknown> =>
    testDatabase()
      .db('bl_changes')
      .insert({
        ...{ at: new Date(), kind: 'stock', product_id: '501', variant_id: '0' },
        ...{ before_value: before, after_value: after, action: 'ProductsQuantityUpdate', call_id: 'one' },
      });

  it('has nothing to say of a shop that is right', async () => {
    assert.doesNotMatch(await complaint(), /stock|order|reference|line/);
  });

  it('notices an order that nobody was told of, and a reference without an order', async () => {
    await addOrder({ source: 'baselinker', source_reference: '70001' });
    assert.match(await complaint(), /the shop's order \d+ is for 70001, which is unknown/);
    await testDatabase()
      .db('bl_orders')
      .insert({ connection: 'baselinker', baselinker_id: '70002', created_at: new Date(), changed_at: new Date() });
    assert.match(await complaint(), /reference 70002 has no order/);
  });

  it('notices an order that was acknowledged and is not there', async () => {
    const content = { number: 1, lines: [], deliveryPrice: 0, statusId: undefined, paid: undefined };
    const order = {
      ...{ baselinkerId: '70001', takesStock: true, id: '17', content, statusId: '1', paid: 0, restsUntil: 0 },
      ...{ askedStatus: undefined, askedPaid: undefined, parcels: new Set<string>() },
    };
    assert.match(await complaint({ ...ledger, orders: [order] }), /the shop holds 0 orders for 70001/);
  });

  it('notices an order without lines, and one of which everything is wrong', async () => {
    const line = { productId: '501', variantId: '0', name: 'Kubek', price: 2490, quantity: 2 };
    const content = { number: 1, lines: [line], deliveryPrice: 100, statusId: undefined, paid: undefined };
    const id = await addOrder({ source: 'baselinker', source_reference: '70001' }, { lines: [] });
    const order = {
      ...{ baselinkerId: '70001', takesStock: true, id, content, statusId: '2', paid: 5, restsUntil: 0 },
      ...{ askedStatus: undefined, askedPaid: undefined, parcels: new Set(['P1']) },
    };
    const said = await complaint({ ...ledger, orders: [order] });
    for (const what of ['order without lines', 'status', 'total', 'delivery price', 'paid', 'lines', 'parcels']) {
      assert.match(said, new RegExp(what));
    }
    assert.match(said, /article 501\/0: booked are 0, must be 2/);
    assert.match(said, /article 501\/0: the audit says that 0 were taken, must be 2/);
    assert.match(said, /article 501\/0: the stock is 7, must be 5/);
  });

  it('notices stock that nobody moved, a gap in the audit, and a change that nobody asked for', async () => {
    await testDatabase().db('shop_products').where({ id: 501 }).update({ quantity: 9 });
    assert.match(await complaint(), /the stock is 9, the audit ends at 7/);
    await change(8, 9);
    const said = await complaint();
    assert.match(said, /audit row \d+ begins at 8, not at 7/);
    assert.match(said, /nobody asked for the change by 1/);
  });

  it('notices a change that came through twice, and one that was acknowledged and did not come through', async () => {
    await testDatabase().db('shop_products').where({ id: 501 }).update({ quantity: 9 });
    await change(7, 8);
    await change(8, 9);
    const attempt = (pieces: number, outcome: 'lost' | 'acknowledged') => ({
      pieces,
      variants: ledger.shared,
      outcome,
    });
    const said = await complaint({ ...ledger, changes: [attempt(1, 'lost'), attempt(2, 'acknowledged')] });
    assert.match(said, /the change by 1 \(lost\) of 501\/0 was carried out on 501\/0 501\/0/);
    assert.match(said, /the change by 2 \(acknowledged\) is not in the audit/);
  });

  it('notices a transaction that was left open, and what it locks', async () => {
    await testDatabase().db.transaction(async (unit) => {
      await unit('shop_products').where({ id: 501 }).forUpdate().first();
      const said = await complaint();
      assert.match(said, /a transaction is open: thread \d+/);
      assert.match(said, /rows of shop_products are locked/);
    });
  });
});
