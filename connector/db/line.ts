import { readFileSync } from 'node:fs';
import { connect as openSocket, type Socket } from 'node:net';
import type { ConnectionOptions } from 'mysql2';
import { SettingsError } from '../lib/settings-error.ts';
import type { DatabaseUrl, Tls } from './database-url.ts';

const KEEP_ALIVE_MS = 10_000;

/**
 * A socket that closes itself after a time without traffic. The driver's own timeouts do not do: they leave out the
 * greeting after the handshake, the preparing of a statement and COMMIT, and keep the connection.
 */
export function openLine({ address, host }: DatabaseUrl, timeoutMs: number): Socket {
  const line = 'path' in address ? openSocket(address.path) : openSocket(address.port, address.host);
  line.setNoDelay(true);
  line.setKeepAlive(true, KEEP_ALIVE_MS);
  line.setTimeout(timeoutMs, () =>
    line.destroy(Object.assign(new Error(`the database was silent for ${timeoutMs} ms`), { code: 'ETIMEDOUT' })),
  );
  // The driver hands Node.js no name to verify when the host is an address; Node.js then reads `_host` of the socket,
  // and would accept `localhost` without it.
  return Object.assign(line, { _host: host });
}

/** The TLS options of the driver. */
export function tlsOptions({ mode, caFile }: Tls): ConnectionOptions['ssl'] & object {
  return {
    rejectUnauthorized: mode !== 'REQUIRED',
    verifyIdentity: mode === 'VERIFY_IDENTITY',
    ...(caFile !== undefined && { ca: readAuthorities(caFile) }),
  };
}

function readAuthorities(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new SettingsError(`the file that ssl-ca in DATABASE_URL names cannot be read (${code}): ${file}`, {
      cause: error,
    });
  }
  // Node.js treats a file without certificates as an empty list of authorities, and then blames the server's
  // certificate.
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw new SettingsError(`the file that ssl-ca in DATABASE_URL names holds no certificate in PEM form: ${file}`);
  }
  return text;
}
