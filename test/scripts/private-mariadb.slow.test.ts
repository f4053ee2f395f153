import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { startUnderShell } from '../../scripts/bound-process.ts';
import { findMariadb } from '../../scripts/mariadb-binaries.mjs';
import { startPrivateMariadb } from '../../scripts/private-mariadb.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const asIn = (path: string) => JSON.stringify(join(ROOT, path));

describe('a process that is bound to another', () => {
  for (const start of ['startBound', 'startUnderShell']) {
    it(`ends when the other is killed (${start})`, async () => {
      const parent = nodeScript(`
        import { ${start} } from ${asIn('scripts/bound-process.ts')};
        const { pid } = await ${start}(['sleep', '600']);
        console.log(pid);
        setInterval(() => undefined, 1000);
      `);
      const pid = Number(await parent.firstLine);
      assert.ok(isAlive(pid));
      parent.process.kill('SIGKILL');
      await until(() => !isAlive(pid));
    });

    it(`does not keep the other from ending by itself, and ends with it (${start})`, async () => {
      const parent = nodeScript(`
        import { ${start} } from ${asIn('scripts/bound-process.ts')};
        const { pid } = await ${start}(['sleep', '600']);
        console.log(pid);
      `);
      const pid = Number(await parent.firstLine);
      await parent.ended;
      await until(() => !isAlive(pid));
    });
  }

  it('is known to have ended when it ends by itself', async () => {
    const { pid, ended } = await startUnderShell(['true']);
    await ended;
    await until(() => !isAlive(pid));
  });
});

describe('a private MariaDB', function () {
  this.timeout(120_000);

  before(function () {
    // With a database given, the machine need not have MariaDB.
    if (!findMariadb()) this.skip();
  });

  it('lets the account make schemas, and nobody else in', async () => {
    const server = await startPrivateMariadb();
    try {
      await ask(server.url, 'CREATE DATABASE another');
      await assert.rejects(ask(server.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1'));
      await assert.rejects(ask(`mysql://root@127.0.0.1:${server.port}/mysql`, 'SELECT 1'));
      assert.deepEqual(await ask(server.url, 'SELECT @@bind_address AS address, @@time_zone AS zone'), [
        { address: '127.0.0.1', zone: '+00:00' },
      ]);
    } finally {
      await server.remove();
    }
    assert.equal(existsSync(server.directory), false);
    assert.equal(isAlive(server.pid), false);
  });

  it('keeps what was committed through a kill, on the same port', async () => {
    const server = await startPrivateMariadb({ durable: true });
    try {
      await ask(server.url, 'CREATE TABLE kept (id INT PRIMARY KEY)');
      await ask(server.url, 'INSERT INTO kept VALUES (17)');
      await server.kill();
      await assert.rejects(ask(server.url, 'SELECT 1'));
      await server.restart();
      assert.deepEqual(await ask(server.url, 'SELECT id FROM kept'), [{ id: 17 }]);
      await server.stop();
      await server.restart();
      assert.deepEqual(await ask(server.url, 'SELECT id FROM kept'), [{ id: 17 }]);
    } finally {
      await server.remove();
    }
  });

  it('finds its data again in a folder that is kept, however long its path', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'bl-kept-'));
    const directory = join(parent, 'x'.repeat(110));
    try {
      const first = await startPrivateMariadb({ directory });
      await ask(first.url, 'CREATE TABLE kept (id INT PRIMARY KEY)');
      await first.stop();
      const second = await startPrivateMariadb({ directory });
      await ask(second.url, 'SELECT id FROM kept');
      await second.remove();
    } finally {
      await rm(parent, { recursive: true, force: true });
    }
  });

  it('shows the error log when it cannot start', async () => {
    const server = await startPrivateMariadb();
    try {
      await assert.rejects(startPrivateMariadb({ port: server.port }), /did not start[\s\S]*port/i);
    } finally {
      await server.remove();
    }
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
    it(`is gone with its folders after the process that started it was ended by ${signal}`, async () => {
      const parent = nodeScript(`
        import { startPrivateMariadb } from ${asIn('scripts/private-mariadb.ts')};
        console.log((await startPrivateMariadb()).pid);
        setInterval(() => undefined, 1000);
      `);
      const pid = Number(await parent.firstLine);
      assert.ok(isAlive(pid));
      parent.process.kill(signal);
      const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`bl-mariadb-${parent.process.pid}-`));
      assert.ok(left().length > 0);
      await until(() => !isAlive(pid) && left().length === 0);
    });
  }

  it('gives the installer’s own reason when no data folder can be prepared', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bl-binaries-'));
    for (const [name, line] of [
      ['mariadbd', 'exit 1'],
      ['mariadb-install-db', 'echo "No space left on device" >&2; exit 1'],
    ] as const) {
      await writeFile(join(folder, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
    }
    const script = nodeScript(
      `
        import { startPrivateMariadb } from ${asIn('scripts/private-mariadb.ts')};
        console.log(JSON.stringify(await startPrivateMariadb().catch((error) => error.message)));
      `,
      { MARIADB_BIN_DIR: folder },
    );
    assert.match(
      JSON.parse(await script.firstLine) as string,
      /^MariaDB could not prepare a data folder in \S+:\nNo space left on device$/,
    );
    await script.ended;
    await rm(folder, { recursive: true });
  });

  it('leaves neither server nor folder when its process ends without a word', async () => {
    const parent = nodeScript(`
      import { startPrivateMariadb } from ${asIn('scripts/private-mariadb.ts')};
      const { pid, directory } = await startPrivateMariadb();
      console.log(JSON.stringify({ pid, directory }));
    `);
    const { pid, directory } = JSON.parse(await parent.firstLine) as { pid: number; directory: string };
    await parent.ended;
    await until(() => !isAlive(pid) && !existsSync(directory));
  });
});

