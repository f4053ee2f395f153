import { isConnectionError, readDatabaseUrl } from './connect.ts';

/** One sentence for whoever started this, with no secret in it: what is wrong with the database, or the error's own. */
export function startTrouble(error: unknown, databaseUrl: string): string {
  if (!isConnectionError(error)) return error instanceof Error ? error.message : String(error);
  const { account, address } = readDatabaseUrl(databaseUrl);
  const place = 'path' in address ? address.path : `${address.host}:${address.port}`;
  const code = codeOf(error);
  switch (code) {
    case 'ER_ACCESS_DENIED_ERROR':
    case 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR':
      return `the database at ${place} refused the account ${account.user}: is the password right?`;
    case 'ER_DBACCESS_DENIED_ERROR':
      return `the account ${account.user} may not use the schema ${account.database}`;
    case 'ER_BAD_DB_ERROR':
      return `the database at ${place} has no schema ${account.database}`;
  }
  if (code.startsWith('ER_')) return `the database at ${place} takes no connection (${code})`;
  const where = 'path' in address ? 'is the socket' : 'are host and port';
  return `the database at ${place} cannot be reached (${code}): is it running, ${where} in DATABASE_URL right?`;
}

function codeOf(error: unknown): string {
  for (let next = error; next instanceof Error; next = next.cause) {
    if ('code' in next && typeof next.code === 'string') return next.code;
  }
  return 'no answer';
}
