import assert from 'node:assert/strict';
import type { Knex } from 'knex';
import type { Shop } from '../../connector/contracts/shop.ts';
import { testDatabase } from '../support/database.ts';

/** Another program at work in the shop's tables, on a connection or within a transaction of its own. */
export interface OtherProgram {
  /** Leaves nothing behind. */
  empty(): Promise<void>;
  /** New orders, changed so many seconds ago by the database's clock; all at the same instant. */
  orders(db: Knex, count: number, changedSecondsAgo?: number): Promise<string[]>;
  draft(db: Knex): Promise<string>;
  finishDraft(db: Knex, id: string): Promise<void>;
  status(db: Knex, id: string): Promise<void>;
  /** A payment, written with this time instead of the database's. */
  payment(db: Knex, id: string, changedSecondsAgo: number): Promise<void>;
  /** Each of these leaves the order's own row untouched. */
  readonly parts: Readonly<Record<string, (db: Knex, id: string) => Promise<void>>>;
}

const HOUR = 3600;

/** What every shop schema owes the relay: no change is missed, whoever made it. */
export function keepsTheChangeContract(name: string, open: () => Shop, other: OtherProgram): void {
  describe(`${name} names the orders that changed`, () => {
    let cursor: string | undefined;
    const db = () => testDatabase().db;

    /** Everything up to the end of one pass. */
    async function look(limit = 100): Promise<string[]> {
      const shop = open();
      const named: string[] = [];
      for (let more = true; more;) {
        const page = await shop.changedOrders(cursor, limit);
        assert.ok(page.ids.length <= limit, `${page.ids.length} orders where ${limit} were asked for`);
        assert.ok(page.cursor.length <= 500);
        ({ cursor, more } = page);
        named.push(...page.ids);
      }
      return named;
    }
    /** What one pass names of these; `look` may name others again. */
    const lookFor = async (...ids: string[]) => {
      const named = new Set(await look());
      return ids.filter((id) => named.has(id));
    };
    async function begin(): Promise<void> {
      cursor = undefined;
      assert.deepEqual(await look(), []);
    }

    beforeEach(async () => {
      await other.empty();
      cursor = undefined;
    });

    it('from now on, when there is no cursor', async () => {
      const [old = ''] = await other.orders(db(), 1, 24 * HOUR);
      await begin();
      assert.deepEqual(await lookFor(old), []);
      const [fresh = ''] = await other.orders(db(), 1);
      assert.deepEqual(await lookFor(old, fresh), [fresh]);
    });

    it('when they are new, change their status, are paid, or are no drafts any more', async () => {
      const [old = '', paid = ''] = await other.orders(db(), 2, 24 * HOUR);
      const draft = await other.draft(db());
      await begin();
      const [fresh = ''] = await other.orders(db(), 1);
      assert.deepEqual(await lookFor(old, paid, draft, fresh), [fresh]);
      await other.status(db(), old);
      await other.payment(db(), paid, 0);
      await other.finishDraft(db(), draft);
      assert.deepEqual(await lookFor(old, paid, draft), [old, paid, draft]);
    });

    it('when another program adds to them without touching their own row', async () => {
      for (const [what, add] of Object.entries(other.parts)) {
        const [one = '', another = ''] = await other.orders(db(), 2, 24 * HOUR);
        await begin();
        await add(db(), one);
        assert.deepEqual(await lookFor(one, another), [one], what);
      }
    });

    it('when they were written in a transaction that began before others and ends after them', async () => {
      const [old = '', watched = ''] = await other.orders(db(), 2, 24 * HOUR);
      await begin();
      const slow = await db().transaction();
      const [inserted = ''] = await other.orders(slow, 1);
      await other.status(slow, old);
      for (const add of Object.values(other.parts)) await add(slow, watched);
      const [quick = ''] = await other.orders(db(), 1);
      for (const add of Object.values(other.parts)) await add(db(), quick);
      assert.deepEqual(await lookFor(inserted, old, watched, quick), [quick]);
      await slow.commit();
      assert.deepEqual(await lookFor(inserted, old, watched), [inserted, old, watched]);
    });

    it('when the clock of who wrote them is some minutes slow, or hours fast', async () => {
      const [slow = '', fast = ''] = await other.orders(db(), 2, 24 * HOUR);
      await begin();
      await other.payment(db(), fast, -2 * HOUR);
      assert.deepEqual(await lookFor(fast), [fast]);
      await other.payment(db(), slow, 300);
      assert.deepEqual(await lookFor(slow), [slow]);
      const [fresh = ''] = await other.orders(db(), 1);
      assert.deepEqual(await lookFor(fresh), [fresh]);
    });

    it('page by page, each once, also when thousands changed at one instant', async () => {
      await begin();
      const ids = await other.orders(db(), 3000);
      const named = await look(70);
      assert.deepEqual([...named].sort(), [...ids].sort());
    });

    it('and loses none that change between two pages', async () => {
      await begin();
      const ids = await other.orders(db(), 30, 1);
      const named = new Set<string>();
      for (let page = 0; page < 3; page += 1) {
        const found = await open().changedOrders(cursor, 10);
        cursor = found.cursor;
        for (const id of found.ids) named.add(id);
        await other.status(db(), ids[page * 10] ?? '');
        await other.status(db(), ids.at(-1 - page) ?? '');
        ids.push(...(await other.orders(db(), 1)));
      }
      for (const id of await look(10)) named.add(id);
      assert.deepEqual(
        ids.filter((id) => !named.has(id)),
        [],
      );
      assert.deepEqual(
        (await look(10)).filter((id) => !ids.includes(id)),
        [],
      );
    });

    it('again from the same cursor, as after a crash', async () => {
      await begin();
      const before = cursor;
      const ids = await other.orders(db(), 5);
      assert.deepEqual(await look(2), ids);
      cursor = before;
      assert.deepEqual(await look(2), ids);
    });

    it('and refuses a cursor that it has not written', async () => {
      for (const text of ['', 'x', '{}', '{"form":2}']) {
        await assert.rejects(open().changedOrders(text, 10), /cursor of the change scan/);
      }
    });
  });
}
