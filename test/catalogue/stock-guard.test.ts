import assert from 'node:assert/strict';
import { Command } from 'commander';
import type { Knex } from 'knex';
import { deflateSync } from 'node:zlib';
import { addGuardCommands } from '../../connector/cli/guard-commands.ts';
import { confirmHeldStock, heldStock } from '../../connector/storage/stock-guard.ts';
import { CONNECTION } from '../../connector/compose/shop.ts';
import { aConnector, errorCode, NOW } from '../baselinker/actions/a-connector.ts';
import type { TestApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { addProducts, addVariant, changeProducts, type Columns } from '../support/shop-rows.ts';

const PER_PAGE = 10;

const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

/** `count` of fifty products, spread evenly over the pages. */
const spread = (count: number) => ids(1, 50).filter((id) => id % 5 < count / 10);

/** What came of a dump: how many products it showed in stock, or the page on which it was refused. */
type Dump = { readonly inStock: number } | { readonly refusedOn: number; readonly text: string };

describe('the guard against a sudden drop of stock to zero', () => {
  const connector = aConnector();
  let app: TestApp;
  let clock: Date;

  const open = (settings: Readonly<Record<string, string>> = {}) =>
    connector.open({ PRODUCTS_PER_PAGE: String(PER_PAGE), ...settings }, { now: clock });

  beforeEach(async () => {
    clock = NOW;
    app = await open();
  });

  async function page(number: number, of = app): Promise<Dump> {
    const answer = await of.call('ProductsQuantity', { page: number });
    if (answer.body['error'] === true) {
      assert.equal(errorCode(answer), 'internal_error');
      return { refusedOn: number, text: String(answer.body['error_text']) };
    }
    const products = Object.entries(answer.body).filter(([id]) => id !== 'pages');
    return { inStock: products.filter(([, quantities]) => (quantities as Record<string, number>)['0'] !== 0).length };
  }

  /** All pages, as BaseLinker walks them. */
  async function dump(of = app): Promise<Dump> {
    const [rows] = (await testDatabase().db.raw('SELECT COUNT(*) AS count FROM shop_products')) as [
      { count: number }[],
    ];
    let inStock = 0;
    for (let number = 1; number <= Math.max(1, Math.ceil((rows[0]?.count ?? 0) / PER_PAGE)); number += 1) {
      const one = await page(number, of);
      if ('refusedOn' in one) return one;
      inStock += one.inStock;
    }
    return { inStock };
  }

  async function isRefusedOn(number: number, dumped: Promise<Dump>): Promise<void> {
    const result = await dumped;
    assert.ok('refusedOn' in result, JSON.stringify(result));
    assert.equal(result.refusedOn, number);
  }

  const shows = async (count: number, dumped: Promise<Dump>) => assert.deepEqual(await dumped, { inStock: count });

  /** So much later that a dump looks at the shop anew. */
  const minuteLater = (of = app) => {
    clock = new Date(clock.getTime() + 60_000);
    of.at(clock);
  };

  const sellOut = (products: readonly number[]) => changeProducts(products, { quantity: 0 });

  /** Fifty products, and one dump that showed them all. */
  async function fiftyDumped(): Promise<void> {
    await addProducts(1, 50);
    await shows(50, dump());
  }

  describe('lets through', () => {
    it('the first dump, even of an empty or a sold-out shop', async () => {
      await shows(0, dump());
      minuteLater();
      await addProducts(1, 30, () => ({ quantity: 0 }));
      await shows(0, dump());
      minuteLater();
      await changeProducts(ids(1, 30), { quantity: 5 });
      await shows(30, dump());
    });

    for (const when of ['at once', 'a minute later'] as const) {
      it(`a drop of 40 %, ${when}`, async () => {
        await fiftyDumped();
        await sellOut(spread(20));
        if (when === 'a minute later') minuteLater();
        await shows(30, dump());
      });

      it(`two pages that are wholly sold out, when the rest of the shop is not, ${when}`, async () => {
        await fiftyDumped();
        await sellOut(ids(1, 20));
        if (when === 'a minute later') minuteLater();
        await shows(30, dump());
      });
    }

    it('15 of 25 products: fewer than 20 are no mass', async () => {
      await addProducts(1, 25);
      await dump();
      await sellOut(ids(1, 15));
      minuteLater();
      await shows(10, dump());
    });

    it('exactly the share, and not one product more', async () => {
      await addProducts(1, 40);
      await dump();
      minuteLater();
      await sellOut(ids(1, 20));
      await shows(20, dump());
      minuteLater();
      await changeProducts(ids(1, 40), { quantity: 5 });
      await shows(40, dump());
      minuteLater();
      await sellOut(ids(1, 21));
      await isRefusedOn(1, dump());
    });

    it('a sale that goes on from dump to dump, to the last piece', async () => {
      await addProducts(1, 150);
      await shows(150, dump());
      for (let left = 135; left >= 0; left -= 15) {
        await sellOut(ids(left + 1, left + 15));
        minuteLater();
        await shows(left, dump());
      }
    });

    it('anything with STOCK_GUARD_SHARE=100', async () => {
      await fiftyDumped();
      await sellOut(ids(1, 50));
      await shows(0, dump(await open({ STOCK_GUARD_SHARE: '100' })));
    });
  });

  describe('sees what is no longer there at all', () => {
    beforeEach(fiftyDumped);
    const vanish = (products: readonly number[]) => changeProducts(products, { removed_at: new Date('2000-01-01') });

    it('when every product is gone, at once', async () => {
      await vanish(ids(1, 50));
      await isRefusedOn(1, dump());
    });

    it('on the page where it shows first, after earlier ones were told', async () => {
      assert.deepEqual(await page(1), { inStock: 10 });
      await vanish(ids(11, 50));
      await isRefusedOn(2, page(2));
      await isRefusedOn(5, page(5));
    });

    it('although the clock was set back', async () => {
      clock = new Date(clock.getTime() - 3_600_000);
      app.at(clock);
      await vanish(spread(30));
      await isRefusedOn(1, dump());
    });

    it('on the first page already, when the clock was set back and only later pages are empty', async () => {
      clock = new Date(clock.getTime() - 3_600_000);
      app.at(clock);
      await vanish(ids(11, 50));
      await isRefusedOn(1, page(1));
    });

    it('before half a page of zeros has been told', async () => {
      await sellOut(ids(1, 50).filter((id) => (id <= 30 ? id % 10 < 4 : true)));
      await isRefusedOn(1, dump());
    });

    it('and lets a few go', async () => {
      await vanish(ids(1, 10));
      await shows(40, dump());
    });
  });

  describe('refuses a drop of 60 %', () => {
    beforeEach(fiftyDumped);

    it('on page 1, at once and a minute later, as often as it is asked', async () => {
      await sellOut(spread(30));
      await isRefusedOn(1, dump());
      await isRefusedOn(1, dump());
      minuteLater();
      await isRefusedOn(1, dump());
      await isRefusedOn(3, page(3));
    });

    it('on page 1 also when it only shows on later pages', async () => {
      await sellOut(ids(21, 50));
      minuteLater();
      await isRefusedOn(1, dump());
    });

    it('on the page that shows it first, when it came between two pages of one dump', async () => {
      await shows(10, page(1));
      await sellOut(ids(1, 30));
      await isRefusedOn(2, page(2));
      await isRefusedOn(4, page(4));
      await isRefusedOn(1, page(1));
    });

    it('that comes in two steps within one dump', async () => {
      await shows(10, page(1));
      await sellOut(ids(11, 30));
      await shows(0, page(2));
      await sellOut([...ids(31, 35), ...ids(41, 45)]);
      await isRefusedOn(3, page(3));
    });

    it('on a later page of a dump that began a moment after the last look', async () => {
      await sellOut(ids(21, 50));
      await isRefusedOn(3, dump());
    });

    it('whether the products were sold out, switched off or removed', async () => {
      await sellOut(ids(1, 10));
      await changeProducts(ids(11, 20), { active: 0 });
      await changeProducts(ids(21, 30), { removed_at: NOW });
      minuteLater();
      await isRefusedOn(1, dump());
    });

    it('but not of products of which a variant is still there', async () => {
      for (const id of ids(1, 30)) await addVariant(String(id), { quantity: 1 });
      await sellOut(ids(1, 30));
      minuteLater();
      await shows(50, dump());
    });

    it('and says so to whom it concerns: how many, what to do, once in the log', async () => {
      await sellOut(spread(30));
      const first = await page(1);
      await page(1);
      assert.ok('text' in first);
      assert.match(first.text, /30 of 50 products/);
      assert.match(first.text, /npm run connector -- guard confirm/);
      assert.equal(app.log().split('stock dump held back').length, 2);
      assert.deepEqual(await heldStock(testDatabase().db, CONNECTION), { since: NOW, drop: 30, before: 50 });
    });

    it('from every process that serves this shop, and from one that starts anew', async () => {
      await sellOut(spread(30));
      await isRefusedOn(1, dump());
      const restarted = await open();
      await isRefusedOn(1, dump(restarted));
      const another = await open();
      await isRefusedOn(4, page(4, another));
    });

    it('from all dumps that begin at the same moment', async () => {
      await sellOut(spread(30));
      minuteLater();
      const another = await open();
      const all = await Promise.all([1, 2, 3, 4].flatMap(() => [page(1), page(1, another), page(3)]));
      for (const one of all) assert.ok('refusedOn' in one);
    });
  });

  describe('sees a drop of variants alone, while their products keep stock', () => {
    const variantsOf = async (products: readonly number[], columns: Columns = {}) => {
      const found: string[] = [];
      for (const id of products) found.push(await addVariant(String(id), columns));
      return found;
    };
    const changeVariants = (variants: readonly string[], columns: Columns) =>
      testDatabase().db('shop_variants').whereIn('id', variants).update(columns);
    /** Fifty products with stock of their own, each with a variant, and one dump that showed them all. */
    async function fiftyWithVariants(): Promise<string[]> {
      await addProducts(1, 50);
      const variants = await variantsOf(ids(1, 50));
      await shows(50, dump());
      return variants;
    }
    const some = (variants: readonly string[], count: number) => spread(count).map((id) => variants[id - 1] ?? '');

    for (const [what, columns] of [
      ['sold out', { quantity: 0 }],
      ['switched off', { active: 0 }],
      ['gone', { removed_at: new Date('2000-01-01') }],
    ] as const) {
      for (const when of ['at once', 'a minute later', 'in a process that starts anew'] as const) {
        it(`when 60 % of them are ${what}, ${when}`, async () => {
          const variants = await fiftyWithVariants();
          await changeVariants(some(variants, 30), columns);
          if (when === 'a minute later') minuteLater();
          await isRefusedOn(1, dump(when === 'in a process that starts anew' ? await open() : app));
        });
      }
    }

    it('on the page that shows it first, when it came between two pages of one dump', async () => {
      const variants = await fiftyWithVariants();
      await shows(10, page(1));
      await changeVariants(variants.slice(0, 30), { removed_at: new Date('2000-01-01') });
      await isRefusedOn(2, page(2));
    });

    it('when they are deleted and come back under other numbers', async () => {
      const variants = await fiftyWithVariants();
      await testDatabase().db('shop_variants').whereIn('id', variants).del();
      await variantsOf(ids(1, 50));
      minuteLater();
      await isRefusedOn(1, dump());
    });

    it('and says how many: in the answer, in the log and to the operator, who can confirm it', async () => {
      const variants = await fiftyWithVariants();
      await changeVariants(some(variants, 30), { quantity: 0 });
      const first = await page(1);
      assert.ok('text' in first);
      assert.match(first.text, /: 30 of 50 variants in stock would drop to 0 at once/);
      assert.match(app.log(), /"stock dump held back"[^\n]*"variants":\{"drop":30,"before":50\}/);
      assert.deepEqual(await heldStock(testDatabase().db, CONNECTION), {
        ...{ since: NOW, drop: 0, before: 50 },
        variants: { drop: 30, before: 50 },
      });
      assert.equal(await confirmHeldStock(testDatabase().db, CONNECTION), true);
      await shows(50, dump());
      assert.equal(await heldStock(testDatabase().db, CONNECTION), undefined);
      await changeVariants(variants, { quantity: 5 });
      minuteLater();
      await shows(50, dump());
      minuteLater();
      await changeVariants(some(variants, 30), { quantity: 0 });
      await isRefusedOn(1, dump());
      await changeVariants(some(variants, 10), { quantity: 5 });
      await shows(50, dump());
    });

    it('and of products and variants at once, and names both', async () => {
      const variants = await fiftyWithVariants();
      await changeVariants(some(variants, 40), { quantity: 0 });
      await sellOut(spread(30));
      const first = await page(1);
      assert.ok('text' in first);
      assert.match(first.text, /: 30 of 50 products and 40 of 50 variants in stock would drop to 0 at once/);
    });

    it('but lets a drop of 40 % go, and fewer than 20', async () => {
      const variants = await fiftyWithVariants();
      await changeVariants(some(variants, 20), { quantity: 0 });
      await shows(50, dump());
      minuteLater();
      await shows(50, dump());
      await changeVariants(variants.slice(0, 31), { quantity: 0 });
      await changeVariants(variants.slice(31), { quantity: 1 });
      minuteLater();
      await shows(50, dump());
    });

    it('and takes what an older version has remembered: products without variants', async () => {
      const variants = await fiftyWithVariants();
      await testDatabase().db('bl_stock_guard').update({ accepted_variant_ids: null, accepted_variant_count: null });
      await changeVariants(variants, { quantity: 0 });
      await shows(50, dump(await open()));
      minuteLater();
      await sellOut(spread(30));
      await isRefusedOn(1, dump());
    });
  });

  it('lets many dumps begin at the same moment, the first ones of all included', async () => {
    await addProducts(1, 50);
    const others = await Promise.all([open(), open(), open()]);
    for (let round = 0; round < 3; round += 1) {
      const all = await Promise.all([app, ...others].flatMap((one) => [page(1, one), page(2, one), page(1, one)]));
      for (const one of all) assert.deepEqual(one, { inStock: 10 });
      for (const one of [app, ...others]) minuteLater(one);
    }
  });

  describe('lets a dump that was held back go', () => {
    beforeEach(async () => {
      await fiftyDumped();
      await sellOut(spread(30));
      await isRefusedOn(1, dump());
    });

    it('when the operator confirms it; that is then what later dumps are compared with', async () => {
      assert.equal(await confirmHeldStock(testDatabase().db, CONNECTION), true);
      await shows(20, dump());
      await shows(20, dump(await open()));
      assert.equal(await heldStock(testDatabase().db, CONNECTION), undefined);
      assert.equal(await confirmHeldStock(testDatabase().db, CONNECTION), false);
      minuteLater();
      await changeProducts(ids(1, 50), { quantity: 5 });
      await shows(50, dump());
      minuteLater();
      await sellOut(spread(30));
      await isRefusedOn(1, dump());
    });

    it('but not when more has dropped since than was confirmed', async () => {
      await changeProducts(ids(1, 50), { quantity: 5 });
      await sellOut(spread(30));
      await isRefusedOn(1, dump());
      await confirmHeldStock(testDatabase().db, CONNECTION);
      await sellOut(ids(1, 50));
      await isRefusedOn(1, dump());
    });

    it('by itself when the stock comes back', async () => {
      await changeProducts(ids(1, 50), { quantity: 5 });
      await shows(50, dump());
      assert.equal(await heldStock(testDatabase().db, CONNECTION), undefined);
    });

    it('by itself when enough comes back, on whatever page that is noticed', async () => {
      await changeProducts(spread(10), { quantity: 5 });
      await shows(6, page(3));
      assert.equal(await heldStock(testDatabase().db, CONNECTION), undefined);
      await shows(30, dump());
    });
  });

  describe('that cannot read what it remembers', () => {
    for (const [what, bytes] of [
      ['nothing', Buffer.alloc(0)],
      ['something else', Buffer.from('not deflated')],
      ['a set that breaks off', deflateSync(Buffer.from([9, 0, 0, 0, 0, 0, 0, 0, 1]))],
    ] as const) {
      it(`(${what}) says so, and takes the dump for the first one`, async () => {
        await fiftyDumped();
        await testDatabase().db('bl_stock_guard').update({ accepted_ids: bytes });
        await sellOut(spread(30));
        const restarted = await open();
        await shows(20, dump(restarted));
        assert.match(restarted.log(), /"level":"warn"[^\n]*not readable/);
        minuteLater(restarted);
        await changeProducts(ids(1, 50), { quantity: 5 });
        await shows(50, dump(restarted));
        minuteLater(restarted);
        await sellOut(spread(30));
        await isRefusedOn(1, dump(restarted));
      });
    }
  });

  it('goes by its own memory while the database’s is damaged', async () => {
    await fiftyDumped();
    await testDatabase()
      .db('bl_stock_guard')
      .update({ accepted_ids: Buffer.from('not deflated') });
    await sellOut(spread(30));
    await isRefusedOn(1, dump());
    await confirmHeldStock(testDatabase().db, CONNECTION);
    await shows(20, dump());
  });

  describe('and its operator', () => {
    const guard = async (command: 'status' | 'confirm'): Promise<string> => {
      const printed: string[] = [];
      const program = new Command();
      const withDatabase = (work: (db: Knex) => Promise<void>) => work(testDatabase().db);
      addGuardCommands(program, { withDatabase, connection: CONNECTION, print: (line) => printed.push(line) });
      await program.parseAsync(['guard', command], { from: 'user' });
      return printed.join('\n');
    };

    it('see the same: what is held back, and that it was confirmed', async () => {
      await fiftyDumped();
      assert.equal(await guard('confirm'), 'No stock dump is held back.');
      await sellOut(spread(30));
      await isRefusedOn(1, dump());
      const held = `Held back since ${NOW.toISOString()}: 30 of 50 products in stock would drop to 0.`;
      assert.equal(await guard('status'), held);
      assert.equal(await guard('confirm'), `${held}\nConfirmed: the next stock dump goes through.`);
      await shows(20, dump());
      assert.equal(await guard('status'), 'No stock dump is held back.');
    });
  });
});
