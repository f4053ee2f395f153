import { readFileSync } from 'node:fs';

const LOOK_MS = 500;

/**
 * Calls `gone` when a process that led to this one has ended: npm, a shell, or whoever opened their session, as `su` does.
 * A closed terminal says so with SIGHUP; all of these end in silence when they are killed.
 */
export function whenStarterIsGone(gone: () => void): void {
  const before = starters().join();
  const timer = setInterval(() => {
    if (starters().join() === before) return;
    clearInterval(timer);
    gone();
  }, LOOK_MS);
  timer.unref();
}

/**
 * The parent, its parent and so on, up to who opened the session: what is above that may come and go. An orphan has
 * another parent at once. Elsewhere than on Linux it is the parent alone.
 */
function starters(): readonly number[] {
  const own = statOf(process.pid);
  if (!own) return [process.ppid];
  const found = [own.parent];
  for (let next = statOf(own.parent); next?.session === own.session; next = statOf(next.parent))
    found.push(next.parent);
  return found;
}

function statOf(pid: number): { readonly parent: number; readonly session: number } | undefined {
  try {
    // Behind the name, which may hold anything: state, parent, group, session.
    const [, parent, , session] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { parent: Number(parent), session: Number(session) };
  } catch {
    return undefined;
  }
}
