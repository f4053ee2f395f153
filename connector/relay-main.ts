import { loadConfig, loadEnvironment, type Config } from '../config/index.ts';
import { checkServer, connect } from './db/connect.ts';
import { pendingMigrations } from './db/migrations.ts';
import { describeStartupError } from './db/startup-error.ts';
import { createLog } from './lib/log.ts';
import { instanceId } from './lib/instance-id.ts';
import { exitCodeOf, SettingsError } from './lib/settings-error.ts';
import { shutDownOnSignal } from './lib/shutdown.ts';
import { takesNoArguments } from './lib/usage.ts';
import { openShop } from './compose/shop.ts';
import { openWholesalers, supplyWarnings } from './compose/wholesalers.ts';
import { openRelay, relayWarning } from './compose/relay.ts';
import { openTelemetry } from './compose/telemetry.ts';
import { openTargets } from './integrations/index.ts';

/** The relay in a process of its own, for RELAY=apart. Any number of them may run, beside any number of servers. */
async function start(): Promise<void> {
  takesNoArguments('The relay');
  const config = loadConfig(loadEnvironment());
  if (config.relay !== 'apart') throw new SettingsError('a relay of its own needs RELAY=apart, for the servers too');
  try {
    await relayOrders(config);
  } catch (error) {
    throw new Error(describeStartupError(error, config.databaseUrl), { cause: error });
  }
}

async function relayOrders(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  for (const warning of config.warnings) log.warn('a setting is not known', { warning });
  const db = connect(config.databaseUrl, { log, poolSize: config.poolSize });
  const database = await checkServer(db);
  const pending = await pendingMigrations(db, config);
  if (pending.length > 0) throw new Error(`the tables are not up to date (${pending.length} steps): npm run migrate`);
  const now = (): Date => new Date();
  const owner = instanceId();
  const wholesalers = openWholesalers(config.idoSell, { db, owner, now, log });
  const targets = openTargets(config, wholesalers, { now, log });
  const names = targets.map(({ name }) => name);
  const warning = await relayWarning(db, names);
  if (warning !== undefined) log.warn('the relay cannot do everything', { warning });
  if (names.length === 0) log.warn('no target is switched on: there is nothing to deliver');
  const shop = openShop(config, db, now);
  const suppliers = wholesalers.map(({ profile }) => profile.name);
  for (const warning of await supplyWarnings(db, shop, suppliers)) {
    log.warn('orders cannot go to wholesalers as they should', { warning });
  }
  const telemetry = await openTelemetry(config, db, now, log);
  const relay = openRelay(config, { db, shop, targets, wholesalers, telemetry, owner, now, random: Math.random, log });
  // The relay's own timers do not keep a process that has nothing else to do.
  const staysAlive = setInterval(() => undefined, 60_000);
  shutDownOnSignal(
    async () => {
      clearInterval(staysAlive);
      await relay.stop();
      await telemetry.stop();
      await db.destroy();
    },
    'relay',
    log,
  );
  log.info('relay started', { database: `${database.product} ${database.text}`, targets: names });
}

start().catch((error: unknown) => {
  process.stderr.write(`The relay cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(exitCodeOf(error));
});
