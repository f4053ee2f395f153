import { z } from 'zod';

/**
 * Where a request stands: its line has opened, it was read, it was carried out, or its answer has left. After `accepted`
 * the other side cannot know what became of it.
 */
export const MOMENTS = ['connected', 'received', 'accepted', 'answered'] as const;
export type Moment = (typeof MOMENTS)[number];

/** Seconds, or a date as HTTP writes it. */
export const retryAfter = z.union([z.int().min(0), z.string()]).optional();

/** What a remote system is told to do wrong, and how often. */
export interface PlannedFault<Fault> {
  readonly fault: Fault;
  /** For how many requests; without it until told otherwise. */
  readonly times?: number | undefined;
  /** Only for some requests; '' for all. */
  readonly on: string;
}

export interface FaultInjection<Input, Fault> {
  add(planned: Input): void;
  clear(): void;
  /** What is in store for this request, counted off. */
  take(request: string): Fault | undefined;
}

/** `fits` says whether a trouble is for this request. */
export function openFaults<Input, Fault>(
  schema: z.ZodType<PlannedFault<Fault>, Input>,
  fits: (request: string, on: string) => boolean,
): FaultInjection<Input, Fault> {
  let faults: { fault: Fault; on: string; left: number }[] = [];
  return {
    add: (planned) => {
      const { fault, on, times } = schema.parse(planned);
      faults.push({ fault, on, left: times ?? Infinity });
    },
    clear: () => void (faults = []),
    take: (request) => {
      const found = faults.find(({ on }) => fits(request, on));
      if (!found) return undefined;
      found.left -= 1;
      faults = faults.filter(({ left }) => left > 0);
      return found.fault;
    },
  };
}
