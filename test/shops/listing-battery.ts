import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ProductFilter, ProductListing } from '../../connector/contracts/shop.ts';
import { WEIRD_IDS } from './catalogue-battery.ts';
import { listed, type ModelProduct } from './listing-model.ts';
import { aListing, idsOn, walk, type Bench } from './shop-battery.ts';
import type { ProductFixture, VariantFixture } from './shop-fixtures.ts';

export function keepsTheListingContract({ fixtures, open, daysAgo }: Bench): void {
  describe('a filtered list', () => {
    const found = (filter: ProductFilter) => idsOn(open(), aListing({ filter }));

    it('finds a code of the product or of a variant, exactly', async () => {
      const a = await fixtures.product({ sku: 'KUB-1', ean: '5901' });
      const b = await fixtures.product({ sku: 'kub-1', variants: [{ sku: 'KUB-1', ean: '5902' }, { sku: 'KUB-1' }] });
      assert.deepEqual(await found({ sku: 'KUB-1' }), [a.id, b.id]);
      assert.deepEqual(await found({ sku: 'kub-1' }), [b.id]);
      assert.deepEqual(await found({ ean: '5902' }), [b.id]);
      assert.deepEqual(await found({ sku: 'KUB-1', ean: '5901' }), [a.id]);
      assert.deepEqual(await found({ sku: ' KUB-1\u00a0' }), [a.id, b.id]);
      for (const code of ['KUB', 'KUB- 1', '%', "' OR ''='", '😀', 'x'.repeat(5000)]) {
        assert.deepEqual(await found({ sku: code }), []);
        assert.deepEqual(await found({ ean: code }), []);
      }
    });

    it('finds a part of the name, and takes every character for itself', async () => {
      const names = ['100% bawełna', 'kod_a', 'kod a', 'C:\\dysk', 'a|b', 'O\'Neil "x"', 'Żółty KUBEK'];
      const ids: string[] = [];
      for (const name of names) ids.push((await fixtures.product({ name })).id);
      const expected: [needle: string, ...indexes: number[]][] = [
        ['%', 0],
        ['_', 1],
        ['kod', 1, 2],
        ['\\', 3],
        ['|', 4],
        ["'", 5],
        ['"', 5],
        ['kubek', 6],
        ['żółty', 6],
        ['%_', ...[]],
        ['\0', ...[]],
      ];
      for (const [needle, ...indexes] of expected) {
        assert.deepEqual(
          await found({ name: needle }),
          indexes.map((n) => ids[n]),
          needle,
        );
      }
    });

    it('takes an id that cannot be one for an id that is not there', async () => {
      const { id } = await fixtures.product();
      for (const weird of WEIRD_IDS) {
        assert.deepEqual(await found({ ids: [weird] }), []);
        assert.deepEqual(await found({ ids: [weird, id] }), [id]);
        assert.deepEqual(await found({ categoryId: weird }), []);
      }
      assert.deepEqual(await found({ ids: [] }), []);
    });

    it('compares prices as decimals, and knows none that is not known', async () => {
      const ids: string[] = [];
      for (const price of ['9.99', '10.00', '100.00', undefined, '0.00'])
        ids.push((await fixtures.product({ price })).id);
      const [low, ten, hundred, , zero] = ids;
      assert.deepEqual(await found({ priceFrom: '9.991' }), [ten, hundred]);
      assert.deepEqual(await found({ priceFrom: '9.99', priceTo: '10' }), [low, ten]);
      assert.deepEqual(await found({ priceTo: '0' }), [zero]);
      assert.deepEqual(await found({ priceTo: '9'.repeat(20) }), [low, ten, hundred, zero]);
    });

    it('shows what is available or not by the switch, not by the stock', async () => {
      const on = await fixtures.product({ quantity: 0 });
      const off = await fixtures.product({ active: false });
      const removed = await fixtures.product({ removedAt: daysAgo(1) });
      assert.deepEqual(await found({ available: true }), [on.id]);
      assert.deepEqual(await found({ available: false }), [off.id, removed.id]);
    });

    it('is what a plain search through all products gives, for any filter, order and page size', async function () {
      this.timeout(120_000);
      const removedAt = daysAgo(3);
      await fc.assert(
        fc.asyncProperty(
          fc.array(aProduct(CATEGORIES, removedAt), { maxLength: 12 }),
          fc.array(listings(CATEGORIES), { minLength: 12, maxLength: 12 }),
          async (products, asked) => {
            await fixtures.empty();
            // A product of a category that is not there stands in none, so the categories must be, too.
            const idOf = new Map<string | undefined, string>();
            for (const name of CATEGORIES) idOf.set(name, await fixtures.category({ name }));
            const stored: ModelProduct[] = [];
            for (const drawn of products) {
              const product = inCategory(drawn, idOf);
              stored.push({ ...product, id: (await fixtures.product(product)).id });
            }
            const shop = open();
            for (const { pick, listing: drawn } of asked) {
              const listing = { ...drawn, filter: inCategory(drawn.filter, idOf) };
              const exact = pick
                ? withIds(
                    listing,
                    pick.map((n) => stored[n]?.id ?? '0'),
                  )
                : listing;
              assert.deepEqual(await walk(shop, exact), listed(stored, exact));
            }
          },
        ),
        { numRuns: 25 },
      );
    });
  });
}

