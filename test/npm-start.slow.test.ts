import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KEY } from './support/app.ts';
import { emptyTables, testDatabase } from './support/database.ts';

const ROOT = join(import.meta.dirname, '..');
const TIMEOUT_MS = 60_000; // a busy machine starts slowly

/** In place of what a build makes: the same program from its source. */
const BUILT = (entry: string) => `await import(${JSON.stringify(createRequire(import.meta.url).resolve('tsx'))});
await import(${JSON.stringify(join(ROOT, 'connector', `${entry}.ts`))});
`;

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await sleep(20);
  }
}

describe('a program that npm has started', function () {
  this.timeout(2 * TIMEOUT_MS);
  let folder: string;
  let npm: ChildProcess | undefined;

  before(async () => {
    await emptyTables();
    folder = await mkdtemp(join(tmpdir(), 'bl-npm-'));
    for (const name of ['package.json', 'scripts/ready.mjs', 'scripts/node-version.mjs']) {
      await cp(join(ROOT, name), join(folder, name), { recursive: true });
    }
    await mkdir(join(folder, 'dist', 'connector'), { recursive: true });
    for (const entry of ['main', 'relay-main']) {
      await writeFile(join(folder, 'dist', 'connector', `${entry}.js`), BUILT(entry));
    }
  });
  afterEach(() => {
    if (npm?.pid === undefined) return;
    try {
      process.kill(-npm.pid, 'SIGKILL');
    } catch {
      // All of its group has ended.
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [script, word, settings] of [
    ['start', 'connector', {}],
    ['relay', 'relay', { RELAY: 'apart' }],
  ] as const) {
    it(`ends in order when npm is asked to end (npm run ${script})`, async function () {
      const started = spawn('npm', ['run', script], {
        cwd: folder,
        env: {
          ...{ PATH: process.env['PATH'], HOME: folder, PORT: '0' },
          ...{ DATABASE_URL: testDatabase().url, BASELINKER_KEY: KEY },
          ...settings,
        },
        stdio: ['ignore', 'ignore', 'pipe'],
        // A group of its own, so that nothing of it can outlive a test that failed half-way.
        detached: true,
      });
      npm = started;
      let said = '';
      started.stderr.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')));
      await until('the start', () => said.includes(`"${word} started"`) || started.exitCode !== null);
      assert.ok(said.includes(`"${word} started"`), said);
      started.kill('SIGTERM');
      await once(started, 'exit');
      await until('its last line', () => said.includes(`"${word} stopped"`) || isEmpty(started.pid));
      assert.match(said, new RegExp(`"${word} stopped"`));
      await until('the end of all of its processes', () => isEmpty(started.pid));
    });
  }

  it('is the process that npm signals, with no shell between them, whatever the script', async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Readonly<Record<string, string>>;
    };
    // What checks or builds ends by itself.
    const short = /^(pre\w+|build|types|lint|format|audit|verify)$/;
    for (const [name, script] of Object.entries(scripts)) {
      if (!short.test(name)) assert.match(script, /^(node \S+( --\S+)? && )?exec (node|mocha|c8) /, name);
    }
  });
});

/** Whether a group has no process any more. */
function isEmpty(group: number | undefined): boolean {
  try {
    process.kill(-(group ?? 0), 0);
    return false;
  } catch {
    return true;
  }
}
