/**
 * Makes a fresh machine ready: the node packages of the lock file, and MariaDB's binaries for a private server. Says
 * nothing when there is nothing to do. It runs before any package is there, so it uses none.
 *
 * node scripts/setup.mjs [--unless=NAME]     NAME: an environment variable that names a database to use instead
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { URL } from 'node:url';
import { findMariadb } from './mariadb-binaries.mjs';
import { nodeTrouble } from './node-version.mjs';

const ROOT = join(import.meta.dirname ?? '.', '..');
const DEBIAN_PACKAGES = ['mariadb-server-core', 'mariadb-client-core'];

checkArguments();
checkNode();
installPackages();
if (!givenDatabase()) installMariadb();

function checkArguments() {
  const unknown = process.argv.slice(2).find((argument) => !argument.startsWith('--unless='));
  if (unknown === undefined) return;
  console.error(`setup.mjs does not know ${unknown}; it takes --unless=NAME.`);
  process.exit(2);
}

function checkNode() {
  const trouble = nodeTrouble();
  if (trouble) stop(trouble);
}

function givenDatabase() {
  const name = process.argv.find((argument) => argument.startsWith('--unless='))?.slice('--unless='.length);
  return name !== undefined && Boolean(process.env[name]);
}

function installPackages() {
  if (packagesMatch()) return;
  // Under npm this is the npm that runs us; by hand, the one on the PATH.
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  console.log('Installing the node packages of package-lock.json …');
  const from = registryOf(command, first);
  console.log(`Waiting for ${from}: without a network npm says nothing for some minutes.`);
  const { status } = spawnSync(command, [...first, 'ci', '--no-audit', '--no-fund'], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) stop('The node packages could not be installed: "npm ci" says why.');
}

/** Its name alone; npm itself keeps an address that holds a password to itself. */
function registryOf(command, first) {
  const { stdout } = spawnSync(command, [...first, 'config', 'get', 'registry'], { cwd: ROOT, encoding: 'utf8' });
  const text = (stdout ?? '').trim();
  return URL.canParse(text) ? new URL(text).host : 'the npm registry';
}

/** npm keeps a list of what it has installed; every package that this machine must have stands there as in the lock. */
function packagesMatch() {
  const installed = readJson(join(ROOT, 'node_modules', '.package-lock.json'))?.packages;
  if (!installed) return false;
  const wanted = Object.entries(readJson(join(ROOT, 'package-lock.json')).packages);
  return wanted.every(([path, entry]) => {
    if (path === '' || entry.optional || entry.devOptional) return true;
    const found = installed[path];
    return found?.version === entry.version && found.integrity === entry.integrity;
  });
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

function installMariadb() {
  if (findMariadb()) return;
  const mayInstall = process.getuid?.() === 0 && has('apt-get');
  if (!mayInstall) stop(`A MariaDB server is needed for a private database: ${advice()}`);
  console.log(`Installing MariaDB's binaries (${DEBIAN_PACKAGES.join(', ')}; no service is set up) …`);
  console.log('Waiting for apt-get: without a network it says nothing for some minutes.');
  const install = ['install', '-y', '--no-install-recommends', ...DEBIAN_PACKAGES];
  // A machine without package lists, as a bare container is, needs them first.
  if (!apt(install).done) {
    apt(['update']);
    const { done, said } = apt(install);
    if (!done) stop(`apt-get could not install them:\n${said.trim().split('\n').slice(-5).join('\n')}`);
  }
  if (!findMariadb()) stop(`The packages are installed, but no server is found: ${advice()}`);
}

function advice() {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  const byTool = [
    ['apt-get', `${sudo}apt-get install --no-install-recommends ${DEBIAN_PACKAGES.join(' ')}`],
    ['dnf', `${sudo}dnf install mariadb-server`],
    ['pacman', `${sudo}pacman -S mariadb`],
    ['zypper', `${sudo}zypper install mariadb`],
    ['apk', `${sudo}apk add mariadb mariadb-server-utils`],
    ['brew', 'brew install mariadb'],
  ];
  const command = byTool.find(([tool]) => has(tool))?.[1];
  const elsewhere = 'name the folder of its binaries in MARIADB_BIN_DIR if it is in an unusual place';
  return `${command ? `run "${command}"` : 'install one from https://mariadb.org/download'}, or ${elsewhere}.`;
}

function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stdout, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8' });
  return { done: status === 0, said: `${stdout ?? ''}${stderr ?? ''}` };
}

function has(tool) {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', tool], { stdio: 'ignore' }).status === 0;
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
