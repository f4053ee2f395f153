import { z } from 'zod';

/**
 * Where a request stands: its line has opened, it was read, it was carried out, or its answer has left. After
 * `accepted` the other side cannot know what became of it.
 */
export const MOMENTS = ['connected', 'received', 'accepted', 'answered'] as const;
export type Moment = (typeof MOMENTS)[number];

/** Seconds, or a date as HTTP writes it. */
const retryAfter = z.union([z.int().min(0), z.string()]).optional();

const Kind = z.discriminatedUnion('kind', [
  /** Answers so much later. */
  z.strictObject({ kind: z.literal('slow'), ms: z.int().min(0), at: z.enum(['received', 'accepted']) }),
  /** Ends the line without a farewell. */
  z.strictObject({ kind: z.literal('drop'), at: z.enum(['connected', 'received', 'accepted']) }),
  /** Never answers. */
  z.strictObject({ kind: z.literal('silent'), at: z.enum(['received', 'accepted']) }),
  /** 429 */
  z.strictObject({ kind: z.literal('busy'), retryAfter }),
  /** 503 */
  z.strictObject({ kind: z.literal('unavailable'), retryAfter }),
  /** 500, and a page for people where JSON is due. */
  z.strictObject({ kind: z.literal('html') }),
  /** Carries it out and breaks off in the middle of the answer. */
  z.strictObject({ kind: z.literal('truncated') }),
]);

export const Trouble = z.strictObject({
  fault: Kind,
  /** For how many requests; without it until told otherwise. */
  times: z.int().min(1).optional(),
  /** Only for requests whose `POST /orders` begins so. */
  on: z.string().default(''),
});

export type Fault = z.output<typeof Kind>;
export type TroubleInput = z.input<typeof Trouble>;

export interface Faults {
  add(trouble: TroubleInput): void;
  clear(): void;
  /** What is in store for this request, counted off. */
  take(request: string): Fault | undefined;
}

export function openFaults(): Faults {
  let troubles: { fault: Fault; on: string; left: number }[] = [];
  return {
    add: (trouble) => {
      const { fault, on, times } = Trouble.parse(trouble);
      troubles.push({ fault, on, left: times ?? Infinity });
    },
    clear: () => void (troubles = []),
    take: (request) => {
      const found = troubles.find(({ on }) => request.startsWith(on));
      if (!found) return undefined;
      found.left -= 1;
      troubles = troubles.filter(({ left }) => left > 0);
      return found.fault;
    },
  };
}
