import type { ValidationChain } from 'express-validator';
import { ApiError } from '../../domain/api-error.ts';
import type { Form } from './form.ts';
import { FILE } from './multipart.ts';

/** One parameter of an action: its name on the wire, and the checks that a value which was sent must pass. */
export interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly chain: ValidationChain;
  /**
   * The short way: what the chain would make of a value that looks as BaseLinker sends it. Undefined where the chain
   * has to decide; running one takes about 0.1 ms.
   */
  readonly usual?: (value: string) => unknown;
}

/** One action of the protocol. `Input` holds what its fields accepted; `Context` is what the actions work with. */
export interface Action<Context> {
  /** The name on the wire; matched without regard to case. */
  readonly name: string;
  readonly input: readonly Field[];
  /** Checks the form, then answers. Throws a Refusal for what the caller did wrong. */
  answer(form: Form, context: Context): Promise<unknown>;
}

export function defineAction<Input extends object, Context>(definition: {
  readonly name: string;
  readonly input: readonly Field[];
  run(input: Partial<Input>, context: Context): Promise<unknown>;
}): Action<Context> {
  const { name, input } = definition;
  return {
    name,
    input,
    answer: async (form, context) => definition.run(await accept<Input>(form, input), context),
  };
}

/**
 * The declared fields that were sent, checked and converted; everything else vanishes. Absent and "" are the same
 * (docs/protocol/baselinker.md 1.1), and only a field that was sent costs a check.
 */
async function accept<Input extends object>(form: Form, fields: readonly Field[]): Promise<Partial<Input>> {
  const sent = fields.filter(({ name }) => form[name] !== undefined && form[name] !== '');
  const missing = fields.find((field) => field.required && !sent.includes(field));
  if (missing) throw new ApiError('invalid_parameter', `${missing.name} is missing`);
  if (sent.length === 0) return {};
  const body: Form = {};
  const request = { body };
  for (const { name, chain, usual } of sent) {
    const value = form[name];
    if (value === FILE) throw new ApiError('invalid_parameter', `${name} was sent as a file, not as a form field`);
    const converted = typeof value === 'string' ? usual?.(value) : undefined;
    body[name] = converted ?? value;
    if (converted !== undefined) continue;
    const [problem] = (await chain.run(request)).array({ onlyFirstError: true });
    if (problem) throw new ApiError('invalid_parameter', String(problem.msg));
  }
  // The chains write what they convert back into the body; the cast: the fields are those of Input.
  return body as Partial<Input>;
}
