import assert from 'node:assert/strict';
import { aListing, everything, idsOf, idsOn, walk, type Bench } from './shop-battery.ts';

/** Longer than an adapter may go on showing the borders of an earlier listing to a new one. */
const LATER_MS = 120_000;
/** Longer than a list is kept for its next pages. */
const FORGOTTEN_MS = 3_600_000;

export function keepsThePagingContract({ fixtures, open, daysAgo, passMs }: Bench): void {
  describe('pages of the whole catalogue', () => {
    it('hold every product once, in the order of ids, and no more than a page', async () => {
      const ids = await fixtures.plainProducts(25);
      const shop = open();
      for (const pageSize of [1, 4, 5, 24, 25, 26]) {
        const pages = await shop.productPages(aListing({ pageSize }));
        assert.equal(pages.count, Math.ceil(25 / pageSize));
        assert.equal((await idsOf(shop, pages, 1)).length, Math.min(25, pageSize));
        assert.deepEqual(await walk(shop, aListing({ pageSize })), ids);
      }
    });

    it('give one empty page for an empty shop, and nothing past the end', async () => {
      const shop = open();
      assert.equal((await shop.productPages(aListing())).count, 1);
      assert.deepEqual(await idsOn(shop, aListing()), []);
      await fixtures.plainProducts(3);
      passMs(LATER_MS);
      for (const page of [3, 4, 1e9, Number.MAX_SAFE_INTEGER]) {
        assert.deepEqual(await idsOn(shop, aListing({ pageSize: 2, page })), []);
        assert.equal((await shop.productPages(aListing({ pageSize: 2, page }))).count, 2);
      }
    });

    it('skip and double nothing while products come and go between two pages', async () => {
      const ids = await fixtures.plainProducts(20);
      const shop = open();
      const added: string[] = [];
      const seen = await walk(shop, aListing({ pageSize: 3 }), async (page) => {
        // Another listing begins meanwhile.
        passMs(LATER_MS);
        await shop.productPages(aListing({ pageSize: 3 }));
        await fixtures.changeProduct(ids[page] ?? '', { removedAt: daysAgo(0) });
        await fixtures.changeProduct(ids.at(-page) ?? '', { active: false });
        if (page < 4) added.push(...(await fixtures.plainProducts(2)));
      });
      assert.deepEqual(seen, [...ids, ...added]);
    });

    it('make pages of their own of products that were added since, whatever their number', async () => {
      const ids = await fixtures.plainProducts(5);
      const shop = open();
      assert.equal((await shop.productPages(aListing({ pageSize: 3 }))).count, 2);
      const added = await fixtures.plainProducts(10);
      const pages = await shop.productPages(aListing({ pageSize: 3, page: 2 }));
      assert.equal(pages.count, 5);
      assert.deepEqual(await idsOf(shop, pages, 2), [...ids.slice(3), added[0]]);
      assert.deepEqual(await idsOn(shop, aListing({ pageSize: 3, page: 5 })), added.slice(7));
    });

    it('are the same when many ask at once', async () => {
      const ids = await fixtures.plainProducts(30);
      const shop = open();
      const answers = await Promise.all(
        Array.from({ length: 24 }, (_, n) => idsOn(shop, aListing({ pageSize: 10, page: (n % 3) + 1 }))),
      );
      for (const [n, answer] of answers.entries()) {
        assert.deepEqual(answer, ids.slice((n % 3) * 10, (n % 3) * 10 + 10));
      }
    });

    it('are the same for dumps as for lists', async () => {
      await fixtures.plainProducts(7);
      const shop = open();
      const pages = await shop.productPages(aListing({ pageSize: 3 }));
      const listed = await idsOf(shop, pages, 2);
      const dumped = [await shop.stock(pages.at(2)), await shop.prices(pages.at(2))];
      for (const rows of dumped) {
        assert.deepEqual(
          rows.map(({ productId }) => productId),
          listed,
        );
      }
      assert.equal((await shop.stock(everything)).length, 7);
    });
  });

  describe('pages of a filtered or sorted list', () => {
    const filter = { name: 'kubek' };

    it('keep their borders while the list is read', async () => {
      const ids = await fixtures.plainProducts(9);
      const shop = open();
      const seen = await walk(shop, aListing({ pageSize: 2, filter }), async (page) => {
        await fixtures.changeProduct(ids[page - 1] ?? '', { name: 'Talerz' });
        await fixtures.plainProducts(1);
      });
      assert.deepEqual(seen, ids);
    });

    it('look at the shop anew with the first page', async () => {
      const ids = await fixtures.plainProducts(3);
      const shop = open();
      const listing = aListing({ pageSize: 2, filter });
      assert.deepEqual(await walk(shop, listing), ids);
      const more = await fixtures.plainProducts(2);
      assert.deepEqual(await walk(shop, listing), [...ids, ...more]);
    });

    it('are found again when the list was forgotten', async () => {
      const ids = await fixtures.plainProducts(5);
      const shop = open();
      const listing = aListing({ pageSize: 2, filter });
      const seen = await walk(shop, listing, () => {
        passMs(FORGOTTEN_MS);
        return Promise.resolve();
      });
      assert.deepEqual(seen, ids);
      assert.deepEqual(await idsOn(open(), { ...listing, page: 3 }), ids.slice(4));
    });

    it('are not mixed up when many lists are read at once', async () => {
      const ids = await fixtures.plainProducts(12);
      const shop = open();
      const listings = Array.from({ length: 12 }, (_, n) =>
        aListing({ pageSize: 2, filter: { ids: ids.slice(0, n + 1) } }),
      );
      for (const page of [1, 2, 3]) {
        const answers = await Promise.all(listings.map((listing) => idsOn(shop, { ...listing, page })));
        for (const [n, answer] of answers.entries()) {
          assert.deepEqual(answer, ids.slice(0, n + 1).slice(page * 2 - 2, page * 2));
        }
      }
    });

    it('give nothing past the end', async () => {
      await fixtures.plainProducts(3);
      const shop = open();
      const listing = aListing({ pageSize: 2, filter });
      for (const page of [3, 1e9]) assert.deepEqual(await idsOn(shop, { ...listing, page }), []);
      assert.equal((await shop.productPages({ ...listing, page: 9 })).count, 2);
    });

    it('show a window of the list only', async () => {
      const ids = await fixtures.plainProducts(9);
      const shop = open();
      assert.deepEqual(await walk(shop, aListing({ pageSize: 2, window: { skip: 2, take: 5 } })), ids.slice(2, 7));
      const sort = { column: 'id', descending: true } as const;
      const listing = aListing({ sort, window: { skip: 0, take: 2 } });
      assert.deepEqual(await walk(shop, listing), [ids[8], ids[7]]);
      assert.deepEqual(await walk(shop, aListing({ window: { skip: 99, take: 2 } })), []);
      assert.deepEqual(await walk(shop, aListing({ window: { skip: 0, take: 0 } })), []);
    });
  });
}
