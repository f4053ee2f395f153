import assert from 'node:assert/strict';
import type { Knex } from 'knex';
import { connect } from '../../connector/db/connect.ts';
import { beginning, passEnded, passOf, type Scan } from '../../connector/shops/native/reading/change-cursor.ts';
import { nativeShop } from '../../connector/shops/native/index.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { keepsTheChangeContract } from './changed-orders-battery.ts';
import { nativeOtherProgram } from './native-other-program.ts';

const PROFILE = { currency: 'PLN', removedProductsDays: 30, now: () => new Date('2020-01-01T00:00:00Z') };

keepsTheChangeContract('the native shop', () => nativeShop(testDatabase().db, PROFILE), nativeOtherProgram);

describe('the change scan of the native shop', () => {
  it('looks at a page of rows for a page of orders, however many changed at one instant', async () => {
    await emptyTables();
    await nativeOtherProgram.orders(testDatabase().db, 3000, 86_400);
    const db = connect(testDatabase().url, { poolSize: 1 });
    try {
      const shop = nativeShop(db, PROFILE);
      let { cursor } = await shop.changedOrders(undefined, 100);
      await nativeOtherProgram.orders(testDatabase().db, 3000, 60);
      for (let page = 0; page < 25; page += 1) {
        const before = await rowsRead(db);
        ({ cursor } = await shop.changedOrders(cursor, 100));
        const read = (await rowsRead(db)) - before;
        assert.ok(read < 1000, `page ${page}: ${read} rows`);
      }
    } finally {
      await db.destroy();
    }
  });

  describe('keeps the last id of a watched table', () => {
    const OVERLAP = 600;
    const pass = (scan: Scan, now: number, last: number): Scan =>
      passEnded(scan, passOf(scan, { now, last: [last] }, OVERLAP), OVERLAP);
    const behind = ({ tails }: Scan) => tails[0]?.old;

    it('until a pass began an overlap after it was seen', () => {
      const begun = beginning({ now: 1000, last: [50] });
      const soon = pass(begun, 1599, 60);
      assert.equal(behind(soon), 50);
      const then = pass(soon, 1600, 70);
      assert.deepEqual([behind(then), then.tails[0]?.young], [50, 70]);
      assert.equal(behind(pass(then, 2200, 80)), 70);
    });

    it('over a time in which nobody looked', () => {
      const begun = pass(beginning({ now: 1000, last: [50] }), 1600, 70);
      const later = passOf(begun, { now: 999_000, last: [500] }, OVERLAP);
      assert.deepEqual([later.floor, behind(begun)], [1000, 50]);
    });

    it('and begins earlier when the clock was set back', () => {
      const begun = beginning({ now: 10_000, last: [50] });
      assert.equal(passOf(begun, { now: 5000, last: [50] }, OVERLAP).floor, 4400);
      const set = pass(begun, 5000, 60);
      assert.deepEqual(set, { form: 1, since: 5000, tails: [{ old: 50, young: 50, seen: 5000 }] });
    });
  });
});

/** Rows that the server has looked at for this session, by index or not. */
async function rowsRead(db: Knex): Promise<number> {
  const [rows] = (await db.raw("SHOW SESSION STATUS LIKE 'Handler_read%'")) as [{ Value: string }[]];
  return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
}
