import type { Knex } from 'knex';
import type { RootHookObject } from 'mocha';
import { connect } from '../../connector/db/connect.ts';
import { migrate } from '../../connector/db/migrations.ts';
import { startPrivateMariadb, type PrivateMariadb } from '../../scripts/private-mariadb.ts';
import { MARK, setTestDatabase } from './database.ts';

const START_MS = 90_000; // preparing a data folder on a busy machine

/** What knex makes by itself for our migrations, without our mark. */
const KNEX_TABLES = /^bl_(native_shop_)?migrations(_lock)?$/;

let server: PrivateMariadb | undefined;
let db: Knex | undefined;

/** One database for the whole run: a private MariaDB, or the schema that TEST_DATABASE_URL names. */
export const mochaHooks: RootHookObject = {
  async beforeAll(this: Mocha.Context) {
    this.timeout(START_MS);
    const given = process.env['TEST_DATABASE_URL'];
    if (!given) server = await startPrivateMariadb();
    const url = given ?? server?.url ?? '';
    db = connect(url);
    if (given) await refuseForeignTables(db);
    await migrate(db, { shop: 'native' });
    setTestDatabase({ url, db });
  },
  async afterAll(this: Mocha.Context) {
    this.timeout(START_MS);
    setTestDatabase(undefined);
    await db?.destroy();
    await server?.remove();
  },
};

/** Tests delete every row: nobody's real tables may be near. */
async function refuseForeignTables(db: Knex): Promise<void> {
  const [rows] = (await db.raw(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_comment <> ?',
    [MARK],
  )) as [{ name: string }[]];
  const foreign = rows.map(({ name }) => name).filter((name) => !KNEX_TABLES.test(name));
  if (foreign.length > 0) {
    throw new Error(`TEST_DATABASE_URL must name an empty schema; this one holds ${foreign.join(', ')}`);
  }
}
