/** What our SQL is written for, whatever the server's own setting is. */
const SQL_MODE = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO';

/** The collation of values that have no column's. Named, because the servers' defaults differ and may change. */
const COLLATION = 'utf8mb4_general_ci';

const LOCK_WAIT_SECONDS = 10; // the servers' own 50 s would outlast our timeout and so cost the connection

/** Each may have been set for another program's sake: in the server's file, or by init_connect, which runs before this. */
const AS_OUR_SQL_NEEDS_THEM = {
  sql_safe_updates: '0',
  sql_auto_is_null: '0',
  sql_select_limit: '18446744073709551615',
  sql_big_selects: '1',
  foreign_key_checks: '1',
  unique_checks: '1',
  completion_type: '0',
} as const;

export interface SessionOptions {
  readonly timeoutMs: number;
  /** Off, every statement is within a transaction, which ends by COMMIT or ROLLBACK only; none has to be begun. */
  readonly autocommit: boolean;
}

/** Once a connection, so that no transaction has to set it. A statement of its own: the variable's name varies. */
const TRANSACTIONS = 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE';

/** The first statements of each connection, so that it depends on no setting of the server. */
export function sessionStatements(options: SessionOptions): readonly string[] {
  return [sessionSettings(options), TRANSACTIONS];
}

/**
 * One statement for both servers, since each skips the other's special comment. Their own limit on a statement is a
 * little shorter than our timeout: the server then ends a slow query with an error of its own. A server may be
 * configured to ignore the character set of the handshake, so it is set here.
 */
function sessionSettings({ timeoutMs, autocommit }: SessionOptions): string {
  const limitMs = Math.round(timeoutMs * 0.9);
  return [
    `SET NAMES utf8mb4 COLLATE ${COLLATION}, time_zone = '+00:00', sql_mode = '${SQL_MODE}'`,
    `, innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS}, autocommit = ${autocommit ? 1 : 0}`,
    ...Object.entries(AS_OUR_SQL_NEEDS_THEM).map(([name, value]) => `, ${name} = ${value}`),
    `/*M! , max_statement_time = ${limitMs / 1000} */`,
    `/*!80000 , max_execution_time = ${limitMs} */`,
  ].join(' ');
}
