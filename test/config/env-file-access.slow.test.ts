import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CONFIG = pathToFileURL(join(import.meta.dirname, '..', '..', 'config', 'index.ts')).href;
const SETTINGS_ERROR = pathToFileURL(join(import.meta.dirname, '../../connector/lib/settings-error.ts')).href;

/** Who may read everything becomes somebody who may not, once the program is loaded. */
const READ = `
  const { loadEnvironment } = await import(${JSON.stringify(CONFIG)});
  const { exitCodeOf } = await import(${JSON.stringify(SETTINGS_ERROR)});
  if (process.geteuid() === 0) process.seteuid(65534);
  try {
    console.log(loadEnvironment()['PORT'] ?? 'none');
  } catch (error) {
    console.log(exitCodeOf(error), error.message);
  }`;

describe('access to the file .env', function () {
  this.timeout(60_000);
  let folder: string;
  const read = async () => {
    const env = { ...process.env };
    delete env['PORT'];
    const tsx = ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
    const { stdout } = await run(process.execPath, [...tsx, '--input-type=module', '--eval', READ], {
      cwd: folder,
      env,
    });
    return stdout.trim();
  };

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'bl-env-')));
    chmodSync(folder, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is read where there is one, and need not be there', async () => {
    assert.equal(await read(), 'none');
    writeFileSync(join(folder, '.env'), 'PORT=8099\n');
    assert.equal(await read(), '8099');
  });

  it('that may not be read is not taken for one that is not there: who may not read what', async () => {
    const file = join(folder, '.env');
    writeFileSync(file, 'PORT=8099\n', { mode: 0 });
    const said = await read();
    const [, user = ''] = /^78 the user (\S+) may not read /.exec(said) ?? [];
    assert.equal(said, `78 the user ${user} may not read ${file}: make that user its owner (chown ${user} ${file})`);
  });

  it('that is a folder is called one', async () => {
    mkdirSync(join(folder, '.env'));
    assert.equal(await read(), `78 ${join(folder, '.env')} is a folder: the settings must be a file`);
  });
});
