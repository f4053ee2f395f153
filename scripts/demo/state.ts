import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DemoError } from './demo-error.ts';

const Kept = z.object({
  key: z.string().min(16),
  /** Which database holds the demo's shop: a digest, for an address may hold a password. */
  database: z.string().optional(),
  /** Unset while the shop is being filled. */
  seededAt: z.iso.datetime().optional(),
});

/** What the demo remembers from one start to the next. */
export type State = z.output<typeof Kept>;

/** The demo's folder, kept to one demo at a time. */
export interface Home {
  readonly directory: string;
  readonly logFile: string;
  load(): Promise<State>;
  save(state: State): Promise<void>;
  /** Another demo may use the folder now. */
  leave(): Promise<void>;
}

export async function enterHome(directory: string): Promise<Home> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const pidFile = join(directory, 'running.pid');
  await refuseSecond(pidFile);
  await writeFile(pidFile, String(process.pid));
  const file = join(directory, 'demo.json');
  return {
    directory,
    logFile: join(directory, 'connector.log'),
    load: async () => (await read(file)) ?? { key: newKey() },
    save: (state) => writeFile(file, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 }),
    leave: () => rm(pidFile, { force: true }),
  };
}

async function read(file: string): Promise<State | undefined> {
  try {
    return Kept.safeParse(JSON.parse(await readFile(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** 32 small letters and digits, as BaseLinker's panel makes them. */
function newKey(): string {
  return BigInt(`0x${randomBytes(32).toString('hex')}`)
    .toString(36)
    .padStart(50, '0')
    .slice(-32);
}

async function refuseSecond(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => '0'));
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return;
  try {
    process.kill(pid, 0);
  } catch {
    return;
  }
  throw new DemoError(`The demo is already running in another window. If you are sure it is not, delete ${pidFile}`);
}

export function digest(databaseUrl: string): string {
  return createHash('sha256').update(databaseUrl).digest('hex').slice(0, 16);
}
