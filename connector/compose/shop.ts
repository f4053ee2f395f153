import type { Knex } from 'knex';
import type { Accepted, ConnectionSettings } from '../baselinker/actions/context.ts';
import { UPDATE_KINDS } from '../baselinker/actions/order-update.ts';
import type { AppDeps } from './app.ts';
import { stockGuard } from '../catalogue/stock-guard.ts';
import { isConnectionError, isQueryError } from '../db/connect.ts';
import { databaseHealth } from '../storage/health.ts';
import {
  ENQUEUEING_PRIVILEGES,
  REQUIRED_PRIVILEGES,
  STOCK_GUARD_PRIVILEGES,
  type RequiredPrivileges,
} from '../storage/required-privileges.ts';
import type { Log } from '../lib/log.ts';
import type { OrderSettings } from '../orders/deps.ts';
import { nativeShop } from '../shops/native/index.ts';
import { readPrivileges, missingPrivileges } from '../db/privileges.ts';
import { nativeShopWriting } from '../shops/native/writing/index.ts';
import type { Capability, Probe, Shop } from '../contracts/shop.ts';
import type { ShopWriting } from '../contracts/shop-writing.ts';

/** The name under which orders and dumps of the one BaseLinker connection are kept; never renamed. */
export const CONNECTION = 'baselinker';

/** The settings of which the shop makes something. */
export interface ShopSettings {
  readonly currency: string;
  readonly removedProductsDays: number;
  readonly changesOverlapMs: number;
}

/** The settings that the parts are made of. */
export interface OpenSettings extends Omit<ConnectionSettings & OrderSettings, 'name'>, ShopSettings {
  readonly accepts: readonly Accepted[];
  readonly settings: AppDeps['settings'];
  readonly stockGuard: { readonly share: number; readonly least: number };
}

/** Puts the parts of a running connector together from its settings. */
export async function composeApp(
  config: OpenSettings,
  db: Knex,
  log: Log,
  now: () => Date,
  targets: readonly string[] = [],
): Promise<AppDeps> {
  const shop = openShop(config, db, now);
  return {
    db,
    shop,
    probe: await checkedProbe(await shop.probe(), db, config.accepts, targets),
    stockGuard: stockGuard({ db, shop, connection: CONNECTION, ...config.stockGuard, now, log }),
    connection: { name: CONNECTION, ...config },
    targets,
    accepts: new Set(config.accepts),
    settings: config.settings,
    health: () => databaseHealth(db),
    databaseErrorCode: (error) =>
      isConnectionError(error) ? 'db_connection' : isQueryError(error) ? 'db_query' : undefined,
    now,
    log,
  };
}

/** The shop that the settings name, for the endpoints and for the operator's commands alike. */
export function openShop(config: ShopSettings, db: Knex, now: () => Date): Shop & ShopWriting {
  const { currency, removedProductsDays, changesOverlapMs } = config;
  const profile = { currency, removedProductsDays, changesOverlapMs, now };
  return { ...nativeShop(db, profile), ...nativeShopWriting(profile) };
}

/** For which word of ACCEPT a capability is there; the others are always wanted. Of wholesalers `supplyWarnings` speaks. */
const WANTED_FOR: Readonly<Partial<Record<Capability, readonly Accepted[]>>> = {
  'write-stock': ['stock'],
  'write-prices': ['prices'],
  'write-products': ['products'],
  'create-orders': ['orders'],
  'update-orders': UPDATE_KINDS,
  'read-supplies': [],
};

/** The shop's own probe knows nothing of our tables, nor of what the owner wants to be warned of. */
async function checkedProbe(
  probe: Probe,
  db: Knex,
  accepts: readonly Accepted[],
  targets: readonly string[],
): Promise<Probe> {
  const may = await readPrivileges(db);
  const capabilities = new Set(probe.capabilities);
  const warnings = [...probe.warnings];
  for (const [capability, required] of requiredPrivileges(targets)) {
    const missing = missingPrivileges(may, required);
    if (missing.length > 0 && capabilities.delete(capability)) {
      warnings.push(`${capability}: our account lacks ${missing.join(', ')}`);
    }
  }
  const unguarded = missingPrivileges(may, STOCK_GUARD_PRIVILEGES);
  if (unguarded.length > 0) {
    warnings.push(`ProductsQuantity will fail in the stock guard: our account lacks ${unguarded.join(', ')}`);
  }
  const unwanted = Object.entries(WANTED_FOR).filter(([, kinds]) => !kinds.some((kind) => accepts.includes(kind)));
  const isWanted = (warning: string): boolean =>
    !unwanted.some(([capability]) => warning.startsWith(`${capability}: `));
  return { ...probe, capabilities, warnings: warnings.filter(isWanted) };
}

function requiredPrivileges(targets: readonly string[]): ReadonlyMap<Capability, RequiredPrivileges> {
  const required = new Map<Capability, RequiredPrivileges>(
    Object.entries(REQUIRED_PRIVILEGES) as [Capability, RequiredPrivileges][],
  );
  if (targets.length === 0) return required;
  for (const [capability, more] of Object.entries(ENQUEUEING_PRIVILEGES) as [Capability, RequiredPrivileges][]) {
    required.set(capability, { ...required.get(capability), ...more });
  }
  return required;
}
