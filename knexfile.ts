import type { Knex } from 'knex';
import { loadDatabaseConfig } from './config/index.ts';
import { connectionConfig } from './connector/db/connect.ts';
import { migrationConfig } from './connector/db/migrations.ts';

/**
 * For knex's own command line, which writes and lists migrations; `npm run migrate` runs them.
 * node --import tsx node_modules/knex/bin/cli.js --knexfile knexfile.ts --env native-shop migrate:status
 */
const { databaseUrl } = loadDatabaseConfig();

const environments: Record<string, Knex.Config> = {
  connector: { ...connectionConfig(databaseUrl), migrations: migrationConfig('connector') },
  'native-shop': { ...connectionConfig(databaseUrl), migrations: migrationConfig('native-shop') },
};

export default environments;
