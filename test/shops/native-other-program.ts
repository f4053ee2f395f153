import type { Knex } from 'knex';
import { emptyTables } from '../support/database.ts';
import type { OtherProgram } from './changed-orders-battery.ts';

/** Plain SQL into the native tables, as a shop's own program writes it. */
export const nativeOtherProgram: OtherProgram = {
  empty: emptyTables,
  async orders(db, count, changedSecondsAgo) {
    const plain = { status_id: 1, email: 'ala@example.test', user_comments: '', admin_comments: '', total: '10.00' };
    const changed = changedSecondsAgo === undefined ? {} : { changed_at: ago(db, changedSecondsAgo) };
    const [first = 0] = await db<object>('shop_orders').insert(
      Array.from({ length: count }, () => ({ ...plain, ...changed })),
    );
    const ids = Array.from({ length: count }, (_, n) => first + n);
    await db('shop_order_lines').insert(ids.map((order_id) => ({ order_id, name: 'Kubek', quantity: 1, price: '10' })));
    return ids.map(String);
  },
  async draft(db) {
    const columns = { status_id: 1, user_comments: '', admin_comments: '', is_draft: 1 };
    const [id = 0] = await db('shop_orders').insert(columns);
    return String(id);
  },
  finishDraft: (db, id) => change(db, id, { is_draft: 0 }),
  status: (db, id) => change(db, id, { status_id: db.raw('status_id + 1') }),
  payment: (db, id, seconds) => change(db, id, { paid_amount: '10.00', changed_at: ago(db, seconds) }),
  parts: {
    parcel: async (db, order_id) => {
      await db('shop_parcels').insert({ order_id, tracking_number: '6200' });
    },
    line: async (db, order_id) => {
      await db('shop_order_lines').insert({ order_id, name: 'Gratis', quantity: 1, price: '0' });
    },
    adjustment: async (db, order_id) => {
      await db('shop_order_adjustments').insert({ order_id, kind: 'fee', name: 'Dopłata', amount: '0' });
    },
  },
};

async function change(db: Knex, id: string, columns: object): Promise<void> {
  await db('shop_orders').where({ id }).update(columns);
}

function ago(db: Knex, seconds: number): Knex.Raw {
  return db.raw('UTC_TIMESTAMP(3) - INTERVAL ? SECOND', [seconds]);
}
