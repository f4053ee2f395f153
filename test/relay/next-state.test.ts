import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Settlement } from '../../connector/storage/outbox.ts';
import type { TargetHealth } from '../../connector/storage/target-health.ts';
import { backoffMs } from '../../connector/relay/backoff.ts';
import { afterFailure, breakerState, resultOf } from '../../connector/relay/breaker.ts';
import { nextState } from '../../connector/relay/next-state.ts';
import type { Outcome } from '../../connector/contracts/target.ts';

const NOW = new Date('2027-01-20T09:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);
const inMs = (ms: number): Date => new Date(NOW.getTime() + ms);

describe('what an outcome means for the row', () => {
  const table: [what: string, { attempt: number; dueSince: Date }, Outcome, Settlement][] = [
    [
      'delivered',
      { attempt: 3, dueSince: daysAgo(1) },
      { kind: 'delivered', reference: 'R-1', memo: 'm' },
      { state: 'done', reason: '', delivered: { reference: 'R-1', digest: 'm' } },
    ],
    [
      'refused: a person must look',
      { attempt: 1, dueSince: NOW },
      { kind: 'refused', reason: 'no such product' },
      { state: 'parked', reason: 'no such product' },
    ],
    [
      'halted: no try is counted',
      { attempt: 1, dueSince: daysAgo(100) },
      { kind: 'halted', reason: 'the key is not valid' },
      { state: 'due', dueAt: NOW, attempts: 0, reason: 'the key is not valid' },
    ],
    [
      'the first try that failed',
      { attempt: 1, dueSince: NOW },
      { kind: 'retry', reason: 'HTTP 503' },
      { state: 'due', dueAt: inMs(11_250), attempts: 1, reason: 'HTTP 503' },
    ],
    [
      'the third one',
      { attempt: 3, dueSince: NOW },
      { kind: 'retry', reason: 'HTTP 503' },
      { state: 'due', dueAt: inMs(45_000), attempts: 3, reason: 'HTTP 503' },
    ],
    [
      'the ten thousandth, within the days: tries are not what counts',
      { attempt: 10_000, dueSince: daysAgo(13.9) },
      { kind: 'retry', reason: 'HTTP 503' },
      { state: 'due', dueAt: inMs(2_700_000), attempts: 10_000, reason: 'HTTP 503' },
    ],
    [
      'Retry-After, and a little more',
      { attempt: 1, dueSince: NOW },
      { kind: 'retry', reason: 'HTTP 429', afterMs: 60_000 },
      { state: 'due', dueAt: inMs(63_000), attempts: 1, reason: 'HTTP 429' },
    ],
    [
      'Retry-After of a year: asked again tomorrow',
      { attempt: 1, dueSince: NOW },
      { kind: 'retry', reason: 'HTTP 429', afterMs: 365 * 86_400_000 },
      { state: 'due', dueAt: inMs(86_400_000 * 1.05), attempts: 1, reason: 'HTTP 429' },
    ],
    [
      'the second try, after the days are over',
      { attempt: 2, dueSince: daysAgo(14) },
      { kind: 'retry', reason: 'HTTP 503' },
      { state: 'parked', reason: 'given up after 14 days: HTTP 503' },
    ],
  ];
  for (const [what, delivery, outcome, expected] of table) {
    it(what, () => {
      assert.deepEqual(nextState(delivery, outcome, { now: NOW, random: () => 0.5, giveUpDays: 14 }), expected);
    });
  }

  it('never waits less than asked for, and never without end', () => {
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.nat(86_400_000),
        (attempt, r, ms) => {
          const random = (): number => r;
          const own = backoffMs(attempt, random);
          assert.ok(own >= 7500 && own <= 3_600_000, String(own));
          const outcome = { kind: 'retry', reason: '', afterMs: ms } as const;
          const next = nextState({ attempt, dueSince: NOW }, outcome, { now: NOW, random, giveUpDays: 14 });
          assert.equal(next.state, 'due');
          assert.ok(next.dueAt.getTime() >= NOW.getTime() + Math.max(ms, 1000));
        },
      ),
    );
  });
});

