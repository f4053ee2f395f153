import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The server and what prepares its data folder, under the names of today and of older packages. */
const SERVER = ['mariadbd', 'mysqld'];
const INSTALLER = ['mariadb-install-db', 'mysql_install_db'];

/** Where packages of the usual systems put them; Debian keeps the server where only root's PATH leads. */
const PLACES = [
  '/usr/sbin',
  '/usr/libexec',
  '/usr/bin',
  '/usr/local/sbin',
  '/usr/local/libexec',
  '/usr/local/bin',
  '/usr/local/mysql/bin',
  '/usr/local/mysql/scripts',
  '/usr/local/mariadb/bin',
  '/usr/local/mariadb/scripts',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/mariadb/bin',
  '/usr/local/opt/mariadb/bin',
];

/**
 * The paths of MariaDB's server and installer, or undefined when this machine has none. MARIADB_BIN_DIR names a folder
 * to look into first.
 */
export function findMariadb(env = process.env) {
  const own = env.MARIADB_BIN_DIR;
  const folders = [
    ...(own ? [own, join(own, '..', 'sbin'), join(own, '..', 'libexec'), join(own, '..', 'scripts')] : []),
    ...(env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''),
    ...PLACES,
  ];
  // The installer exists for MariaDB only: MySQL, whose server is called mysqld as well, has none since 5.7.
  const installer = firstExecutable(folders, INSTALLER);
  const server = firstExecutable(folders, SERVER);
  return server && installer ? { server, installer } : undefined;
}

/** The newer name anywhere comes before the older name, which may belong to MySQL. */
function firstExecutable(folders, names) {
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