/** A Node process of its own; what it prints first is what the test waits for. */
function nodeScript(source: string, settings: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', source], {
    cwd: ROOT,
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let complained = '';
  child.stderr.on('data', (text: Buffer) => (complained += text.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      const end = said.indexOf('\n');
      if (end >= 0) resolve(said.slice(0, end));
    });
    child.once('close', () => reject(new Error(`the script ended early: ${complained}`)));
  });
  return { process: child, firstLine, ended };
}

async function ask(url: string, sql: string): Promise<unknown> {
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    connection.destroy();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean, timeoutMs = 15_000, said = () => 'it did not happen'): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not in time: ${said()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a run of tests', function () {
  this.timeout(120_000);

  before(function () {
    if (!findMariadb()) this.skip();
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    it(`that is interrupted by ${signal} leaves nothing in the temporary folder`, async () => {
      const temporary = await mkdtemp(join(tmpdir(), 'bl-interrupted-'));
      const spec = join(temporary, 'waits.test.ts');
      await writeFile(spec, WAITS);
      const env: NodeJS.ProcessEnv = { ...process.env, TMPDIR: temporary };
      delete env['TEST_DATABASE_URL'];
      const runner = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', spec], { cwd: ROOT, env });
      const ended = new Promise((resolve) => runner.once('exit', resolve));
      let said = '';
      runner.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
      runner.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
      const left = () => readdirSync(temporary).filter((name) => name.startsWith('bl-'));
      await until(
        () => said.includes('waiting in'),
        60_000,
        () => said,
      );
      assert.ok(left().length > 0);
      // The one who runs the tests, which mocha starts as a process of its own.
      const pid = Number(/waiting in (\d+)/.exec(said)?.[1]);
      if (signal === 'SIGKILL') process.kill(pid, signal);
      runner.kill(signal);
      await ended;
      if (signal !== 'SIGKILL') await until(() => !isAlive(pid));
      await until(() => left().length === 0);
      await rm(temporary, { recursive: true, force: true });
    });
  }
});

const WAITS = `
  import { mkdtempSync, writeFileSync } from 'node:fs';
  import { tmpdir } from 'node:os';
  import { join } from 'node:path';
  it('waits', async function () {
    this.timeout(0);
    writeFileSync(join(mkdtempSync(join(tmpdir(), 'bl-of-a-test-')), 'file'), '');
    console.log('waiting in ' + process.pid);
    await new Promise((resolve) => setTimeout(resolve, 600_000));
  });
`;
