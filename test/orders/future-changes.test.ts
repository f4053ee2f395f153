import assert from 'node:assert/strict';
import { deleteDelivered } from '../../connector/storage/outbox-digests.ts';
import { createLog } from '../../connector/lib/log.ts';
import { detectChanges, type DetectDeps } from '../../connector/relay/feed/detect-changes.ts';
import type { Listener } from '../../connector/relay/feed/undelivered.ts';
import { seedShop } from '../../scripts/seed/shop.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { memoryStream } from '../support/memory-stream.ts';
import { outboxRows, openRelaying, type RelayingConnector } from './a-relaying-connector.ts';

const DAY_MS = 86_400_000;
const shelf: Listener = { name: 'shelf', wants: () => true, digest: ({ order, status }) => `${order.id} ${status.id}` };

describe('orders whose change time lies in the future', () => {
  let connector: RelayingConnector;
  let deps: DetectDeps;
  let clock: Date;

  beforeEach(async () => {
    await emptyTables();
    const [[row]] = (await testDatabase().db.raw('SELECT UTC_TIMESTAMP(3) AS now')) as [[{ now: Date }]];
    clock = row.now;
    // As it stands with a shop that was filled for a day to come.
    await seedShop(testDatabase().db, { products: 20, orders: 150, now: new Date(clock.getTime() + 200 * DAY_MS) });
    connector = await openRelaying(['shelf'], () => clock);
    const { db, deps: opened } = connector;
    const log = createLog('error', memoryStream());
    deps = { db, shop: opened.shop, connection: 'baselinker', wholesalers: [], owner: 'one', now: () => clock, log };
  });
  afterEach(() => connector.close());

  const notice = async () => {
    const noticed = await detectChanges(deps, [shelf]);
    assert.ok(noticed.kind === 'looked');
    return noticed.enqueued;
  };

  it('are not told to a target because time passes, however long it is switched on', async () => {
    for (let day = 0; day <= 200; day += 25) {
      assert.equal(await notice(), 0, `day ${day}`);
      await deleteDelivered(connector.db, new Date(clock.getTime() - 90 * DAY_MS), 1000);
      clock = new Date(clock.getTime() + 25 * DAY_MS);
    }
    assert.ok((await outboxRows()).every(({ state }) => state === 'done'));
  });

  it('are told once when they change', async () => {
    assert.equal(await notice(), 0);
    const [order] = await testDatabase()
      .db('shop_orders')
      .where({ is_draft: 0 })
      .limit(1)
      .select<{ id: number }[]>('id');
    const change = { status_id: testDatabase().db.raw('status_id + 1') };
    await testDatabase().db('shop_orders').where({ id: order?.id }).update(change);
    assert.deepEqual([await notice(), await notice()], [1, 0]);
    const future = { ...change, changed_at: new Date(clock.getTime() + 300 * DAY_MS) };
    const [other] = await testDatabase()
      .db('shop_orders')
      .where({ is_draft: 0 })
      .orderBy('id', 'desc')
      .limit(1)
      .select<{ id: number }[]>('id');
    await testDatabase().db('shop_orders').where({ id: other?.id }).update(future);
    assert.deepEqual([await notice(), await notice()], [1, 0]);
  });
});
