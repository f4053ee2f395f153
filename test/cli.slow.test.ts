import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** As an address: a folder elsewhere has no packages. */
const TSX = pathToFileURL(createRequire(import.meta.filename).resolve('tsx')).href;
const CLI = join(import.meta.dirname, '..', 'connector', 'cli.ts');

describe('the operator’s commands', () => {
  it('end quietly when nobody reads on', async function () {
    this.timeout(60_000);
    const child = spawn(process.execPath, ['--import', 'tsx', CLI, 'check', 'http://127.0.0.1:1/', 'a-key-of-nobody'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')));
    await once(child, 'close');
    assert.equal(said, '');
  });

  it('say in a sentence what is wrong with .env', async function () {
    this.timeout(60_000);
    const folder = await mkdtemp(join(tmpdir(), 'env-file-'));
    try {
      await writeFile(join(folder, '.env'), Buffer.from('\uFEFFDATABASE_URL=mysql://u:hidden-word@h/s', 'utf16le'));
      const child = spawn(process.execPath, ['--import', TSX, CLI, 'guard', 'status'], {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')));
      const [code] = (await once(child, 'close')) as [number];
      assert.equal(code, 1);
      assert.match(said, /^settings are not usable:\n✖ \.env: the file is written as UTF-16: [^\n]+\n$/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
