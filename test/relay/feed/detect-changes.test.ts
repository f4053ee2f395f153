import assert from 'node:assert/strict';
import type { Knex } from 'knex';
import { readCursor, takeLease } from '../../../connector/storage/cursors.ts';
import { connect } from '../../../connector/db/connect.ts';
import { createLog } from '../../../connector/lib/log.ts';
import { detectChanges, type DetectDeps } from '../../../connector/relay/feed/detect-changes.ts';
import { findUndelivered, type Listener } from '../../../connector/relay/feed/undelivered.ts';
import { relayedOrders } from '../../../connector/relay/feed/relayed-order.ts';
import type { RelayedOrder } from '../../../connector/contracts/target.ts';
import { NOW } from '../../baselinker/actions/a-connector.ts';
import { nativeOtherProgram as other } from '../../shops/native-other-program.ts';
import { emptyTables, testDatabase } from '../../support/database.ts';
import { memoryStream } from '../../support/memory-stream.ts';
import { added, anOrder, aShop, STATUS } from '../../orders/a-shop.ts';
import { delivered, openRelaying, outboxRows, type RelayingConnector } from '../../orders/a-relaying-connector.ts';

/** What this remote system is told: status, payment and parcels. */
const digest = ({ order, status, origin = '' }: RelayedOrder): string =>
  [status.id, order.payment.paidAmount, ...order.parcels.map(({ trackingNumber }) => trackingNumber), origin].join(' ');
const shelf: Listener = { name: 'shelf', wants: () => true, digest };
/** A remote system for everything but cancelled orders. */
const desk: Listener = { name: 'desk', wants: ({ status }) => status.meaning !== 'cancelled', digest };

