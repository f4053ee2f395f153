import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

describe('what makes a fresh machine ready', function () {
  this.timeout(120_000);

  it('says what it waits for before it waits', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bl-setup-'));
    for (const name of ['package.json', 'package-lock.json']) await cp(join(ROOT, name), join(folder, name));
    await cp(join(ROOT, 'scripts'), join(folder, 'scripts'), { recursive: true });
    // Takes every caller, and never says a word.
    const callers: Socket[] = [];
    const silence = createServer((socket) => callers.push(socket.on('error', () => undefined)));
    await once(silence.listen(0, '127.0.0.1'), 'listening');
    const { port } = silence.address() as AddressInfo;
    const env = {
      ...{ PATH: process.env['PATH'], HOME: folder, npm_config_cache: join(folder, 'cache') },
      npm_config_registry: `http://127.0.0.1:${port}/`,
    };
    const child = spawn(process.execPath, ['scripts/setup.mjs', '--unless=PATH'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    let said = '';
    child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
    try {
      const called = once(silence, 'connection');
      while (!said.includes('Waiting for')) await once(child.stdout, 'data');
      await called;
      assert.match(said, new RegExp(`^Waiting for 127\\.0\\.0\\.1:${port}: without a network npm says nothing`, 'm'));
    } finally {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      for (const socket of callers) socket.destroy();
      silence.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
