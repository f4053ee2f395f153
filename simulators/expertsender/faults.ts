import { z } from 'zod';
import { retryAfter } from '../fault-injection.ts';

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

export const PlannedFaultSchema = z.strictObject({
  fault: Kind,
  /** For how many requests; without it until told otherwise. */
  times: z.int().min(1).optional(),
  /** Only for requests whose `POST /orders` begins so. */
  on: z.string().default(''),
});

export type Fault = z.output<typeof Kind>;
export type FaultInput = z.input<typeof PlannedFaultSchema>;
