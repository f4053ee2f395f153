import { Command } from 'commander';
import type { Knex } from 'knex';
import { loadConfig, loadDatabaseConfig, loadEnvironment } from '../config/index.ts';
import { runCheck } from './baselinker/check/run.ts';
import { checkServer, connect } from './db/connect.ts';
import { migrate } from './db/migrations.ts';
import { setupAdvice, describeStartupError } from './db/startup-error.ts';
import { VERSION } from './domain/version.ts';
import { createLog } from './lib/log.ts';
import { instanceId } from './lib/instance-id.ts';
import { endsWhenMisused, failureCode } from './lib/usage.ts';
import { CONNECTION, openShop } from './compose/shop.ts';
import { openWholesalers } from './compose/wholesalers.ts';
import { openTargets } from './integrations/index.ts';
import { addGuardCommands } from './cli/guard-commands.ts';
import { addRelayCommands, type OperatorContext } from './cli/relay-commands.ts';
import { addSupplyCommands, type SupplyOperatorContext } from './cli/supply-commands.ts';

const program = new Command('connector')
  .description("operator's commands of the BaseLinker connector")
  .version(VERSION);

program
  .command('migrate')
  .description("create or update the connector's tables, and the native shop's when SHOP=native")
  .action(() =>
    withDatabase(async (db, { shop }) => {
      await checkServer(db);
      const ran = await migrate(db, { shop, version: VERSION });
      console.log(ran.length === 0 ? 'The tables are up to date.' : `Done: ${ran.join(', ')}`);
    }, setupAdvice('npm run migrate')),
  );

program
  .command('check')
  .description("play BaseLinker's part against a running connector and report what conforms")
  .argument('<url>', 'the address that BaseLinker would be given')
  .argument('[key]', 'the communication key; default: BASELINKER_KEY')
  .option('--write', 'for a test shop only: it leaves one cancelled test order and one test product/category behind')
  .action(async (url: string, key: string | undefined, { write: writes = false }: { readonly write?: boolean }) => {
    const print = (line: string): void => console.log(line);
    const conforms = await runCheck({ url, key: key ?? loadEnvironment()['BASELINKER_KEY'] ?? '', writes, print });
    process.exitCode = conforms ? 0 : 1;
  });

addGuardCommands(program, {
  withDatabase: (work) => withDatabase(work),
  connection: CONNECTION,
  print: (line) => console.log(line),
});
addRelayCommands(program, withOperatorContext);
addSupplyCommands(program, withOperatorContext);

/** Ctrl-C ends the work between two of its steps; a second one ends it at once. */
async function withOperatorContext(
  work: (context: OperatorContext & SupplyOperatorContext) => Promise<number>,
): Promise<void> {
  const config = loadConfig(loadEnvironment());
  const now = (): Date => new Date();
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  await withDatabase(async (db) => {
    const log = createLog(config.logLevel);
    const suppliers = openWholesalers(config.idoSell, { db, owner: instanceId(), now, log });
    process.exitCode = await work({
      db,
      shop: openShop(config, db, now),
      targets: openTargets(config, suppliers, { now, log }),
      suppliers,
      wholesalers: suppliers.map(({ profile }) => profile.name),
      connection: CONNECTION,
      now,
      print: (line) => console.log(line),
      signal: stopping.signal,
    });
  });
}

async function withDatabase(
  work: (db: Knex, config: ReturnType<typeof loadDatabaseConfig>) => Promise<void>,
  advice?: string,
): Promise<void> {
  const config = loadDatabaseConfig(loadEnvironment());
  const db = connect(config.databaseUrl);
  try {
    await work(db, config);
  } catch (error) {
    throw new Error(describeStartupError(error, config.databaseUrl, advice), { cause: error });
  } finally {
    await db.destroy();
  }
}

// Whoever reads our words, as `head` does, may have enough of them.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

endsWhenMisused(program)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = failureCode(error);
  });
