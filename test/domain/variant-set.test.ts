import assert from 'node:assert/strict';
import fc from 'fast-check';
import { IdSet } from '../../connector/domain/id-set.ts';
import { VariantSet } from '../../connector/domain/variant-set.ts';

/** Variants whose ids stand in a row, as a shop numbers them. */
const some = fc.uniqueArray(fc.record({ product: fc.nat(300), variant: fc.nat(5) }), {
  selector: ({ product, variant }) => `${product}/${variant}`,
});
type Some = typeof some extends fc.Arbitrary<infer Value> ? Value : never;

const setOf = (variants: Some): VariantSet => {
  const set = new VariantSet();
  for (const { product, variant } of variants) set.add(String(product), String(10 * product + variant));
  return set;
};

describe('a set of variants', () => {
  it('counts what another one lacks, and what a range of products holds, also after storing', () => {
    fc.assert(
      fc.property(some, some, fc.nat(300), fc.nat(300), (mine, others, from, to) => {
        const [theirs, stored] = [setOf(others), IdSet.fromBytes(setOf(mine).ids.toBytes())];
        const lacks = mine.filter((a) => !others.some((b) => a.product === b.product && a.variant === b.variant));
        const within = mine.filter(({ product }) => product >= from && product < to);
        for (const set of [setOf(mine), new VariantSet(stored)]) {
          assert.equal(set.size, mine.length);
          assert.equal(set.countMissingIn(theirs), lacks.length);
          assert.equal(set.countBetween(String(from), String(to)), within.length);
          for (const { product, variant } of lacks) {
            assert.ok(set.has(String(product), String(10 * product + variant)));
            assert.ok(!theirs.has(String(product), String(10 * product + variant)));
          }
        }
      }),
    );
  });

  it('takes numbers and texts for the same variant, the largest ids included, and texts that are no numbers', () => {
    const set = new VariantSet();
    set.addNumbers(4_294_967_295, 4_294_967_294);
    assert.ok(set.has('4294967295', '4294967294'));
    assert.ok(!set.has('4294967294', '4294967294'));
    set.add('a', 'b/c');
    set.add('99999999999999', '1');
    assert.ok(set.has('a', 'b/c') && set.has('99999999999999', '1') && !set.has('a', 'b'));
    assert.equal(new VariantSet(IdSet.fromBytes(set.ids.toBytes())).size, 3);
  });

  it('holds five variants of each of a million products in little space', () => {
    const set = new VariantSet();
    for (let id = 1; id <= 1_000_000; id += 1) {
      for (let n = 0; n < 5; n += 1) set.addNumbers(id, 5 * id + n);
    }
    assert.equal(set.size, 5_000_000);
    assert.ok(set.ids.toBytes().length < 9_000_000);
  });
});
