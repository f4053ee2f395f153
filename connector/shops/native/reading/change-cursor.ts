import { z } from 'zod';

/** The database at one moment: its clock in milliseconds, and the last id of each watched table. */
export interface Marks {
  readonly now: number;
  readonly last: readonly number[];
}

/** Times are milliseconds of the database's clock. It is stored for months: a new form needs a new `form`. */
const Stored = z.object({
  form: z.literal(1),
  /** When the last finished pass began. */
  since: z.number(),
  /** For each watched table: rows behind `old` are looked at; `young` was the last id at `seen`. */
  tails: z.array(z.object({ old: z.number(), young: z.number(), seen: z.number() })),
  /** The pass that is under way: where it began, and the row behind which it goes on. */
  pass: z
    .object({
      began: z.number(),
      last: z.array(z.number()),
      floor: z.number(),
      /** 0: orders; from 1 on: the watched tables. */
      step: z.number(),
      at: z.number(),
      id: z.number(),
    })
    .optional(),
});

export type Scan = z.output<typeof Stored>;
export type Pass = NonNullable<Scan['pass']>;

export function readCursor(text: string): Scan {
  try {
    return Stored.parse(JSON.parse(text));
  } catch (error) {
    throw new Error('the cursor of the change scan is not one of this shop', { cause: error });
  }
}

export function writeCursor(scan: Scan): string {
  return JSON.stringify(scan);
}

/** Nothing was looked at yet; the first pass sees what changed since now, less the overlap. */
export function beginning({ now, last }: Marks): Scan {
  return { form: 1, since: now, tails: last.map((id) => ({ old: id, young: id, seen: now })) };
}

/** A clock that was set back begins the pass by its new time: what was written since has that. */
export function passOf({ since }: Scan, { now, last }: Marks, overlapMs: number): Pass {
  const floor = Math.min(since, now) - overlapMs;
  return { began: now, last: [...last], floor, step: 0, at: floor, id: 0 };
}

/**
 * The watched ids move up only after a pass that began an overlap after they were seen: by then every transaction that
 * had taken a lower id was finished, and this pass has read it. They move with the pass, not with the clock, so that
 * nothing is skipped over a time without scans.
 */
export function passEnded({ tails }: Scan, { began, last }: Pass, overlapMs: number): Scan {
  return {
    form: 1,
    since: began,
    tails: tails.map(({ old, young, seen }, n) => {
      if (began < seen) return { old, young, seen: began };
      if (began - seen < overlapMs) return { old, young, seen };
      return { old: young, young: last[n] ?? young, seen: began };
    }),
  };
}
