export interface ServerVersion {
  readonly product: 'MariaDB' | 'MySQL';
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** As the server reports it. */
  readonly text: string;
}

/** The first versions with SKIP LOCKED, which lets several connector processes share one outbox. */
const OLDEST = { MariaDB: [10, 6, 0], MySQL: [8, 0, 1] } as const;

/** Reads what `SELECT VERSION()` answers. Old clients made MariaDB hide behind "5.5.5-"; some proxies still do. */
export function parseServerVersion(text: string): ServerVersion {
  const match = /^(?:5\.5\.5-)?(\d+)\.(\d+)\.(\d+)/.exec(text);
  if (!match) throw new Error(`not a version of MySQL or MariaDB: ${JSON.stringify(text)}`);
  const [, major, minor, patch] = match;
  return {
    product: /mariadb/i.test(text) ? 'MariaDB' : 'MySQL',
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    text,
  };
}

/** The version, when it is one that the connector can work with. */
export function supportedVersion(text: string): ServerVersion {
  const version = parseServerVersion(text);
  const oldest = OLDEST[version.product];
  const [major, minor, patch] = oldest;
  const distance = version.major - major || version.minor - minor || version.patch - patch;
  if (distance < 0) {
    throw new Error(
      `the database server is ${version.product} ${text}, and the connector needs ${version.product} ${oldest.join('.')} or newer`,
    );
  }
  return version;
}

/** A server that logs statements refuses whatever is written under READ COMMITTED; the values are the server's own. */
export function refuseStatementLog(variables: ReadonlyMap<string, string>): void {
  if (variables.get('log_bin') !== 'ON' || variables.get('binlog_format') !== 'STATEMENT') return;
  throw new Error(
    "the database server's binlog_format is STATEMENT, in which it cannot log what is written under READ COMMITTED, " +
      'and so refuses every order and stock change: set binlog_format = MIXED or ROW in its configuration',
  );
}
