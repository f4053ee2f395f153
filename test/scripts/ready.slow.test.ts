import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeTrouble } from '../../scripts/node-version.mjs';

const SCRIPTS = join(import.meta.dirname, '../../scripts');

describe('what runs before a command', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'bl-ready-'));
    mkdirSync(join(root, 'scripts'));
    for (const name of ['ready.mjs', 'node-version.mjs']) cpSync(join(SCRIPTS, name), join(root, 'scripts', name));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const ready = (...args: string[]) => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/ready.mjs'), ...args], {
      encoding: 'utf8',
    });
    return { status, stderr };
  };

  it('asks for a build, and is silent when there is one', () => {
    assert.deepEqual(ready(), { status: 1, stderr: 'The program is not built yet: npm ci && npm run build\n' });
    mkdirSync(join(root, 'dist/connector'), { recursive: true });
    writeFileSync(join(root, 'dist/connector/main.js'), '');
    assert.deepEqual(ready(), { status: 0, stderr: '' });
  });

  it('asks a command from the source for its packages only', () => {
    assert.deepEqual(ready('--source'), { status: 1, stderr: 'The node packages are not installed yet: npm ci\n' });
  });

  it('names a Node.js that is too old', () => {
    assert.match(nodeTrouble('20.18.3') ?? '', /^This is Node\.js 20\.18\.3, and 20\.19 or newer is needed/);
    for (const version of ['20.19.0', '22.0.0', process.versions.node]) assert.equal(nodeTrouble(version), undefined);
  });
});
