import assert from 'node:assert/strict';
import { throttle } from '../../connector/lib/throttle.ts';
import type { MonotonicClock } from '../../connector/lib/rate.ts';

const ALWAYS = new AbortController().signal;

/** Time that passes only by waiting. */
function waitingClock(): MonotonicClock & { readonly waits: number[] } {
  let atMs = 1000;
  const waits: number[] = [];
  return {
    waits,
    nowMs: () => atMs,
    wait: (ms) => {
      waits.push(ms);
      atMs += ms;
      return Promise.resolve();
    },
  };
}

/** Lets everything run that can run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the lane of an account', () => {
  it('lets no more work run at a time than it has seats, first come, first served', async () => {
    const lane = throttle({ concurrency: 2, gapMs: 0, clock: waitingClock() });
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const all = [0, 1, 2, 3].map((n) =>
      lane.run(ALWAYS, () => {
        begun.push(n);
        return new Promise<number>((resolve) => ends.push(() => resolve(n)));
      }),
    );
    await settle();
    assert.deepEqual(begun, [0, 1]);
    ends[1]?.();
    await settle();
    assert.deepEqual(begun, [0, 1, 2]);
    ends[0]?.();
    ends[2]?.();
    await settle();
    ends[3]?.();
    assert.deepEqual(await Promise.all(all), [0, 1, 2, 3]);
  });

  it('keeps a distance between the beginnings of two', async () => {
    const clock = waitingClock();
    const lane = throttle({ concurrency: 5, gapMs: 200, clock });
    const at: number[] = [];
    for (let n = 0; n < 3; n += 1) await lane.run(ALWAYS, () => Promise.resolve(at.push(clock.nowMs())));
    assert.deepEqual(at, [1000, 1200, 1400]);
    assert.deepEqual(clock.waits, [200, 200]);
  });

  it('does not begin what its signal ended, and gives the seat on', async () => {
    const lane = throttle({ concurrency: 1, gapMs: 0, clock: waitingClock() });
    let end: (() => void) | undefined;
    const first = lane.run(ALWAYS, () => new Promise<string>((resolve) => (end = () => resolve('first'))));
    const impatience = new AbortController();
    const second = lane.run(impatience.signal, () => assert.fail('begun'));
    const third = lane.run(ALWAYS, () => Promise.resolve('third'));
    impatience.abort();
    assert.equal(await second, undefined);
    end?.();
    assert.deepEqual(await Promise.all([first, third]), ['first', 'third']);
    assert.equal(await lane.run(AbortSignal.abort(), () => assert.fail('begun')), undefined);
  });

  it('gives the seat on after a fault of the work', async () => {
    const lane = throttle({ concurrency: 1, gapMs: 0, clock: waitingClock() });
    await assert.rejects(
      lane.run(ALWAYS, () => Promise.reject(new Error('ours'))),
      /ours/,
    );
    assert.equal(await lane.run(ALWAYS, () => Promise.resolve('next')), 'next');
  });
});
