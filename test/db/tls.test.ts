import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { checkServer, connect, isConnectionError, readRows, type ConnectOptions } from '../../connector/db/connect.ts';
import { describeStartupError } from '../../connector/db/startup-error.ts';
import { inTransaction } from '../../connector/db/transaction.ts';
import { startPrivateMariadb, type PrivateMariadb } from '../../scripts/private-mariadb.ts';
import { accountOn } from '../support/account.ts';
import { startFaultyProxy } from '../../simulators/faulty-proxy.ts';

const START_MS = 120_000;
const FILES = join(import.meta.dirname, '..', 'fixtures', 'database-tls');
const CA = join(FILES, 'ca.pem');
const OTHER_CA = join(FILES, 'other-ca.pem');
const SERVER_FLAGS = [`--ssl-cert=${join(FILES, 'server.pem')}`, `--ssl-key=${join(FILES, 'server.key')}`];

describe('TLS to the database', function () {
  this.timeout(START_MS);
  let server: PrivateMariadb;
  let root: Knex;
  const opened: Knex[] = [];

  before(async () => {
    server = await startPrivateMariadb({ flags: SERVER_FLAGS });
    root = connect(server.url);
  });
  after(async () => {
    await root.destroy();
    await server.remove();
  });
  afterEach(() => Promise.all(opened.splice(0).map((db) => db.destroy())));

  function open(url: string, options: ConnectOptions = {}): Knex {
    const db = connect(url, options);
    opened.push(db);
    return db;
  }

  /** The certificate is for 127.0.0.1 and database.example.test. */
  function urlWith(options: Readonly<Record<string, string>>, host = '127.0.0.1', port = server.port): string {
    const url = new URL(server.url);
    url.hostname = host;
    url.port = String(port);
    for (const [name, value] of Object.entries(options)) url.searchParams.set(name, value);
    return url.href;
  }

  const CIPHER = "SHOW SESSION STATUS LIKE 'Ssl_cipher'";
  const isEncrypted = async (db: Knex): Promise<boolean> => {
    const [[, alone] = []] = await readRows(db, CIPHER);
    const [[, inUnit] = []] = await inTransaction(db, (unit) => readRows(unit, CIPHER));
    assert.equal(alone, inUnit, 'both pools');
    return alone !== '';
  };

  const trouble = async (url: string): Promise<string> => {
    try {
      await checkServer(open(url));
      return 'none';
    } catch (error) {
      return describeStartupError(error, url);
    }
  };

  const encrypted: [string, Readonly<Record<string, string>>, string?][] = [
    ['ssl=true', { ssl: 'true' }],
    ['ssl-mode=REQUIRED, by any name', { 'ssl-mode': 'REQUIRED' }, 'localhost'],
    ['ssl-mode in small letters', { 'ssl-mode': 'required' }],
    ['ssl-mode=VERIFY_CA', { 'ssl-mode': 'VERIFY_CA', 'ssl-ca': CA }],
    ['ssl-mode=VERIFY_CA, by any name', { 'ssl-mode': 'VERIFY_CA', 'ssl-ca': CA }, 'localhost'],
    ['an authority alone', { 'ssl-ca': CA }, 'localhost'],
    ['ssl-mode=VERIFY_IDENTITY with an address', { 'ssl-mode': 'VERIFY_IDENTITY', 'ssl-ca': CA }],
  ];
  for (const [what, options, host] of encrypted) {
    it(`is spoken for ${what}`, async () => {
      assert.equal(await isEncrypted(open(urlWith(options, host))), true);
    });
  }

  it('is spoken through a socket, where the host of the URL is the name that is verified', async () => {
    const options = { socket: server.socketPath, 'ssl-mode': 'VERIFY_IDENTITY', 'ssl-ca': CA };
    assert.equal(await isEncrypted(open(urlWith(options, 'database.example.test'))), true);
    assert.match(await trouble(urlWith(options, 'elsewhere.example.test')), /certificate/);
  });

  for (const options of [{}, { ssl: 'false' }, { 'ssl-mode': 'DISABLED' }]) {
    it(`is not spoken for ${JSON.stringify(options)}`, async () => {
      assert.equal(await isEncrypted(open(urlWith(options))), false);
    });
  }

  const unverified: [string, Readonly<Record<string, string>>, string, RegExp][] = [
    [
      'a certificate of another authority',
      { 'ssl-mode': 'VERIFY_CA', 'ssl-ca': OTHER_CA },
      '127.0.0.1',
      /^the certificate of the database at 127\.0\.0\.1:\d+ is not to be trusted \(.*certificate.*\): is ssl-ca in DATABASE_URL the authority that signed it\?$/,
    ],
    [
      'a certificate that none of the known authorities has signed',
      { 'ssl-mode': 'VERIFY_CA' },
      '127.0.0.1',
      /^the certificate of the database .* is not to be trusted \(.*certificate.*\): name its authority by ssl-ca/,
    ],
    [
      'a certificate for another name',
      { 'ssl-mode': 'VERIFY_IDENTITY', 'ssl-ca': CA },
      'localhost',
      /^the certificate of the database at localhost:\d+ is for another name than localhost \(.*\): use a name .*, or ssl-mode=VERIFY_CA$/,
    ],
  ];
  for (const [what, options, host, sentence] of unverified) {
    it(`refuses ${what}, and says so`, async () => {
      await assert.rejects(readRows(open(urlWith(options, host)), 'SELECT 1'), isConnectionError);
      assert.match(await trouble(urlWith(options, host)), sentence);
    });
  }

  it('gives up on a line that falls silent', async () => {
    const proxy = await startFaultyProxy({ port: server.port });
    try {
      const url = urlWith({ ssl: 'true' }, '127.0.0.1', proxy.port);
      const db = open(url, { poolSize: 1, timeoutMs: 2000 });
      assert.equal(await isEncrypted(db), true);
      proxy.blackHole();
      await assert.rejects(readRows(db, 'SELECT 1'), isConnectionError);
      proxy.forward();
      assert.equal(await isEncrypted(db), true);
    } finally {
      await proxy.close();
    }
  });

  it('that the server demands is named at the start', async () => {
    await root.raw('SET GLOBAL require_secure_transport = ON');
    try {
      // MariaDB 10.11 says no more than that; MySQL, and newer MariaDB, say what they want.
      assert.match(await trouble(urlWith({})), /is the password right, or does the account demand TLS|demands TLS/);
    } finally {
      await root.raw('SET GLOBAL require_secure_transport = OFF');
    }
    const told = Object.assign(new Error('Connections using insecure transport are prohibited'), {
      ...{ code: 'ER_SECURE_TRANSPORT_REQUIRED', errno: 3159, sqlState: 'HY000' },
    });
    assert.equal(
      describeStartupError(told, 'mysql://u:p@h/s'),
      'the database at h:3306 demands TLS: add ?ssl-mode=VERIFY_IDENTITY (or ?ssl=true) to DATABASE_URL',
    );
  });

  it('that the account demands is named at the start, beside the password', async () => {
    const url = await accountOn(root, server.url, 'SELECT', 'REQUIRE SSL');
    assert.match(
      await trouble(url),
      /refused the account everyday: is the password right, or does the account demand TLS/,
    );
    assert.equal(await isEncrypted(open(`${url}?ssl=true`)), true);
  });

  it('that the server does not offer is named at the start', async () => {
    const plain = await startPrivateMariadb({ flags: ['--skip-ssl'] });
    try {
      assert.match(
        await trouble(`${plain.url}?ssl-mode=REQUIRED`),
        /^the database at 127\.0\.0\.1:\d+ offers no TLS, which DATABASE_URL asks for: .*$/,
      );
    } finally {
      await plain.remove();
    }
  });

  it('is refused at the start when its authority’s file is none', () => {
    const missing = join(FILES, 'missing.pem');
    assert.throws(
      () => connect(urlWith({ 'ssl-ca': missing })),
      /ssl-ca .* cannot be read \(ENOENT\): .*missing\.pem$/,
    );
    const none = join(FILES, 'README.md');
    assert.throws(
      () => connect(urlWith({ 'ssl-ca': none })),
      /ssl-ca .* holds no certificate in PEM form: .*README\.md$/,
    );
  });
});
