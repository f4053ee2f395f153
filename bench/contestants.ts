import type { Who, Call } from './writes.ts';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import ts from 'typescript';
import { startBound } from '../scripts/bound-process.ts';

export const KEY = randomBytes(16).toString('hex');
const PATH = '/baselinker';
const START_MS = 60_000;
const STOP_MS = 15_000;
const ANSWER_MS = 60_000;

export interface Contestant {
  readonly name: Who;
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** What is run for one contestant: a JavaScript file, with the arguments of Node that stand before it. */
export interface Program {
  readonly name: Who;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const ROOT = join(import.meta.dirname, '..');
const run = promisify(execFile);

/** Builds the connector as it is shipped. */
export async function buildConnector(): Promise<string> {
  await run('npm', ['run', 'build'], { cwd: ROOT, timeout: 300_000 });
  return join(ROOT, 'dist', 'connector', 'main.js');
}

/**
 * The real thing, as `npm start` runs it, with one setting changed: refusals have an HTTP status of their own, so that
 * the load generator can count them.
 */
export async function connectorProgram(main: string): Promise<Program> {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } };
  const words = scripts.start.split(' ');
  return {
    name: 'connector',
    command: [...words.slice(words.indexOf('node') + 1, -1), main],
    environment: { BASELINKER_KEY: KEY, ENDPOINT_PATH: PATH, HTTP_ERRORS: 'status' },
  };
}

/** Types are only taken away: what runs is what stands in bench/floor. */
export async function floorProgram(directory: string): Promise<Program> {
  const source = join(import.meta.dirname, 'floor');
  const target = join(directory, 'floor');
  await mkdir(target, { recursive: true });
  const compilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    rewriteRelativeImportExtensions: true,
  };
  for (const file of await readdir(source)) {
    const text = await readFile(join(source, file), 'utf8');
    const { outputText } = ts.transpileModule(text, { compilerOptions });
    await writeFile(join(target, file.replace(/\.ts$/, '.js')), outputText);
  }
  return { name: 'floor', command: [join(target, 'index.js')], environment: { BASELINKER_KEY: KEY } };
}

/** Started as a process of its own; ends with this one at the latest. */
export async function start(program: Program, databaseUrl: string, logFile: string): Promise<Contestant> {
  const port = await freePort();
  const settings = { ...program.environment, DATABASE_URL: databaseUrl, PORT: String(port) };
  const { pid, ended } = await startBound([
    ...['/usr/bin/env', '-i', `PATH=${process.env['PATH'] ?? ''}`],
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    ...['/bin/sh', '-c', 'exec "$@" 2>"$0"', logFile],
    ...[process.execPath, ...program.command],
  ]);
  const life = { isOver: false };
  const over = ended.then(() => void (life.isOver = true));
  const stop = async (): Promise<void> => {
    if (life.isOver) return;
    process.kill(pid, 'SIGTERM');
    const late = setTimeout(() => process.kill(pid, 'SIGKILL'), STOP_MS);
    await over;
    clearTimeout(late);
  };
  const url = `http://127.0.0.1:${port}${PATH}`;
  const deadline = performance.now() + START_MS;
  while (!(await isListening(url))) {
    if (life.isOver) throw new Error(`the ${program.name} ended at once:\n${await readFile(logFile, 'utf8')}`);
    if (performance.now() > deadline) {
      await stop();
      throw new Error(`the ${program.name} did not listen within ${START_MS} ms`);
    }
    await sleep(2);
  }
  return { name: program.name, url, pid, stop };
}

/** A connection that is refused is over in no time; whatever is answered will do. */
async function isListening(url: string): Promise<boolean> {
  try {
    await (await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) })).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

export function bodyOf(fields: Call['requests'][number]): string {
  return new URLSearchParams({ bl_pass: KEY, ...fields }).toString();
}

export async function ask(url: string, fields: Call['requests'][number]): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Accept-Encoding': 'identity' },
    body: bodyOf(fields),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 300)}`);
  return text;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
