import type { FaultClass, OperationName, Profile } from '../profile.ts';
import { asList, asText, field, isFields, textOf, type ResponseValue, type ResponseFields } from './response.ts';

/** What a block of faults says. */
export interface Fault {
  readonly class: FaultClass;
  /** As sent; '' where something is wrong without a number. */
  readonly code: string;
  /** The wholesaler's words, for the operator only: they are in some language and nothing branches on them. */
  readonly text: string;
}

const WRITES: ReadonlySet<OperationName> = new Set<OperationName>([
  ...(['importBasket', 'clearBasket', 'placeOrder', 'updateAddress', 'cancelOrder'] as const),
]);

/**
 * What a number means: the same one means different things from gate to gate (P4). A number that no table has is a "no" to
 * a write, and to a read something that nobody expected.
 */
export function classOf(code: string, operation: OperationName, { faults }: Profile): FaultClass {
  const own = faults.operations[operation];
  const isWrite = WRITES.has(operation);
  const known = lookUp(own, code) ?? lookUp(faults.common, code);
  // The one number that every gate agrees on, should a table leave it out.
  if (known === undefined && code === '0') return 'done';
  const found = known ?? own['default'] ?? faults.common['default'];
  // An empty result is nothing that a write can have.
  if (found === undefined || (isWrite && found === 'empty')) return isWrite ? 'rejected' : 'protocol';
  return found;
}

/** A remote system's word may be the name of something that every object has. */
function lookUp(table: Readonly<Record<string, FaultClass>>, code: string): FaultClass | undefined {
  return Object.hasOwn(table, code) ? table[code] : undefined;
}

const DONE: Fault = { class: 'done', code: '0', text: '' };

/** The fault of one element of a result, which may fail while the whole is done (P2). */
export function faultOf(fields: ResponseFields, operation: OperationName, profile: Profile): Fault {
  const { faultCode, faultString } = profile.names.frame;
  const code = textOf(fields, faultCode).replace(/^\+?(-?)0+(?=\d)/, '$1');
  const text = textOf(fields, faultString);
  // What is optional is missing rather than null (2.4).
  if (code === '') return DONE;
  return { class: classOf(code, operation, profile), code, text };
}

/** The fault of the answer as a whole: a block of its own, which may be a list, or fields beside the results (2.6). */
export function topFault(answer: ResponseFields, operation: OperationName, profile: Profile): Fault {
  const { errors } = profile.names.frame;
  const block = field(answer, errors);
  if (block === undefined) return faultOf(answer, operation, profile);
  const faults = asList(block).map((one) => blockFault(one, operation, profile));
  return faults.find((fault) => fault.class !== 'done') ?? DONE;
}

function blockFault(block: ResponseValue, operation: OperationName, profile: Profile): Fault {
  const { faultCode, faultString } = profile.names.frame;
  if (!isFields(block)) return asText(block) === '' ? DONE : { class: 'protocol', code: '', text: asText(block) };
  const saysSomething = [...block.values()].some(
    (value) => (typeof value === 'object' && value !== null) || !/^(?:|0|false)$/.test(asText(value)),
  );
  // Words without a number, or another kind of block: not done, and nobody knows what.
  if (textOf(block, faultCode) === '' && saysSomething) {
    return { class: 'protocol', code: '', text: textOf(block, faultString) };
  }
  return faultOf(block, operation, profile);
}
