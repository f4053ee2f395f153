import { createServer, type Server, type ServerResponse } from 'node:http';
import { loadConfig, loadEnvironment, type Config } from '../config/index.ts';
import { createApp } from './app.ts';
import { checkServer, connect } from './db/connect.ts';
import { pendingMigrations } from './db/migrations.ts';
import { startTrouble } from './db/start-trouble.ts';
import { createLog, type Log } from './lib/log.ts';
import { openParts } from './open.ts';

/** What is under way when the process is asked to stop has so long to finish. */
const STOP_MS = 10_000;

async function start(): Promise<void> {
  const config = loadConfig(loadEnvironment());
  try {
    await serve(config);
  } catch (error) {
    throw new Error(startTrouble(error, config.databaseUrl), { cause: error });
  }
}

async function serve(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  const db = connect(config.databaseUrl, { log });
  const database = await checkServer(db);
  const pending = await pendingMigrations(db, config);
  if (pending.length > 0) throw new Error(`the tables are not up to date (${pending.length} steps): npm run migrate`);
  const parts = await openParts(config, db, log, () => new Date());
  for (const warning of parts.probe.warnings) log.warn('the shop cannot do everything', { warning });
  const server = createServer(createApp(parts));
  stopCleanly(server, () => db.destroy(), log);
  await listening(server, config.port, config.host);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  log.info('connector started', {
    url: `http://${config.host}:${port}${config.settings.endpointPath}`,
    database: `${database.product} ${database.text}`,
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
 * SIGTERM and SIGINT finish what is under way; a second signal, or the time limit, ends the process at once. Answers
 * end their connection from then on: a caller who keeps one busy would otherwise keep the server open, too.
 */
function stopCleanly(server: Server, close: () => Promise<unknown>, log: Log): void {
  let isStopping = false;
  const underWay = new Set<ServerResponse>();
  const endsLine = (res: ServerResponse): unknown => res.headersSent || res.setHeader('Connection', 'close');
  server.prependListener('request', (_req, res: ServerResponse) => {
    if (isStopping) endsLine(res);
    underWay.add(res);
    res.once('close', () => underWay.delete(res));
  });
  const stop = (signal: string): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    setTimeout(() => process.exit(1), STOP_MS).unref();
    server.close(() => {
      void close().finally(() => {
        log.info('connector stopped', { signal });
        process.exit(0);
      });
    });
    for (const res of underWay) endsLine(res);
    server.closeIdleConnections();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

start().catch((error: unknown) => {
  // Before the log exists, and for whoever started this by hand: one readable sentence.
  process.stderr.write(`The connector cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
