import assert from 'node:assert/strict';
import { listCache, LIST_TTL_MS } from '../../connector/shops/list-cache.ts';

describe('the cache of filtered listings', () => {
  let clock = new Date('2027-01-04T09:00:00Z');
  const pass = (ms: number): void => {
    clock = new Date(clock.getTime() + ms);
  };
  /** Asks for a page of a listing of `length` ids; whether the database was asked. */
  const reader = () => {
    const lists = listCache(() => clock);
    return async (key: string, page: number, length = 30): Promise<boolean> => {
      let asked = false;
      const ids = (): Promise<ArrayLike<number>> => {
        asked = true;
        return Promise.resolve(Uint32Array.from({ length }, (_, n) => n + 1));
      };
      const pages = await lists.pages(key, page, 10, ids);
      assert.equal(pages.count, Math.max(1, Math.ceil(length / 10)));
      assert.deepEqual(pages.at(2)[0], length > 10 ? '11' : undefined);
      return asked;
    };
  };

  it('answers later pages without the database, and every first page from it', async () => {
    const read = reader();
    assert.deepEqual(
      [await read('a', 1), await read('a', 2), await read('a', 3), await read('a', 1)],
      [true, false, false, true],
    );
  });

  it('keeps a list for five minutes after it was last asked for', async () => {
    const read = reader();
    await read('a', 1);
    pass(LIST_TTL_MS - 1);
    assert.equal(await read('a', 2), false);
    pass(LIST_TTL_MS - 1);
    assert.equal(await read('a', 3), false);
    pass(LIST_TTL_MS + 1);
    assert.equal(await read('a', 3), true);
  });

  it('gives up the list that was not asked for the longest', async () => {
    const read = reader();
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) await read(key, 1);
    await read('a', 2);
    await read('i', 1);
    assert.deepEqual([await read('a', 2), await read('b', 2)], [false, true]);
  });

  it('keeps one list that is longer than all together may be, and then no other', async () => {
    const read = reader();
    await read('a', 1);
    await read('long', 1, 2_000_001);
    assert.deepEqual([await read('long', 2, 2_000_001), await read('a', 2)], [false, true]);
  });

  it('does not keep what fits on one page, nor what could not be read', async () => {
    const read = reader();
    await read('short', 1, 10);
    assert.equal(await read('short', 2, 10), true);
    const lists = listCache(() => clock);
    await assert.rejects(lists.pages('a', 1, 10, () => Promise.reject(new Error('no'))));
    assert.equal((await lists.pages('a', 2, 10, () => Promise.resolve([1]))).count, 1);
  });
});
