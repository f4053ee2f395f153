import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const DEMO = join(import.meta.dirname, '..', 'scripts', 'demo', 'index.ts');
const DAY_MS = 90_000; // usually six seconds; a busy machine takes longer

/** A demo that was started, and what it has printed so far. */
interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly text: () => string;
}

/** None may outlive a test that failed half-way. */
const started: ChildProcess[] = [];

function demo(directory: string, ...options: string[]): Started {
  const env = { ...process.env };
  delete env['DATABASE_URL'];
  const child = spawn(process.execPath, ['--import', 'tsx', DEMO, '--data', directory, ...options], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let text = '';
  const add = (chunk: Buffer): void => void (text += chunk.toString('utf8'));
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  return { child, ended: new Promise((resolve) => child.once('close', resolve)), text: () => text };
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DAY_MS / 2;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await sleep(50);
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

describe('the demo', function () {
  this.timeout(DAY_MS);
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bl-demo-'));
  });

  after(async () => {
    for (const child of started) child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });

  it('goes through a day on a fresh machine and leaves with 0', async () => {
    const { ended, text } = demo(directory, '--once');
    assert.equal(await ended, 0, text());
    assert.match(text(), /a made-up shop is ready/);
    assert.match(text(), /1,000 products, page 1 of 2/);
    assert.match(text(), /no: bl_pass is not the communication key of this shop \(incorrect_password\)/);
    assert.match(
      text(),
      /BaseLinker can read this shop: 1,\d{3} products with \d+ variants and \d+ orders\s+since yesterday/,
    );
    assert.doesNotMatch(text(), /\n\s+at .*:\d+:\d+/, 'no stack');
    for (const line of text().split('\n')) assert.ok(Array.from(line).length <= 100, line);
  });

  it('uses the same shop again, stays up, and takes the connector along when it is killed', async () => {
    const { child, ended, text } = demo(directory);
    await until('the end of the day', () => text().includes('Ctrl-C closes it'));
    assert.match(text(), /the one of your last visit is used again/);
    const health = /http:\S+\/health/.exec(text())?.[0] ?? '';
    const key = (JSON.parse(await readFile(join(directory, 'demo.json'), 'utf8')) as { key: string }).key;
    assert.match(key, /^[a-z0-9]{32}$/);
    assert.ok(text().includes(`curl -d bl_pass=${key} -d action=ProductsList`));
    assert.ok(await answers(health));

    const second = demo(directory, '--once');
    assert.equal(await second.ended, 1);
    assert.match(second.text(), /already running in another window/);

    child.kill('SIGKILL');
    await ended;
    await until('the connector to go', async () => !(await answers(health)));
  });

  it('closes on Ctrl-C without complaint', async () => {
    const { child, ended, text } = demo(directory);
    await until('the end of the day', () => text().includes('Ctrl-C closes it'));
    child.kill('SIGINT');
    assert.equal(await ended, 0, text());
    assert.match(text(), /Closed\./);
    const log = await readFile(join(directory, 'connector.log'), 'utf8');
    assert.match(log, /connector stopped/);
  });
});
