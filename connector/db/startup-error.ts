import { readDatabaseUrl, type DatabaseUrl } from './database-url.ts';
import { isConnectionError, isQueryError, isWrongServer } from './driver-errors.ts';

/** How the clients' halves of the plugins are called, and what people know them by. */
const LOGINS: Readonly<Record<string, string>> = {
  client_ed25519: 'ed25519',
  parsec: 'PARSEC',
  dialog: 'PAM',
  auth_gssapi_client: 'GSSAPI',
  authentication_ldap_sasl_client: 'LDAP',
  mysql_clear_password: 'a password in clear text',
  mysql_old_password: 'the password form of MySQL 4.0',
};

const DENIED = new Set([
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_COLUMNACCESS_DENIED_ERROR',
  'ER_SPECIFIC_ACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
]);

const GRANTS = 'see the GRANT statements in docs/database.md';

/** For commands that the account for every day may not run. */
export function setupAdvice(command: string): string {
  const account = 'the account that may create tables (connector_setup in docs/database.md)';
  return `${command} needs ${account}: set DATABASE_URL before the command`;
}

/**
 * One sentence for whoever started this, with no secret in it and no SQL: what is wrong with the database, or the
 * error's own message. `advice` names the account that is meant, where it is not the everyday one.
 */
export function describeStartupError(error: unknown, databaseUrl: string, advice = GRANTS): string {
  if (isConnectionError(error)) return connectionTrouble(error, readDatabaseUrl(databaseUrl));
  if (!isQueryError(error)) return error instanceof Error ? error.message : String(error);
  const { account } = readDatabaseUrl(databaseUrl);
  const { code, text } = driverWords(error);
  // Our own words are around the driver's already.
  if (error instanceof Error && error.cause !== undefined) return error.message;
  if (DENIED.has(code)) return `the account ${account.user} may not do this (${text}): ${advice}`;
  return `the database refused a statement: ${text} (${code})`;
}

function connectionTrouble(error: unknown, url: DatabaseUrl): string {
  const { account, address, host, tls } = url;
  const place = 'path' in address ? address.path : `${host}:${address.port}`;
  const { code, text } = driverWords(error);
  if (isWrongServer(error)) {
    return `the database at ${place} takes no writes (${text}): is it a replica, or has it been set read-only?`;
  }
  switch (code) {
    case 'ER_ACCESS_DENIED_ERROR':
    case 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR': {
      // MariaDB's error is the same when TLS is what is missing.
      const plain = tls || 'path' in address ? '' : ', or does the account demand TLS (?ssl=true in DATABASE_URL)';
      return `the database at ${place} refused the account ${account.user}: is the password right${plain}?`;
    }
    case 'ER_DBACCESS_DENIED_ERROR':
      return `the account ${account.user} may not use the schema ${account.database}`;
    case 'ER_BAD_DB_ERROR':
      return `the database at ${place} has no schema ${account.database}`;
    case 'ER_SECURE_TRANSPORT_REQUIRED':
      return `the database at ${place} demands TLS: add ?ssl-mode=VERIFY_IDENTITY (or ?ssl=true) to DATABASE_URL`;
    case 'HANDSHAKE_NO_SSL_SUPPORT':
      return `the database at ${place} offers no TLS, which DATABASE_URL asks for: is ssl-cert set in its configuration?`;
    case 'HANDSHAKE_SSL_ERROR':
      return certificateTrouble(text, place, url);
    case 'ER_NOT_SUPPORTED_AUTH_MODE':
    case 'ER_PLUGIN_IS_NOT_LOADED':
    case 'AUTH_SWITCH_PLUGIN_ERROR':
    case 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED':
      return loginTrouble(code, text, place, account.user);
  }
  if (code.startsWith('ER_')) return `the database at ${place} takes no connection (${code})`;
  const where = 'path' in address ? 'is the socket' : 'are host and port';
  return `the database at ${place} cannot be reached (${code}): is it running, ${where} in DATABASE_URL right?`;
}

function certificateTrouble(text: string, place: string, { host, tls }: DatabaseUrl): string {
  if (/does not match certificate/.test(text)) {
    const advice = 'use a name that stands in it, or ssl-mode=VERIFY_CA';
    return `the certificate of the database at ${place} is for another name than ${host} (${text}): ${advice}`;
  }
  if (!/certificate/.test(text)) return `TLS with the database at ${place} failed: ${text}`;
  const advice = tls?.caFile
    ? 'is ssl-ca in DATABASE_URL the authority that signed it?'
    : 'name its authority by ssl-ca in DATABASE_URL';
  return `the certificate of the database at ${place} is not to be trusted (${text}): ${advice}`;
}

function loginTrouble(code: string, text: string, place: string, user: string): string {
  const plugin = code === 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED' ? 'mysql_clear_password' : pluginIn(text);
  if (code === 'ER_PLUGIN_IS_NOT_LOADED') {
    return `the database at ${place} lacks the plugin by which the account ${user} logs in (${text})`;
  }
  if (plugin === undefined) return `the account ${user} cannot log in at ${place}: ${text}`;
  const login = LOGINS[plugin] === undefined ? `the plugin ${plugin}` : `${LOGINS[plugin]} (${plugin})`;
  const known = 'mysql_native_password, on MySQL also caching_sha2_password';
  return (
    `the account ${user} of the database at ${place} logs in by ${login}, which the connector does not know: ` +
    `let it log in by ${known}`
  );
}

function pluginIn(text: string): string | undefined {
  return /unknown plugin (\w+)/.exec(text)?.[1];
}

/** The code, and the message of the server or the driver: knex puts the statement before it. */
function driverWords(error: unknown): { code: string; text: string } {
  for (let next = error; next instanceof Error; next = next.cause) {
    if (!('code' in next) || typeof next.code !== 'string') continue;
    const text = 'sqlMessage' in next && typeof next.sqlMessage === 'string' ? next.sqlMessage : next.message;
    return { code: next.code, text };
  }
  return { code: 'no answer', text: error instanceof Error ? error.message : String(error) };
}
