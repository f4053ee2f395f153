import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '../../connector/db/connect.ts';
import { migrate } from '../../connector/db/migrations.ts';
import { startExpertSender, type ExpertSender } from '../../simulators/expertsender/server.ts';
import { startPrivateMariadb } from '../private-mariadb.ts';
import { removeFolder, temporaryFolder } from '../temporary-folder.ts';
import { seedShop } from '../seed/shop.ts';
import { startConnector, type ConnectorProcess } from './connector.ts';
import { leasesRunOut } from './fast-forward.ts';

export const KEY = 'chaos-communication-key-0123456789';
const API_KEY = 'chaos-api-key-0123456789';

/** A shop's database, a connector that relays, and the remote system that it relays to: each of them can be ended. */
export interface RelayHarness {
  readonly simulator: ExpertSender;
  readonly databaseUrl: string;
  /** The connector's address now; another one after each start. */
  readonly url: string;
  /**
   * Where the remote system stood when something was broken: after that, and only then, it may be told a thing twice.
   */
  readonly faults: readonly number[];
  noteFault(): void;
  killConnector(): Promise<void>;
  /** Asks it to stop, and says how it did. */
  stopConnector(): Promise<number | NodeJS.Signals>;
  /** Leases of the one before have run out by then. */
  startConnector(): Promise<void>;
  killDatabase(): Promise<void>;
  startDatabase(): Promise<void>;
  lastLog(lines: number): Promise<string>;
  close(): Promise<void>;
}

export async function openRelayHarness(settings: Readonly<Record<string, string>> = {}): Promise<RelayHarness> {
  const directory = await temporaryFolder('relay');
  const database = await startPrivateMariadb({ durable: true, directory: join(directory, 'mariadb') });
  await fill(database.url);
  const simulator = await startExpertSender({ apiKey: API_KEY });
  const logFile = join(directory, 'connector.log');
  const options = {
    directory,
    logFile,
    settings: {
      DATABASE_URL: database.url,
      BASELINKER_KEY: KEY,
      SHOP: 'native',
      EXPERTSENDER_URL: simulator.url,
      EXPERTSENDER_API_KEY: API_KEY,
      RELAY_SCAN_SECONDS: '1',
      // A burst of blows must not wait for the pace that a real account is spared with.
      EXPERTSENDER_CALLS_PER_SECOND: '50',
      ...settings,
    },
  };
  const faults: number[] = [];
  let connector: ConnectorProcess | undefined = await startConnector(options);
  const end = async (signal: NodeJS.Signals): Promise<number | NodeJS.Signals> => {
    const ending = connector;
    connector = undefined;
    ending?.signal(signal);
    return (await ending?.ended) ?? 0;
  };
  return {
    simulator,
    databaseUrl: database.url,
    get url() {
      return `http://127.0.0.1:${connector?.port ?? 1}/baselinker`;
    },
    faults,
    noteFault: () => void faults.push(simulator.requests.length),
    killConnector: async () => {
      await end('SIGKILL');
    },
    stopConnector: () => end('SIGTERM'),
    startConnector: async () => {
      await leasesRunOut(database.url);
      connector = await startConnector(options);
    },
    killDatabase: () => database.kill(),
    startDatabase: () => database.restart(),
    lastLog: async (lines) => (await readFile(logFile, 'utf8')).trim().split('\n').slice(-lines).join('\n'),
    close: async () => {
      await end('SIGKILL');
      await simulator.close();
      await database.remove();
      await removeFolder(directory);
    },
  };
}

async function fill(databaseUrl: string): Promise<void> {
  const db = connect(databaseUrl);
  try {
    await migrate(db, { shop: 'native' });
    await seedShop(db, { products: 10, orders: 3, seed: 1, now: new Date() });
  } finally {
    await db.destroy();
  }
}
