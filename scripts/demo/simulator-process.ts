import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { DemoError } from './demo-error.ts';

/** Somebody's stand-in, as a process of its own: nothing of the demo leaves this computer. */
export interface SimulatorProcess<State> {
  readonly url: string;
  /** Where it can be asked what has arrived. */
  readonly control: string;
  state(): Promise<State>;
  /** What it shows when something holds; undefined when that does not come true in time. */
  stateWhen(holds: (state: State) => boolean): Promise<State | undefined>;
  tell(command: string, body?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

const SIMULATORS = join(import.meta.dirname, '..', '..', 'simulators');
const WITH_PARENT = pathToFileURL(join(import.meta.dirname, 'with-parent.ts')).href;
const START_MS = 30_000;
const ARRIVAL_MS = 30_000; // usually less than two seconds; a busy machine takes longer

const Started = z.object({ url: z.url(), control: z.url() });

export async function startSimulator<State>(options: {
  /** For whom, in the merchant's words. */
  readonly name: string;
  /** The folder of its simulator. */
  readonly simulator: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly state: z.ZodType<State>;
}): Promise<SimulatorProcess<State>> {
  const { name, env = {} } = options;
  const main = join(SIMULATORS, options.simulator, 'index.ts');
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), '--import', WITH_PARENT, main, ...options.args],
    // Ctrl-C reaches the whole group of a terminal; the demo alone decides when this stops.
    { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore', 'ipc'], detached: true },
  );
  const { url, control } = await firstLine(child, name);
  const state = async (): Promise<State> => options.state.parse(await (await fetch(`${control}/state`)).json());
  return {
    url,
    control,
    state,
    stateWhen: async (holds) => {
      const deadline = performance.now() + ARRIVAL_MS;
      for (;;) {
        const now = await state();
        if (holds(now)) return now;
        if (performance.now() > deadline) return undefined;
        await sleep(50);
      }
    },
    tell: async (command, body = {}) => {
      const response = await fetch(`${control}/${command}`, { method: 'POST', body: JSON.stringify(body) });
      if (!response.ok) throw new DemoError(`The stand-in for ${name} does not understand "${command}".`);
      return response.json();
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL'); // it keeps nothing
      await ended;
    },
  };
}

/** Says where it listens. */
async function firstLine(child: ChildProcess, name: string): Promise<z.output<typeof Started>> {
  if (!child.stdout) throw new Error(`the stand-in for ${name} has no output`);
  const lines = createInterface({ input: child.stdout });
  const late = AbortSignal.timeout(START_MS);
  try {
    const [line] = (await Promise.race([
      once(lines, 'line', { signal: late }),
      once(child, 'exit', { signal: late }).then(() => ['']),
    ])) as [string];
    return Started.parse(JSON.parse(line));
  } catch (error) {
    child.kill('SIGKILL');
    throw new DemoError(`The stand-in for ${name} did not start.`, { cause: error });
  }
}
