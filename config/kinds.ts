import { z } from 'zod';

/** "", as an empty line in an env file leaves it, means "not set". */
export const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema);

export const integer = (name: string, min: number, max: number, fallback: number) =>
  optional(
    z
      .string()
      .regex(/^\d+$/, `${name} must be a whole number`)
      .transform(Number)
      .pipe(z.number().refine((value) => value >= min && value <= max, `${name} must be from ${min} to ${max}`))
      .default(fallback),
  );

export const choice = <const T extends readonly [string, ...string[]]>(values: T, fallback: T[number]) =>
  optional(z.enum(values).default(fallback as never));

export const boolean = (fallback: boolean) =>
  optional(
    z
      .enum(['1', '0', 'true', 'false', 'yes', 'no'])
      .transform((word) => ['1', 'true', 'yes'].includes(word))
      .default(fallback),
  );

/**
 * Comma-separated words, or the one word `nothing`. Empty is refused: whoever empties the line of a list means "nothing",
 * while everywhere else an empty line keeps the default.
 */
export const list = (name: string, fallback: readonly string[]) =>
  z
    .string()
    .default(fallback.join(','))
    .refine(
      (text) => text.trim() !== '',
      `${name} is empty: write ${name}=nothing, or leave the line out for the default`,
    )
    .transform((text) => (text.trim().toLowerCase() === 'nothing' ? [] : text.split(',').map((word) => word.trim())));

/** What is pasted with a key by mistake: blanks of any kind, marks that no one sees, and quotes. */
const AROUND = /^[\s\u200b-\u200f\u2060"'`„“”‚‘’«»]|[\s\u200b-\u200f\u2060"'`„“”‚‘’«»]$/u;

/** Refuses a key with something around it: it would be compared as it is, and no key would ever be right. */
export const bare = (name: string) =>
  z.string().refine((key) => !AROUND.test(key), `${name} has quotes or blanks around it: write the key alone`);

/** `5=canceled,7=completed`: names and what they stand for. */
export const pairs = <V extends string>(isValue: (text: string) => text is V, problem: string) =>
  optional(
    z
      .string()
      .default('')
      .transform((list, context): ReadonlyMap<string, V> => {
        const map = new Map<string, V>();
        for (const pair of list.split(',').filter((text) => text.trim() !== '')) {
          const [name = '', value = ''] = pair.split(/=(.*)/s, 2).map((part) => part.trim());
          if (name !== '' && isValue(value)) map.set(name, value);
          else context.addIssue({ code: 'custom', message: problem });
        }
        return map;
      }),
  );

/** Whether a text is one of the words; it goes with `pairs`. */
export const oneOf =
  <const T extends string>(list: readonly T[]) =>
  (text: string): text is T =>
    (list as readonly string[]).includes(text);

/** As they stand in `example.env` and the README: whoever knows our source knows them. */
const PLACEHOLDERS: readonly string[] = ['paste-the-key-of-the-panel-here', 'the-key-that-the-panel-shows'];

export const isPlaceholder = (secret: string): boolean => PLACEHOLDERS.includes(secret.trim().toLowerCase());
