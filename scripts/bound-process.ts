import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';

/** A process that ends when this one does, in whatever way this one ends. */
export interface BoundProcess {
  readonly pid: number;
  readonly ended: Promise<void>;
}

const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => process.platform === 'linux' && existsSync(path));

/** Starts a command that cannot become an orphan, not even when this process is killed. Its output is dropped. */
export function startBound(command: readonly string[]): Promise<BoundProcess> {
  return SETPRIV === undefined ? startUnderShell(command) : startUnderKernel(SETPRIV, command);
}

/** We may have ended before the kernel was asked, which then says nothing any more. */
const STILL_THERE = '[ "$PPID" = "$0" ] && exec "$@"';

/**
 * The kernel ends it when the thread that started it ends: in Node that is the main thread, as long as nobody calls
 * this from a worker. Detached, so that Ctrl-C reaches only us, who then stop it in order.
 */
async function startUnderKernel(setpriv: string, command: readonly string[]): Promise<BoundProcess> {
  const child = spawn(setpriv, ['--pdeathsig', 'KILL', 'sh', '-c', STILL_THERE, String(process.pid), ...command], {
    stdio: 'ignore',
    detached: true,
  });
  const ended = endOf(child);
  child.unref();
  if (child.pid === undefined) {
    await ended;
    throw new Error(`${setpriv} could not be started`);
  }
  return { pid: child.pid, ended };
}

/** The pipe at number 3 has its other end in this process alone; when that end closes, cat ends, and so does the rest. */
const WATCHING_SHELL = `
"$@" </dev/null >/dev/null 2>&1 3<&- & child=$!
echo $child
{ cat <&3; kill -9 $child; } >/dev/null 2>&1 &
exec 3<&- >/dev/null
wait $child
`;

/** Where the kernel offers no such help. */
export async function startUnderShell(command: readonly string[]): Promise<BoundProcess> {
  const shell = spawn('/bin/sh', ['-c', WATCHING_SHELL, 'sh', ...command], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    detached: true,
  });
  const pipe = shell.stdio[3];
  const ended = endOf(shell).then(() => void pipe?.destroy());
  const pid = await new Promise<number>((resolve, reject) => {
    shell.stdout?.once('data', (line: Buffer) => resolve(Number(line.toString())));
    shell.once('error', reject);
    shell.once('exit', () => reject(new Error('the shell that watches ended at once')));
  });
  shell.unref();
  // The pipes are sockets, whatever their types say; they must not keep this process from ending either.
  for (const stream of [shell.stdout, pipe]) if (stream instanceof Socket) stream.unref();
  return { pid, ended };
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}
