import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rateLimit, REAL_PACE, type Pace } from '../../connector/lib/rate.ts';

/** A clock that moves only when told to, and wakes who waits. */
function handClock(): Pace & { advance(ms: number): Promise<void>; readonly waits: number[] } {
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
    const rate = rateLimit(5, clock);
    const served: number[] = [];
    for (let n = 0; n < 8; n += 1) void rate.turn(ALWAYS).then(() => served.push(n));
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
    const rate = rateLimit(2, clock);
    await rate.turn(ALWAYS);
    await rate.turn(ALWAYS);
    await clock.advance(60_000);
    await rate.turn(ALWAYS);
    await rate.turn(ALWAYS);
    void rate.turn(ALWAYS);
    assert.deepEqual(clock.waits, [500]);
  });

  it('ends a wait with its signal, and gives the turn to whoever asks next', async () => {
    const clock = handClock();
    const rate = rateLimit(1, clock);
    assert.equal(await rate.turn(ALWAYS), true);
    const impatience = new AbortController();
    const waiting = rate.turn(impatience.signal);
    impatience.abort();
    assert.equal(await waiting, false);
    assert.equal(await rate.turn(AbortSignal.abort()), false);
    void rate.turn(ALWAYS);
    assert.deepEqual(clock.waits, [1000, 1000]);
  });

  it('never lets more through in any second than the burst and the pace allow', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 700 })),
        async (perSecond, gaps) => {
          let at = 0;
          const pace: Pace = { nowMs: () => at, wait: (ms) => Promise.resolve(void (at += ms)) };
          const rate = rateLimit(perSecond, pace);
          const turns: number[] = [];
          for (const gap of gaps) {
            at += gap;
            await rate.turn(ALWAYS);
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
    const before = REAL_PACE.nowMs();
    await REAL_PACE.wait(60_000, AbortSignal.abort());
    await REAL_PACE.wait(1, ALWAYS);
    assert.ok(REAL_PACE.nowMs() - before < 30_000);
  });
});
