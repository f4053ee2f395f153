import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { migrate } from '../connector/db/migrations.ts';
import { VERSION } from '../connector/domain/version.ts';
import { ownSchema, testDatabase } from './support/database.ts';

const ROOT = join(import.meta.dirname, '..');
const CLI = [join(ROOT, 'connector', 'cli.ts'), 'migrate'];
const SEED = [join(ROOT, 'scripts', 'seed', 'index.ts'), '--products', '1', '--orders', '0'];
const EVERYDAY = 'bl_test_everyday';

describe('the commands that make tables and fill them', function () {
  this.timeout(120_000);
  let schema: Awaited<ReturnType<typeof ownSchema>>;

  beforeEach(async () => {
    schema = await ownSchema();
  });
  afterEach(async () => {
    await testDatabase().db.raw('DROP USER IF EXISTS ?@?', [EVERYDAY, '%']);
    await schema.drop();
  });

  async function run(command: readonly string[], databaseUrl = schema.url): Promise<[code: number, said: string]> {
    const child = spawn(process.execPath, ['--import', 'tsx', ...command], {
      env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += String(bytes)));
    const [code] = (await once(child, 'close')) as [number];
    return [code, said];
  }

  /** An account that may read, as the one for every day may. */
  async function everydayUrl(): Promise<string> {
    const url = new URL(schema.url);
    url.username = EVERYDAY;
    url.password = 'hidden-word';
    const { db } = testDatabase();
    await db.raw('CREATE USER ?@? IDENTIFIED BY ?', [EVERYDAY, '%', url.password]);
    await db.raw('GRANT SELECT ON ??.* TO ?@?', [url.pathname.slice(1), EVERYDAY, '%']);
    return url.href;
  }

  it('migrate says which account is meant, and no SQL, to the one for every day', async () => {
    const [code, said] = await run(CLI, await everydayUrl());
    assert.equal(code, 1);
    assert.match(said, /^the account bl_test_everyday may not do this \(CREATE command denied .*\): /);
    assert.match(
      said,
      /npm run migrate needs the account that may create tables \(connector_setup in docs\/database\.md/,
    );
    assert.doesNotMatch(said, /create table `|hidden-word|\n\s+at /i);
  });

  it('seed says which account is meant, and no SQL, to the one for every day', async () => {
    await migrate(schema.db, { shop: 'native' });
    const [code, said] = await run(SEED, await everydayUrl());
    assert.equal(code, 1);
    assert.match(said, /^the account bl_test_everyday may not do this \(INSERT command denied .*\): /);
    assert.match(said, /npm run seed needs the account that may create tables \(connector_setup in docs\/database\.md/);
    assert.doesNotMatch(said, /insert into|hidden-word|\n\s+at /);
  });

  it('migrate writes down which version has made the tables, and an older one says that it is needed', async () => {
    assert.equal((await run(CLI))[0], 0);
    const sql = `SELECT table_comment AS said FROM information_schema.tables
      WHERE table_schema = DATABASE() AND table_name = 'bl_migrations'`;
    const [rows] = (await schema.db.raw(sql)) as [{ said: string }[]];
    assert.deepEqual(rows, [{ said: `made by version ${VERSION}` }]);

    // As a version to come leaves it.
    await schema.db('bl_migrations').insert({ name: '9001_to_come', batch: 9, migration_time: new Date() });
    await schema.db.raw("ALTER TABLE bl_migrations COMMENT = 'made by version 99.1.0'");
    const [code, said] = await run(CLI);
    assert.equal(code, 1);
    assert.equal(
      said,
      `the tables were made by version 99.1.0 of the connector (connector/9001_to_come), and this is ${VERSION}: use version 99.1.0 or newer\n`,
    );
    assert.deepEqual(((await schema.db.raw(sql)) as [object[]])[0], [{ said: 'made by version 99.1.0' }]);
  });

  it('migrate knows newer tables also when nobody wrote the version down', async () => {
    await migrate(schema.db, { shop: 'native' });
    await schema.db('bl_native_shop_migrations').insert({ name: '9002_x', batch: 9, migration_time: new Date() });
    const [, said] = await run(CLI);
    assert.match(
      said,
      /^the tables were made by a newer version of the connector \(native-shop\/9002_x\), and this is \S+: use the version that made them, or a newer one\n$/,
    );
  });
});
