import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Mishap } from './mishap.ts';

/** The real connector, as a process of its own. */
export interface RunningConnector {
  readonly origin: string;
  readonly url: string;
  /** Resolves when it has ended by itself. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const MAIN = join(import.meta.dirname, '..', '..', 'connector', 'main.ts');
const WITH_PARENT = pathToFileURL(join(import.meta.dirname, 'with-parent.ts')).href;
const START_MS = 30_000;
const STOP_MS = 12_000; // the connector allows itself 10 s for what is under way
const PATH = '/baselinker';

export async function startConnector(options: {
  readonly databaseUrl: string;
  readonly key: string;
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  /** More settings, by their names. */
  readonly settings: Readonly<Record<string, string>>;
}): Promise<RunningConnector> {
  const log = await open(options.logFile, 'w', 0o600);
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), '--import', WITH_PARENT, MAIN], {
    // A folder without an .env file, and no setting of somebody's own: the demo is the same everywhere.
    cwd: options.directory,
    env: { ...ordinaryEnvironment(), ...settingsOf(options), ...options.settings },
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
    // Ctrl-C reaches the whole group of a terminal; the demo alone decides when the connector stops.
    detached: true,
  });
  await log.close();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const origin = `http://127.0.0.1:${options.port}`;
  await answering(`${origin}/health`, child, options.logFile);
  return { origin, url: origin + PATH, ended, stop: () => stop(child, ended) };
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

async function answering(healthUrl: string, child: ChildProcess, logFile: string): Promise<void> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Mishap(await lastWords(logFile));
    const healthy = await fetch(healthUrl, { signal: AbortSignal.timeout(2000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Mishap(`The connector did not answer within ${START_MS / 1000} seconds. Its log: ${logFile}`);
}

/** The connector says in one sentence why it cannot start. */
async function lastWords(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  const sentence = lines.find((line) => line.startsWith('The connector cannot start'));
  return sentence ?? `The connector ended as soon as it was started. Its log: ${logFile}`;
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

/** The wanted port when it is free, otherwise any. */
export async function freePort(wanted: number): Promise<number> {
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? wanted;
}

function tryPort(port: number): Promise<number | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
