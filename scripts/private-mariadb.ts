import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { startBound } from './bound-process.ts';
import { findMariadb } from './mariadb-binaries.mjs';
import { removeFolder, temporaryFolder } from './temporary-folder.ts';

/** A MariaDB of one's own on the loopback. It never outlives the process that started it. */
export interface PrivateMariadb {
  /** mysql://…; its account may do anything on this server, other schemas included. */
  readonly url: string;
  readonly port: number;
  readonly socketPath: string;
  readonly directory: string;
  /** Of the server that runs now. */
  readonly pid: number;
  /** Stops it in an orderly way; the data stays. */
  stop(): Promise<void>;
  /** Ends it on the spot, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port. */
  restart(): Promise<void>;
  /** Ends it and deletes its data. */
  remove(): Promise<void>;
}

export interface PrivateMariadbOptions {
  /** Keeps every commit through a crash. Off by default: tests are much faster without. */
  readonly durable?: boolean;
  /** A folder that is kept and used again; without it, one in the system's temporary folder that goes with remove(). */
  readonly directory?: string;
  readonly port?: number;
  /** Options of the server besides ours; where both name one, these win. */
  readonly flags?: readonly string[];
}

interface Binaries {
  readonly server: string;
  readonly installer: string;
}

/** What is the same on every start of one server. */
interface Setup {
  readonly binaries: Binaries;
  readonly directory: string;
  readonly socketPath: string;
  readonly password: string;
  readonly flags: readonly string[];
}

const START_DEADLINE_MS = 60_000; // a recovery after a crash on a slow disk
const STOP_DEADLINE_MS = 30_000;
const MAX_SOCKET_PATH = 107; // a limit of the operating system
const MAX_PORTS_TRIED = 5;

const asRoot = userInfo().uid === 0;
const run = promisify(execFile);

/** What an installation should have, so that tests meet it. */
const COMMON_FLAGS = [
  '--bind-address=127.0.0.1',
  '--character-set-server=utf8mb4',
  '--collation-server=utf8mb4_unicode_ci',
  '--default-time-zone=+00:00',
  '--sql-mode=STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO',
  '--performance-schema=OFF',
  '--skip-name-resolve',
  '--skip-log-bin',
  '--innodb-buffer-pool-load-at-startup=OFF',
  '--innodb-buffer-pool-dump-at-shutdown=OFF',
];

const FAST_FLAGS = [
  '--innodb-log-file-size=8M',
  '--innodb-buffer-pool-size=64M',
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-flush-method=nosync',
  '--innodb-doublewrite=0',
];

const DURABLE_FLAGS = [
  '--innodb-log-file-size=96M',
  '--innodb-buffer-pool-size=256M',
  '--innodb-flush-log-at-trx-commit=1',
  '--innodb-doublewrite=1',
];

export async function startPrivateMariadb(options: PrivateMariadbOptions = {}): Promise<PrivateMariadb> {
  const binaries = findMariadb();
  if (!binaries)
    throw new Error('no MariaDB server on this machine: run "node scripts/setup.mjs", which says what to do');
  const directory = options.directory ?? (await temporaryFolder('mariadb'));
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const setup: Setup = {
    binaries,
    directory,
    socketPath: await socketPathFor(directory),
    password: await prepare(binaries, directory),
    flags: [...COMMON_FLAGS, ...(options.durable ? DURABLE_FLAGS : FAST_FLAGS), ...(options.flags ?? [])],
  };
  return control(setup, await startOnFreePort(setup, options.port));
}

interface Running {
  readonly port: number;
  readonly pid: number;
  readonly ended: Promise<void>;
}

function control(setup: Setup, first: Running): PrivateMariadb {
  let running = first;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    // Not by its number alone, which may belong to another process once it has ended.
    if (servers.has(running.pid)) process.kill(running.pid, signal);
    await within(STOP_DEADLINE_MS, running.ended, `MariaDB did not end within ${STOP_DEADLINE_MS} ms of ${signal}`);
  };
  return {
    url: `mysql://shop:${setup.password}@127.0.0.1:${first.port}/shop`,
    port: first.port,
    socketPath: setup.socketPath,
    directory: setup.directory,
    get pid() {
      return running.pid;
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    restart: async () => {
      running = await start(setup, first.port);
    },
    remove: async () => {
      await end('SIGKILL');
      await removeFolder(setup.directory);
    },
  };
}

async function startOnFreePort(setup: Setup, wanted: number | undefined): Promise<Running> {
  if (wanted !== undefined) return start(setup, wanted);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(setup, await freePort());
    } catch (error) {
      // Between finding a free port and binding it, another process may have taken it.
      const taken = error instanceof Error && error.message.includes('Address already in use');
      if (!taken || attempt === MAX_PORTS_TRIED) throw error;
    }
  }
}

