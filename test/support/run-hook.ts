import type { RootHookObject } from 'mocha';
import { temporaryFolder } from '../../scripts/temporary-folder.ts';

/** For every run of tests: nothing of it is left behind, however it ends. */
export const mochaHooks: RootHookObject = {
  async beforeAll(this: Mocha.Context) {
    // Whatever a test or what it starts puts there goes with this run, also when it is interrupted.
    process.env['TMPDIR'] = await temporaryFolder('test');
    endWithParent();
  },
};

/** mocha runs us as a process of its own, to which it hands on no SIGTERM: it ends and leaves us to go on. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 500).unref();
}
