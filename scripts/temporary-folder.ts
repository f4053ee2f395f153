import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

const ABANDONED_MS = 600_000;
const PATTERN = /^bl-[a-z]+-(\d+)-/;

const ours = new Set<string>();
process.once('exit', () => {
  for (const directory of ours) rmSync(directory, { recursive: true, force: true });
});

/** A folder in the system's temporary folder that does not outlive this process, in whatever way this one ends. */
export async function temporaryFolder(kind: string): Promise<string> {
  const parent = tmpdir();
  await sweep(parent);
  // Named after its process, so that a later one can tell what a crash of the machine has left behind.
  const directory = await mkdtemp(join(parent, `bl-${kind}-${process.pid}-`));
  ours.add(directory);
  cleaner ??= startCleaner();
  cleaner.stdin.write(`${directory}\n`);
  return directory;
}

export async function removeFolder(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  ours.delete(directory);
}

/**
 * Reads the names of folders until the pipe ends, as it does with this process, and then deletes them. Those who still
 * work in them end soon, bound to this process as they are; until then what they write comes back.
 */
const CLEANER = `
trap '' HUP INT TERM
while IFS= read -r folder; do set -- "$@" "$folder"; done
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  rm -rf -- "$@"
  sleep 1
  for folder; do [ -e "$folder" ] && continue 2; done
  exit
done
`;

let cleaner: ChildProcessByStdio<Writable, null, null> | undefined;

function startCleaner(): ChildProcessByStdio<Writable, null, null> {
  // Detached, so that Ctrl-C does not reach it.
  const shell = spawn('/bin/sh', ['-c', CLEANER], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' });
  shell.unref();
  // A socket, whatever its type says; it must not keep this process from ending. Without a shell the exit alone deletes.
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return shell;
}

async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const owner = PATTERN.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const path = join(parent, name);
    const found = await stat(path).catch(() => undefined);
    // The age spares what belongs to a process that we cannot see, in another container for instance.
    if (found?.uid === userInfo().uid && Date.now() - found.mtimeMs > ABANDONED_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
