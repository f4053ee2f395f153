import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { baseLinker } from '../../connector/baselinker/check/client.ts';
import { VERSION } from '../../connector/domain/version.ts';
import { DemoError } from './demo-error.ts';

/** The real connector, as a process of its own. */
export interface RunningConnector {
  readonly origin: string;
  readonly url: string;
  /** Resolves when it has ended by itself. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const MAIN = join(import.meta.dirname, '..', '..', 'connector', 'main.ts');
// Not import.meta.resolve, which is missing where a test imports this file.
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const WITH_PARENT = pathToFileURL(join(import.meta.dirname, 'with-parent.ts')).href;
const START_MS = 60_000; // a busy machine starts slowly
const STOP_MS = 12_000; // the connector allows itself 10 s for what is under way
const MAX_PORTS_TRIED = 20;
const FileVersion = z.object({ platform: z.string(), version: z.literal(VERSION) });
const PATH = '/baselinker';

interface ConnectorOptions {
  readonly databaseUrl: string;
  readonly key: string;
  readonly directory: string;
  readonly logFile: string;
  /** Where it shall listen, or one of the next ones where that is taken; 0: anywhere. */
  readonly port: number;
  /** More settings, by their names. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Only the port of a child that listens is known to be its own: it is asked for nothing before, and the key is not shown. */
export async function startConnector(options: ConnectorOptions): Promise<RunningConnector> {
  for (let port = options.port; ; port += 1) {
    const { child, ended } = await spawnConnector({ ...options, port });
    const found = await firstWord(child, options.logFile);
    if ('origin' in found) {
      const running = { ...found, url: found.origin + PATH, ended, stop: () => stop(child, ended) };
      await proveOurs(running, options).catch(async (error: unknown) => {
        await running.stop();
        throw error;
      });
      return running;
    }
    const mayTryNext = isTaken(found.lastWords) && port !== 0 && port < options.port + MAX_PORTS_TRIED;
    if (!mayTryNext) throw new DemoError(found.lastWords);
  }
}

const isTaken = (lastWords: string): boolean => /\bport \d+ of \S+ is in use\b/.test(lastWords);

async function spawnConnector(options: ConnectorOptions): Promise<{ child: ChildProcess; ended: Promise<void> }> {
  const log = await open(options.logFile, 'w', 0o600);
  const child = spawn(process.execPath, ['--import', TSX, '--import', WITH_PARENT, MAIN], {
    // A folder without an .env file, and no setting of somebody's own: the demo is the same everywhere.
    cwd: options.directory,
    env: { ...ordinaryEnvironment(), ...settingsOf(options), ...options.settings },
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
    // Ctrl-C reaches the whole group of a terminal; the demo alone decides when the connector stops.
    detached: true,
  });
  await log.close();
  return { child, ended: new Promise<void>((resolve) => child.once('exit', () => resolve())) };
}

function ordinaryEnvironment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'TEMP', 'SYSTEMROOT'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function settingsOf({ databaseUrl, key, port }: { databaseUrl: string; key: string; port: number }): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: databaseUrl,
    BASELINKER_KEY: key,
    HOST: '127.0.0.1',
    PORT: String(port),
    ENDPOINT_PATH: PATH,
    SHOP: 'native',
  };
}

/** Where the child itself says that it listens, or its last words. */
async function firstWord(child: ChildProcess, logFile: string): Promise<{ origin: string } | { lastWords: string }> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    const said = await readFile(logFile, 'utf8');
    const origin = /"connector started".*?"url":"(http:\/\/[^"/]+)\//.exec(said)?.[1];
    if (origin !== undefined && !hasEnded) return { origin };
    if (hasEnded) return { lastWords: lastWords(said, logFile) };
    await sleep(50);
  }
  child.kill('SIGKILL');
  return { lastWords: `The connector did not start within ${START_MS / 1000} seconds. Its log: ${logFile}` };
}

/** Its health, and then who it is: an answer to the key, which only the connector of this demo knows. */
async function proveOurs({ origin, url }: { origin: string; url: string }, { key, logFile }: ConnectorOptions) {
  const healthy = await fetch(`${origin}/health`, { signal: AbortSignal.timeout(START_MS) }).then(
    (response) => response.ok,
    () => false,
  );
  if (!healthy) throw new DemoError(`The connector at ${origin} is not well. Its log: ${logFile}`);
  const answer = await baseLinker({ url, key }).call('FileVersion');
  if (answer.kind === 'answered' && answer.status === 200 && FileVersion.safeParse(parsed(answer.text)).success) return;
  throw new DemoError(`What answers at ${url} is not the connector of this demo. The connector's log: ${logFile}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The connector says in one sentence why it cannot start. */
function lastWords(log: string, logFile: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const at = lines.findIndex((line) => line.startsWith('The connector cannot start'));
  if (at >= 0) return lines.slice(at).join('\n');
  const words = lines.slice(-3).join('\n');
  return `The connector ended as soon as it was started. Its log, ${logFile}${words === '' ? ', is empty' : ` ends so:\n${words}`}`;
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const late = new AbortController();
  const timer = sleep(STOP_MS, undefined, { signal: late.signal }).then(
    () => child.kill('SIGKILL'),
    () => false,
  );
  await ended;
  late.abort();
  await timer;
}
