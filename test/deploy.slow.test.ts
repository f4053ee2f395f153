import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..');
const UNIT = join(ROOT, 'deploy', 'baselinker-connector.service');

describe('the service', () => {
  const unit = readFileSync(UNIT, 'utf8');
  const page = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');

  it('is installed by lines of docs/deploy.md, and then starts with the machine', () => {
    assert.match(page, /^cp deploy\/baselinker-connector\.service \/etc\/systemd\/system\/$/m);
    assert.match(page, /^systemctl enable --now baselinker-connector$/m);
    assert.match(unit, /^\[Install\]\nWantedBy=multi-user\.target$/m);
  });

  it('runs what npm start runs, with no npm between', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } };
    assert.equal(/^ExecStart=\/usr\/bin\/(.+)$/m.exec(unit)?.[1], scripts.start.replace(/^exec /, ''));
  });

  it('is not started again for ever with wrong settings', () => {
    assert.match(unit, /^Restart=always$/m);
    assert.match(unit, /^RestartPreventExitStatus=78$/m);
  });

  it('may compile while it runs, as Node.js does', () => {
    assert.doesNotMatch(unit, /^MemoryDenyWriteExecute=(yes|true|1|on)$/m);
  });

  it('is exposed below 3 by systemd’s own reckoning', async function () {
    this.timeout(60_000);
    // Older than 250 it cannot judge a file.
    const found = await run('systemd-analyze', ['--version']).catch(() => undefined);
    if (Number(/^systemd (\d+)/.exec(found?.stdout ?? '')?.[1] ?? 0) < 250) return this.skip();
    const { stdout } = await run('systemd-analyze', ['security', '--offline=true', '--threshold=29', UNIT]);
    const exposure = Number(/exposure level for \S+: (\d+\.\d+)/.exec(stdout)?.[1]);
    assert.ok(exposure < 3, stdout);
  });
});
