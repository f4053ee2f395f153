import { loadConfig, loadEnvironment } from '../config/index.ts';
import { checkServer, connect } from './db/connect.ts';
import { pendingMigrations } from './db/migrations.ts';
import { createLog } from './lib/log.ts';
import { runName } from './lib/run-name.ts';
import { stopOnSignal } from './lib/stop.ts';
import { openShop } from './open.ts';
import { openRelay } from './open-relay.ts';
import { openWholesalers, supplyWarnings } from './open-wholesalers.ts';
import { openRecords } from './records.ts';
import { openTargets } from './relay/targets/index.ts';

/** The relay in a process of its own, for RELAY=apart. Any number of them may run, beside any number of servers. */
async function start(): Promise<void> {
  const config = loadConfig(loadEnvironment());
  if (config.relay !== 'apart') throw new Error('a relay of its own needs RELAY=apart, for the servers too');
  const log = createLog(config.logLevel);
  const db = connect(config.databaseUrl, { log });
  await checkServer(db);
  const pending = await pendingMigrations(db, config);
  if (pending.length > 0) throw new Error(`the tables are not up to date (${pending.length} steps): npm run migrate`);
  const now = (): Date => new Date();
  const owner = runName();
  const wholesalers = openWholesalers(config.idoSell, { db, owner, now, log });
  const targets = openTargets(config, wholesalers, { now, log });
  const shop = openShop(config, db, now);
  const suppliers = wholesalers.map(({ profile }) => profile.name);
  for (const warning of await supplyWarnings(db, shop, suppliers)) {
    log.warn('orders cannot go to wholesalers as they should', { warning });
  }
  const records = await openRecords(config, db, now, log);
  const relay = openRelay(config, { db, shop, targets, wholesalers, records, owner, now, random: Math.random, log });
  // The relay's own timers do not keep a process that has nothing else to do.
  const staysAlive = setInterval(() => undefined, 60_000);
  stopOnSignal(
    async () => {
      clearInterval(staysAlive);
      await relay.stop();
      await records.stop();
      await db.destroy();
    },
    'relay',
    log,
  );
  log.info('relay started', { targets: targets.map(({ name }) => name) });
}

start().catch((error: unknown) => {
  process.stderr.write(`The relay cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
