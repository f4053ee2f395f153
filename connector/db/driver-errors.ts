/**
 * Tells apart what went wrong with the database: the endpoint answers `db_connection` for the first kind and `db_query`
 * for the second. Everything else is a refusal or a bug, and none of the database's business.
 *
 * The driver marks what ends a connection as `fatal`. What it does not mark is listed: the answers of a server that lets
 * nobody in or is going away, by the names that both servers and mysql2 share.
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
]);

/** Deep enough for a story's own words around the driver's. */
const MOST_CAUSES = 5;

/** No connection was to be had, or it was lost on the way: refused, denied, cut, silent, or none free in time. */
export function isConnectionError(error: unknown): boolean {
  return causes(error).some(isLoss);
}

/** The database was there and answered no. */
export function isQueryError(error: unknown): boolean {
  return !isConnectionError(error) && causes(error).some(isAnswer);
}

/** A unique key has this value already. The statement is undone, and its transaction may go on. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Error && codeOf(error) === 'ER_DUP_ENTRY';
}

/** The connection itself is of no more use. */
export function isFatal(error: unknown): boolean {
  return error instanceof Error && 'fatal' in error && error.fatal === true;
}

function isLoss(error: Error): boolean {
  if (isFatal(error) || CONNECTION_CODES.has(codeOf(error))) return true;
  // knex has one name for "no connection free" and "the query took too long", which only the text tells apart.
  return error.name === 'KnexTimeoutError' && error.message.includes('acquiring a connection');
}

function isAnswer(error: Error): boolean {
  return error.name === 'KnexTimeoutError' || ('errno' in error && 'sqlState' in error);
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function causes(error: unknown): Error[] {
  const found: Error[] = [];
  for (let next = error; next instanceof Error && found.length < MOST_CAUSES; next = next.cause) found.push(next);
  return found;
}
