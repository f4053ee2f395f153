import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import express, { type Express } from 'express';
import request from 'supertest';
import { ApiError } from '../../../connector/domain/api-error.ts';
import { createLog } from '../../../connector/lib/log.ts';
import { defineAction } from '../../../connector/baselinker/wire/action.ts';
import { callerAddress } from '../../../connector/baselinker/wire/caller-address.ts';
import { endpoint, unreadableBody, type EndpointDeps } from '../../../connector/baselinker/wire/endpoint.ts';
import {
  decimal,
  boolean,
  ids,
  page,
  required,
  text,
  unixTime,
  integer,
} from '../../../connector/baselinker/wire/fields.ts';
import { failedAuthLimiter } from '../../../connector/baselinker/wire/failed-auth-limiter.ts';
import { memoryStream } from '../../support/memory-stream.ts';

const KEY = 'k'.repeat(32);
const PREVIOUS = 'p'.repeat(32);

const echo = defineAction<Record<string, unknown>, object>({
  name: 'Echo',
  input: [
    page(),
    integer('count'),
    decimal('price'),
    boolean('on'),
    text('name', 10),
    ids('list', 3),
    unixTime('since'),
  ],
  run: (input) => Promise.resolve(JSON.parse(JSON.stringify(input))),
});
const strict = defineAction<{ list: string[] }, object>({
  name: 'Strict',
  input: [required(ids('list', 3))],
  run: ({ list }) => Promise.resolve({ list }),
});
const fileVersion = defineAction({
  name: 'FileVersion',
  input: [],
  run: () => Promise.resolve({ platform: 'P', version: '1', standard: 4 }),
});
const failing = (name: string, error: unknown) =>
  defineAction({ name, input: [], run: () => Promise.reject(error as Error) });

function appWith(changes: Partial<EndpointDeps<object>> = {}): { app: Express; log: () => string } {
  const stream = memoryStream();
  const log = createLog('info', stream);
  const deps: EndpointDeps<object> = {
    actions: [
      echo,
      strict,
      fileVersion,
      failing('Refuses', new ApiError('unknown_order', 'no order 17')),
      failing('Quotes', new ApiError('invalid_parameter', 'name is "Ala Nowak"')),
      failing('Breaks', new Error('secret text of a driver at db.internal')),
      failing('Loses', Object.assign(new Error('connect ECONNREFUSED 10.0.0.5:3306'), { code: 'ECONNREFUSED' })),
      defineAction({ name: 'Long', input: [], run: () => Promise.resolve({ text: 'ż'.repeat(20_000) }) }),
    ],
    contextOf: () => ({}),
    newId: () => 'call-1',
    keys: [KEY, PREVIOUS],
    httpErrors: '200',
    emptyPost: 'file-version',
    callerOf: callerAddress('1'),
    allowsAnotherTry: failedAuthLimiter(3, callerAddress('1')),
    databaseErrorCode: (error) => (error instanceof Error && 'code' in error ? 'db_connection' : undefined),
    log,
    ...changes,
  };
  const app = express();
  app.all('/bl', express.raw({ type: () => true, limit: 100_000 }), endpoint(deps));
  app.use(unreadableBody(deps));
  return { app, log: () => stream.text() };
}

const call = (app: Express, fields: string) => request(app).post('/bl').type('form').send(fields);
const withKey = (fields: string) => `bl_pass=${KEY}&${fields}`;

const linesOf = (log: string) =>
  log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function errorOf(app: Express, fields: string): Promise<string> {
  const { body, status } = await call(app, fields);
  assert.equal(status, 200);
  const { error, error_code, error_text } = body as Record<string, unknown>;
  assert.equal(error, true);
  assert.equal(typeof error_text, 'string');
  return String(error_code);
}

