import { z } from 'zod';
import { FAULT_CLASSES } from '../../connector/integrations/idosell/client/profile.ts';
import { retryAfter } from '../fault-injection.ts';

const before = z.enum(['received', 'accepted']).default('received');
const after = z.enum(['received', 'accepted']).default('accepted');
const kind = <const Name extends string>(name: Name) => z.literal(name);

/** `at: received`: nothing is carried out; `accepted`: it is, and only the answer is wrong. */
const Kind = z.discriminatedUnion('kind', [
  /** Answers so much later. */
  z.strictObject({ kind: kind('slow'), ms: z.int().min(0), at: before }),
  /** Ends the line without a farewell. */
  z.strictObject({ kind: kind('drop'), at: z.enum(['connected', 'received', 'accepted']) }),
  /** Never answers. */
  z.strictObject({ kind: kind('silent'), at: before }),
  z.strictObject({ kind: kind('busy'), retryAfter, at: before }),
  z.strictObject({ kind: kind('unavailable'), retryAfter, at: before }),
  z.strictObject({ kind: kind('soap-fault'), by: z.enum(['client', 'server']).default('server'), at: before }),
  /** A page for people where XML is due. */
  z.strictObject({ kind: kind('html'), status: z.int().min(200).max(599).default(500), at: before }),
  z.strictObject({ kind: kind('redirect'), to: z.string(), at: before }),
  /** 200 and nothing. */
  z.strictObject({ kind: kind('blank'), at: before }),
  /** A proper envelope in which nothing that is known stands. */
  z.strictObject({ kind: kind('strange'), at: before }),
  /** The house's own fault of a class, or of a number that is not known. */
  z.strictObject({
    kind: kind('house'),
    fault: z.enum(FAULT_CLASSES).default('rejected'),
    number: z.string().optional(),
    at: before,
  }),
  /** Breaks off in the middle of the answer. */
  z.strictObject({ kind: kind('truncated'), at: after }),
  /** Half an answer that looks whole to HTTP. */
  z.strictObject({ kind: kind('half'), at: after }),
  /** ISO-8859-2 that says it were UTF-8. */
  z.strictObject({ kind: kind('wrong-encoding'), at: after }),
  /** Entities that grow to gigabytes. */
  z.strictObject({ kind: kind('doctype'), at: after }),
  z.strictObject({ kind: kind('deep'), depth: z.int().min(1).default(20_000), at: after }),
  z.strictObject({ kind: kind('flood'), bytes: z.int().min(1), at: after }),
  /** Before it is carried out: the session dies, or the stock of what is in the basket goes. */
  z.strictObject({ kind: kind('session-dies') }),
  z.strictObject({ kind: kind('sold-out') }),
  /** Before it is carried out: the account's owner puts something into the basket at the storefront. */
  z.strictObject({ kind: kind('basket-filled'), code: z.string(), quantity: z.string().default('1') }),
  /** The order is sent, and the webhook tells so, before the order is answered. */
  z.strictObject({ kind: kind('sent-first'), numbers: z.array(z.string()).default(['DEMO-FIRST']) }),
]);

export const PlannedFaultSchema = z.strictObject({
  fault: Kind,
  /** For how many requests; without it until told otherwise. */
  times: z.int().min(1).optional(),
  /** Only for this operation, by our name. */
  on: z.string().default(''),
});

export type Fault = z.output<typeof Kind>;
export type FaultInput = z.input<typeof PlannedFaultSchema>;
