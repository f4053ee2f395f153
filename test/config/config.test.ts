import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../config/index.ts';
import { VERSION } from '../../connector/domain/version.ts';

const ROOT = join(import.meta.dirname, '../..');
const least = { DATABASE_URL: 'mysql://u:p@127.0.0.1:3306/shop', BASELINKER_KEY: 'k'.repeat(32) };

describe('the settings', () => {
  it('need a database and a key, and have a default for everything else', () => {
    const config = loadConfig(least);
    assert.equal(config.port, 8080);
    assert.equal(config.host, '127.0.0.1');
    assert.deepEqual(config.settings.keys, ['k'.repeat(32)]);
    assert.equal(config.settings.endpointPath, '/baselinker');
  });

  it('are refused with every problem named at once', () => {
    assert.throws(
      () => loadConfig({ DATABASE_URL: 'postgres://x', BASELINKER_KEY: 'short', PORT: 'http', SHOP: 'magento' }),
      (error: Error) =>
        ['DATABASE_URL', 'BASELINKER_KEY', 'PORT', 'SHOP'].every((name) => error.message.includes(name)),
    );
    assert.throws(() => loadConfig({}), /DATABASE_URL is missing[\s\S]*BASELINKER_KEY is missing/);
  });

  it('never repeat a secret in an error', () => {
    assert.throws(
      () => loadConfig({ ...least, BASELINKER_KEY: 'shortsecret', DATABASE_URL: 'mysql:/u:dbsecret@h' }),
      (error: Error) => !/shortsecret|dbsecret/.test(error.message),
    );
  });

  it('take an empty line for "not set"', () => {
    assert.equal(loadConfig({ ...least, PORT: '', BASELINKER_PREVIOUS_KEY: '', VAT_EXEMPT_AS: '' }).port, 8080);
  });

  it('name themselves in every problem', () => {
    const wrong = {
      PORT: '70000',
      SHOP: 'magento',
      VAT_EXEMPT_AS: 'zw',
      TRUSTED_PROXIES: 'nginx',
      ENDPOINT_PATH: '/health',
      ACCEPT: 'x,y',
    };
    assert.throws(
      () => loadConfig({ ...least, ...wrong }),
      ({ message }: Error) => {
        const lines = message.split('\n').slice(1);
        assert.deepEqual(lines.map((line) => /^✖ ([A-Z_]+)\b/.exec(line)?.[1]).sort(), Object.keys(wrong).sort());
        assert.match(message, /PORT must be from 0 to 65535/);
        return true;
      },
    );
    for (const good of ['1', '127.0.0.1', 'loopback, 10.0.0.0/8,fd00::/8'])
      assert.equal(loadConfig({ ...least, TRUSTED_PROXIES: good }).settings.trustedProxies, good);
    assert.throws(() => loadConfig({ ...least, TRUSTED_PROXIES: '10.0.0.0/33' }), /TRUSTED_PROXIES must be/);
  });

  it('tell a password that is not percent-encoded, and do not repeat it', () => {
    for (const password of ['p@ss/w#rd', '50%off', 'p#rd', 'p/rd', 'p?rd', '12/rd']) {
      assert.throws(
        () => loadConfig({ ...least, DATABASE_URL: `mysql://u:${password}@127.0.0.1:3306/shop` }),
        ({ message }: Error) => /@ is %40, # is %23, \/ is %2F, % is %25/.test(message) && !message.includes(password),
        password,
      );
    }
    for (const url of ['mysql://u:p%40ss%2Fw%23rd@h/shop', 'mysql://u@[::1]/shop?socket=/run/mysqld.sock'])
      assert.equal(loadConfig({ ...least, DATABASE_URL: url }).databaseUrl, url);
    for (const url of ['mysql://u:p@h', 'mysql://u:p@h/'])
      assert.throws(() => loadConfig({ ...least, DATABASE_URL: url }), /DATABASE_URL must look like/);
  });

  it('call an empty key missing, refuse that of example.env, and say where settings belong', () => {
    assert.throws(
      () => loadConfig({ ...least, BASELINKER_KEY: '' }),
      ({ message }: Error) =>
        message.includes('BASELINKER_KEY is missing') &&
        (existsSync('.env') || message.endsWith('(no .env file in this folder: copy config/example.env)')),
    );
    assert.throws(
      () => loadConfig({ ...least, BASELINKER_KEY: 'paste-the-key-of-the-panel-here' }),
      /BASELINKER_KEY still is the placeholder/,
    );
    assert.throws(
      () => loadConfig({ ...least, EXPERTSENDER_API_KEY: 'paste-the-key-of-the-panel-here' }),
      /EXPERTSENDER_API_KEY still is a placeholder/,
    );
  });

  it('refuse a key with quotes, blanks or a no-break space around it, and do not repeat it', () => {
    const key = 'k'.repeat(32);
    for (const name of ['BASELINKER_KEY', 'BASELINKER_PREVIOUS_KEY', 'EXPERTSENDER_API_KEY']) {
      for (const odd of [
        `"${key}"`,
        `'${key}'`,
        `„${key}”`,
        ` ${key}`,
        `${key}\u00a0`,
        `${key}\n`,
        `\ufeff${key}`,
        `${key}\u200b`,
      ]) {
        assert.throws(
          () => loadConfig({ ...least, [name]: odd }),
          ({ message }: Error) => message.includes(`${name} has quotes or blanks around it`) && !message.includes(key),
          `${name} ${JSON.stringify(odd)}`,
        );
      }
    }
  });

  it('refuse an empty list, and take the word "nothing" for one', () => {
    for (const name of ['ACCEPT', 'EXPERTSENDER_ALIAS_DOMAINS']) {
      for (const empty of ['', '  ']) {
        assert.throws(
          () => loadConfig({ ...least, [name]: empty }),
          new RegExp(`${name} is empty: write ${name}=nothing`),
        );
      }
    }
    assert.deepEqual(loadConfig({ ...least, ACCEPT: 'nothing' }).accepts, []);
    assert.deepEqual(loadConfig({ ...least, ACCEPT: ' Nothing ' }).accepts, []);
    assert.deepEqual(loadConfig({ ...least, ACCEPT: 'orders, stock' }).accepts, ['orders', 'stock']);
    assert.ok(loadConfig(least).accepts.length > 2);
    const { expertSender } = loadConfig({ ...least, EXPERTSENDER_API_KEY: 'k', EXPERTSENDER_ALIAS_DOMAINS: 'nothing' });
    assert.deepEqual(expertSender?.aliasDomains, []);
  });

  describe('warn of a name that nearly is a setting:', () => {
    for (const [name, meant] of [
      ['ACEPT', 'ACCEPT'],
      ['ACCPET', 'ACCEPT'],
      ['accept', 'ACCEPT'],
      ['PROT', 'PORT'],
      ['BASE_LINKER_PREVIOUS_KEY', 'BASELINKER_PREVIOUS_KEY'],
      ['HTTP-ERRORS', 'HTTP_ERRORS'],
      ['RESTOCK_CANCELED', 'RESTOCK_CANCELLED'],
      ['IDOSEL_PROFILES', 'IDOSELL_PROFILES'],
    ] as const) {
      it(name, () => {
        const { warnings } = loadConfig({ ...least, [name]: 'a-secret' });
        assert.deepEqual(warnings, [`${name} is no setting of the connector: is ${meant} meant?`]);
      });
    }

    it('and not of other programs’ names', () => {
      const others = ['PATH', 'HOME', 'USER', 'SHELL', 'SHLVL', 'PWD', 'LANG', 'TERM', 'MAIL', 'HOSTNAME', 'HOSTTYPE'];
      const more = [
        'POST',
        'SHOW',
        'HOSTS',
        'PORTS',
        'EDITOR',
        'LOGNAME',
        'NODE_ENV',
        'TZ',
        'DISPLAY',
        'DELAYS',
        '_',
        '',
      ];
      const env = Object.fromEntries(
        [...others, ...more, 'TEST_DATABASE_URL', 'npm_config_cache'].map((name) => [name, 'x']),
      );
      assert.deepEqual(loadConfig({ ...env, ...least }).warnings, []);
    });

    it('also where it makes a setting missing', () => {
      assert.throws(
        () => loadConfig({ BASELINKER_KEY: least.BASELINKER_KEY, DATABASE_URI: least.DATABASE_URL }),
        /DATABASE_URL is missing[^]*\(DATABASE_URI is no setting of the connector: is DATABASE_URL meant\?\)/,
      );
    });
  });

  it('all stand in example.env, which is usable as it is but for the key', () => {
    const lines = readFileSync(join(ROOT, 'config/example.env'), 'utf8').split('\n');
    const example = Object.fromEntries(
      lines.filter((line) => /^\w+=/.test(line)).map((line) => line.split(/=(.*)/s, 2)),
    );
    const { settings, ...rest } = loadConfig({
      ...(example as NodeJS.ProcessEnv),
      BASELINKER_KEY: least.BASELINKER_KEY,
    });
    const { settings: defaultSettings, ...defaultRest } = loadConfig({ ...least, DATABASE_URL: rest.databaseUrl });
    assert.deepEqual(rest, defaultRest);
    assert.deepEqual({ ...settings, keys: [] }, { ...defaultSettings, keys: [] });
    for (const file of ['index', 'expertsender', 'idosell']) {
      const names = Array.from(readFileSync(join(ROOT, `config/${file}.ts`), 'utf8').matchAll(/^ {2}([A-Z_]+): /gm));
      assert.ok(names.length > 2, file);
      for (const [, name = ''] of names) assert.ok(name in example, `${name} is not in example.env`);
    }
  });

  it('go with a version that is the package’s', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    assert.equal(VERSION, version);
  });
});
