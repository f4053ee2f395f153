/** The simulator, for tests, and as a process of its own: node --import tsx simulators/idosell/index.ts --help */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Profile } from '../../connector/integrations/idosell/client/profile.ts';
import { understood } from '../../connector/lib/usage.ts';
import { openControl } from './control.ts';
import { DEMO_PRODUCTS } from './demo.ts';
import { startIdoSell } from './server.ts';
import type { ProductInput } from './stock.ts';

export { startIdoSell, type IdoSell, type IdoSellOptions } from './server.ts';
export { renamedProfile } from './renamed.ts';

const HELP = `Stands in for a wholesaler's shop on IdoSell (CustomerAPI), on this computer only.

  --profile FILE       the profile that the connector has, as JSON; default: config/idosell.default.json
  --products FILE      what it sells: [{"codes":{"internal":"1454-03"},"name":…,"stock":"7","price":"19.9","weight":"0.4"}]
  --webhook URL        where it tells that an order was sent; only on the loopback
  --json               serves the JSON twin too
  --port N             where it listens; default: any free port
  --control-port N     where it takes orders itself; default: any free port

Password and dropshipping key stand in the environment, under the names in the profile.
It says where it listens in one line of JSON: {"url":…,"control":…}
At the control address: GET /state, POST
  /misbehave {"fault":{"kind":"html"},"times":2,"on":"placeOrder"}   /behave   /down   /up
  /dispatch {"order":"login-1","numbers":["X1"],"form":"xml"}        /notify {"order":"login-1","times":2}
  /status {"order":"login-1","status":"suspended"}                   /stock {"code":"1454-03","stock":"0"}
  /product {"codes":{"internal":"A-1"},"name":"Kubek"}               /fill-basket {"code":"1454-03","quantity":"1"}
  /block {"block":"shop"}                                            /end-sessions   /webhook {"url":…}`;

const DEFAULT_PROFILE = new URL('../../config/idosell.default.json', import.meta.url);

async function command(): Promise<void> {
  const { values } = understood(
    () =>
      parseArgs({
        options: {
          profile: { type: 'string', default: fileURLToPath(DEFAULT_PROFILE) },
          products: { type: 'string' },
          webhook: { type: 'string' },
          json: { type: 'boolean' },
          port: { type: 'string', default: '0' },
          'control-port': { type: 'string', default: '0' },
          help: { type: 'boolean' },
        },
      }),
    HELP,
  );
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const profile = Profile.parse(json(values.profile));
  const [password, dropshippingKey] = [process.env[profile.passwordEnv], process.env[profile.dropshippingKeyEnv]];
  if (!password || !dropshippingKey) {
    process.stderr.write(`${profile.passwordEnv} and ${profile.dropshippingKeyEnv} must be set\n`);
    process.exitCode = 2;
    return;
  }
  const simulator = await startIdoSell({
    ...{ profile, password, dropshippingKey, port: Number(values.port) },
    // The cast: what is in the file is checked product by product.
    products: values.products === undefined ? DEMO_PRODUCTS : (json(values.products) as ProductInput[]),
    formats: values.json ? ['soap', 'json'] : [profile.format],
    ...(values.webhook === undefined ? {} : { webhook: values.webhook }),
  });
  const control = await openControl(simulator, Number(values['control-port']));
  process.stdout.write(`${JSON.stringify({ url: simulator.url, control: `http://127.0.0.1:${control.port}` })}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
}

const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

if (process.argv[1] === fileURLToPath(import.meta.url)) void command();
