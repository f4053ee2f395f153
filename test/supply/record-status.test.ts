import assert from 'node:assert/strict';
import { changePart, newestPart, openPart } from '../../connector/storage/supply-parts.ts';
import type { SupplyPart } from '../../connector/domain/supply-part.ts';
import { recordStatus, type SupplyStatusUpdate } from '../../connector/supply/record-status.ts';
import type { PartLine, SupplyState } from '../../connector/domain/supply.ts';
import { nativeShop } from '../../connector/shops/native/index.ts';
import { nativeShopWriting } from '../../connector/shops/native/writing/index.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { addOrder } from '../support/shop-rows.ts';
import { aShop, rowOf, STATUS } from '../orders/a-shop.ts';
import { outboxRows } from '../orders/a-relaying-connector.ts';

const NOW = new Date('2027-01-04T09:00:00Z');
const MUG: PartLine = { productId: '501', variantId: '0', code: 'K', codeType: 'internal', quantity: 1 };
const BOOK: PartLine = { ...MUG, productId: '502', code: 'B' };
const PARCEL = { carrier: 'Kurier Demo', trackingNumber: 'DEMO1', trackingUrl: '' };

describe('what becomes of an order at its wholesalers', () => {
  const db = () => testDatabase().db;
  beforeEach(async () => {
    await emptyTables();
    await aShop();
  });

  const parts = () => {
    const profile = { currency: 'PLN', removedProductsDays: 30, changesOverlapMs: 0, now: () => NOW };
    const shop = { ...nativeShop(db(), profile), ...nativeShopWriting(profile) };
    return { db: db(), shop, targets: ['shelf'], now: () => NOW };
  };
  const order = (variants: readonly PartLine[], columns = {}): Promise<string> =>
    addOrder({ status_id: 1, ...columns }, { lines: variants.map(({ productId: product_id }) => ({ product_id })) });

  async function submitted(orderId: string, wholesaler: string, lines: readonly PartLine[]): Promise<SupplyPart> {
    const opened = await openPart(
      db(),
      { wholesaler, orderId, attempt: 1, reference: `${orderId}/${wholesaler}`, content: '', lines },
      NOW,
    );
    await changePart(db(), opened, { state: 'submitted' }, NOW);
    return opened;
  }
  const say = (
    part: SupplyPart,
    state: SupplyState | undefined,
    changes: Partial<SupplyStatusUpdate> = {},
  ): Promise<void> =>
    recordStatus(parts(), {
      ...{ partId: part.id, orderId: part.orderId, state, symbol: state ?? '', symbolAt: undefined, parcels: [] },
      ...{ note: '', alert: false, pollAt: undefined, shippedStatus: 'auto', ...changes },
    });
  const statusOf = async (orderId: string): Promise<string> => String((await rowOf(orderId))['status_id']);
  const parcelsOf = (orderId: string) =>
    db()('shop_parcels').where({ order_id: orderId }).pluck<string[]>('tracking_number');

  it('makes it sent only when all of its wholesalers have sent', async () => {
    const id = await order([MUG, BOOK]);
    const [one, other] = [await submitted(id, 'one', [MUG]), await submitted(id, 'other', [BOOK])];
    await say(one, 'shipped');
    assert.equal(await statusOf(id), STATUS.new);
    await say(other, 'shipped');
    assert.equal(await statusOf(id), STATUS.sent);
  });

  it('never makes it sent while the shop has something of its own to send', async () => {
    const id = await order([MUG, BOOK]);
    await say(await submitted(id, 'one', [MUG]), 'shipped');
    assert.equal(await statusOf(id), STATUS.new);
    const withText = await addOrder({ status_id: 1 }, { lines: [{ product_id: 501 }, { name: 'Pakowanie' }] });
    await say(await submitted(withText, 'one', [MUG]), 'shipped');
    assert.equal(await statusOf(withText), STATUS.new);
  });

  it('leaves it as the shop has it when it was cancelled there', async () => {
    const id = await order([MUG], { status_id: Number(STATUS.cancelled) });
    await say(await submitted(id, 'one', [MUG]), 'shipped', { parcels: [PARCEL] });
    assert.equal(await statusOf(id), STATUS.cancelled);
    assert.deepEqual(await parcelsOf(id), ['DEMO1']);
  });

  it('gives it the status that the profile names, or none', async () => {
    for (const [wanted, status] of [
      [STATUS.cancelled, STATUS.cancelled],
      ['none', STATUS.new],
      ['4711', STATUS.new],
    ] as const) {
      const id = await order([MUG]);
      await say(await submitted(id, 'one', [MUG]), 'shipped', { shippedStatus: wanted });
      assert.equal(await statusOf(id), status, wanted);
    }
  });

  it('takes a parcel once, however often it is told, and tells others only of what is new', async () => {
    const id = await order([MUG]);
    const part = await submitted(id, 'one', [MUG]);
    const versions: unknown[] = [];
    for (let time = 0; time < 3; time += 1) {
      await say(part, 'shipped', { parcels: [PARCEL] });
      versions.push((await db()('bl_outbox').where({ order_id: id }).first<{ version: number }>('version')).version);
    }
    assert.deepEqual(await parcelsOf(id), ['DEMO1']);
    assert.equal(new Set(versions).size, 1);
    await say(part, 'shipped', { parcels: [PARCEL, { ...PARCEL, trackingNumber: 'DEMO2' }] });
    await say(part, 'shipped', { parcels: [] });
    assert.deepEqual(await parcelsOf(id), ['DEMO1', 'DEMO2']);
    assert.deepEqual(
      (await outboxRows()).map(({ target, state }) => [target, state]),
      [['shelf', 'due']],
    );
  });

  it('is not written for a part that nobody has ordered, nor for an order that is gone', async () => {
    const id = await order([MUG]);
    const draft = await openPart(
      db(),
      { wholesaler: 'one', orderId: id, attempt: 1, reference: 'r', content: '', lines: [MUG] },
      NOW,
    );
    await say(draft, 'shipped', { parcels: [PARCEL] });
    assert.deepEqual([(await newestPart(db(), 'one', id))?.state, await parcelsOf(id)], ['draft', []]);
    const gone = await submitted('999999', 'one', [MUG]);
    await say(gone, 'shipped', { parcels: [PARCEL] });
    assert.equal((await newestPart(db(), 'one', '999999'))?.state, 'shipped');
  });

  it('holds for a sent part that is lost: the shop’s status stays, and a person is told', async () => {
    const id = await order([MUG]);
    const part = await submitted(id, 'one', [MUG]);
    await say(part, 'shipped');
    await say(part, 'cancelled', { note: 'one tells "lost"', alert: true });
    const found = await newestPart(db(), 'one', id);
    assert.deepEqual([found?.state, found?.alert, await statusOf(id)], ['cancelled', true, STATUS.sent]);
  });
});
