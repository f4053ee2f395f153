/**
 * Classifies database errors: the endpoint answers `db_connection` for a connection that failed and `db_query` for a
 * statement that did. Everything else is an API error or a bug, and no matter of the database.
 *
 * The driver marks what ends a connection as `fatal`. What it does not mark is listed: the errors of a server that
 * refuses logins or is shutting down, by the codes that both servers and mysql2 share.
 */
const CONNECTION_CODES = new Set([
  'ER_ACCESS_DENIED_ERROR',
  'ER_ACCESS_DENIED_NO_PASSWORD_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_BAD_DB_ERROR',
  'ER_CON_COUNT_ERROR',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_USER_LIMIT_REACHED',
  'ER_ACCOUNT_HAS_BEEN_LOCKED',
  'ER_MUST_CHANGE_PASSWORD_LOGIN',
  'ER_HOST_IS_BLOCKED',
  'ER_HOST_NOT_PRIVILEGED',
  'ER_NOT_SUPPORTED_AUTH_MODE',
  'ER_SERVER_SHUTDOWN',
  'ER_NORMAL_SHUTDOWN',
  'ER_NEW_ABORTING_CONNECTION',
  'ER_CONNECTION_KILLED',
  'ER_CLIENT_INTERACTION_TIMEOUT',
  'AUTH_SWITCH_PLUGIN_ERROR',
  'ER_SECURE_TRANSPORT_REQUIRED',
  'ER_PLUGIN_IS_NOT_LOADED',
]);

/**
 * What a server answers that is the wrong one for us: it was demoted, cut off from its cluster, or set read-only, and
 * another one takes the writes. Nothing of the statement was carried out. By number, as the names differ.
 */
const WRONG_SERVER = new Set([
  1036, // a table is read-only: MariaDB with innodb_read_only
  1047, // Galera: WSREP has not yet prepared node for application use
  1836, // running in read-only mode
  1874, // InnoDB is in read-only mode
  3032, // offline mode
  3100, // Group Replication: a hook refused the commit
  3168, // the server is not available
  3796, // Group Replication: consistency that the member's state does not allow
  3797, // … or that it waited for in vain
  3798,
]);

/** An option forbids it; only some options make a server the wrong one. */
const OPTION_PREVENTS = 1290;

const GOING_AWAY = new Set([1053, 1079]);

/** Deep enough for a use case's own words around the driver's. */
const MAX_CAUSES = 5;

/** No connection was to be had, or it was lost on the way: refused, denied, cut, silent, or none free in time. */
export function isConnectionError(error: unknown): boolean {
  return causes(error).some(isLoss);
}

/** The database was there and answered no. */
export function isQueryError(error: unknown): boolean {
  return !isConnectionError(error) && causes(error).some(isServerError);
}

/** A unique key has this value already. The statement is undone, and its transaction may go on. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Error && codeOf(error) === 'ER_DUP_ENTRY';
}

/** The connection itself is of no more use. */
export function isFatal(error: unknown): boolean {
  return error instanceof Error && 'fatal' in error && error.fatal === true;
}

/** This server does not do what another one would: see above. */
export function isWrongServer(error: unknown): boolean {
  return causes(error).some((cause) => {
    const errno = errnoOf(cause);
    if (errno === OPTION_PREVENTS) return /read[-_ ]only/i.test(cause.message);
    return errno !== undefined && WRONG_SERVER.has(errno);
  });
}

/** The server announced its shutdown. Whether a COMMIT was carried out is then unknown. */
export function isGoingAway(error: unknown): boolean {
  return error instanceof Error && GOING_AWAY.has(errnoOf(error) ?? 0);
}

function isLoss(error: Error): boolean {
  if (isFatal(error) || isWrongServer(error) || CONNECTION_CODES.has(codeOf(error))) return true;
  // knex has one error for "no connection free" and "the query took too long"; only the text differs.
  return error.name === 'KnexTimeoutError' && error.message.includes('acquiring a connection');
}

function isServerError(error: Error): boolean {
  return error.name === 'KnexTimeoutError' || ('errno' in error && 'sqlState' in error);
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function errnoOf(error: Error): number | undefined {
  return 'errno' in error && typeof error.errno === 'number' ? error.errno : undefined;
}

function causes(error: unknown): Error[] {
  const found: Error[] = [];
  for (let next = error; next instanceof Error && found.length < MAX_CAUSES; next = next.cause) found.push(next);
  return found;
}
