import type { FaultClass } from '../../connector/integrations/idosell/client/profile.ts';
import type { Amount } from './amount.ts';

/** What is answered, in the names of the wire: a number is a whole one, an amount a decimal. */
export type Out = string | number | boolean | Amount | null | readonly Out[] | OutStruct;

export interface OutStruct {
  readonly [name: string]: Out;
}

/** What an operation says; how it looks on the wire is not its business. */
export interface Answer {
  readonly fault: FaultClass;
  /** Another number than the first one of the class. */
  readonly number?: string;
  /** For a person, in Polish as the real ones are. */
  readonly text: string;
  readonly results?: OutStruct;
  /** Stands beside the errors, for Authenticate. */
  readonly beside?: OutStruct;
}

export const done = (results: OutStruct): Answer => ({ fault: 'done', text: '', results });
export const fails = (fault: FaultClass, text: string, results?: OutStruct): Answer =>
  results ? { fault, text, results } : { fault, text };

/** What is not known of the real answers and may be either way: the other side must bear all of it. */
export interface Habits {
  /** Where the key of the session stands (3.5). */
  readonly sessionKeyAt: 'block' | 'top' | 'results';
  /** Whether a check and an import list their lines (4.2). */
  readonly tellsLines: boolean;
  /** Whether a status shows our reference, its coarse state, its parcels. */
  readonly tellsReference: boolean;
  readonly tellsCoarse: boolean;
  readonly tellsPackages: boolean;
  /** Whether nothing found is a fault. */
  readonly emptyIsFault: boolean;
  /** Whether changing an address changes the orders that were placed with it (4.8). */
  readonly addressChangesOrders: boolean;
  /** SOAP: the prefix of the envelope, and whether members of lists stand elsewhere (2.3). */
  readonly prefix: string;
  readonly multiRef: boolean;
  /** What PHP does to JSON (2.4). */
  readonly emptyMapAsList: boolean;
  readonly numbersAsText: boolean;
  readonly otherCaseResults: boolean;
  readonly errorsAsList: boolean;
  readonly emptyDate: '' | 0 | null;
}

export const USUAL_HABITS: Habits = {
  sessionKeyAt: 'block',
  tellsLines: true,
  tellsReference: true,
  tellsCoarse: true,
  tellsPackages: true,
  emptyIsFault: true,
  addressChangesOrders: false,
  prefix: 'SOAP-ENV',
  multiRef: false,
  emptyMapAsList: false,
  numbersAsText: false,
  otherCaseResults: false,
  errorsAsList: false,
  emptyDate: '',
};
