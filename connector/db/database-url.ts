import { SettingsError } from '../lib/settings-error.ts';

/** Where the server listens. */
export type Address = { readonly path: string } | { readonly host: string; readonly port: number };

export interface Account {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** How much the server's certificate is looked at; the words are those of MySQL's own clients. */
export type TlsMode = 'REQUIRED' | 'VERIFY_CA' | 'VERIFY_IDENTITY';

export interface Tls {
  readonly mode: TlsMode;
  /** A file of trusted authorities; without it, those that Node.js trusts. */
  readonly caFile: string | undefined;
}

export interface DatabaseUrl {
  readonly account: Account;
  readonly address: Address;
  /** The host of the URL, which also stands there when the server is reached through a socket. */
  readonly host: string;
  readonly tls: Tls | undefined;
}

const OPTIONS = ['socket', 'ssl', 'ssl-mode', 'ssl-ca'] as const;
type Option = (typeof OPTIONS)[number];

const TLS_MODES = ['DISABLED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'] as const;

/**
 * mysql://user:password@host:port/schema; special characters are percent-encoded. `?socket=/path` names a socket;
 * `ssl`, `ssl-mode` and `ssl-ca` request TLS. The URL holds a password: no message repeats it.
 */
export function readDatabaseUrl(databaseUrl: string): DatabaseUrl {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined;
  if (!url || !['mysql:', 'mariadb:'].includes(url.protocol)) {
    throw new SettingsError('the database URL must look like mysql://user:password@host:port/schema');
  }
  const options = readOptions(url.searchParams);
  const account = {
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
  };
  // An IPv6 address stands in brackets in a URL, and without them everywhere else.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const path = options.get('socket');
  const address = path === undefined ? { host, port: Number(url.port || 3306) } : { path };
  return { account, address, host, tls: tlsOf(options) };
}

/** What is not understood might be what keeps a connection safe, so nothing is passed over. */
function readOptions(params: URLSearchParams): ReadonlyMap<Option, string> {
  const options = new Map<Option, string>();
  for (const [name, value] of params) {
    const option = OPTIONS.find((known) => known === name);
    if (option === undefined) throw refusal(`has an unknown option ${name}; known ones are ${OPTIONS.join(', ')}`);
    if (options.has(option)) throw refusal(`names the option ${name} twice`);
    if (value === '') throw refusal(`says nothing for its option ${name}`);
    options.set(option, value);
  }
  return options;
}

function tlsOf(options: ReadonlyMap<Option, string>): Tls | undefined {
  const ssl = switchOf(options.get('ssl'));
  const caFile = options.get('ssl-ca');
  const mode = modeOf(options.get('ssl-mode'));
  if (mode === 'DISABLED' || (ssl === false && mode === undefined)) {
    if (ssl === true || caFile !== undefined) throw refusal('asks for TLS and for none');
    return undefined;
  }
  if (ssl === false) throw refusal('asks for TLS and for none');
  if (mode === 'REQUIRED' && caFile !== undefined) {
    throw refusal('names an ssl-ca that ssl-mode=REQUIRED would not look at: use VERIFY_CA or VERIFY_IDENTITY');
  }
  // Whoever names a CA wants it verified, as with MySQL's own clients.
  if (mode === undefined && caFile !== undefined) return { mode: 'VERIFY_CA', caFile };
  if (mode === undefined && ssl === undefined) return undefined;
  return { mode: mode ?? 'REQUIRED', caFile };
}

function switchOf(value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (['true', '1'].includes(value)) return true;
  if (['false', '0'].includes(value)) return false;
  throw refusal('takes ssl=true or ssl=false; how much is verified is said by ssl-mode');
}

function modeOf(value: string | undefined): (typeof TLS_MODES)[number] | undefined {
  if (value === undefined) return undefined;
  const mode = TLS_MODES.find((known) => known === value.toUpperCase());
  // PREFERRED is not supported: it falls back to plain text without notice.
  if (mode === undefined) throw refusal(`takes for ssl-mode one of ${TLS_MODES.join(', ')}`);
  return mode;
}

function refusal(sentence: string): SettingsError {
  return new SettingsError(`DATABASE_URL ${sentence}`);
}