describe('noticing what changed in the shop', () => {
  let connector: RelayingConnector;
  let shopDb: Knex;
  let deps: DetectDeps;
  const log = createLog('error', memoryStream());

  beforeEach(async () => {
    await emptyTables();
    await aShop();
    connector = await openRelaying(['shelf', 'desk'], () => NOW);
    // The shop's own program, on a line of its own.
    shopDb = connect(testDatabase().url, { poolSize: 2 });
    const { db, deps: opened } = connector;
    deps = { db, shop: opened.shop, connection: 'baselinker', wholesalers: [], owner: 'one', now: () => NOW, log };
  });
  afterEach(async () => {
    await connector.close();
    await shopDb.destroy();
  });

  async function notice(listeners: readonly Listener[] = [shelf], changes: Partial<DetectDeps> = {}): Promise<number> {
    const noticed = await detectChanges({ ...deps, ...changes }, listeners);
    assert.ok(noticed.kind === 'looked');
    return noticed.enqueued;
  }
  const due = async () =>
    (await outboxRows()).filter(({ state }) => state === 'due').map(({ target, order_id }) => `${target} ${order_id}`);
  /** What the worker does, without a remote system. */
  async function deliverAll(): Promise<void> {
    for (const { target, order_id } of await outboxRows()) {
      const [order] = await relayedOrders(deps, [order_id]);
      if (order) await delivered(target, order_id, digest(order));
    }
  }

  it('enqueues a new order, and then its status, payment and parcel, each once', async () => {
    await notice();
    const [id = ''] = await other.orders(shopDb, 1);
    const { parcel } = other.parts;
    assert.ok(parcel);
    const steps = [
      () => Promise.resolve(),
      () => other.status(shopDb, id),
      () => other.payment(shopDb, id, 0),
      () => parcel(shopDb, id),
    ];
    for (const step of steps) {
      await step();
      assert.equal(await notice(), 1);
      assert.deepEqual(await due(), [`shelf ${id}`]);
      assert.equal(await notice(), 0);
      await deliverAll();
      assert.equal(await notice(), 0);
    }
  });

  it('begins with now: nothing of the past is sent', async () => {
    await other.orders(shopDb, 3, 86_400);
    assert.equal(await notice(), 0);
    assert.equal(await notice(), 0);
    assert.deepEqual(await outboxRows(), []);
  });

  it('sends nothing of just before either, until something changes', async () => {
    const [id = '', still = ''] = await other.orders(shopDb, 2);
    for (let look = 0; look < 3; look += 1) assert.equal(await notice(), 0);
    assert.deepEqual(await due(), []);
    await shopDb('shop_orders').where({ id: still }).update({ admin_comments: 'stały klient' });
    assert.equal(await notice(), 0, 'nothing that the party is told');
    await other.status(shopDb, id);
    assert.equal(await notice(), 1);
    assert.deepEqual(await due(), [`shelf ${id}`]);
    const all = await findUndelivered(deps, [shelf], [id, still], { fromBefore: true });
    assert.deepEqual(
      all.map(({ orderId }) => orderId),
      [still],
      'it is there for who asks for the past',
    );
  });

  it('sends nothing of the past to a remote system that is switched on later, though nobody has looked for days', async () => {
    await notice();
    const [told = ''] = await other.orders(shopDb, 1);
    assert.equal(await notice(), 1);
    await deliverAll();
    const ids = await other.orders(shopDb, 3);
    assert.equal(await notice([shelf, desk]), 3);
    assert.deepEqual(
      await due(),
      ids.map((id) => `shelf ${id}`),
    );
    await deliverAll();
    await other.status(shopDb, told);
    await other.payment(shopDb, ids[0] ?? '', 0);
    assert.equal(await notice([shelf, desk]), 4);
  });

  it('goes on with a remote system that was told of orders before there were marks', async () => {
    await notice();
    const [id = ''] = await other.orders(shopDb, 2);
    await notice();
    await deliverAll();
    await testDatabase().db('bl_cursors').where('name', 'like', 'introduced:%').delete();
    await other.status(shopDb, id);
    assert.equal(await notice(), 1);
  });

  it('tells a remote system only what it wants, and nothing of what does not concern it', async () => {
    await notice([shelf, desk]);
    const [id = ''] = await other.orders(shopDb, 1);
    const change = (columns: object) => shopDb('shop_orders').where({ id }).update(columns);
    await change({ status_id: STATUS.cancelled });
    await other.draft(shopDb);
    assert.equal(await notice([shelf, desk]), 1);
    assert.deepEqual(await due(), [`shelf ${id}`]);
    await deliverAll();
    await change({ admin_comments: 'stały klient' });
    assert.equal(await notice([shelf, desk]), 0);
    await change({ status_id: STATUS.new });
    assert.equal(await notice([shelf, desk]), 2);
  });

  it('tells a remote system that was told of an order what has become of it, though it would not want it new', async () => {
    const buyers: Listener = {
      name: 'buyers',
      wants: ({ status }, wasTold) => wasTold || status.meaning === 'new',
      digest,
    };
    await notice([buyers]);
    const [told = '', unheard = ''] = await other.orders(shopDb, 2);
    const change = (id: string) => shopDb('shop_orders').where({ id }).update({ status_id: STATUS.cancelled });
    await change(unheard);
    assert.equal(await notice([buyers]), 1);
    await deliverAll();
    await change(told);
    await shopDb('shop_orders').where({ id: unheard }).update({ admin_comments: 'stały klient' });
    assert.equal(await notice([buyers]), 1);
    assert.deepEqual(await due(), [`buyers ${told}`]);
  });

  it("sends nothing a second time that the connector's own calls have enqueued", async () => {
    await notice();
    const id = await added(connector, anOrder());
    assert.equal(await notice([shelf, desk]), 0);
    await deliverAll();
    for (const [update_type, update_value] of [
      ['status', STATUS.sent],
      ['paid', '1'],
      ['delivery_number', '6200'],
    ] as const) {
      await connector.call('OrderUpdate', { orders_ids: id, update_type, update_value });
      assert.equal((await due()).length, 2);
      await deliverAll();
      assert.equal(await notice([shelf, desk]), 0);
    }
  });

  it('leaves a row that waits for its next try to its wait', async () => {
    await notice();
    await other.orders(shopDb, 1);
    await notice();
    const later = new Date(NOW.getTime() + 60_000);
    await testDatabase().db('bl_outbox').update({ due_at: later, attempts: 4 });
    assert.equal(await notice(), 0);
    const row: { due_at: Date; attempts: number } | undefined = await testDatabase().db('bl_outbox').first();
    assert.deepEqual([row?.due_at, row?.attempts], [later, 4]);
  });

  it('tries a refused order again when it changed, and not before', async () => {
    await notice();
    const [id = ''] = await other.orders(shopDb, 1);
    await notice();
    const park = () => testDatabase().db('bl_outbox').update({ state: 'parked', reason: 'no such postcode' });
    await park();
    assert.equal(await notice(), 0);
    await other.status(shopDb, id);
    assert.equal(await notice(), 1);
    await park();
    assert.equal(await notice(), 0);
  });

  it('makes an order due again that changed while it was being delivered', async () => {
    await notice();
    const [id = ''] = await other.orders(shopDb, 1);
    await notice();
    await testDatabase().db('bl_outbox').update({ state: 'leased', owner: 'w', leased_version: 1, leased_until: NOW });
    assert.equal(await notice(), 0);
    await other.status(shopDb, id);
    assert.equal(await notice(), 1);
    const [row] = await outboxRows();
    assert.deepEqual([row?.state, row?.version], ['leased', 2]);
  });

  it('misses nothing of a transaction that began before others and ends after them', async () => {
    await notice();
    const slow = await shopDb.transaction();
    const [late = ''] = await other.orders(slow, 1);
    const [early = ''] = await other.orders(shopDb, 1);
    await notice();
    assert.deepEqual(await due(), [`shelf ${early}`]);
    await slow.commit();
    await notice();
    assert.deepEqual(await due(), [`shelf ${early}`, `shelf ${late}`]);
  });

  it('misses nothing of a program whose clock is slow', async () => {
    await notice();
    await notice();
    const [id = ''] = await other.orders(shopDb, 1, 540);
    await notice();
    assert.deepEqual(await due(), [`shelf ${id}`]);
  });

  it('takes 5,000 changed orders in one go, once each', async () => {
    await notice();
    const ids = await other.orders(shopDb, 5000);
    assert.equal(await notice(), 5000);
    assert.deepEqual((await due()).sort(), ids.map((id) => `shelf ${id}`).sort());
    assert.equal(await notice(), 0);
  }).timeout(60_000);

  describe('in several processes', () => {
    it('is done by one at a time, and by another when that one is gone', async () => {
      const until = new Date(NOW.getTime() + 60_000);
      assert.equal(await takeLease(deps.db, 'changed-orders', 'two', { now: NOW, until }), true);
      assert.deepEqual(await detectChanges(deps, [shelf]), { kind: 'elsewhere' });
      assert.equal(await notice([shelf], { now: () => until }), 0);
      assert.equal(await notice([shelf], { owner: 'three', now: () => until }), 0);
    });

    it('enqueues once, even when two should hold the lease', async () => {
      await notice();
      const ids = await other.orders(shopDb, 50);
      const { changedOrders } = deps.shop;
      // The other one is a whole round faster, between our look and our writing.
      const overtaken: DetectDeps['shop'] = {
        ...deps.shop,
        async changedOrders(cursor, limit) {
          const page = await changedOrders(cursor, limit);
          const hour = new Date(NOW.getTime() + 3_600_000);
          assert.equal(await notice([shelf], { owner: 'two', now: () => hour }), 50);
          return page;
        },
      };
      assert.deepEqual(await detectChanges({ ...deps, shop: overtaken }, [shelf]), { kind: 'elsewhere' });
      const rows = await outboxRows();
      assert.deepEqual([rows.length, rows.every(({ version }) => version === 1)], [ids.length, true]);
    });
  });

  it('repeats a page and loses nothing when it dies between looking and writing', async () => {
    await notice();
    const ids = await other.orders(shopDb, 250);
    const before = await readCursor(deps.db, 'changed-orders');
    let pages = 0;
    const dying: Listener = {
      ...shelf,
      digest(order) {
        pages += 1;
        if (pages > 150) throw new Error('the process died here');
        return digest(order);
      },
    };
    await assert.rejects(notice([dying]), /died here/);
    assert.equal((await due()).length, 100);
    assert.notEqual(await readCursor(deps.db, 'changed-orders'), before);
    assert.equal(await notice(), 150);
    assert.equal((await due()).length, ids.length);
  });

  it('keeps the cursor where it was when the outbox cannot be written', async () => {
    await notice();
    await other.orders(shopDb, 10);
    const before = await readCursor(deps.db, 'changed-orders');
    const { db } = testDatabase();
    await db.raw(`CREATE TRIGGER bl_test_break BEFORE UPDATE ON bl_outbox FOR EACH ROW
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'broken by a test'`);
    try {
      await assert.rejects(notice());
    } finally {
      await db.raw('DROP TRIGGER bl_test_break');
    }
    assert.deepEqual([await readCursor(deps.db, 'changed-orders'), await outboxRows()], [before, []]);
    assert.equal(await notice(), 10);
  });
});
