import { STATUS_TTL_MS } from '../orders/statuses.ts';
import type { Knex } from 'knex';
import { RELAY_PRIVILEGES } from '../storage/required-privileges.ts';
import { startInterval } from '../lib/interval.ts';
import type { Log } from '../lib/log.ts';
import { CONNECTION } from './shop.ts';
import { detectChanges } from '../relay/feed/detect-changes.ts';
import { relayedOrderReader } from '../relay/feed/relayed-order.ts';
import type { Telemetry } from './telemetry.ts';
import { startHousekeeping, type Retention } from '../relay/housekeeping.ts';
import type { Target } from '../contracts/target.ts';
import { startRelay, type Relay } from '../relay/worker.ts';
import { readPrivileges, missingPrivileges } from '../db/privileges.ts';
import type { Shop } from '../contracts/shop.ts';
import type { ShopWriting } from '../contracts/shop-writing.ts';
import { startInboxReader } from '../supply/inbox-reader.ts';
import { startPoller } from '../supply/poller.ts';
import type { Wholesaler } from './wholesalers.ts';

/** The settings of the relay. */
export interface RelaySettings {
  readonly relayGiveUpDays: number;
  readonly relayScanMs: number;
  readonly retention: Retention;
}

export interface OpenRelayDeps {
  readonly db: Knex;
  readonly shop: Shop & ShopWriting;
  readonly targets: readonly Target[];
  /** Those whose word about orders is asked for and listened to. */
  readonly wholesalers: readonly Wholesaler[];
  readonly telemetry: Telemetry;
  /** Names this run of this process. */
  readonly owner: string;
  readonly now: () => Date;
  readonly random: () => number;
  readonly log: Log;
}

/** What our account may not do that the targets need, in a sentence; undefined when all is well. */
export async function relayWarning(db: Knex, targets: readonly string[]): Promise<string | undefined> {
  if (targets.length === 0) return undefined;
  const missing = missingPrivileges(await readPrivileges(db), RELAY_PRIVILEGES);
  if (missing.length === 0) return undefined;
  return `orders will not travel on to ${targets.join(', ')}: our account lacks ${missing.join(', ')}`;
}

/** Starts all that passes orders on: the deliveries, the look for changed orders, and the housekeeping. */
export function openRelay(config: RelaySettings, deps: OpenRelayDeps): Relay {
  const { db, shop, targets, telemetry, owner, now, log } = deps;
  const reading = {
    db,
    shop,
    connection: CONNECTION,
    wholesalers: deps.wholesalers.map(({ tracker }) => tracker.wholesaler),
  };
  const relay = startRelay({
    ...deps,
    readOrders: relayedOrderReader(reading, now, STATUS_TTL_MS),
    giveUpDays: config.relayGiveUpDays,
    onDelivery: (delivery) => telemetry.onDelivery(delivery),
    onRoundFailed: (target) => telemetry.onRoundFailed(target),
  });
  const scan = startInterval(config.relayScanMs, async (signal) => {
    if (targets.length === 0) return;
    try {
      const detected = await detectChanges({ ...reading, owner, now, log }, targets, signal);
      if (detected.kind === 'looked' && detected.enqueued > 0) relay.wake();
    } catch (error) {
      log.error('changed orders could not be looked for', { err: error });
    }
  });
  const listening = deps.wholesalers.flatMap((wholesaler) => {
    const names = targets.map(({ name }) => name);
    const listener = { ...wholesaler, db, shop, targets: names, now, log, onUpdate: () => relay.wake() };
    return [startPoller(listener), startInboxReader(listener)];
  });
  const housekeeping = startHousekeeping({
    db,
    now,
    log,
    retention: config.retention,
    onDeleted: (what, rows) => telemetry.onDeleted(what, rows),
  });
  return {
    wake: () => relay.wake(),
    async stop() {
      await Promise.all([relay, scan, housekeeping, ...listening].map((one) => one.stop()));
    },
  };
}
