import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { loadConfig, loadEnvironment, type Config } from '../config/index.ts';
import { createApp } from './compose/app.ts';
import { checkServer, connect } from './db/connect.ts';
import { pendingMigrations } from './db/migrations.ts';
import { describeStartupError } from './db/startup-error.ts';
import { createLog } from './lib/log.ts';
import { instanceId } from './lib/instance-id.ts';
import { exitCodeOf } from './lib/settings-error.ts';
import { shutDownOnSignal } from './lib/shutdown.ts';
import { takesNoArguments } from './lib/usage.ts';
import { composeApp } from './compose/shop.ts';
import { openWholesalers, supplyWarnings } from './compose/wholesalers.ts';
import { openRelay, relayWarning } from './compose/relay.ts';
import { openTelemetry } from './compose/telemetry.ts';
import { openTargets } from './integrations/index.ts';

/** Calls after which a target may have something to hear: no need to wait for the relay's next look. */
const CHANGES_ORDERS: readonly (string | undefined)[] = ['OrderAdd', 'OrderUpdate'];

async function start(): Promise<void> {
  takesNoArguments('The connector');
  const config = loadConfig(loadEnvironment());
  try {
    await serve(config);
  } catch (error) {
    throw new Error(describeStartupError(error, config.databaseUrl), { cause: error });
  }
}

async function serve(config: Config): Promise<void> {
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
  const deps = await composeApp(config, db, log, now, names);
  for (const warning of deps.probe.warnings) log.warn('the shop cannot do everything', { warning });
  const warning = await relayWarning(db, names);
  if (warning !== undefined) log.warn('the relay cannot do everything', { warning });
  const telemetry = await openTelemetry(config, db, now, log);
  const { shop } = deps;
  const suppliers = wholesalers.map(({ profile }) => profile.name);
  for (const warning of await supplyWarnings(db, shop, suppliers)) {
    log.warn('orders cannot go to wholesalers as they should', { warning });
  }
  // Without targets it only keeps house: rows of calls are written, and grow old, in any case.
  const ours = config.relay === 'inside' ? { targets, wholesalers } : { targets: [], wholesalers: [] };
  const relay = openRelay(config, { ...ours, db, shop, telemetry, owner, now, random: Math.random, log });
  const server = createServer(
    createApp({
      ...deps,
      onAnswered: (call) => {
        telemetry.onAnswered(call);
        if (CHANGES_ORDERS.includes(call.action)) relay.wake();
      },
      webhooks: { trackers: wholesalers.map(({ tracker }) => tracker), secrets: config.webhookSecrets },
    }),
  );
  const closeServer = closesCleanly(server);
  const stop = async (): Promise<void> => {
    await Promise.all([closeServer(), relay.stop()]);
    await telemetry.stop();
    await db.destroy();
  };
  shutDownOnSignal(stop, 'connector', log);
  await listening(server, config.port, config.host);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  log.info('connector started', {
    url: `http://${config.host}:${port}${config.settings.endpointPath}`,
    database: `${database.product} ${database.text}`,
    accepts: config.accepts.length > 0 ? config.accepts : ['nothing'],
    targets: names,
    relay: config.relay,
  });
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new Error(`port ${port} of ${host} is in use: set PORT to another one`, { cause: error }) : error);
    });
    server.listen(port, host, resolve);
  });
}

/**
 * The answers that are under way are finished. Each ends its connection from then on: a caller who keeps one busy would
 * otherwise keep the server open, too. Lines on which nothing is asked are ended at once, also those that never asked.
 */
function closesCleanly(server: Server): () => Promise<void> {
  let isStopping = false;
  const underWay = new Set<ServerResponse>();
  const lines = new Set<Socket>();
  server.on('connection', (line) => {
    lines.add(line);
    line.once('close', () => lines.delete(line));
  });
  const endsLine = (res: ServerResponse): unknown => res.headersSent || res.setHeader('Connection', 'close');
  server.prependListener('request', (_req, res: ServerResponse) => {
    if (isStopping) endsLine(res);
    underWay.add(res);
    res.once('close', () => underWay.delete(res));
  });
  return () =>
    new Promise((resolve) => {
      isStopping = true;
      server.close(() => resolve());
      for (const res of underWay) endsLine(res);
      const busy = new Set([...underWay].map(({ socket }) => socket));
      for (const line of lines) if (!busy.has(line)) line.destroy();
    });
}

start().catch((error: unknown) => {
  // Before the log exists, and for whoever started this by hand: one readable sentence.
  process.stderr.write(`The connector cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(exitCodeOf(error));
});
