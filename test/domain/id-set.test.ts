import assert from 'node:assert/strict';
import fc from 'fast-check';
import { IdSet } from '../../connector/domain/id-set.ts';

const anyId = fc.oneof(fc.nat(20_000).map(String), fc.maxSafeNat().map(String), fc.string());
const setOf = (ids: Iterable<string>): IdSet => {
  const set = new IdSet();
  for (const id of ids) set.add(id);
  return set;
};

describe('a set of ids', () => {
  it('behaves like a Set, and survives storing', () => {
    fc.assert(
      fc.property(fc.array(anyId), fc.array(anyId), (mine, others) => {
        const model = new Set(mine);
        for (const set of [setOf(mine), IdSet.fromBytes(setOf(mine).toBytes())]) {
          assert.equal(set.size, model.size);
          for (const id of [...mine, ...others]) assert.equal(set.has(id), model.has(id), id);
          assert.equal(set.countMissingIn(setOf(others)), [...model].filter((id) => !others.includes(id)).length);
        }
      }),
    );
  });

  it('counts what lies between two numbers', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(20_000)), fc.nat(20_000), fc.nat(20_000), (numbers, from, to) => {
        const set = setOf(numbers.map(String));
        const within = numbers.filter((one) => one >= from && one < to).length;
        assert.equal(set.countBetween(String(from), String(to)), within);
        assert.equal(set.countBetween(undefined, undefined), numbers.length);
      }),
    );
  });

  it('holds a million products in little space', () => {
    const set = new IdSet();
    for (let id = 1; id <= 1_000_000; id += 1) set.addNumber(id);
    assert.equal(set.size, 1_000_000);
    assert.ok(set.toBytes().length < 200_000);
  });
});
