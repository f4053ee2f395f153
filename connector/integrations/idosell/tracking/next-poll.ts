import type { SupplyState } from '../../../domain/supply.ts';
import type { Profile } from '../client/profile.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A parcel whose number is not told yet is asked about so often, for so long (6.4). */
const NUMBER_MS = 30 * MINUTE_MS;
const NUMBER_WITHIN_MS = DAY_MS;

/** When to ask again, or why never again. */
export type NextPoll =
  | { readonly kind: 'at'; readonly at: Date }
  | { readonly kind: 'never' }
  /** It should have ended long ago: a person must look. */
  | { readonly kind: 'overdue' };

/**
 * Often while the wholesaler works, less at night, daily after two weeks (5.6). What is over is not asked about: should
 * it come back, a notification says so.
 */
export function nextPoll(
  part: {
    readonly state: SupplyState;
    readonly placedAt: Date | undefined;
    readonly shippedSince: Date | undefined;
    readonly hasNumber: boolean;
  },
  { polling, timeZone }: Profile,
  now: Date,
): NextPoll {
  const after = (ms: number): NextPoll => ({ kind: 'at', at: new Date(now.getTime() + ms) });
  const ageMs = (since: Date | undefined): number => (since ? now.getTime() - since.getTime() : 0);
  switch (part.state) {
    case 'cancelled':
    case 'returned':
      return { kind: 'never' };
    case 'shipped':
      if (part.hasNumber || ageMs(part.shippedSince) >= NUMBER_WITHIN_MS) return { kind: 'never' };
      return ageMs(part.placedAt) >= polling.stopAfterDays * DAY_MS ? { kind: 'never' } : after(NUMBER_MS);
    default:
  }
  const days = ageMs(part.placedAt) / DAY_MS;
  if (days >= polling.stopAfterDays) return { kind: 'overdue' };
  if (days >= polling.dailyAfterDays) return after(DAY_MS);
  return after((isAtWork(now, timeZone, polling) ? polling.workMinutes : polling.otherMinutes) * MINUTE_MS);
}

function isAtWork(now: Date, timeZone: string, { workFromHour, workToHour }: Profile['polling']): boolean {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' });
  const told = new Map(parts.formatToParts(now).map(({ type, value }) => [type, value]));
  const hour = Number(told.get('hour'));
  return !['Sat', 'Sun'].includes(told.get('weekday') ?? '') && hour >= workFromHour && hour < workToHour;
}