describe('the breaker of a target', () => {
  const well: TargetHealth = { failures: 0, openUntil: undefined, reason: '' };
  const failed = { kind: 'failed', reason: 'HTTP 503', afterMs: 0 } as const;
  const context = { now: NOW, random: () => 0.5, isTrial: false };

  it('takes a call for failed only when everything is to come later', () => {
    const later = { kind: 'retry', reason: 'HTTP 503' } as const;
    const refused = { kind: 'refused', reason: 'no' } as const;
    assert.deepEqual(resultOf([later, { ...later, afterMs: 5000 }]), { ...failed, afterMs: 5000 });
    assert.deepEqual(resultOf([later, refused]), { kind: 'healthy' });
    assert.deepEqual(resultOf([{ kind: 'delivered', reference: '', memo: 'm' }, later]), { kind: 'healthy' });
    assert.deepEqual(resultOf([refused, { kind: 'halted', reason: 'key' }]), { kind: 'halted', reason: 'key' });
  });

  it('takes no word of an order for one of the remote system: an order that waits, or for which nobody was asked', () => {
    const later = { kind: 'retry', reason: 'HTTP 503' } as const;
    const orderWaits = { kind: 'retry', reason: 'not found yet', afterMs: 200_000, remote: 'well' } as const;
    const unfit = { kind: 'refused', reason: 'no house number', remote: 'unheard' } as const;
    const ourFault = { kind: 'retry', reason: 'a fault of the connector', remote: 'unheard' } as const;
    assert.deepEqual(resultOf([orderWaits]), { kind: 'healthy' });
    assert.deepEqual(resultOf([orderWaits, later]), { kind: 'healthy' });
    assert.deepEqual(resultOf([unfit, ourFault]), { kind: 'unheard' });
    assert.deepEqual(resultOf([unfit, later]), failed, 'an order that nobody was asked about hides no trouble');
    assert.deepEqual(resultOf([{ kind: 'delivered', reference: '', memo: 'm', remote: 'unheard' }]), {
      kind: 'unheard',
    });
  });

  it('opens with the fifth call in a row that failed, and rests longer each time', () => {
    let health = well;
    for (let calls = 1; calls < 5; calls += 1) {
      health = afterFailure(health, failed, context);
      assert.equal(breakerState(health, NOW), 'closed');
    }
    health = afterFailure(health, failed, context);
    assert.deepEqual(health, { failures: 5, openUntil: inMs(3000), reason: 'HTTP 503' });
    assert.equal(breakerState(health, NOW), 'open');
    assert.equal(breakerState(health, inMs(3000)), 'half-open');
    const rests = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(() => {
      health = afterFailure(health, failed, { ...context, isTrial: true });
      return ((health.openUntil?.getTime() ?? 0) - NOW.getTime()) / 1000;
    });
    assert.deepEqual(rests, [6, 12, 24, 48, 96, 192, 384, 450, 450]);
  });

  it('opens at once when nothing gets through, and stays so for the calls that were under way', () => {
    const halted = afterFailure(well, { kind: 'halted', reason: 'key' }, context);
    assert.deepEqual(halted, { failures: 1, openUntil: inMs(900_000), reason: 'key' });
    assert.equal(afterFailure(halted, failed, context), halted);
    assert.equal(afterFailure(halted, failed, { ...context, now: inMs(900_001) }), halted);
  });

  it('rests as long as the remote system asks for, an hour at most', () => {
    const four = { ...well, failures: 4 };
    const restOf = (afterMs: number) => afterFailure(four, { ...failed, afterMs }, context).openUntil;
    assert.deepEqual(restOf(120_000), inMs(120_000));
    assert.deepEqual(restOf(86_400_000), inMs(3_600_000));
  });
});
