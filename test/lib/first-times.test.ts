import assert from 'node:assert/strict';
import { firstTimes } from '../../connector/lib/first-times.ts';

describe('a first time', () => {
  it('comes once, and again only when so many others have come since', () => {
    const isFirst = firstTimes(2);
    assert.deepEqual(['a', 'a', 'b', 'a', 'c', 'b', 'a'].map(isFirst), [true, false, true, false, true, false, true]);
  });
});
