import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { VariantRef, StockChange } from '../../connector/contracts/shop-writing.ts';
import { main, NO_IDS, unitOfWork, type WritingBench } from './writing-battery.ts';

const LONG_AGO = new Date('2020-01-01T00:00:00Z');

export function keepsTheVariantContract({ fixtures, shop, writing }: WritingBench): void {
  const change = (changes: readonly StockChange[]) => unitOfWork((unit) => writing().changeStock(unit, changes));
  const by = (variant: VariantRef, quantity: number): StockChange => ({ ...variant, operation: 'change', quantity });
  const to = (variant: VariantRef, quantity: number): StockChange => ({ ...variant, operation: 'set', quantity });

  describe('variants', () => {
    it('are named and weighed as an order line needs it', async () => {
      const { id, variantIds } = await fixtures.product({
        ...{ name: 'Kubek', sku: 'K', ean: '1', vat: '8.00', weight: '0.500', location: 'A-1' },
        variants: [
          { name: 'zielony', sku: 'K-Z', ean: '2', weight: '0.700' },
          { name: '', sku: '', ean: '' },
        ],
      });
      const [green = '', plain = ''] = variantIds;
      const exempt = await fixtures.product({ name: 'Szkolenie', vat: undefined });
      const of = (variantId: string) => ({ productId: id, variantId });
      const found = await unitOfWork((unit) =>
        writing().variantDetails(unit, [of(green), main(exempt.id), main(id), of(plain), of(green)]),
      );
      const same = { vat: 8, location: 'A-1', stock: undefined, hasVariants: false };
      assert.deepEqual(found, [
        { ...of(green), name: 'Kubek zielony', sku: 'K-Z', ean: '2', weight: 0.7, ...same },
        {
          ...main(exempt.id),
          name: 'Szkolenie',
          sku: '',
          ean: '',
          vat: 'exempt',
          weight: 0,
          location: '',
          stock: undefined,
          hasVariants: false,
        },
        { ...main(id), name: 'Kubek', sku: 'K', ean: '1', weight: 0.5, ...same, hasVariants: true },
        { ...of(plain), name: 'Kubek', sku: '', ean: '', weight: 0.5, ...same },
      ]);
    });

    it('say whether a product has variants that were not removed, and wait for none of them', async () => {
      const withOne = await fixtures.product({ variants: [{ active: false }, { removedAt: LONG_AGO }] });
      const without = await fixtures.product({ variants: [{ removedAt: LONG_AGO }] });
      const variant = { productId: withOne.id, variantId: withOne.variantIds[0] ?? '' };
      for (const toBeSold of [false, true]) {
        const read = () =>
          unitOfWork((unit) => writing().variantDetails(unit, [main(withOne.id), main(without.id)], toBeSold));
        // Held by another unit of work meanwhile.
        const found = await unitOfWork(async (other) => {
          await writing().changeStock(other, [by(variant, 1)]);
          return read();
        });
        assert.deepEqual(
          found.map(({ hasVariants }) => hasVariants),
          [true, false],
        );
      }
    });

    it('are there when switched off, and not when removed, unknown, or of another product', async () => {
      const off = await fixtures.product({ active: false, variants: [{ active: false }] });
      const removed = await fixtures.product({ removedAt: LONG_AGO, variants: [{}] });
      const half = await fixtures.product({ variants: [{ removedAt: LONG_AGO }] });
      const kept = [main(off.id), { productId: off.id, variantId: off.variantIds[0] ?? '' }, main(half.id)];
      const left = [
        main(removed.id),
        { productId: removed.id, variantId: removed.variantIds[0] ?? '' },
        { productId: half.id, variantId: half.variantIds[0] ?? '' },
        { productId: half.id, variantId: off.variantIds[0] ?? '' },
        ...NO_IDS.flatMap((id) => [main(id), { productId: off.id, variantId: id }]),
      ];
      const found = await unitOfWork((unit) => writing().variantDetails(unit, [...left, ...kept]));
      assert.deepEqual(
        found.map(({ productId, variantId }) => ({ productId, variantId })),
        kept,
      );
      assert.deepEqual(await unitOfWork((unit) => writing().variantDetails(unit, [])), []);
    });
  });

  describe('a sale', () => {
    it('tells of each of many at once what it found and left, whatever was locked when it was read', async () => {
      const { id, variantIds } = await fixtures.product({ quantity: 50, variants: [{ quantity: 40 }] });
      const variant = { productId: id, variantId: variantIds[0] ?? '' };
      const sell = () =>
        unitOfWork(async (unit) => {
          const read = await writing().variantDetails(unit, [variant, main(id)], true);
          assert.equal(read.length, 2);
          return writing().changeStock(unit, [by(main(id), -2), by(variant, -1)], read);
        });
      const sales = await Promise.all(Array.from({ length: 6 }, sell));
      const befores = (variantId: string) =>
        sales
          .flat()
          .filter((one) => one.variantId === variantId)
          .map(({ before, after }) => [before, before - after])
          .sort(([a = 0], [b = 0]) => b - a);
      const sold = (stock: number, pieces: number) => Array.from({ length: 6 }, (_, n) => [stock - n * pieces, pieces]);
      assert.deepEqual(befores('0'), sold(50, 2));
      assert.deepEqual(befores(variant.variantId), sold(40, 1));
    });
  });

  describe('a stock change', () => {
    it('sets and adds, for products and variants, and tells before and after', async () => {
      const { id, variantIds } = await fixtures.product({ quantity: 5, variants: [{ quantity: 3 }, { quantity: 9 }] });
      const [first = '', second = ''] = variantIds.map((variantId) => ({ productId: id, variantId }));
      assert.ok(first !== '' && second !== '');
      assert.deepEqual(await change([by(second, -2), to(main(id), 8), by(first, 4)]), [
        { ...second, before: 9, after: 7 },
        { ...main(id), before: 5, after: 8 },
        { ...first, before: 3, after: 7 },
      ]);
      const stored = await shop().stock({ kind: 'ids', ids: [id] });
      assert.deepEqual(
        stored.map(({ variantId, quantity }) => [variantId, quantity]),
        [
          ['0', 8],
          [first.variantId, 7],
          [second.variantId, 7],
        ],
      );
    });

    it('applies several changes of one variant in their order, as one', async () => {
      const { id } = await fixtures.product({ quantity: 5 });
      const all = [by(main(id), 100), to(main(id), 10), by(main(id), -3), by(main(id), 1)];
      assert.deepEqual(await change(all), [{ ...main(id), before: 5, after: 8 }]);
      assert.deepEqual(await change([by(main(id), 2), by(main(id), -5)]), [{ ...main(id), before: 8, after: 5 }]);
    });

    it('leaves out what the shop does not have, and a variant of another product', async () => {
      const one = await fixtures.product({ variants: [{}] });
      const other = await fixtures.product();
      const [variantId = ''] = one.variantIds;
      const odd = NO_IDS.flatMap((id) => [to(main(id), 1), to({ productId: one.id, variantId: id }, 1)]);
      const foreign = to({ productId: other.id, variantId }, 77);
      assert.deepEqual(await change([...odd, foreign, to(main(other.id), 6)]), [
        { ...main(other.id), before: 5, after: 6 },
      ]);
      assert.deepEqual(await change([foreign, by({ productId: one.id, variantId }, 1)]), [
        { productId: one.id, variantId, before: 3, after: 4 },
      ]);
      assert.deepEqual(await change([]), []);
    });

    it('goes below zero, and stops at the ends of what the shop can hold', async () => {
      const { id } = await fixtures.product({ quantity: 5 });
      assert.equal((await change([by(main(id), -9)]))[0]?.after, -4);
      assert.equal((await change([by(main(id), Number.MAX_SAFE_INTEGER)]))[0]?.after, 2_147_483_647);
      assert.equal((await change([by(main(id), 1)]))[0]?.after, 2_147_483_647);
      assert.equal((await change([to(main(id), -5_000_000_000)]))[0]?.after, -2_147_483_648);
      assert.equal((await change([by(main(id), 0)]))[0]?.before, -2_147_483_648);
    });

    it('takes a thousand changes in one call, and a few more', async () => {
      const ids = await fixtures.plainProducts(1200);
      for (const wanted of [ids.slice(0, 1000), ids]) {
        const changed = await change(wanted.map((id, n) => (n % 2 ? to(main(id), n) : by(main(id), n))));
        assert.deepEqual(
          changed.map(({ productId }) => productId),
          wanted,
        );
        assert.ok(changed.every(({ before, after }, n) => after === (n % 2 ? n : before + n)));
      }
      const stored = await shop().stock({ kind: 'ids', ids: ids.slice(998, 1001) });
      assert.deepEqual(
        stored.map(({ quantity }) => quantity),
        [5 + 998 * 2, 999, 1005],
      );
    });

    it('is what applying one change after the other gives', async () => {
      const { id, variantIds } = await fixtures.product({ variants: [{}, {}] });
      const other = await fixtures.product();
      const known = [main(id), main(other.id), ...variantIds.map((variantId) => ({ productId: id, variantId }))];
      const someChange = fc.record({
        variant: fc.constantFrom(...known, main('999999999')),
        operation: fc.constantFrom('set' as const, 'change' as const),
        quantity: fc.integer({ min: -1000, max: 1000 }),
      });
      const stored = new Map<string, number>();
      await change(known.map((variant) => to(variant, 0)));
      await fc.assert(
        fc.asyncProperty(fc.array(someChange, { maxLength: 12 }), async (sent) => {
          const before = new Map(stored);
          const mentioned = new Set<string>();
          for (const { variant, operation, quantity } of sent) {
            const key = JSON.stringify(variant);
            if (variant.productId === '999999999') continue;
            mentioned.add(key);
            stored.set(key, operation === 'set' ? quantity : (stored.get(key) ?? 0) + quantity);
          }
          const expected = [...mentioned].map((key) => ({
            ...(JSON.parse(key) as VariantRef),
            before: before.get(key) ?? 0,
            after: stored.get(key),
          }));
          assert.deepEqual(await change(sent.map(({ variant, ...rest }) => ({ ...variant, ...rest }))), expected);
        }),
        { numRuns: 60 },
      );
    });
  });

  describe('a price', () => {
    const set = (prices: readonly (readonly [VariantRef, string])[]) =>
      unitOfWork((unit) => {
        return writing().setPrices(
          unit,
          prices.map(([variant, price]) => ({ ...variant, price })),
        );
      });

    it('is set to the cent, the last one of a variant counts, and one that was not known is told as such', async () => {
      const { id, variantIds } = await fixtures.product({ price: '10.00', variants: [{}] });
      const unknown = await fixtures.product({ price: undefined });
      const variant = { productId: id, variantId: variantIds[0] ?? '' };
      const sent = [
        [variant, '10.00'],
        [main(unknown.id), '0.10'],
        [main(id), '1.00'],
        [main(id), '9999999999.99'],
        [main('999999999'), '5.00'],
      ] as const;
      assert.deepEqual(await set(sent), [
        { ...variant, before: undefined, after: '10.00' },
        { ...main(unknown.id), before: undefined, after: '0.10' },
        { ...main(id), before: '10.00', after: '9999999999.99' },
      ]);
      const stored = await shop().prices({ kind: 'ids', ids: [id, unknown.id] });
      assert.deepEqual(
        stored.map(({ price }) => price),
        ['9999999999.99', '10.00', '0.10'],
      );
    });

    it('that the shop cannot hold rejects, and changes nothing', async () => {
      const { id } = await fixtures.product({ price: '10.00' });
      for (const price of ['99999999999.00', 'abc', '1'.repeat(100)]) await assert.rejects(set([[main(id), price]]));
      assert.equal((await shop().prices({ kind: 'ids', ids: [id] }))[0]?.price, '10.00');
    });
  });
}
