import { join } from 'node:path';
import { connect } from '../../connector/db/connect.ts';
import { migrate } from '../../connector/db/migrations.ts';
import { startFaultyProxy } from '../../simulators/faulty-proxy.ts';
import { startPrivateMariadb, type PrivateMariadb } from '../private-mariadb.ts';
import { removeFolder, temporaryFolder } from '../temporary-folder.ts';
import { seedShop } from '../seed/shop.ts';
import { startConnector, type ConnectorProcess } from './connector.ts';
import { Violation } from './violation.ts';

export const KEY = 'chaos-communication-key-0123456789';

/** Database, connector and the lines between them, all of which can be broken. */
export interface Harness {
  /** The connector's address for clients; it stays the same however often the connector is started. */
  readonly url: string;
  /** The database, past the line that can be cut. */
  readonly databaseUrl: string;
  readonly directory: string;
  /** Which run of the connector this is; a call that was lost in an earlier one cannot be under way any more. */
  readonly run: number;
  /** Rejects when the connector ends and nobody has ended it. */
  readonly mishap: Promise<never>;
  killConnector(): Promise<void>;
  /** Asks it to stop, and says how it did. */
  stopConnector(): Promise<number | NodeJS.Signals>;
  startConnector(): Promise<void>;
  killDatabase(): Promise<void>;
  stopDatabase(): Promise<void>;
  startDatabase(): Promise<void>;
  cutClientLines(): void;
  cutDatabaseLines(): void;
  /** Everything is ended; the folder stays when somebody wants to look into it. */
  close(keepsFolder: boolean): Promise<void>;
}

const PRODUCTS = 60;
const ORDERS = 10;
const PATH = '/baselinker';

export async function openHarness(seed: number): Promise<Harness> {
  const directory = await temporaryFolder('chaos');
  const database = await startPrivateMariadb({ durable: true, directory: join(directory, 'mariadb') });
  try {
    return await openAround(database, directory, seed);
  } catch (error) {
    await database.remove();
    await removeFolder(directory);
    throw error;
  }
}

async function openAround(database: PrivateMariadb, directory: string, seed: number): Promise<Harness> {
  await fill(database.url, seed);
  const databaseLine = await startFaultyProxy({ port: database.port });

  const throughLine = new URL(database.url);
  throughLine.port = String(databaseLine.port);
  const options = {
    directory,
    logFile: join(directory, 'connector.log'),
    settings: {
      DATABASE_URL: throughLine.href,
      BASELINKER_KEY: KEY,
      ENDPOINT_PATH: PATH,
      SHOP: 'native',
      RESTOCK_CANCELLED: 'ours',
    },
  };
  let run = 0;
  let connector: ConnectorProcess | undefined;
  // The proxy asks for the port on every new line: the connector has another one after each start.
  const clientLine = await startFaultyProxy({
    get port() {
      return connector?.port ?? 1;
    },
  });

  let report: (violation: Violation) => void = () => undefined;
  const mishap = new Promise<never>((_, reject) => {
    report = reject;
  });
  // Nobody may be listening yet, or any more.
  mishap.catch(() => undefined);

  const launch = async (): Promise<void> => {
    run += 1;
    const launched = await startConnector(options);
    connector = launched;
    void launched.ended.then((how) => {
      if (connector === launched) report(new Violation(`the connector ended by itself (${how})`));
    });
  };
  const end = async (signal: NodeJS.Signals): Promise<number | NodeJS.Signals> => {
    const ending = connector;
    connector = undefined;
    ending?.signal(signal);
    return (await ending?.ended) ?? 0;
  };

  await launch();
  return {
    url: `http://127.0.0.1:${clientLine.port}${PATH}`,
    databaseUrl: database.url,
    directory,
    get run() {
      return run;
    },
    mishap,
    killConnector: async () => {
      await end('SIGKILL');
    },
    stopConnector: () => end('SIGTERM'),
    startConnector: launch,
    killDatabase: () => database.kill(),
    stopDatabase: () => database.stop(),
    startDatabase: () => database.restart(),
    cutClientLines: () => clientLine.cut(),
    cutDatabaseLines: () => databaseLine.cut(),
    close: async (keepsFolder) => {
      await end('SIGKILL');
      await Promise.all([clientLine.close(), databaseLine.close()]);
      if (keepsFolder) return database.kill();
      await database.remove();
      await removeFolder(directory);
    },
  };
}

async function fill(databaseUrl: string, seed: number): Promise<void> {
  const db = connect(databaseUrl);
  try {
    await migrate(db, { shop: 'native' });
    await seedShop(db, { products: PRODUCTS, orders: ORDERS, seed, now: new Date() });
  } finally {
    await db.destroy();
  }
}
