import type { Knex } from 'knex';
import { RELAY_NEEDS } from './db/own-rights.ts';
import { every } from './lib/every.ts';
import type { Log } from './lib/log.ts';
import { CONNECTION } from './open.ts';
import { noticeChanges } from './orders/notice-changes.ts';
import { relayedOrderReader } from './orders/relayed-order.ts';
import type { Records } from './records.ts';
import { startHousekeeping, type Keep } from './relay/housekeeping.ts';
import type { Target } from './relay/target.ts';
import { startRelay, type Relay } from './relay/worker.ts';
import { readRights, refusedRights } from './shops/native/rights.ts';
import type { Shop } from './shops/shop.ts';
import type { ShopWriting } from './shops/shop-writing.ts';
import { startInboxReader } from './sources/inbox-reader.ts';
import { startPoller } from './sources/poller.ts';
import type { Wholesaler } from './open-wholesalers.ts';

/** The settings of the relay. */
export interface RelaySettings {
  readonly relayGiveUpDays: number;
  readonly relayScanMs: number;
  readonly keep: Keep;
}

export interface OpenRelayParts {
  readonly db: Knex;
  readonly shop: Shop & ShopWriting;
  readonly targets: readonly Target[];
  /** Those whose word about orders is asked for and listened to. */
  readonly wholesalers: readonly Wholesaler[];
  readonly records: Records;
  /** Names this run of this process. */
  readonly owner: string;
  readonly now: () => Date;
  readonly random: () => number;
  readonly log: Log;
}

/** What our account may not do that the targets need, in a sentence; undefined when all is well. */
export async function relayWarning(db: Knex, targets: readonly string[]): Promise<string | undefined> {
  if (targets.length === 0) return undefined;
  const refused = refusedRights(await readRights(db), RELAY_NEEDS);
  if (refused.length === 0) return undefined;
  return `orders will not travel on to ${targets.join(', ')}: our account lacks ${refused.join(', ')}`;
}

/** Starts all that passes orders on: the deliveries, the look for changed orders, and the housekeeping. */
export function openRelay(config: RelaySettings, parts: OpenRelayParts): Relay {
  const { db, shop, targets, records, owner, now, log } = parts;
  const reading = {
    db,
    shop,
    connection: CONNECTION,
    wholesalers: parts.wholesalers.map(({ source }) => source.wholesaler),
  };
  const relay = startRelay({
    ...parts,
    readOrders: relayedOrderReader(reading, now),
    giveUpDays: config.relayGiveUpDays,
    onDelivery: (delivery) => records.onDelivery(delivery),
    onRoundFailed: (target) => records.onRoundFailed(target),
  });
  const scan = every(config.relayScanMs, async (signal) => {
    if (targets.length === 0) return;
    try {
      const noticed = await noticeChanges({ ...reading, owner, now, log }, targets, signal);
      if (noticed.kind === 'looked' && noticed.enqueued > 0) relay.wake();
    } catch (error) {
      log.error('changed orders could not be looked for', { err: error });
    }
  });
  const listening = parts.wholesalers.flatMap((wholesaler) => {
    const names = targets.map(({ name }) => name);
    const listener = { ...wholesaler, db, shop, targets: names, now, log, onNews: () => relay.wake() };
    return [startPoller(listener), startInboxReader(listener)];
  });
  const housekeeping = startHousekeeping({
    db,
    now,
    log,
    keep: config.keep,
    onCleaned: (what, rows) => records.onCleaned(what, rows),
  });
  return {
    wake: () => relay.wake(),
    async stop() {
      await Promise.all([relay, scan, housekeeping, ...listening].map((one) => one.stop()));
    },
  };
}
