import assert from 'node:assert/strict';
import { cachedStatuses } from '../../connector/orders/statuses.ts';
import type { DictionaryEntry } from '../../connector/contracts/shop.ts';

const entry = (id: string, meaning: DictionaryEntry['meaning'] & string): DictionaryEntry => ({
  ...{ id, name: id, retired: false, meaning },
});

describe('the statuses that calls ask about', () => {
  let entries: DictionaryEntry[];
  let readings: number;
  let clock: number;

  const opened = () =>
    cachedStatuses(
      {
        dictionary: () => {
          readings += 1;
          return Promise.resolve([...entries]);
        },
      },
      () => new Date(clock),
    );

  beforeEach(() => {
    entries = [entry('1', 'new'), entry('2', 'shipped')];
    readings = 0;
    clock = Date.parse('2027-01-04T09:00:00Z');
  });

  it('are read once for all calls of a second', async () => {
    const statuses = opened();
    for (const named of [undefined, '1', '2', '1']) assert.equal((await statuses(named)).first, '1');
    assert.equal(readings, 1);
  });

  it('hold a new one from its first call on', async () => {
    const statuses = opened();
    assert.equal((await statuses('3')).known.has('3'), false);
    entries.push(entry('3', 'cancelled'));
    const { known, isCancelling } = await statuses('3');
    assert.deepEqual([known.has('3'), isCancelling('3')], [true, true]);
  });

  for (const [what, moved] of [
    ['after a second', 1000],
    ['when the clock was set back', -3_600_000],
  ] as const) {
    it(`are read again ${what}`, async () => {
      const statuses = opened();
      assert.equal((await statuses('2')).isCancelling('2'), false);
      entries = [entry('1', 'new'), entry('2', 'cancelled')];
      clock += moved;
      assert.equal((await statuses('2')).isCancelling('2'), true);
    });
  }

  it('are read again when they could not be read', async () => {
    const kept = entries;
    const statuses = opened();
    entries = [];
    await assert.rejects(statuses(), /no order status yet/);
    entries = kept;
    assert.equal((await statuses()).first, '1');
  });
});
