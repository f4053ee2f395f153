import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Knex } from 'knex';
import { RELAY_NEEDS } from './db/own-rights.ts';
import { every } from './lib/every.ts';
import type { Log } from './lib/log.ts';
import { CONNECTION } from './open.ts';
import { noticeChanges } from './orders/notice-changes.ts';
import { relayedOrders } from './orders/relayed-order.ts';
import type { Records } from './records.ts';
import { startHousekeeping, type Keep } from './relay/housekeeping.ts';
import type { Target } from './relay/target.ts';
import { startRelay, type Relay } from './relay/worker.ts';
import { readRights, refusedRights } from './shops/native/rights.ts';
import type { Shop } from './shops/shop.ts';

/** The settings of the relay. */
export interface RelaySettings {
  readonly relayGiveUpDays: number;
  readonly relayScanMs: number;
  readonly keep: Keep;
}

export interface OpenRelayParts {
  readonly db: Knex;
  readonly shop: Shop;
  readonly targets: readonly Target[];
  readonly records: Records;
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
  const { db, shop, targets, records, now, log } = parts;
  const owner = `${hostname().slice(0, 30)}:${process.pid}:${randomBytes(6).toString('hex')}`;
  const reading = { db, shop, connection: CONNECTION };
  const relay = startRelay({
    ...parts,
    owner,
    readOrders: (ids) => relayedOrders(reading, ids),
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
      await Promise.all([relay.stop(), scan.stop(), housekeeping.stop()]);
    },
  };
}
