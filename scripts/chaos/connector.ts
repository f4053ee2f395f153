import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Violation } from './violation.ts';

/** The real connector as a process that may be killed. */
export interface ConnectorProcess {
  readonly port: number;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  signal(signal: NodeJS.Signals): void;
}

const SCRIPTS = join(import.meta.dirname, '..');
const MAIN = join(SCRIPTS, '..', 'connector', 'main.ts');
// Not import.meta.resolve, which is missing where a test imports this file.
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const WITH_PARENT = pathToFileURL(join(SCRIPTS, 'demo', 'with-parent.ts')).href;
const START_MS = 60_000; // a machine that is busy with other work

/** Starts it on a free port and waits until it says where it listens. Its log is added to the file. */
export async function startConnector(options: {
  readonly directory: string;
  readonly logFile: string;
  readonly settings: Readonly<Record<string, string>>;
}): Promise<ConnectorProcess> {
  const child = spawn(process.execPath, ['--import', TSX, '--import', WITH_PARENT, MAIN], {
    // A folder without an .env file, and no setting of somebody's own.
    cwd: options.directory,
    env: { ...ordinaryEnvironment(), ...options.settings, HOST: '127.0.0.1', PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Ctrl-C reaches the whole group of a terminal; it must not end the connector at a moment nobody counted.
    detached: true,
  });
  const log = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
  child.stderr?.pipe(log);
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 0)),
  );
  let said = '';
  const listening = new Promise<number>((resolve) => {
    child.stderr?.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString('utf8')).slice(-10_000);
      const port = /"connector started".*?"url":"http:\/\/[^"]*?:(\d+)\//.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
  const port = await Promise.race([
    listening,
    ended.then(() => undefined),
    sleep(START_MS, undefined, { ref: false }).then(() => undefined),
  ]);
  if (port === undefined) {
    child.kill('SIGKILL');
    throw new Violation(`the connector did not start: ${said.trim().split('\n').at(-1) ?? ''}`);
  }
  return { port, ended, signal: (signal) => void child.kill(signal) };
}

function ordinaryEnvironment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'TEMP', 'SYSTEMROOT'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
