import assert from 'node:assert/strict';
import { everything, idsOn, aListing, REMOVED_PRODUCTS_DAYS, type Bench } from './shop-battery.ts';

/** Not an id of any shop; none of them may match a product, or end in an error. */
export const WEIRD_IDS = ['', '0', '-1', '+1', '1e3', '1.0', '007', ' 1', '4294967296', '9'.repeat(20), "1' OR '1'='1"];

export function keepsTheCatalogueContract({ fixtures, open, daysAgo }: Bench): void {
  describe('the catalogue', () => {
    it('shows one row a product, with the quantity of its variants where it has none itself', async () => {
      const own = await fixtures.product({ name: 'Talerz', sku: 'T-1', ean: '590', location: 'A-1', quantity: 2 });
      const sum = await fixtures.product({
        quantity: 0,
        variants: [{ quantity: 3 }, { quantity: -7 }, { quantity: 4 }],
      });
      const both = await fixtures.product({ quantity: 1, variants: [{ quantity: 9 }] });
      const rows = await open().products(everything);
      assert.deepEqual(rows[0], {
        ...{ id: own.id, name: 'Talerz', sku: 'T-1', ean: '590', price: '10.00', quantity: 2, location: 'A-1' },
      });
      assert.deepEqual(
        rows.map(({ id, quantity }) => [id, quantity]),
        [
          [own.id, 2],
          [sum.id, 7],
          [both.id, 1],
        ],
      );
    });

    it('shows the main product first in a dump, then its variants by id', async () => {
      const { id, variantIds } = await fixtures.product({
        ...{ quantity: -2, price: '10.00' },
        variants: [{ quantity: 3, price: '12.50' }, { quantity: -1 }],
      });
      const shop = open();
      assert.deepEqual(await shop.stock(everything), [
        { productId: id, variantId: '0', quantity: 3 },
        { productId: id, variantId: variantIds[0], quantity: 3 },
        { productId: id, variantId: variantIds[1], quantity: 0 },
      ]);
      assert.deepEqual(await shop.prices(everything), [
        { productId: id, variantId: '0', price: '10.00' },
        { productId: id, variantId: variantIds[0], price: '12.50' },
        { productId: id, variantId: variantIds[1], price: '10.00' },
      ]);
    });

    it('keeps a price that is not known apart from 0', async () => {
      const unknown = await fixtures.product({ price: undefined, variants: [{}, { price: '0.00' }] });
      const shop = open();
      const prices = (await shop.prices(everything)).map(({ price }) => price);
      assert.deepEqual(prices, [undefined, undefined, '0.00']);
      assert.equal((await shop.products(everything))[0]?.price, undefined);
      const [card] = await shop.productCards([unknown.id], new Set(['variants']));
      assert.deepEqual([card?.price, card?.variants.map(({ price }) => price)], [undefined, [undefined, '0.00']]);
    });

    it('shows what is switched off or was removed lately with quantity 0', async () => {
      const variants = [{ quantity: 4 }];
      const off = await fixtures.product({ active: false, variants });
      const removed = await fixtures.product({ removedAt: daysAgo(REMOVED_PRODUCTS_DAYS - 1), variants });
      const parts = await fixtures.product({
        quantity: 0,
        variants: [{ active: false }, { removedAt: daysAgo(1) }, { quantity: 2 }],
      });
      const shop = open();
      const quantities = (await shop.stock(everything)).map(({ productId, quantity }) => [productId, quantity]);
      assert.deepEqual(quantities, [
        ...[off, off, removed, removed].map(({ id }) => [id, 0]),
        ...[2, 0, 0, 2].map((quantity) => [parts.id, quantity]),
      ]);
      const rows = await shop.products(everything);
      assert.deepEqual(
        rows.map(({ quantity }) => quantity),
        [0, 0, 2],
      );
      const cards = await shop.productCards([off.id, removed.id, parts.id], new Set(['variants']));
      assert.deepEqual(
        cards.map((card) => [card.quantity, ...card.variants.map(({ quantity }) => quantity)]),
        [
          [0, 0],
          [0, 0],
          [2, 0, 0, 2],
        ],
      );
    });

    it('forgets what was removed long ago, everywhere', async () => {
      const removedAt = daysAgo(REMOVED_PRODUCTS_DAYS + 2);
      const gone = await fixtures.product({ sku: 'GONE', removedAt });
      const kept = await fixtures.product({ sku: 'KEPT', quantity: 0, variants: [{ sku: 'V-GONE', removedAt }] });
      const shop = open();
      assert.deepEqual(await idsOn(shop, aListing()), [kept.id]);
      assert.deepEqual(await shop.stock(everything), [{ productId: kept.id, variantId: '0', quantity: 0 }]);
      assert.equal((await shop.prices({ kind: 'ids', ids: [gone.id, kept.id] })).length, 1);
      assert.deepEqual(await shop.productCards([gone.id], new Set(['texts'])), []);
      assert.equal((await shop.variants([kept.id])).size, 0);
      for (const sku of ['GONE', 'V-GONE']) assert.deepEqual(await idsOn(shop, aListing({ filter: { sku } })), []);
    });

    it('answers ids in their order, each once, and leaves out what cannot be one', async () => {
      const [first = '', second = '', third = ''] = await fixtures.plainProducts(3);
      const shop = open();
      const ids = [third, ...WEIRD_IDS, first, third];
      const products = await shop.products({ kind: 'ids', ids });
      assert.deepEqual(
        products.map(({ id }) => id),
        [third, first],
      );
      const cards = await shop.productCards(ids, new Set());
      assert.deepEqual(
        cards.map(({ id }) => id),
        [third, first],
      );
      const stock = await shop.stock({ kind: 'ids', ids: [third, second] });
      assert.deepEqual(
        stock.map(({ productId }) => productId),
        [third, second],
      );
      for (const selection of [
        { kind: 'ids', ids: [] },
        { kind: 'ids', ids: WEIRD_IDS },
      ] as const) {
        assert.deepEqual(await shop.products(selection), []);
        assert.deepEqual(await shop.stock(selection), []);
        assert.deepEqual(await shop.prices(selection), []);
      }
    });

    it('answers more ids than one statement takes', async () => {
      const ids = (await fixtures.plainProducts(2345)).reverse();
      const rows = await open().products({ kind: 'ids', ids });
      assert.deepEqual(
        rows.map(({ id }) => id),
        ids,
      );
    });

    it('knows which products a dump would show in stock', async () => {
      const removedAt = daysAgo(1);
      const inStock = [
        await fixtures.product({ quantity: 1 }),
        await fixtures.product({ quantity: -1, variants: [{ quantity: 2 }] }),
        await fixtures.product({ quantity: 1, variants: [{ quantity: 2 }] }),
      ];
      const others = [
        await fixtures.product({ quantity: 0 }),
        await fixtures.product({ quantity: -3, variants: [{ quantity: -2 }] }),
        await fixtures.product({ active: false, variants: [{ quantity: 2 }] }),
        await fixtures.product({ removedAt, variants: [{ quantity: 2 }] }),
        await fixtures.product({ quantity: 0, variants: [{ active: false }, { removedAt }] }),
      ];
      const { products } = await open().productsInStock();
      assert.equal(products.size, inStock.length);
      assert.ok(inStock.every(({ id }) => products.has(id)));
      assert.ok(!others.some(({ id }) => products.has(id)));
    });

    it('knows which variants a dump would show in stock', async () => {
      const removedAt = daysAgo(1);
      const variants = [{ quantity: 2 }, { quantity: 0 }, { active: false }, { removedAt }, { quantity: -1 }];
      const own = await fixtures.product({ quantity: 4, variants });
      const none = await fixtures.product({ quantity: 0, variants: [{ quantity: 1 }, { quantity: 1 }] });
      const off = await fixtures.product({ active: false, variants });
      const shop = open();
      const { variants: found } = await shop.productsInStock();
      const shown = (await shop.stock(everything)).filter(
        ({ variantId, quantity }) => variantId !== '0' && quantity > 0,
      );
      assert.equal(shown.length, 3);
      assert.equal(found.size, 3);
      assert.ok(shown.every(({ productId, variantId }) => found.has(productId, variantId)));
      assert.equal(found.countBetween(own.id, none.id), 1);
      assert.equal(found.countBetween(none.id, off.id), 2);
      assert.equal(found.countBetween(off.id, undefined), 0);
    });
  });

  describe('the dictionaries', () => {
    it('are ordered by position and say what is retired', async () => {
      const shop = open();
      for (const kind of ['statuses', 'deliveries', 'payments'] as const) {
        const late = await fixtures.entry(kind, { name: 'Wysłane', position: 2 });
        const early = await fixtures.entry(kind, { name: 'Nowe', position: 1 });
        const retired = await fixtures.entry(kind, { name: 'Dawne', position: 2, retired: true });
        assert.deepEqual(await shop.dictionary(kind), [
          { id: early, name: 'Nowe', retired: false },
          { id: late, name: 'Wysłane', retired: false },
          { id: retired, name: 'Dawne', retired: true },
        ]);
      }
    });

    it('give all categories with their parents', async () => {
      const parentId = await fixtures.category({ name: 'Kuchnia' });
      const child = await fixtures.category({ name: 'Kubki', parentId, active: false });
      assert.deepEqual(await open().categories(), [
        { id: parentId, parentId: undefined, name: 'Kuchnia', active: true },
        { id: child, parentId, name: 'Kubki', active: false },
      ]);
    });
  });

  it('says what it can read', async () => {
    const { capabilities, tables, warnings, platform } = await open().probe();
    assert.ok(capabilities.has('read-products') && capabilities.has('read-orders'));
    assert.ok(platform !== '' && tables.read.length > 0);
    assert.deepEqual(warnings, []);
  });
}
