import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { loadConfig } from '../../config/index.ts';
import { createApp } from '../../connector/compose/app.ts';
import { connect } from '../../connector/db/connect.ts';
import { Profile } from '../../connector/integrations/idosell/client/profile.ts';
import { createLog } from '../../connector/lib/log.ts';
import { composeApp } from '../../connector/compose/shop.ts';
import { openRelay } from '../../connector/compose/relay.ts';
import { openWholesalers, type Wholesaler } from '../../connector/compose/wholesalers.ts';
import { openTargets } from '../../connector/integrations/index.ts';
import type { Target } from '../../connector/contracts/target.ts';
import { readInbox } from '../../connector/supply/inbox-reader.ts';
import { pollOnce, type PollerDeps } from '../../connector/supply/poller.ts';
import { startIdoSell, type IdoSell, type IdoSellOptions } from '../../simulators/idosell/index.ts';
import { anOrder, aShop, STATUS } from '../orders/a-shop.ts';
import { aClock, aProfile, DROPSHIPPING_KEY, PASSWORD } from '../integrations/idosell/ordering/a-wholesaler.ts';
import { KEY, type Answer } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { memoryStream } from '../support/memory-stream.ts';

export const WEBHOOK_SECRET = 'webhook-secret-of-the-tests-0123456789';

/** A connector whose mugs (501) a wholesaler supplies, with everything but the timers: these are moved by hand. */
export interface SuppliedShop {
  readonly simulator: IdoSell;
  readonly supplier: Wholesaler;
  readonly clock: ReturnType<typeof aClock>;
  /** Where notifications go. */
  readonly webhook: string;
  readonly server: Server;
  call(action: string, fields?: Readonly<Record<string, string | number>>): Promise<Answer>;
  /** Lets the relay deliver until nothing is due. */
  relay(): Promise<void>;
  /** Asks how orders stand, as far as it is time; how many it asked about. */
  poll(): Promise<number>;
  readNotifications(): Promise<number>;
  log(): string;
  close(): Promise<void>;
}

export async function aSuppliedShop(
  changes: object = {},
  others: readonly Target[] = [],
  options: Partial<IdoSellOptions> = {},
): Promise<SuppliedShop> {
  await aShop();
  const { db: tables } = testDatabase();
  await tables('shop_product_supplies').insert({
    ...{ product_id: 501, variant_id: 0, wholesaler: 'hurt', code: '501-uniw', code_type: 'internal' },
  });
  return openSuppliedShop(changes, others, options);
}

/** The same over tables that are filled already. */
export async function openSuppliedShop(
  changes: object = {},
  others: readonly Target[] = [],
  options: Partial<IdoSellOptions> = {},
): Promise<SuppliedShop> {
  const clock = aClock();
  const simulator = await startIdoSell({
    profile: Profile.parse(aProfile(changes)),
    ...{ password: PASSWORD, dropshippingKey: DROPSHIPPING_KEY, now: clock.now },
    products: [{ codes: { internal: '501-uniw' }, name: 'Kubek', stock: '10', price: '10', weight: '0.3' }],
    ...options,
  });
  const stream = memoryStream();
  const log = createLog('debug', stream);
  const config = loadConfig({ DATABASE_URL: testDatabase().url, BASELINKER_KEY: KEY, WEBHOOK_SECRET });
  const db = connect(config.databaseUrl, { log });
  const { now } = clock;
  const wholesalers = openWholesalers(
    [{ path: 'test.json', json: simulator.profile, password: PASSWORD, dropshippingKey: DROPSHIPPING_KEY }],
    { db, owner: 'test', now, log },
  );
  const [supplier] = wholesalers;
  if (!supplier) throw new Error('no wholesaler');
  const targets = [...openTargets(config, wholesalers, { now, log }), ...others];
  const names = targets.map(({ name }) => name);
  const deps = await composeApp(config, db, log, now, names);
  const webhooks = { trackers: [supplier.tracker], secrets: config.webhookSecrets };
  const server = createServer(createApp({ ...deps, webhooks }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const webhook = `http://127.0.0.1:${port}/hooks/idosell/hurt/${WEBHOOK_SECRET}`;
  simulator.setWebhook(webhook);
  const listener: PollerDeps = { ...deps, ...supplier, targets: names, onUpdate: () => undefined };
  const telemetry = {
    onAnswered() {},
    onDelivery() {},
    onRoundFailed() {},
    onDeleted() {},
    stop: () => Promise.resolve(),
  };
  return {
    ...{ simulator, supplier, clock, webhook, server },
    async call(action, fields = {}) {
      const sent = { bl_pass: KEY, action, ...fields };
      const { text, body } = await request(server).post(config.settings.endpointPath).type('form').send(sent);
      return { text, body: body as Answer['body'] };
    },
    async relay() {
      const relay = openRelay(config, {
        ...{ db, shop: deps.shop, targets, wholesalers, telemetry, owner: 'test', now, random: () => 0.5, log },
      });
      const deadline = performance.now() + 15_000;
      const busy = () =>
        db('bl_outbox').whereIn('state', ['due', 'leased']).andWhere('due_at', '<=', now()).first('id');
      while ((await busy()) !== undefined && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await relay.stop();
    },
    poll: () => pollOnce(listener, AbortSignal.timeout(15_000)),
    readNotifications: () => readInbox(listener),
    log: () => stream.text(),
    async close() {
      await new Promise((resolve) => server.close(resolve));
      await simulator.close();
      await db.destroy();
    },
  };
}

/** As a marketplace's order comes: with all that a courier needs, and paid. */
export const supplied = (changes: Readonly<Record<string, string>> = {}) =>
  anOrder({
    ...{ delivery_address: 'Lipowa 7/2', delivery_postcode: '00-950', delivery_city: 'Warszawa', phone: '600000001' },
    ...{ paid: '1', status_id: STATUS.new },
    ...changes,
  });
