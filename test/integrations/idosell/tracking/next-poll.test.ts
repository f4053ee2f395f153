import assert from 'node:assert/strict';
import type { SupplyState } from '../../../../connector/domain/supply.ts';
import { Profile } from '../../../../connector/integrations/idosell/client/profile.ts';
import { nextPoll } from '../../../../connector/integrations/idosell/tracking/next-poll.ts';
import { aProfile } from '../ordering/a-wholesaler.ts';

const profile = Profile.parse(aProfile());
const DAY_MS = 86_400_000;
/** A Wednesday morning in Warsaw. */
const NOW = new Date('2027-03-10T09:00:00Z');
const before = (days: number, now = NOW): Date => new Date(now.getTime() - days * DAY_MS);

interface Changes {
  readonly state?: SupplyState;
  readonly placedAt?: Date | undefined;
  readonly shippedSince?: Date | undefined;
  readonly hasNumber?: boolean;
}

/** Minutes until the next question, or why there is none. */
function minutes(now = NOW, changes: Changes = {}): number | string {
  const usual = { state: 'processing', placedAt: before(1, now), shippedSince: undefined, hasNumber: false } as const;
  const next = nextPoll({ ...usual, ...changes }, profile, now);
  return next.kind === 'at' ? (next.at.getTime() - now.getTime()) / 60_000 : next.kind;
}

describe('a wholesaler is asked', () => {
  for (const [what, now, wanted] of [
    ['on a working day', '2027-03-10T09:00:00Z', 15],
    ['before the first working hour', '2027-03-10T06:59:59Z', 60],
    ['from the first working hour on', '2027-03-10T07:00:00Z', 15],
    ['until the last working hour', '2027-03-10T16:59:59Z', 15],
    ['after the last working hour', '2027-03-10T17:00:00Z', 60],
    ['in the night', '2027-03-10T00:30:00Z', 60],
    ['on a Saturday', '2027-03-13T09:00:00Z', 60],
    ['on a Sunday', '2027-03-14T09:00:00Z', 60],
    ['on a Sunday evening by UTC, which is Monday there', '2027-03-14T23:30:00Z', 60],
    ['before the first working hour in summer, which is an hour earlier by UTC', '2027-03-29T05:59:59Z', 60],
    ['from the first working hour in summer on', '2027-03-29T06:00:00Z', 15],
    ['on the last working evening in summer', '2027-10-29T15:59:59Z', 15],
    ['after the last working hour in summer', '2027-10-29T16:00:00Z', 60],
    ['in the first working evening after summer', '2027-11-02T16:59:59Z', 15],
  ] as const) {
    it(`again in ${wanted} minutes ${what}`, () => assert.equal(minutes(new Date(now)), wanted));
  }

  it('daily after two weeks, and no more after sixty days', () => {
    const ages = [13.9, 14, 59.9, 60, 400].map((days) => minutes(NOW, { placedAt: before(days) }));
    assert.deepEqual(ages, [15, 1440, 1440, 'overdue', 'overdue']);
    assert.equal(minutes(NOW, { placedAt: undefined }), 15);
  });

  it('no more of what has ended', () => {
    for (const state of ['cancelled', 'returned'] as const) assert.equal(minutes(NOW, { state }), 'never');
    assert.equal(minutes(NOW, { state: 'shipped', hasNumber: true }), 'never');
  });

  it('for a day in half hours for the number of a parcel', () => {
    const sent = (days: number) => minutes(NOW, { state: 'shipped', shippedSince: before(days) });
    assert.deepEqual([sent(0), sent(0.99), sent(1)], [30, 30, 'never']);
    assert.equal(minutes(NOW, { state: 'shipped' }), 30);
    assert.equal(minutes(NOW, { state: 'shipped', placedAt: before(61) }), 'never');
  });
});
