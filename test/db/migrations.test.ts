import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { createTable, dropTable } from '../../connector/db/ddl.ts';
import { migrate, pendingMigrations, rollback } from '../../connector/db/migrations.ts';
import { ourTables, ownSchema } from '../support/database.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NATIVE = { shop: 'native' };

describe('migrations', () => {
  let schema: Awaited<ReturnType<typeof ownSchema>>;
  beforeEach(async () => {
    schema = await ownSchema();
  });
  afterEach(() => schema.drop());

  it('create the tables once, and have nothing to do the second time', async () => {
    const ran = await migrate(schema.db, NATIVE);
    assert.ok(ran.includes('connector/0001_stock_guard'), String(ran));
    assert.ok(ran.includes('native-shop/0002_orders'), String(ran));
    assert.ok((await ourTables(schema.db)).includes('shop_order_lines'));
    assert.deepEqual(await migrate(schema.db, NATIVE), []);
  });

  it('leave out the native shop where another shop is the one', async () => {
    await migrate(schema.db, { shop: 'another' });
    const tables = await ourTables(schema.db);
    assert.deepEqual(
      tables.filter((name) => !name.startsWith('bl_')),
      [],
    );
    assert.ok(tables.includes('bl_stock_guard'));
  });

  it('can be taken back and done again', async () => {
    const ran = await migrate(schema.db, NATIVE);
    await rollback(schema.db, NATIVE);
    assert.deepEqual(await ourTables(schema.db), []);
    assert.deepEqual(await migrate(schema.db, NATIVE), ran);
  });

  it('are told while they are pending, without anything being made', async () => {
    const before = await pendingMigrations(schema.db, NATIVE);
    assert.ok(before.includes('native-shop/0001_catalogue'), String(before));
    assert.equal(await schema.db.schema.hasTable('bl_migrations'), false);
    assert.deepEqual(await migrate(schema.db, NATIVE), before);
    assert.deepEqual(await pendingMigrations(schema.db, NATIVE), []);

    await schema.db('bl_native_shop_migrations').where({ name: '0002_orders' }).del();
    assert.deepEqual(await pendingMigrations(schema.db, NATIVE), ['native-shop/0002_orders']);
  });

  it('are finished by the next run after one was killed half-way', async () => {
    const ran = await migrate(schema.db, NATIVE);
    // As a kill leaves it: some tables made, nothing of it noted, and knex's lock set.
    await schema.db.raw('DROP TABLE shop_parcels, shop_order_adjustments, shop_product_supplies');
    await schema.db('bl_native_shop_migrations').del();
    await schema.db('bl_native_shop_migrations_lock').update({ is_locked: 1 });

    assert.deepEqual(
      await migrate(schema.db, NATIVE),
      ran.filter((name) => name.startsWith('native-shop/')),
    );
    assert.ok(await schema.db.schema.hasTable('shop_parcels'));
    assert.ok(await schema.db.schema.hasTable('shop_product_supplies'));
  });

  it('run once when several processes start at the same time', async () => {
    const runs = await Promise.all([
      migrate(schema.db, NATIVE),
      migrate(schema.db, NATIVE),
      migrate(schema.db, NATIVE),
    ]);
    assert.equal(runs.filter((ran) => ran.length > 0).length, 1, JSON.stringify(runs));
  });

  it('leave a table of somebody else alone, and name it', async () => {
    await schema.db.raw('CREATE TABLE shop_orders (id INT PRIMARY KEY, note VARCHAR(20))');
    await schema.db.raw("INSERT INTO shop_orders VALUES (1, 'precious')");
    await assert.rejects(migrate(schema.db, NATIVE), /the table shop_orders exists and is not ours/);
    await assert.rejects(migrate(schema.db, NATIVE), /the table shop_orders exists and is not ours/);

    await rollback(schema.db, NATIVE);
    assert.deepEqual(await schema.db.from('shop_orders'), [{ id: 1, note: 'precious' }]);
  });

  it('drop no table but ours', async () => {
    await schema.db.raw('CREATE TABLE theirs (id INT)');
    await dropTable(schema.db, 'theirs');
    assert.equal(await schema.db.schema.hasTable('theirs'), true);

    await createTable(schema.db, 'ours', 'id INT', 'utf8mb4_bin');
    await dropTable(schema.db, 'ours');
    assert.equal(await schema.db.schema.hasTable('ours'), false);
  });

  it('can be taken back only as far as they went', async () => {
    await rollback(schema.db, NATIVE);
    assert.deepEqual(await ourTables(schema.db), []);
  });

  it('have the same names in the build as in the source', async () => {
    // Below node_modules, where the build finds its packages as it would in dist/.
    const build = join(ROOT, 'node_modules', '.cache', `migrations-test-${process.pid}`);
    try {
      for (const folder of [
        'connector/domain',
        'connector/lib',
        'connector/db',
        'migrations/connector',
        'migrations/native-shop',
      ])
        await buildFolder(folder, build);
      const built = (await import(pathToFileURL(join(build, 'connector/db/migrations.js')).href)) as {
        pendingMigrations: typeof pendingMigrations;
      };
      assert.deepEqual(await built.pendingMigrations(schema.db, NATIVE), await pendingMigrations(schema.db, NATIVE));
      await migrate(schema.db, NATIVE);
      assert.deepEqual(await built.pendingMigrations(schema.db, NATIVE), []);
    } finally {
      await rm(build, { recursive: true, force: true });
    }
  });
});

/** As `npm run build` does it, with what else lies there: the sources' maps. */
async function buildFolder(folder: string, build: string): Promise<void> {
  await mkdir(join(build, folder), { recursive: true });
  await writeFile(join(build, 'package.json'), '{ "type": "module" }');
  for (const file of await readdir(join(ROOT, folder))) {
    const { outputText, sourceMapText = '' } = ts.transpileModule(await readFile(join(ROOT, folder, file), 'utf8'), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        rewriteRelativeImportExtensions: true,
        sourceMap: true,
      },
    });
    const output = join(build, folder, file.replace(/\.ts$/, '.js'));
    await writeFile(output, outputText);
    await writeFile(`${output}.map`, sourceMapText);
  }
}