/** By their names: their ids are known only when they have been made. */
const CATEGORIES = ['a', 'b'];

function inCategory<T extends { readonly categoryId?: string }>(
  drawn: T,
  idOf: ReadonlyMap<string | undefined, string>,
): T {
  const categoryId = idOf.get(drawn.categoryId);
  return categoryId === undefined ? drawn : { ...drawn, categoryId };
}

const small = fc.integer({ min: -3, max: 6 });
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'B'), minLength: 1, maxLength: 4 });
const code = fc.constantFrom('', 'X1', 'x1', 'X2', '590', 'X1 ', '\u00a0X1', '590\t');
const price = fc.constantFrom(undefined, '0.00', '1.50', '9.99', '10.00', '100.00');
const bound = fc.constantFrom('0', '1.5', '9.990', '10', '99.99');

const aVariant = (removedAt: Date): fc.Arbitrary<VariantFixture> =>
  fc.record({
    ...{ quantity: small, sku: code, ean: code, price, active: fc.boolean() },
    removedAt: fc.option(fc.constant(removedAt), { nil: undefined, freq: 4 }),
  });

const aProduct = (categories: readonly string[], removedAt: Date): fc.Arbitrary<ProductFixture> =>
  fc.record({
    ...{ name: word, quantity: small, sku: code, ean: code, price },
    categoryId: fc.constantFrom(...categories),
    active: fc.boolean(),
    removedAt: fc.option(fc.constant(removedAt), { nil: undefined, freq: 4 }),
    variants: fc.array(aVariant(removedAt), { maxLength: 3 }),
  });

/** `pick` stands for ids by their place in the shop, which is not there yet. */
const listings = (categories: readonly string[]) =>
  fc.record({
    pick: fc.option(fc.array(fc.nat({ max: 15 }), { maxLength: 5 }), { nil: undefined, freq: 6 }),
    listing: fc.record(
      {
        page: fc.constant(1),
        pageSize: fc.integer({ min: 1, max: 5 }),
        filter: filters(categories),
        sort: fc.record({
          column: fc.constantFrom('id' as const, 'name' as const, 'quantity' as const, 'price' as const),
          descending: fc.boolean(),
        }),
        window: fc.record({ skip: fc.nat({ max: 4 }), take: fc.nat({ max: 8 }) }),
      },
      { requiredKeys: ['page', 'pageSize', 'filter', 'sort'] },
    ),
  });

/** Of few conditions, as users set them: with many at once hardly any product is left to compare. */
const filters = (categories: readonly string[]): fc.Arbitrary<ProductFilter> => {
  const values = {
    ...{ sku: code, ean: code, name: word, priceFrom: bound, priceTo: bound, quantityFrom: small, quantityTo: small },
    categoryId: fc.constantFrom(...categories),
    available: fc.boolean(),
  };
  const names = Object.keys(values) as (keyof typeof values)[];
  return fc
    .tuple(fc.record(values), fc.subarray(names, { maxLength: 2 }))
    .map(([all, kept]) => Object.fromEntries(kept.map((name) => [name, all[name]])));
};

function withIds(listing: ProductListing, ids: readonly string[]): ProductListing {
  return { ...listing, filter: { ...listing.filter, ids } };
}