async function start(setup: Setup, port: number): Promise<Running> {
  const errorLog = join(setup.directory, 'error.log');
  await rm(errorLog, { force: true });
  const { pid, ended } = await startBound([
    setup.binaries.server,
    '--no-defaults',
    ...(asRoot ? ['--user=root'] : []),
    `--datadir=${join(setup.directory, 'data')}`,
    `--tmpdir=${await ownTmpdir(setup.directory)}`,
    `--socket=${setup.socketPath}`,
    `--pid-file=${join(setup.directory, 'pid')}`,
    `--log-error=${errorLog}`,
    `--init-file=${join(setup.directory, 'init.sql')}`,
    `--port=${port}`,
    ...setup.flags,
  ]);
  servers.add(pid);
  void ended.then(() => servers.delete(pid));
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await answers(setup, port))) {
    if (!servers.has(pid)) throw new Error(`MariaDB did not start:\n${await tail(errorLog)}`);
    if (Date.now() > deadline) {
      process.kill(pid, 'SIGKILL');
      throw new Error(`MariaDB did not answer within ${START_DEADLINE_MS} ms:\n${await tail(errorLog)}`);
    }
    await sleep(25);
  }
  return { port, pid, ended };
}

async function answers({ password }: Setup, port: number): Promise<boolean> {
  try {
    const connection = await createConnection({
      host: '127.0.0.1',
      port,
      user: 'shop',
      password,
      database: 'shop',
      connectTimeout: 2000,
    });
    connection.destroy();
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes the data folder when there is none, and the file with which every start makes sure of schema and account.
 * Returns the account's password.
 */
async function prepare(binaries: Binaries, directory: string): Promise<string> {
  const initFile = join(directory, 'init.sql');
  const data = join(directory, 'data');
  if (!existsSync(data)) {
    // Renamed last, so that a folder of this name is always a whole one.
    const incomplete = `${data}.incomplete`;
    await rm(incomplete, { recursive: true, force: true });
    await cp(await template(binaries), incomplete, { recursive: true });
    await writeFile(initFile, initSql(randomBytes(12).toString('hex')), { mode: 0o600 });
    await rename(incomplete, data);
  }
  const password = /IDENTIFIED BY '(\w+)'/.exec(await readFile(initFile, 'utf8'))?.[1];
  if (password === undefined)
    throw new Error(`${initFile} does not name a password: delete ${directory} to begin anew`);
  return password;
}

function initSql(password: string): string {
  return [
    'CREATE DATABASE IF NOT EXISTS shop CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;',
    ...["'127.0.0.1'", "'localhost'"].flatMap((host) => [
      `CREATE USER IF NOT EXISTS shop@${host} IDENTIFIED BY '${password}';`,
      `GRANT ALL ON *.* TO shop@${host} WITH GRANT OPTION;`,
    ]),
    // The installer leaves it without a password, open to everybody on this machine.
    "DROP USER IF EXISTS root@localhost, root@'127.0.0.1', root@'::1';",
    '',
  ].join('\n');
}

/** A server that starts clears its temporary folder: in a shared one that takes the tables of others that run. */
async function ownTmpdir(directory: string): Promise<string> {
  const tmpdir = join(directory, 'tmp');
  await mkdir(tmpdir, { recursive: true });
  return tmpdir;
}

let prepared: Promise<string> | undefined;

/** A fresh data folder, made once a process: a copy takes a tenth of the time that the installer needs. */
function template(binaries: Binaries): Promise<string> {
  prepared ??= (async () => {
    const directory = await temporaryFolder('mariadb');
    const data = join(directory, 'data');
    try {
      await run(binaries.installer, [
        '--no-defaults',
        `--datadir=${data}`,
        `--tmpdir=${await ownTmpdir(directory)}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        ...(asRoot ? ['--user=root'] : []),
        ...FAST_FLAGS.filter((flag) => !flag.startsWith('--innodb-buffer')),
      ]);
    } catch (error) {
      throw new Error(`MariaDB could not prepare a data folder in ${data}:\n${reasonOf(error)}`, { cause: error });
    }
    return data;
  })();
  return prepared;
}

/** The installer says most of it on standard error, and the rest on standard output; a full disk stands in either. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
  const said = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
  return said.length === 0 ? error.message : said.slice(-25).join('\n');
}

/** What this process must not leave behind. */
const servers = new Set<number>();
process.once('exit', () => {
  for (const pid of servers) process.kill(pid, 'SIGKILL');
});

async function socketPathFor(directory: string): Promise<string> {
  const path = join(directory, 's');
  return path.length <= MAX_SOCKET_PATH ? path : join(await temporaryFolder('mariadb'), 's');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function within<T>(ms: number, promise: Promise<T>, sentence: string): Promise<T> {
  const late = new AbortController();
  try {
    return await Promise.race([
      promise,
      sleep(ms, undefined, { signal: late.signal }).then(() => {
        throw new Error(sentence);
      }),
    ]);
  } finally {
    late.abort();
  }
}

async function tail(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).split('\n').slice(-25).join('\n');
  } catch {
    return '(no error log was written)';
  }
}
