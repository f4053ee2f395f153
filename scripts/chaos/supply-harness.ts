import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { baseLinker } from '../../connector/baselinker/check/client.ts';
import { connect } from '../../connector/db/connect.ts';
import { releaseExpired } from '../../connector/storage/outbox-leases.ts';
import { migrate } from '../../connector/db/migrations.ts';
import { Profile } from '../../connector/integrations/idosell/client/profile.ts';
import { startIdoSell, type IdoSell } from '../../simulators/idosell/index.ts';
import { startPrivateMariadb } from '../private-mariadb.ts';
import { removeFolder, temporaryFolder } from '../temporary-folder.ts';
import { seedShop } from '../seed/shop.ts';
import { startConnector, type ConnectorProcess } from './connector.ts';
import { leasesRunOut } from './fast-forward.ts';
import { Violation } from './violation.ts';

const KEY = 'chaos-communication-key-0123456789';
const SECRETS = { CHAOS_PASSWORD: 'Sklep-Chaos_2026', CHAOS_KEY: 'DROPKEY-CHAOS-1' };
export const WHOLESALER = 'chaos';
const CODE = '1-uniw';
const ANSWERED_WITHIN_MS = 30_000;

/** One order of so many pieces of the one variant that the wholesaler supplies. */
export interface SuppliedOrder {
  readonly id: string;
  readonly quantity: number;
}

/** A shop's database, a connector, and a wholesaler that supplies one of its variants: each of them can be ended. */
export interface SupplyHarness {
  readonly simulator: IdoSell;
  readonly databaseUrl: string;
  readonly orders: readonly SuppliedOrder[];
  /** An order of BaseLinker, paid; asked for until it is answered. */
  place(quantity: number): Promise<void>;
  killConnector(): Promise<void>;
  /** Leases of the one before have run out by then, and nothing that it had asked is under way any more. */
  startConnector(): Promise<void>;
  killDatabase(): Promise<void>;
  startDatabase(): Promise<void>;
  lastLog(lines: number): Promise<string>;
  close(): Promise<void>;
}

export async function openSupplyHarness(changes: object = {}): Promise<SupplyHarness> {
  const directory = await temporaryFolder('supply');
  const database = await startPrivateMariadb({ durable: true, directory: join(directory, 'mariadb') });
  const productId = await fill(database.url);
  const simulator = await startIdoSell({
    profile: Profile.parse({ ...PROFILE, ...changes }),
    ...{ password: SECRETS.CHAOS_PASSWORD, dropshippingKey: SECRETS.CHAOS_KEY },
    products: [{ codes: { internal: CODE }, name: 'Kubek', stock: '100000', price: '10', weight: '0.01' }],
  });
  const profile = join(directory, 'profile.json');
  await writeFile(profile, JSON.stringify(simulator.profile));
  const options = {
    ...{ directory, logFile: join(directory, 'connector.log') },
    settings: {
      ...{ DATABASE_URL: database.url, BASELINKER_KEY: KEY, SHOP: 'native', RELAY_SCAN_SECONDS: '1' },
      ...{ IDOSELL_PROFILES: profile, ...SECRETS },
    },
  };
  const orders: SuppliedOrder[] = [];
  let connector: ConnectorProcess | undefined = await startConnector(options);
  const kill = async (): Promise<void> => {
    const ending = connector;
    connector = undefined;
    ending?.signal('SIGKILL');
    await ending?.ended;
  };
  return {
    ...{ simulator, databaseUrl: database.url, orders },
    async place(quantity) {
      const number = String(70_001 + orders.length);
      const product = { id: productId, variant_id: '0', name: 'Kubek', price: '24.90', quantity };
      const fields = { ...BUYER, baselinker_id: number, products: JSON.stringify([product]) };
      const deadline = performance.now() + ANSWERED_WITHIN_MS;
      for (;;) {
        const url = `http://127.0.0.1:${connector?.port ?? 1}/baselinker`;
        const answer = await baseLinker({ url, key: KEY, timeoutMs: 5000 }).call('OrderAdd', fields);
        const id = answer.kind === 'answered' ? /"order_id":(\d+)/.exec(answer.text)?.[1] : undefined;
        if (id !== undefined) return void orders.push({ id, quantity });
        if (performance.now() > deadline) throw new Violation(`no order: ${JSON.stringify(answer)}`);
      }
    },
    killConnector: kill,
    startConnector: async () => {
      await timePasses(database.url);
      connector = await startConnector(options);
    },
    killDatabase: () => database.kill(),
    startDatabase: () => database.restart(),
    lastLog: async (lines) => (await readFile(options.logFile, 'utf8')).trim().split('\n').slice(-lines).join('\n'),
    close: async () => {
      await kill();
      await simulator.close();
      await database.remove();
      await removeFolder(directory);
    },
  };
}

/** Leases are over, and calls have landed. Only for when nobody is at work. */
export async function timePasses(databaseUrl: string): Promise<void> {
  await leasesRunOut(databaseUrl);
  const db = connect(databaseUrl);
  try {
    await releaseExpired(db, new Date(), 1000);
    await callsHaveLanded(db);
  } finally {
    await db.destroy();
  }
}

/**
 * Nobody need wait any longer for a call that was broken off. It is long before an hour, after which no basket is
 * trusted.
 */
export async function callsHaveLanded(db: Knex): Promise<void> {
  await db.raw(
    `UPDATE bl_supply_parts SET basket_at = basket_at - INTERVAL 6 MINUTE, sent_at = sent_at - INTERVAL 6 MINUTE
     WHERE state IN ('importing', 'sending') AND basket_at > UTC_TIMESTAMP(3) - INTERVAL 6 MINUTE`,
  );
}

const PROFILE = {
  ...{ name: WHOLESALER, host: '127.0.0.1', login: 'sklep-chaos' },
  ...{ passwordEnv: 'CHAOS_PASSWORD', dropshippingKeyEnv: 'CHAOS_KEY' },
  ...{ minIntervalMs: 0, timeoutSeconds: 5, couriers: { '*': ['100149'] }, lookup: { tries: 3, withinMinutes: 0.01 } },
  payer: { firm: 'Sklep Chaos', nip: '1111111111', street: 'Handlowa 1', zipCode: '70-001', city: 'Szczecin' },
};

const BUYER = {
  ...{ email: 'kim@example.test', phone: '600000001', currency: 'PLN', delivery_price: '11.99', paid: '1' },
  ...{ delivery_fullname: 'Kim Nowak', delivery_address: 'Lipowa 7/2', delivery_postcode: '00-950' },
  ...{ delivery_city: 'Warszawa', delivery_country_code: 'PL', change_products_quantity: '0' },
};

/** The id of the variant that the wholesaler supplies. */
async function fill(databaseUrl: string): Promise<string> {
  const db = connect(databaseUrl);
  try {
    await migrate(db, { shop: 'native' });
    await seedShop(db, { products: 1, orders: 0, seed: 1, now: new Date() });
    await db('shop_products').insert({ id: 501, name: 'Kubek', price: '24.90', vat_rate: 23, quantity: 100 });
    await db('shop_product_supplies').insert({
      ...{ product_id: 501, variant_id: 0, wholesaler: WHOLESALER, code: CODE, code_type: 'internal' },
    });
    return '501';
  } finally {
    await db.destroy();
  }
}
