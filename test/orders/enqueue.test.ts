import assert from 'node:assert/strict';
import { NOW } from '../baselinker/actions/a-connector.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { added, aLine, anOrder, aShop, counterIn, lines, STATUS, wholeDatabase } from './a-shop.ts';
import { openRelaying, outboxRows, type RelayingConnector } from './a-relaying-connector.ts';

describe('what happens to an order of BaseLinker', () => {
  let connector: RelayingConnector;
  beforeEach(async () => {
    await emptyTables();
    await aShop();
    connector = await openRelaying(['shelf', 'desk'], () => NOW);
  });
  afterEach(() => connector.close());

  const update = async (id: string, type: string, value: string, more = {}) =>
    counterIn(await connector.call('OrderUpdate', { orders_ids: id, update_type: type, update_value: value, ...more }));
  const versions = async (id: string) =>
    (await outboxRows()).filter(({ order_id }) => order_id === id).map(({ target, version }) => [target, version]);

  it('becomes due at every target that is switched on, as one letter', async () => {
    const id = await added(connector, anOrder());
    assert.deepEqual(
      (await outboxRows()).map(({ target, order_id, state }) => [target, order_id, state]),
      [
        ['desk', id, 'due'],
        ['shelf', id, 'due'],
      ],
    );
    await added(connector, anOrder(lines(aLine({ quantity: 3 }))));
    assert.deepEqual(await versions(id), [
      ['desk', 2],
      ['shelf', 2],
    ]);
  });

  it('only when something changed', async () => {
    const id = await added(connector, anOrder());
    const version = async () => (await versions(id))[0]?.[1];
    await added(connector, anOrder());
    assert.equal(await version(), 1);
    const steps: readonly (readonly [type: string, value: string])[] = [
      ['status', STATUS.sent],
      ['paid', '1'],
      ['delivery_number', '6200'],
      ['paid', '0'],
    ];
    for (const [n, [type, value]] of steps.entries()) {
      assert.equal(await update(id, type, value), 1);
      assert.equal(await version(), n + 2, type);
      assert.equal(await update(id, type, value), 1);
      assert.equal(await version(), n + 2, `${type} again`);
    }
    assert.equal(await update('999', 'status', STATUS.sent), 0);
    assert.equal((await outboxRows()).length, 2);
  });

  it('becomes due nowhere when no target is switched on', async () => {
    const quiet = await openRelaying([], () => NOW);
    try {
      await added(quiet, anOrder());
      assert.deepEqual(await outboxRows(), []);
    } finally {
      await quiet.close();
    }
  });

  describe('is stored, booked and made due together or not at all, when the database breaks at', () => {
    /** Makes every such write to a table fail, as a full disk or a lost right would. */
    async function breaking<T>(event: 'INSERT' | 'UPDATE', table: string, work: () => Promise<T>): Promise<T> {
      const { db } = testDatabase();
      await db.raw(`CREATE TRIGGER bl_test_break BEFORE ${event} ON ${table} FOR EACH ROW
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'broken by a test'`);
      try {
        return await work();
      } finally {
        await db.raw('DROP TRIGGER bl_test_break');
      }
    }

    for (const [event, table] of [
      ['INSERT', 'bl_orders'],
      ['INSERT', 'shop_orders'],
      ['INSERT', 'shop_order_lines'],
      ['UPDATE', 'bl_orders'],
      ['INSERT', 'bl_outbox'],
      ['UPDATE', 'shop_products'],
      ['INSERT', 'bl_changes'],
      ['INSERT', 'bl_booked_stock'],
    ] as const) {
      it(`${event} ${table}, while it is added`, async () => {
        const before = await wholeDatabase();
        const order = anOrder({ paid: '1' });
        const { body } = await breaking(event, table, () => connector.call('OrderAdd', order));
        assert.equal(body['error'], true);
        assert.equal(await wholeDatabase(), before);
        await added(connector, order);
        assert.equal((await outboxRows()).length, 2);
      });
    }

    for (const [event, table] of [
      ['UPDATE', 'shop_orders'],
      ['UPDATE', 'bl_outbox'],
      ['UPDATE', 'shop_products'],
      ['INSERT', 'bl_changes'],
      ['UPDATE', 'bl_booked_stock'],
    ] as const) {
      it(`${event} ${table}, while it is cancelled`, async () => {
        const id = await added(connector, anOrder());
        const before = await wholeDatabase();
        const cancel = { orders_ids: id, update_type: 'status', update_value: STATUS.cancelled };
        const { body } = await breaking(event, table, () => connector.call('OrderUpdate', cancel));
        assert.deepEqual([body['error_code'], await wholeDatabase()], ['db_query', before]);
        assert.equal(await update(id, 'status', STATUS.cancelled), 1);
        assert.equal((await versions(id))[0]?.[1], 2);
      });
    }
  });
});
