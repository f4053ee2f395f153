import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { PartyState } from '../../simulators/expertsender/control.ts';
import type { TroubleInput } from '../../simulators/expertsender/faults.ts';
import { Mishap } from './mishap.ts';

/** What stands in for ExpertSender, as a process of its own: nothing of the demo leaves this computer. */
export interface DemoParty {
  readonly url: string;
  /** Where it can be asked what has arrived. */
  readonly control: string;
  readonly apiKey: string;
  state(): Promise<PartyState>;
  /** What it shows when something holds; undefined when that does not come true in time. */
  stateWhen(holds: (state: PartyState) => boolean): Promise<PartyState | undefined>;
  misbehave(trouble: TroubleInput): Promise<void>;
  behave(): Promise<void>;
  stop(): Promise<void>;
}

const MAIN = join(import.meta.dirname, '..', '..', 'simulators', 'expertsender', 'index.ts');
const WITH_PARENT = pathToFileURL(join(import.meta.dirname, 'with-parent.ts')).href;
const START_MS = 30_000;
const ARRIVAL_MS = 30_000; // usually less than two seconds; a busy machine takes longer

const Started = z.object({ url: z.url(), control: z.url() });

export async function startDemoParty(apiKey: string): Promise<DemoParty> {
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), '--import', WITH_PARENT, MAIN, '--api-key', apiKey],
    // Ctrl-C reaches the whole group of a terminal; the demo alone decides when this stops.
    { stdio: ['ignore', 'pipe', 'ignore', 'ipc'], detached: true },
  );
  const { url, control } = await firstLine(child);
  const tell = async (command: string, body: unknown = {}): Promise<void> => {
    const response = await fetch(`${control}/${command}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Mishap(`The stand-in for ExpertSender does not understand "${command}".`);
  };
  const state = async (): Promise<PartyState> => PartyState.parse(await (await fetch(`${control}/state`)).json());
  return {
    url,
    control,
    apiKey,
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
    misbehave: (trouble) => tell('misbehave', trouble),
    behave: () => tell('behave'),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL'); // it keeps nothing
      await ended;
    },
  };
}

/** Says where it listens. */
async function firstLine(child: ChildProcess): Promise<z.output<typeof Started>> {
  if (!child.stdout) throw new Error('the stand-in for ExpertSender has no output');
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
    throw new Mishap('The stand-in for ExpertSender did not start.', { cause: error });
  }
}
