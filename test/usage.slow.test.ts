import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const START_MS = 60_000; // a busy machine starts slowly

/** Every command line of ours, with something on it that it does not know. */
const MISUSED = [
  ['scripts/demo/index.ts', '--onec'],
  ['scripts/demo/index.ts', '--data'],
  ['scripts/demo/index.ts', 'once'],
  ['scripts/seed/index.ts', '--product'],
  ['scripts/chaos/index.ts', '--kill'],
  ['scripts/chaos/relay.ts', '--round'],
  ['scripts/setup.mjs', '--until=DATABASE_URL'],
  ['bench/index.ts', '--secnds'],
  ['simulators/idosell/index.ts', '--profil'],
  ['simulators/expertsender/index.ts', '--apikey'],
  ['connector/main.ts', '--port=80'],
  ['connector/relay-main.ts', '--once'],
  ['connector/cli.ts', 'chek'],
  ['connector/cli.ts', 'check', 'http://127.0.0.1:1/', '--wirte'],
  ['connector/cli.ts', 'relay', 'list', '--stat'],
  ['connector/cli.ts', 'guard', 'confrim'],
] as const;

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', ...args], { cwd: ROOT, encoding: 'utf8' });

describe('a command line', function () {
  this.timeout(2 * START_MS);

  for (const line of MISUSED) {
    it(`that is misspelt ends with 2 and the name of what is not known: ${line.join(' ')}`, () => {
      const { status, stderr } = run(...line);
      assert.equal(status, 2, stderr);
      assert.ok(stderr.includes((line.at(-1) ?? '').replace(/=.*/, '')), stderr);
      assert.doesNotMatch(stderr, /\n\s+at .*:\d+:\d+/, 'no stack');
    });
  }

  it('that asks for help is given it, with 0', () => {
    for (const script of ['scripts/demo/index.ts', 'connector/cli.ts', 'scripts/seed/index.ts']) {
      const { status, stdout } = run(script, '--help');
      assert.equal(status, 0, script);
      assert.match(stdout, /--help|npm run demo/);
    }
  });
});
