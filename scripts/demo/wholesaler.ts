import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SimulatorState } from '../../simulators/idosell/state.ts';
import type { SuppliedVariant } from './shop.ts';
import { startSimulator, type SimulatorProcess } from './simulator-process.ts';

/** What stands in for a wholesaler whose shop runs on IdoSell. */
export interface DemoWholesaler extends SimulatorProcess<SimulatorState> {
  /** Whether it supplies a variant of the shop. */
  supplies(variant: { readonly productId: string; readonly variantId: string }): boolean;
  /** Where it tells from now on that an order was sent. */
  notifies(origin: string): Promise<unknown>;
  /** Hands an order's parcel to the courier and notifies the shop; what the shop answered. */
  dispatch(orderId: string, number: string): Promise<number | undefined>;
  /** With these the connector orders there. */
  readonly settings: Readonly<Record<string, string>>;
}

const NAME = 'demo-wholesaler';
const SECRETS = { IDOSELL_PASSWORD: 'demo-password', IDOSELL_DROPSHIPPING_KEY: 'demo-dropshipping-key' };

const Calls = z.array(z.object({ status: z.number().optional() }));

export async function startDemoWholesaler(options: {
  readonly directory: string;
  readonly variants: readonly SuppliedVariant[];
  readonly now: Date;
}): Promise<DemoWholesaler> {
  const { directory, variants, now } = options;
  const secret = randomBytes(24).toString('hex');
  const profile = join(directory, `${NAME}.json`);
  const products = join(directory, `${NAME}-products.json`);
  const writeProfile = (host: string): Promise<void> =>
    writeFile(profile, `${JSON.stringify(profileOf(host, now), undefined, 2)}\n`);
  await writeProfile('127.0.0.1');
  await writeFile(products, JSON.stringify(variants.map(({ code, name }) => productOf(code, name))));
  const simulator = await startSimulator({
    name: 'the wholesaler',
    simulator: 'idosell',
    args: ['--profile', profile, '--products', products],
    env: SECRETS,
    state: SimulatorState,
  });
  // Only now is it known where it listens.
  await writeProfile(new URL(simulator.url).host);
  const known = new Set(variants.map(({ productId, variantId }) => `${productId} ${variantId}`));
  return {
    ...simulator,
    supplies: ({ productId, variantId }) => known.has(`${productId} ${variantId}`),
    notifies: (origin) => simulator.tell('webhook', { url: `${origin}/hooks/idosell/${NAME}/${secret}` }),
    dispatch: async (order, number) => {
      const calls = Calls.parse(await simulator.tell('dispatch', { order, numbers: [number] }));
      return calls[0]?.status;
    },
    settings: { ...SECRETS, IDOSELL_PROFILES: profile, WEBHOOK_SECRET: secret },
  };
}

/** As a merchant would write it, but for the address: here everything stays on this computer. */
function profileOf(host: string, now: Date): object {
  return {
    name: NAME,
    host,
    endpointTemplate: 'http://{host}/customer-api/?gate={gate}/{method}/{version}/{format}',
    // The stand-in forgets everything; an account of each visit keeps its order numbers apart.
    login: `demo-shop-${Math.floor(now.getTime() / 1000).toString(36)}`,
    passwordEnv: 'IDOSELL_PASSWORD',
    dropshippingKeyEnv: 'IDOSELL_DROPSHIPPING_KEY',
    payer: {
      ...{ firm: 'Sklep Demo sp. z o.o.', nip: '1111111111', phone: '910000000' },
      ...{ street: 'Handlowa 1', zipCode: '70-001', city: 'Szczecin' },
    },
    couriers: { '*': ['100149'] },
    trackingTemplates: { '100149': 'https://track.example.test/{number}' },
    minIntervalMs: 20,
  };
}

const productOf = (code: string, name: string): object => ({
  codes: { internal: code },
  ...{ name, stock: '20', price: '10', weight: '0.5' },
});
