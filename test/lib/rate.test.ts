import assert from 'node:assert/strict';
import fc from 'fast-check';
import { throttle, SYSTEM_CLOCK, type MonotonicClock } from '../../connector/lib/rate.ts';

/** A clock that moves only when told to, and wakes who waits. */
function handClock(): MonotonicClock & { advance(ms: number): Promise<void>; readonly waits: number[] } {
  let at = 1000;
  let sleepers: { until: number; wake: () => void }[] = [];
  const waits: number[] = [];
  return {
    waits,
    nowMs: () => at,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        waits.push(ms);
        sleepers.push({ until: at + ms, wake: resolve });
        signal.addEventListener('abort', () => resolve());
      }),
    async advance(ms) {
      at += ms;
      const due = sleepers.filter(({ until }) => until <= at + 1e-6);
      sleepers = sleepers.filter((sleeper) => !due.includes(sleeper));
      for (const { wake } of due) wake();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const ALWAYS = new AbortController().signal;

describe('a limit of the rate', () => {
  it('lets a burst through and then keeps an even pace, first come, first served', async () => {
    const clock = handClock();
    const rate = throttle(5, clock);
    const served: number[] = [];
    for (let n = 0; n < 8; n += 1) void rate.wait(ALWAYS).then(() => served.push(n));
    await clock.advance(0);
    assert.deepEqual(served, [0, 1, 2, 3, 4]);
    assert.deepEqual(clock.waits, [200, 400, 600]);
    await clock.advance(199);
    assert.equal(served.length, 5);
    await clock.advance(1);
    assert.deepEqual(served, [0, 1, 2, 3, 4, 5]);
    await clock.advance(400);
    assert.deepEqual(served, [0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('fills again while nobody asks, and no further than the burst', async () => {
    const clock = handClock();
    const rate = throttle(2, clock);
    await rate.wait(ALWAYS);
    await rate.wait(ALWAYS);
    await clock.advance(60_000);
    await rate.wait(ALWAYS);
    await rate.wait(ALWAYS);
    void rate.wait(ALWAYS);
    assert.deepEqual(clock.waits, [500]);
  });

  it('ends a wait with its signal, and gives the turn to whoever asks next', async () => {
    const clock = handClock();
    const rate = throttle(1, clock);
    assert.equal(await rate.wait(ALWAYS), true);
    const impatience = new AbortController();
    const waiting = rate.wait(impatience.signal);
    impatience.abort();
    assert.equal(await waiting, false);
    assert.equal(await rate.wait(AbortSignal.abort()), false);
    void rate.wait(ALWAYS);
    assert.deepEqual(clock.waits, [1000, 1000]);
  });

  it('never lets more through in any second than the burst and the pace allow', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 700 })),
        async (perSecond, gaps) => {
          let at = 0;
          const clock: MonotonicClock = { nowMs: () => at, wait: (ms) => Promise.resolve(void (at += ms)) };
          const rate = throttle(perSecond, clock);
          const turns: number[] = [];
          for (const gap of gaps) {
            at += gap;
            await rate.wait(ALWAYS);
            turns.push(at);
          }
          for (const from of turns) {
            assert.ok(turns.filter((one) => one >= from && one < from + 1000 - 1e-6).length <= 2 * perSecond);
          }
        },
      ),
    );
  });

  it('waits by the real clock, and ends with the signal there too', async () => {
    const before = SYSTEM_CLOCK.nowMs();
    await SYSTEM_CLOCK.wait(60_000, AbortSignal.abort());
    await SYSTEM_CLOCK.wait(1, ALWAYS);
    assert.ok(SYSTEM_CLOCK.nowMs() - before < 30_000);
  });
});