describe('the endpoint', () => {
  it('answers a browser that somebody is at home, and nothing more', async () => {
    const { body, status, type } = await request(appWith().app).get('/bl');
    assert.equal(status, 200);
    assert.equal(type, 'application/json');
    assert.equal((body as { error_code: string }).error_code, 'no_password');
  });

  it('says to who is redirected from http to https that this turns a POST into a GET', async () => {
    const { body } = await request(appWith().app).get('/bl');
    const { error_text } = body as { error_text: string };
    assert.match(error_text, /redirect turns its POST into a GET/);
    assert.match(error_text, /https:\/\/ address\.$/);
  });

  it('answers a blank POST with the version, or as the setting says', async () => {
    assert.deepEqual((await request(appWith().app).post('/bl')).body, { platform: 'P', version: '1', standard: 4 });
    assert.equal(await errorOf(appWith({ emptyPost: 'no-password' }).app, ''), 'no_password');
  });

  it('takes no other body for a blank one', async () => {
    const { app } = appWith();
    for (const body of ['&', '&&&', '=', '=x']) assert.equal(await errorOf(app, body), 'no_password', body);
    const json = await request(app).post('/bl').type('json').send('{}');
    assert.equal((json.body as { error_code: string }).error_code, 'no_password');
  });

  describe('reads multipart fields whose names are tokens', () => {
    const send = async (names: readonly string[], key: string) => {
      const values = [key, 'Echo', '2', ''];
      const parts = names.map((name, n) => `--b\r\nContent-Disposition: form-data; ${name}\r\n\r\n${values[n]}\r\n`);
      const post = request(appWith().app).post('/bl').set('Content-Type', 'multipart/form-data; boundary="b"');
      return (await post.send(`${parts.join('')}--b--\r\n`)).body as Record<string, unknown>;
    };
    const names = ['name=bl_pass', 'name=action', 'name=page'];

    it('and answers them', async () => assert.deepEqual(await send(names, KEY), { page: 2 }));

    it('and refuses a wrong key', async () =>
      assert.equal((await send(names, 'w'.repeat(32)))['error_code'], 'incorrect_password'));

    it('and refuses by name what it does not understand, behind the key', async () => {
      const odd = [...names.slice(0, 2), 'name="page'];
      const { error_code, error_text } = await send(odd, KEY);
      assert.equal(error_code, 'invalid_parameter');
      assert.match(String(error_text), /^part 3 .*name=/);
      assert.equal((await send(odd, 'w'.repeat(32)))['error_code'], 'incorrect_password');
      const without = await send(['name=', ...names.slice(1), 'name="page'], KEY);
      assert.equal(without['error_code'], 'no_password');
      assert.match(String(without['error_text']), /part 4 /);
    });

    it('and does not take a file for a field that is absent', async () => {
      const { error_code, error_text } = await send([...names.slice(0, 2), 'name=page; filename=p'], KEY);
      assert.deepEqual([error_code, String(error_text).split(' ')[0]], ['invalid_parameter', 'page']);
      assert.equal((await send(['name=bl_pass; filename=p', ...names.slice(1)], KEY))['error_code'], 'no_password');
    });
  });

  it('looks at the key before it says what is wrong with a body', async () => {
    const { app } = appWith();
    const send = async (type: string, body: string | Buffer) => {
      const post = request(app).post('/bl').set('Content-Type', type);
      // Otherwise the client writes bytes as fields.
      const response = await post.serialize((given: unknown) => given as string).send(body);
      return (response.body as { error_code: string }).error_code;
    };
    const FORM = 'application/x-www-form-urlencoded';
    for (const [type, bodyOf] of [
      [FORM, (key) => `${key}&name=%B3`],
      [FORM, (key) => Buffer.from(`name=\xb3&${key}`, 'latin1')],
      [FORM, (key) => `${key}&${'a=1&'.repeat(20_001)}`],
      [`${FORM}; charset=iso-8859-2`, (key) => key],
      ['application/xml', (key) => key],
      ['application/json', (key) => `{"${key.replace('=', '": "')}", "action`],
    ] as [string, (key: string) => string | Buffer][]) {
      assert.equal(await send(type, bodyOf(`bl_pass=${KEY}`)), 'invalid_parameter', String(bodyOf('key')).slice(0, 60));
      assert.equal(await send(type, bodyOf('bl_pass=wrong')), 'incorrect_password', type);
      assert.equal(await send(type, bodyOf('x=1')), 'no_password', type);
    }
  });

  it('looks at the key before the action', async () => {
    const { app } = appWith();
    assert.equal(await errorOf(app, 'action=FileVersion'), 'no_password');
    assert.equal(await errorOf(app, 'bl_pass=&action=FileVersion'), 'no_password');
    assert.equal(await errorOf(app, 'bl_pass=wrong&action=Nothing'), 'incorrect_password');
    assert.equal(await errorOf(app, 'bl_pass[]=x&action=Nothing'), 'incorrect_password');
    assert.equal(await errorOf(app, withKey('action=Nothing')), 'unsupported_action');
    assert.equal(await errorOf(app, withKey('')), 'unsupported_action');
  });

  it('takes the previous key as well, and the action in any case', async () => {
    const { body } = await call(appWith().app, `bl_pass=${PREVIOUS}&action=FILEVERSION`);
    assert.equal((body as { standard: number }).standard, 4);
  });

  it('slows down wrong keys and never the right one', async () => {
    const { app } = appWith();
    const text = async (fields: string) =>
      String(((await call(app, fields)).body as { error_text?: string }).error_text);
    for (let n = 0; n < 3; n += 1) assert.doesNotMatch(await text('bl_pass=wrong'), /too many/);
    assert.match(await text('bl_pass=wrong'), /too many wrong keys/);
    assert.equal((await call(app, withKey('action=FileVersion'))).status, 200);
    assert.equal(((await call(app, withKey('action=FileVersion'))).body as { standard: number }).standard, 4);
  });

  it('knows who tries wrong keys although the proxy writes another port each time', async () => {
    const { app } = appWith();
    const tried = async (forwarded: string) =>
      (await call(app, 'bl_pass=wrong').set('X-Forwarded-For', forwarded)).text.includes('too many wrong keys');
    for (const forwarded of ['192.0.2.1, 198.51.100.7:1001', '198.51.100.7:1002', '[::ffff:198.51.100.7]:1003']) {
      assert.equal(await tried(forwarded), false);
    }
    assert.equal(await tried('198.51.100.7:1004'), true);
    assert.equal(await tried('198.51.100.8:1004'), false);
  });

  it('writes down who sent a wrong key, as a warning, and never the key', async () => {
    const { app, log } = appWith();
    await call(app, 'bl_pass=guessed&action=Echo').set('X-Forwarded-For', '198.51.100.7:5678');
    await call(app, 'action=Echo').set('X-Forwarded-For', '198.51.100.8');
    await call(app, withKey('action=Echo')).set('X-Forwarded-For', '198.51.100.9');
    const lines = linesOf(log());
    assert.deepEqual(
      lines
        .filter(({ level }) => level === 'warn')
        .map(({ message, caller, requestId }) => [message, caller, requestId]),
      [['wrong key', '198.51.100.7', 'call-1']],
    );
    assert.doesNotMatch(log(), /guessed/);
  });

  it('writes down why a call was refused, without what was sent', async () => {
    const told: (string | undefined)[] = [];
    const { app, log } = appWith({ onAnswered: ({ reason }) => told.push(reason) });
    await call(app, withKey('action=Echo'));
    await call(app, withKey('action=Echo&page[]=1'));
    await call(app, withKey('action=Quotes'));
    await call(app, `bl_pass=${KEY}&action=${KEY}`);
    await call(app, withKey('action=Breaks'));
    await call(app, 'bl_pass=wrong');
    await call(app, withKey(`padding=${'x'.repeat(200_000)}`));
    const reasons = [
      undefined,
      'page must be a single value',
      'name is […]',
      'no such action: [key]',
      'The connector could not finish this call. The reason is in its log.',
      'bl_pass is not the communication key of this shop',
      'the body is too large',
    ];
    assert.deepEqual(told, reasons);
    const lines = linesOf(log()).filter(({ message }) => message === 'call answered' || message === 'body refused');
    assert.deepEqual(
      lines.map(({ reason }) => reason),
      reasons,
    );
    const fields = ['action', 'result', 'reason', 'bytes', 'ms', 'requestId'];
    assert.deepEqual(
      fields.filter((field) => !(field in (lines[1] ?? {}))),
      [],
    );
    assert.doesNotMatch(log(), new RegExp(`Nowak|${KEY}`));
  });

  it('maps errors to HTTP statuses only when asked to', async () => {
    const { app } = appWith({ httpErrors: 'status' });
    assert.equal((await call(app, 'bl_pass=wrong')).status, 403);
    assert.equal((await call(app, withKey('action=Nothing'))).status, 404);
    assert.equal((await call(app, withKey('action=Loses'))).status, 503);
    assert.equal((await call(app, withKey('action=Echo&page[]=1'))).status, 400);
  });

  it('lets no text of a driver out, and puts it into the log', async () => {
    const { app, log } = appWith();
    assert.equal(await errorOf(app, withKey('action=Refuses')), 'unknown_order');
    const broken = await call(app, withKey('action=Breaks'));
    assert.equal((broken.body as { error_code: string }).error_code, 'internal_error');
    assert.doesNotMatch(broken.text, /secret|internal\.|stack/);
    const lost = await call(app, withKey('action=Loses'));
    assert.equal((lost.body as { error_code: string }).error_code, 'db_connection');
    assert.doesNotMatch(lost.text, /10\.0\.0\.5|ECONN/);
    assert.match(log(), /secret text of a driver/);
    assert.doesNotMatch(log(), new RegExp(KEY));
  });

  it('reads every kind of field, takes "" as not given and passes unknown ones over', async () => {
    const { body } = await call(
      appWith().app,
      withKey(
        'action=Echo&page=2&count=-3&price=24,90&on=1&name=%20Ala%20&list=5,5,%207&since=1767225600&action_token=x&toString=1',
      ),
    );
    assert.deepEqual(body, {
      page: 2,
      count: -3,
      price: '24.90',
      on: true,
      name: 'Ala',
      list: ['5', '7'],
      since: '2026-01-01T00:00:00.000Z',
    });
    const blank = await call(appWith().app, withKey('action=Echo&page=&count=&price=&on=&name=&list=&since='));
    assert.deepEqual(blank.body, {});
    assert.equal(await errorOf(appWith().app, withKey('action=Strict&list=')), 'invalid_parameter');
  });

  it('reads odd page numbers as the first page', async () => {
    for (const odd of ['-1', '0', 'abc', '1.5', 'NaN', '1e9']) {
      const { body } = await call(appWith().app, withKey(`action=Echo&page=${odd}`));
      assert.deepEqual(body, { page: 1 }, odd);
    }
  });

  describe('names the bad parameter', () => {
    for (const bad of [
      'page[]=2&page[]=3',
      'page[a]=1',
      'count=abc',
      'count=1e-3',
      'count=99999999999999999999',
      'price=1e999',
      'price=NaN',
      'price=12.x',
      'on=maybe',
      'name=12345678901',
      'list=1,2,3,4',
      `list=${'9'.repeat(31)}`,
      'since=-1',
      'since=tomorrow',
      'name[__proto__]=1',
      'name=%B3',
    ]) {
      it(bad, async () =>
        assert.equal(await errorOf(appWith().app, withKey(`action=Echo&${bad}`)), 'invalid_parameter'),
      );
    }
  });

  it('refuses a body that is too large, or packed wrongly, in the protocol’s own words', async () => {
    const { app } = appWith();
    assert.equal(await errorOf(app, withKey(`name=${'x'.repeat(200_000)}`)), 'invalid_parameter');
    const unknown = await call(app, 'a=1').set('Content-Encoding', 'br64');
    assert.equal((unknown.body as { error_code: string }).error_code, 'invalid_parameter');
    const broken = await call(app, 'a=1').set('Content-Encoding', 'gzip');
    assert.equal((broken.body as { error_code: string }).error_code, 'invalid_parameter');
  });

  it('packs a large answer only for those who ask', async () => {
    const { app } = appWith();
    const plain = await call(app, withKey('action=Long')).set('Accept-Encoding', 'identity');
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(plain.headers['content-type'], 'application/json; charset=utf-8');
    assert.equal(Number(plain.headers['content-length']), Buffer.byteLength(plain.text));
    const packed = await call(app, withKey('action=Long'))
      .set('Accept-Encoding', 'gzip')
      .buffer(true)
      .parse((res, done) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () => done(null, Buffer.concat(chunks)));
      });
    const bytes = packed.body as Buffer;
    assert.equal(packed.headers['content-encoding'], 'gzip');
    assert.equal((bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8'), plain.text);
  });
});
