import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { SettingsError } from '../connector/lib/settings-error.ts';
import { optional } from './kinds.ts';

const secret = (name: string) =>
  optional(
    z
      .string()
      .regex(/^[\w~.-]{32,}$/, `${name} must be at least 32 letters, digits, hyphens, dots and underscores`)
      .optional(),
  );

export const IDOSELL = {
  IDOSELL_PROFILES: optional(
    z
      .string()
      .default('')
      .transform((list) =>
        list
          .split(',')
          .map((path) => path.trim())
          .filter((path) => path !== ''),
      ),
  ),
  WEBHOOK_SECRET: secret('WEBHOOK_SECRET'),
  WEBHOOK_PREVIOUS_SECRET: secret('WEBHOOK_PREVIOUS_SECRET'),
};

/** A wholesaler's profile as it stands in its file, and the secrets that it names. */
export interface GivenProfile {
  readonly path: string;
  /** Parsed, but not checked: what a profile is, the connector knows. */
  readonly json: unknown;
  readonly password: string;
  readonly dropshippingKey: string;
}

/** Reads the profiles' files. An Error names every problem at once, and no secret. */
export function idoSellOf(
  { IDOSELL_PROFILES: paths }: { readonly IDOSELL_PROFILES: readonly string[] },
  env: NodeJS.ProcessEnv,
): readonly GivenProfile[] {
  const read = paths.map((path) => readProfile(path, env));
  const problems = read.flatMap((one) => ('problems' in one ? one.problems : []));
  if (problems.length > 0) throw new SettingsError(['settings are not usable:', ...problems].join('\n'));
  return read.flatMap((one) => ('problems' in one ? [] : [one]));
}

/** The variables in which the secrets of these profiles stand: the operator has named them. */
export function secretNames(profiles: readonly GivenProfile[]): readonly string[] {
  const names = profiles.flatMap(({ json }) => {
    const { passwordEnv, dropshippingKeyEnv } = json as Readonly<Record<string, unknown>>;
    return [passwordEnv, dropshippingKeyEnv];
  });
  return names.filter((name) => typeof name === 'string');
}

function readProfile(path: string, env: NodeJS.ProcessEnv): GivenProfile | { readonly problems: readonly string[] } {
  const at = (problem: string): string => `✖ IDOSELL_PROFILES: ${path}: ${problem}`;
  const file = parsed(path);
  if ('problem' in file) return { problems: [at(file.problem)] };
  const { json } = file;
  const password = secretIn(json, 'passwordEnv', env);
  const dropshippingKey = secretIn(json, 'dropshippingKeyEnv', env);
  if ('problem' in password || 'problem' in dropshippingKey) {
    return { problems: [password, dropshippingKey].flatMap((one) => ('problem' in one ? [at(one.problem)] : [])) };
  }
  return { path, json, password: password.value, dropshippingKey: dropshippingKey.value };
}

interface Problem {
  readonly problem: string;
}

function parsed(path: string): { readonly json: unknown } | Problem {
  let text: string;
  try {
    // Some editors begin a file with a mark that is no JSON.
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return { problem: `the file cannot be read (${WHY_NOT_READ.get(code) ?? code})` };
  }
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { json };
    return { problem: 'the file holds no JSON object: { … }' };
  } catch (error) {
    return { problem: `the file is not valid JSON${lineOf(error, text)}` };
  }
}

const WHY_NOT_READ = new Map([
  ['ENOENT', 'there is none; a relative path begins in the folder where the connector is started'],
  ['EACCES', 'the connector’s user may not read it'],
  ['EISDIR', 'it is a folder'],
]);

/** Where the reader stopped, where it says so; never what stands there. */
function lineOf(error: unknown, text: string): string {
  const [, position] = /at position (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
  return position === undefined ? '' : ` (line ${text.slice(0, Number(position)).split('\n').length})`;
}

/** Secrets stand in the environment, not in a file that is copied about. */
function secretIn(
  json: unknown,
  key: 'passwordEnv' | 'dropshippingKeyEnv',
  env: NodeJS.ProcessEnv,
): { readonly value: string } | Problem {
  const name = (json as Record<string, unknown>)[key];
  if (typeof name !== 'string' || name === '') {
    return { problem: `${key} is missing: the name of an environment variable` };
  }
  const value = env[name] ?? '';
  // What stands there is not repeated: it may be the secret itself, put into the wrong place.
  if (/^\s|\s$/.test(value))
    return { problem: `the environment variable that ${key} names has blanks around its value` };
  return value === '' ? { problem: `the environment variable that ${key} names is not set` } : { value };
}
