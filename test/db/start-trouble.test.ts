import assert from 'node:assert/strict';
import { checkServer, connect } from '../../connector/db/connect.ts';
import { startTrouble } from '../../connector/db/start-trouble.ts';
import { testDatabase } from '../support/database.ts';

async function trouble(changes: Partial<URL>): Promise<string> {
  const url = Object.assign(new URL(testDatabase().url), changes);
  const db = connect(url.href);
  try {
    await checkServer(db);
    return 'none';
  } catch (error) {
    return startTrouble(error, url.href);
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
      `the database at ${host} refused the account ${username}: is the password right?`,
    );
  });

  it('names the schema that is not there, or not to be used', async () => {
    assert.match(await trouble({ pathname: '/bl_test_missing' }), /schema bl_test_missing$/);
    const denied = Object.assign(new Error('Access denied'), { code: 'ER_DBACCESS_DENIED_ERROR' });
    const said = startTrouble(new Error('round it', { cause: denied }), 'mysql://ala:hidden-word@db/shop');
    assert.equal(said, 'the account ala may not use the schema shop');
  });

  it('leaves every other error its own words', () => {
    assert.equal(startTrouble(new Error('a bug'), 'mysql://u:p@h/s'), 'a bug');
  });
});
