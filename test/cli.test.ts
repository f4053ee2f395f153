import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

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
});
