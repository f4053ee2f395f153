/**
 * Says in a sentence why a command cannot run yet; says nothing when it can. It runs before any package is there.
 *
 * node scripts/ready.mjs [--source]     --source: the command runs from the source, and needs no build
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, URL } from 'node:url';
import { nodeTrouble } from './node-version.mjs';

const trouble = nodeTrouble() || (process.argv.includes('--source') ? packagesTrouble() : buildTrouble());
if (trouble) {
  console.error(trouble);
  process.exit(1);
}

function buildTrouble() {
  const main = fileURLToPath(new URL('../dist/connector/main.js', import.meta.url));
  return existsSync(main) ? undefined : 'The program is not built yet: npm ci && npm run build';
}

function packagesTrouble() {
  try {
    createRequire(import.meta.url).resolve('tsx');
    return undefined;
  } catch {
    return 'The node packages are not installed yet: npm ci';
  }
}
