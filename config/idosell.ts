import { readFileSync } from 'node:fs';
import { z } from 'zod';
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
  const problems: string[] = [];
  const profiles = paths.flatMap((path): GivenProfile[] => {
    try {
      return [readProfile(path, env)];
    } catch (error) {
      problems.push(`✖ IDOSELL_PROFILES: ${path}: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
  if (problems.length > 0) throw new Error(['settings are not usable:', ...problems].join('\n'));
  return profiles;
}

function readProfile(path: string, env: NodeJS.ProcessEnv): GivenProfile {
  const json = parsed(path);
  return {
    path,
    json,
    password: secretIn(json, 'passwordEnv', env),
    dropshippingKey: secretIn(json, 'dropshippingKeyEnv', env),
  };
}

function parsed(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the file is not valid JSON');
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`the file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, {
      cause: error,
    });
  }
}

/** Secrets stand in the environment, not in a file that is copied about. */
function secretIn(json: unknown, key: 'passwordEnv' | 'dropshippingKeyEnv', env: NodeJS.ProcessEnv): string {
  const name = typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[key] : undefined;
  if (typeof name !== 'string' || name === '')
    throw new Error(`${key} is missing: the name of an environment variable`);
  const value = env[name] ?? '';
  if (value === '') throw new Error(`${name}, which ${key} names, is not set`);
  return value;
}
