import assert from 'node:assert/strict';
import fc from 'fast-check';
import { orderedKeys, readJson, type Tree } from '../../../connector/baselinker/check/ordered-json.ts';

/** Keys that JavaScript would re-sort, or that a careless reader would trip over. */
const key = fc.oneof(
  fc.nat().map(String),
  fc.string(),
  fc.constantFrom('__proto__', '0', '":', 'a\\', '{"b":1}', 'a=b'),
);

describe('the reader of answers', () => {
  it('keeps the textual order of keys, whatever they look like', () => {
    fc.assert(
      fc.property(fc.uniqueArray(key), fc.jsonValue(), (keys, value) => {
        const json = `{ ${keys.map((one) => `${JSON.stringify(one)} : ${JSON.stringify(value)}`).join(',')} }`;
        assert.deepEqual(orderedKeys(json), keys);
      }),
    );
  });

  it('reads the same values as JSON.parse', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const reading = readJson(JSON.stringify(value));
        assert.ok('tree' in reading);
        assert.deepEqual(plain(reading.tree), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('tells a repeated key', () => {
    assert.deepEqual(orderedKeys('{"2":1,"1":2,"2":3}'), ['2', '1', '2']);
    assert.deepEqual(readJson('{"a":{"2":1,"2":3}}'), { fault: 'the key "2" occurs twice in one object' });
  });

  it('has no keys for what is not an object', () => {
    assert.deepEqual(orderedKeys('["1"]'), []);
  });

  it('gives up where PHP does', () => {
    const nested = '['.repeat(600) + ']'.repeat(600);
    assert.deepEqual(readJson(nested), { fault: 'the answer is nested more than 512 levels deep' });
  });

  it('reads a long text without running out of stack', () => {
    const reading = readJson(JSON.stringify({ text: '\\"'.repeat(2_000_000) }));
    assert.ok('tree' in reading);
  });
});

function plain(tree: Tree): unknown {
  if (tree instanceof Map)
    return Object.fromEntries([...(tree as ReadonlyMap<string, Tree>)].map(([k, v]) => [k, plain(v)]));
  return Array.isArray(tree) ? tree.map(plain) : tree;
}
