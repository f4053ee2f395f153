import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { SettingsError } from '../connector/lib/settings-error.ts';

/** Beside it the process was started. */
export const ENV_FILE = '.env';

/** The environment together with the `.env` file beside which the process was started; the environment wins. */
export function loadEnvironment(): NodeJS.ProcessEnv {
  const bytes = readBytes(ENV_FILE);
  for (const [name, value] of Object.entries(bytes ? readEnvFile(bytes) : {})) {
    if (!(name in process.env)) process.env[name] = value;
  }
  return process.env;
}

/** The settings in an `.env` file. An Error says what cannot be read, and where, but not what stands there. */
export function readEnvFile(bytes: Buffer): Readonly<Record<string, string>> {
  const text = textOf(bytes).replaceAll(/\r\n?/g, '\n');
  const values = Object.entries(parseEnv(text)).filter((entry): entry is [string, string] => entry[1] !== undefined);
  // The parser takes whatever stands before a `=` for a name, over line ends, too: a line without one hides the next.
  const odd = values.map(([name]) => name).filter((name) => !/^\w[\w.-]*$/.test(name));
  if (odd.length === 0) return Object.fromEntries(values);
  const lines = odd.map((name) => lineOf(text, name));
  throw fileTrouble(...lines.map((line) => `line ${line} is not understood: write NAME=value`));
}

function textOf(bytes: Buffer): string {
  // A text of ours has no NUL; in UTF-16 every second byte of a Latin letter is one.
  const isUtf16 = bytes.includes(0) || [0xfeff, 0xfffe].includes(bytes.length < 2 ? 0 : bytes.readUInt16BE());
  if (isUtf16) throw fileTrouble('the file is written as UTF-16: save it as UTF-8 (Notepad: Save as, Encoding)');
  if (!isUtf8(bytes)) throw fileTrouble('the file is not valid UTF-8: save it as UTF-8');
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

function fileTrouble(...problems: readonly string[]): SettingsError {
  return new SettingsError(
    ['settings are not usable:', ...problems.map((problem) => `✖ ${ENV_FILE}: ${problem}`)].join('\n'),
  );
}

function lineOf(text: string, name: string): number {
  const [first = ''] = name.split('\n');
  return text.split('\n').findIndex((line) => line.includes(first)) + 1;
}

/** Undefined where there is no such file. One that is there and may not be read is an error: it must not pass for none. */
function readBytes(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new SettingsError(sentenceFor(code, resolve(path)), { cause: error });
  }
}

function sentenceFor(code: string | undefined, path: string): string {
  if (code === 'EISDIR') return `${path} is a folder: the settings must be a file`;
  const user = userName();
  if (code !== 'EACCES' && code !== 'EPERM') return `${path} cannot be read (${code ?? 'unknown'})`;
  return `the user ${user} may not read ${path}: make that user its owner (chown ${user} ${path})`;
}

/** A container may run with a number that no user has. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.geteuid?.());
  }
}
