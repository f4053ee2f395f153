import assert from 'node:assert/strict';
import { checkServer, connect } from '../../connector/db/connect.ts';
import { describeStartupError } from '../../connector/db/startup-error.ts';
import { testDatabase } from '../support/database.ts';
import { demandingLogin } from '../support/demanding-login.ts';

async function trouble(changes: Partial<URL>): Promise<string> {
  const url = Object.assign(new URL(testDatabase().url), changes);
  const db = connect(url.href);
  try {
    await checkServer(db);
    return 'none';
  } catch (error) {
    return describeStartupError(error, url.href);
  } finally {
    await db.destroy();
  }
}

describe('trouble with the database at the start', () => {
  it('names the place that cannot be reached', async () => {
    assert.equal(
      await trouble({ hostname: '127.0.0.1', port: '1', password: 'hidden-word' }),
      'the database at 127.0.0.1:1 cannot be reached (ECONNREFUSED): ' +
        'is it running, are host and port in DATABASE_URL right?',
    );
  });

  it('names the account that is refused, and never its password', async () => {
    const { host, username } = new URL(testDatabase().url);
    assert.equal(
      await trouble({ password: 'hidden-word' }),
      `the database at ${host} refused the account ${username}: is the password right, ` +
        'or does the account demand TLS (?ssl=true in DATABASE_URL)?',
    );
  });

  it('names the schema that is not there, or not to be used', async () => {
    assert.match(await trouble({ pathname: '/bl_test_missing' }), /schema bl_test_missing$/);
    const denied = Object.assign(new Error('Access denied'), { code: 'ER_DBACCESS_DENIED_ERROR' });
    const said = describeStartupError(new Error('round it', { cause: denied }), 'mysql://ala:hidden-word@db/shop');
    assert.equal(said, 'the account ala may not use the schema shop');
  });

  const logins: [string, RegExp][] = [
    [
      'client_ed25519',
      /^the account shop of the database at 127\.0\.0\.1:\d+ logs in by ed25519 \(client_ed25519\), which the connector does not know: let it log in by mysql_native_password, on MySQL also caching_sha2_password$/,
    ],
    ['dialog', /logs in by PAM \(dialog\), which the connector does not know/],
    ['mysql_clear_password', /logs in by a password in clear text \(mysql_clear_password\)/],
    ['some_new_plugin', /logs in by the plugin some_new_plugin, which the connector does not know/],
  ];
  for (const [plugin, sentence] of logins) {
    it(`names the login that the connector does not know: ${plugin}`, async () => {
      const server = await demandingLogin(plugin);
      try {
        const said = await trouble({ hostname: '127.0.0.1', port: String(server.port), username: 'shop' });
        assert.match(said, sentence);
      } finally {
        await server.close();
      }
    });
  }

  it('names the plugin that the server itself lacks', () => {
    const lacking = Object.assign(new Error("Plugin 'mysql_native_password' is not loaded"), {
      ...{ code: 'ER_PLUGIN_IS_NOT_LOADED', errno: 1524, sqlState: 'HY000' },
    });
    assert.equal(
      describeStartupError(lacking, 'mysql://ala:hidden-word@db/shop'),
      "the database at db:3306 lacks the plugin by which the account ala logs in (Plugin 'mysql_native_password' is not loaded)",
    );
  });

  it('says what the database refused without the statement', async () => {
    const { db, url } = testDatabase();
    const error: unknown = await db('bl_test_missing')
      .where({ name: 'ala@example.test' })
      .catch((caught: unknown) => caught);
    assert.match(
      describeStartupError(error, url),
      /^the database refused a statement: Table '.*' doesn't exist \(ER_NO_SUCH_TABLE\)$/,
    );
  });

  it('leaves every other error its own words', () => {
    assert.equal(describeStartupError(new Error('a bug'), 'mysql://u:p@h/s'), 'a bug');
  });
});
