import { readFile } from 'node:fs/promises';

const TICKS_PER_SECOND = 100; // of the kernel's own clock, in every Linux that Node runs on

/** Processor time that a process has had so far, in milliseconds; undefined where the system does not tell. */
export async function processorMs(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name in brackets may hold spaces; user and system time are the 12th and 13th word after it.
  const words = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return words && ((Number(words[11]) + Number(words[12])) * 1000) / TICKS_PER_SECOND;
}

/** Resident memory in megabytes: now, and the most so far. */
export async function memoryMb(pid: number): Promise<{ now: number; max: number } | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  if (status === undefined) return undefined;
  const read = (name: string) => Number(new RegExp(`${name}:\\s*(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  return { now: read('VmRSS'), max: read('VmHWM') };
}
