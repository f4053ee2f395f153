import assert from 'node:assert/strict';
import fc from 'fast-check';
import { orderedKeys } from '../../../connector/baselinker/check/ordered-json.ts';
import { RawJson, plainJson, writeJson } from '../../../connector/baselinker/wire/response.ts';

describe('writing an answer', () => {
  it('keeps the order of a map whose keys look like numbers', () => {
    const reply = new Map<string, unknown>([
      ['31', 'Garden'],
      ['7', 'Garden/Hoses'],
      ['pages', 1],
    ]);
    assert.equal(writeJson(reply), '{"31":"Garden","7":"Garden/Hoses","pages":1}');
  });

  it('writes an empty map and a map whose only key is 0 as objects', () => {
    assert.equal(writeJson(new Map()), '{}');
    assert.equal(writeJson(new Map([['0', '20.00']])), '{"0":"20.00"}');
  });

  it('leaves out what is undefined and keeps what is empty', () => {
    assert.equal(
      writeJson({ price: undefined, ean: '', images: [], paid: 0, none: null }),
      '{"ean":"","images":[],"paid":0,"none":null}',
    );
  });

  it('takes over what is written already, as a whole and in its place', () => {
    assert.equal(writeJson(new RawJson('{"2":1,"1":2}')), '{"2":1,"1":2}');
    assert.equal(writeJson(new Map<string, unknown>([['7', new RawJson('[0.50]')]])), '{"7":[0.50]}');
  });

  it('writes plain objects the fast way as it writes all others', () => {
    const texts = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.object({ key: texts, values: [texts, fc.integer(), fc.boolean()], maxDepth: 3 }), (value) => {
        assert.equal(plainJson(value).text, writeJson(value));
      }),
      { numRuns: 20 },
    );
    assert.equal(plainJson({ name: 'half \ud83d' }).text, writeJson({ name: 'half \ud83d' }));
  });

  it('keeps any order of any keys, and every text as it was', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.oneof(fc.nat().map(String), fc.string({ unit: 'grapheme' }))),
        fc.string({ unit: 'grapheme' }),
        (keys, text) => {
          const written = writeJson(new Map(keys.map((key) => [key, text])));
          assert.deepEqual(orderedKeys(written), keys);
          for (const value of Object.values(JSON.parse(written) as object)) assert.equal(value, text);
        },
      ),
    );
  });

  it('writes the same JSON as JavaScript itself where the order is not in question', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.deepEqual(JSON.parse(writeJson(value)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('mends half a surrogate pair, which is no Unicode text', () => {
    assert.equal(writeJson('a\ud800b'), '"a\ufffdb"');
  });
});
