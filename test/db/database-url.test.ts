import assert from 'node:assert/strict';
import { connect } from '../../connector/db/connect.ts';
import { readDatabaseUrl } from '../../connector/db/database-url.ts';

const BASE = 'mysql://shop:hidden-word@db.example.test:3307/shop';

describe('the options of DATABASE_URL', () => {
  const understood: [string, object | undefined][] = [
    ['', undefined],
    ['?ssl=false', undefined],
    ['?ssl-mode=DISABLED', undefined],
    ['?ssl=true', { mode: 'REQUIRED', caFile: undefined }],
    ['?ssl=1&ssl-mode=VERIFY_IDENTITY', { mode: 'VERIFY_IDENTITY', caFile: undefined }],
    ['?ssl-ca=/etc/ca%20file.pem', { mode: 'VERIFY_CA', caFile: '/etc/ca file.pem' }],
    ['?ssl-mode=verify_ca&ssl-ca=/ca.pem', { mode: 'VERIFY_CA', caFile: '/ca.pem' }],
  ];
  for (const [options, tls] of understood) {
    it(`are understood: ${options || 'none'}`, () => {
      assert.deepEqual(readDatabaseUrl(BASE + options).tls, tls);
    });
  }

  it('leave host and port alone, unless a socket is named', () => {
    assert.deepEqual(readDatabaseUrl(`${BASE}?ssl=true`).address, { host: 'db.example.test', port: 3307 });
    assert.deepEqual(readDatabaseUrl(`${BASE}?socket=/run/db.sock`).address, { path: '/run/db.sock' });
  });

  const refused: [string, RegExp][] = [
    ['?sslmode=require', /unknown option sslmode; known ones are socket, ssl, ssl-mode, ssl-ca$/],
    ['?SSL=true', /unknown option SSL;/],
    ['?charset=latin2', /unknown option charset;/],
    ['?connectionLimit=5&ssl=true', /unknown option connectionLimit;/],
    ['?ssl=yes', /ssl=true or ssl=false/],
    ['?ssl=', /says nothing for its option ssl$/],
    ['?socket=', /says nothing for its option socket$/],
    ['?ssl-mode=PREFERRED', /ssl-mode one of DISABLED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY$/],
    ['?ssl-mode=VERIFY', /ssl-mode one of/],
    ['?ssl=false&ssl-mode=REQUIRED', /asks for TLS and for none$/],
    ['?ssl=true&ssl-mode=DISABLED', /asks for TLS and for none$/],
    ['?ssl=false&ssl-ca=/ca.pem', /asks for TLS and for none$/],
    ['?ssl-mode=REQUIRED&ssl-ca=/ca.pem', /an ssl-ca that ssl-mode=REQUIRED would not look at/],
    ['?ssl-mode=REQUIRED&ssl-mode=DISABLED', /names the option ssl-mode twice$/],
  ];
  for (const [options, sentence] of refused) {
    it(`are refused at the start: ${options}`, () => {
      assert.throws(
        () => connect(BASE + options),
        (error: Error) => sentence.test(error.message) && !error.message.includes('hidden-word'),
      );
    });
  }
});
