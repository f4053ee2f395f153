/** The simulator, for tests, and as a process of its own: node --import tsx simulators/expertsender/index.ts --help */

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { understood } from '../../connector/lib/usage.ts';
import { openControl } from './control.ts';
import { startExpertSender } from './server.ts';

export { startExpertSender, type ExpertSender } from './server.ts';

const HELP = `Stands in for ExpertSender's orders API, on this computer only.

  --api-key KEY        the key that requests must show (needed)
  --port N             where it listens; default: any free port
  --control-port N     where it takes orders itself; default: any free port
  --cancelled WORD     canceled, cancelled or both: which spelling it understands

It says where it listens in one line of JSON: {"url":…,"control":…}
At the control address: GET /state, POST /misbehave {"fault":{"kind":"html"},"times":2}, /behave, /down, /up`;

async function command(): Promise<void> {
  const { values } = understood(
    () =>
      parseArgs({
        options: {
          'api-key': { type: 'string' },
          port: { type: 'string', default: '0' },
          'control-port': { type: 'string', default: '0' },
          cancelled: { type: 'string', default: 'canceled' },
          help: { type: 'boolean' },
        },
      }),
    HELP,
  );
  const { 'api-key': apiKey, cancelled } = values;
  if (values.help || !apiKey || !isSpelling(cancelled)) {
    process.stdout.write(`${HELP}\n`);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const simulator = await startExpertSender({ apiKey, account: { cancelled }, port: Number(values.port) });
  const control = await openControl(simulator, Number(values['control-port']));
  process.stdout.write(`${JSON.stringify({ url: simulator.url, control: `http://127.0.0.1:${control.port}` })}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
}

const isSpelling = (word: string) => word === 'canceled' || word === 'cancelled' || word === 'both';

if (process.argv[1] === fileURLToPath(import.meta.url)) void command();
