import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import {
  httpClient,
  retryAfterMs,
  sendJson,
  sendText,
  type HttpRequest,
  type TextRequest,
} from '../../connector/lib/http.ts';
import { startStubServer, type StubServer } from '../support/stub-server.ts';

const NOW = new Date('2027-03-04T10:00:00Z');

const packed = (length: number, encoding = 'gzip') =>
  `HTTP/1.1 201 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${length}\r\n\r\n`;

/** A server of bare bytes, which begins to speak when it is spoken to. */
async function aServerOf(speak: (socket: Socket) => void): Promise<{ url: string; close: () => void }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => speak(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

describe('a call to another remote system', () => {
  let simulator: StubServer;
  beforeEach(async () => {
    simulator = await startStubServer({ status: 200 });
  });
  afterEach(() => simulator.close());

  const call = (changes: Partial<HttpRequest> = {}) =>
    sendJson({
      ...{
        method: 'POST',
        url: `${simulator.url}/orders?a=1`,
        body: { name: 'Żółw', n: 24.9 },
        headers: { 'X-Api-Key': 'k' },
      },
      ...{ signal: AbortSignal.timeout(8000), maxBytes: 1000, now: () => NOW },
      ...changes,
    });

  it('sends JSON once, and gives back what was said', async () => {
    simulator.answers({ status: 503, headers: { 'Retry-After': '7' }, body: 'żółw' });
    assert.deepEqual(await call(), { status: 503, text: 'żółw', retryAfterMs: 7000 });
    const [{ method, path, headers, body } = assert.fail()] = simulator.received;
    assert.deepEqual([method, path, body], ['POST', '/orders?a=1', '{"name":"Żółw","n":24.9}']);
    assert.deepEqual([headers['content-type'], headers['x-api-key']], ['application/json', 'k']);
    assert.equal(simulator.received.length, 1);
  });

  it('has no body where there is nothing to say', async () => {
    const { method, url, headers, signal, maxBytes, now } = { method: 'GET' as const, ...target() };
    assert.deepEqual(await sendJson({ method, url, headers, signal, maxBytes, now }), {
      ...{ status: 200, text: '', retryAfterMs: undefined },
    });
    assert.deepEqual([simulator.received[0]?.method, simulator.received[0]?.body], ['GET', '']);
    assert.equal(simulator.received[0]?.headers['content-type'], undefined);
  });

  const target = () => ({
    ...{ url: simulator.url, headers: {}, signal: AbortSignal.timeout(8000), maxBytes: 10, now: () => NOW },
  });

  it('follows no redirect', async () => {
    const other = await startStubServer({ status: 200 });
    try {
      simulator.answers({ status: 307, headers: { Location: other.url } });
      const reply = await call();
      assert.equal('status' in reply && reply.status, 307);
      assert.equal(other.received.length, 0);
    } finally {
      await other.close();
    }
  });

  it('reads an answer so far and no further', async () => {
    simulator.answers({ status: 200, body: 'x'.repeat(5_000_000) });
    const reply = await call({ maxBytes: 10 });
    assert.equal('text' in reply && reply.text, 'x'.repeat(10));
  });

  it('names what became of a broken line', async () => {
    simulator.answers('drop-after-reading');
    const reply = await call();
    assert.ok('networkError' in reply && /^ECONNRESET$/.test(reply.networkError), JSON.stringify(reply));
    await simulator.close();
    assert.deepEqual(await call(), { networkError: 'ECONNREFUSED' });
  });

  it('takes an answer that is cut in half for none', async () => {
    const half = createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'));
    });
    await new Promise<void>((resolve) => half.listen(0, '127.0.0.1', resolve));
    const address = half.address();
    assert.ok(address && typeof address === 'object');
    const reply = await call({ url: `http://127.0.0.1:${address.port}/` });
    assert.ok('networkError' in reply, JSON.stringify(reply));
    half.close();
  });

  describe('that is answered with bad will', () => {
    const GZIP = Buffer.from('H4sIAAAAAAAAA', 'base64'); // the beginning of a packed text
    const table: [what: string, bytes: string | Buffer, reply: object | RegExp][] = [
      ['nothing of HTTP', 'SSH-2.0-OpenSSH_9\r\n', /HPE_/],
      ['a status that there is not', 'HTTP/1.1 000 No\r\n\r\n', /INVALID_STATUS|HPE_/],
      ['a switch of protocols', 'HTTP/1.1 101 No\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n', /UNASKED_UPGRADE/],
      ['more headers than anybody needs', `HTTP/1.1 200 OK\r\n${'X-Y: z\r\n'.repeat(20_000)}\r\n`, /OVERFLOW/],
      ['two lengths', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n', /HPE_/],
      ['a body that only says that it is packed', `${packed(5)}hello`, /Z_DATA_ERROR/],
      [
        'a packed body that is packed over and over',
        packed(5, Array(50).fill('gzip').join()) + 'hello',
        /UNKNOWN_CONTENT_ENCODING/,
      ],
      [
        'a packed body that breaks off',
        Buffer.concat([Buffer.from(packed(GZIP.length)), GZIP]),
        { status: 201, text: '', retryAfterMs: undefined },
      ],
      [
        'two answers at once',
        'HTTP/1.1 201 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n',
        { status: 201, text: '', retryAfterMs: undefined },
      ],
    ];
    for (const [what, bytes, expected] of table) {
      it(`by ${what}, gives a value all the same`, async () => {
        const bad = await aServerOf((socket) => socket.end(bytes));
        const reply = await call({ url: bad.url }).finally(() => bad.close());
        if (expected instanceof RegExp)
          assert.match('networkError' in reply ? reply.networkError : JSON.stringify(reply), expected);
        else assert.deepEqual(reply, expected);
      });
    }

    for (const [what, begin] of [
      ['headers', 'HTTP/1.1 200 OK\r\n'],
      ['a body', 'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n'],
    ] as const) {
      it(`by ${what} in drops without end, ends with its signal`, async () => {
        const bad = await aServerOf((socket) => {
          socket.write(begin);
          const drops = setInterval(() => socket.write('X: y\r\n'), 5);
          socket.once('close', () => clearInterval(drops));
        });
        const reply = await call({ url: bad.url, signal: AbortSignal.timeout(200) }).finally(() => bad.close());
        assert.deepEqual(reply, { networkError: 'timed out' });
      });
    }
  });

  it('keeps its line for the next call, until the other side has hung up', async () => {
    let lines = 0;
    const server = createHttpServer((_request, response) => response.end()).on('connection', () => (lines += 1));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    for (const expected of [1, 1]) {
      assert.ok('status' in (await call({ url: `http://127.0.0.1:${port}/` })));
      assert.equal(lines, expected);
      // A request of the same turn of the event loop would get a connection of its own.
      await new Promise(setImmediate);
    }
    server.closeAllConnections();
    // What is closed while nobody speaks must not break the next call.
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok('status' in (await call({ url: `http://127.0.0.1:${port}/` })));
    assert.equal(lines, 2);
    server.close();
    server.closeAllConnections();
  });

  it('says so when no line was made at all: then nothing can have been heard of the call', async () => {
    // Accepts nobody, and has room for few who wait: the system drops whoever comes after them.
    const listen = `const { createServer } = require('node:net');
      createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
        require('node:fs').writeSync(1, String(this.address().port));
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      });`;
    const deaf = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
    const waiting: Socket[] = [];
    try {
      const [port] = (await once(deaf.stdout, 'data')) as [Buffer];
      for (let n = 0; n < 4; n += 1) waiting.push(connect(Number(port), '127.0.0.1').on('error', () => undefined));
      await new Promise((resolve) => setTimeout(resolve, 100));
      const { sendText: send } = httpClient({ connectTimeoutMs: 300 });
      const request = { method: 'POST' as const, ...target(), url: `http://127.0.0.1:${String(port)}/` };
      assert.deepEqual(await send(request), { networkError: 'CONNECT_TIMEOUT' });
    } finally {
      for (const socket of waiting) socket.destroy();
      deaf.kill('SIGKILL');
    }
  });

  it('ends with its signal', async () => {
    simulator.answers('silence');
    const impatience = new AbortController();
    const under = call({ signal: impatience.signal });
    await simulator.hasReceived(1);
    impatience.abort();
    assert.deepEqual(await under, { networkError: 'timed out' });
  });

  it('never names a key that HTTP cannot carry', async () => {
    await assert.rejects(call({ headers: { 'X-Api-Key': 'secret\nsecret' } }), (error: Error) => {
      return !/secret/.test(`${error.message} ${String(error.cause)} ${error.stack}`);
    });
  });
});

describe('a call with a body of text', () => {
  let simulator: StubServer;
  beforeEach(async () => {
    simulator = await startStubServer({ status: 200 });
  });
  afterEach(() => simulator.close());

  const call = (changes: Partial<TextRequest> = {}) =>
    sendText({
      ...{ method: 'POST', url: simulator.url, body: '<a>ż</a>', headers: { 'Content-Type': 'text/xml' } },
      ...{ signal: AbortSignal.timeout(8000), maxBytes: 1000, now: () => NOW },
      ...changes,
    });

  it('sends it as it is, and gives back bytes, their type and the clock of the other side', async () => {
    const headers = { 'Content-Type': 'text/xml; charset=iso-8859-2', Date: 'Thu, 04 Mar 2027 09:59:00 GMT' };
    simulator.answers({ status: 500, headers, body: 'żółw' });
    assert.deepEqual(await call(), {
      ...{ status: 500, bytes: Buffer.from('żółw'), isComplete: true, contentType: 'text/xml; charset=iso-8859-2' },
      ...{ date: new Date('2027-03-04T09:59:00Z'), retryAfterMs: undefined },
    });
    const [{ headers: sent, body } = assert.fail()] = simulator.received;
    assert.deepEqual([sent['content-type'], body], ['text/xml', '<a>ż</a>']);
  });

  it('says when there was more than it was willing to read, and not when it was just so much', async () => {
    simulator.answers({ status: 200, body: 'x'.repeat(1000) }, { status: 200, body: 'x'.repeat(1001) });
    const [exact, more] = [await call(), await call()];
    assert.deepEqual(
      ['isComplete' in exact && exact.isComplete, 'isComplete' in more && more.isComplete],
      [true, false],
    );
    assert.equal('bytes' in more && more.bytes.byteLength, 1000);
  });

  it('unpacks no more than that either', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, 'x'));
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.byteLength}\r\n\r\n`);
        socket.end(bomb);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(address && typeof address === 'object');
    const before = process.memoryUsage().arrayBuffers;
    const reply = await call({ url: `http://127.0.0.1:${address.port}/` });
    assert.ok(
      'bytes' in reply && !reply.isComplete && reply.bytes.toString() === 'x'.repeat(1000),
      JSON.stringify(reply),
    );
    assert.ok(process.memoryUsage().arrayBuffers - before < 25_000_000);
    server.close();
  });

  it('makes nothing of a date that is none', async () => {
    simulator.answers({ status: 200, headers: { Date: 'yesterday' } });
    const reply = await call();
    assert.equal('date' in reply && reply.date, undefined);
  });
});

describe('Retry-After', () => {
  const table: [string | undefined, number | undefined][] = [
    ['7', 7000],
    ['0', 0],
    [' 120 ', 120_000],
    ['2027', 2_027_000],
    ['999999999999', 86_400_000],
    ['Thu, 04 Mar 2027 10:00:30 GMT', 30_000],
    ['Thu, 04 Mar 2027 09:00:00 GMT', 0],
    [undefined, undefined],
    ['', undefined],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
  ];
  for (const [header, ms] of table) {
    it(`${header ?? 'that is missing'} means ${ms ?? 'nothing'}`, () => assert.equal(retryAfterMs(header, NOW), ms));
  }

  it('is a wait between nothing and a day, whatever a remote system writes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ms = retryAfterMs(text, NOW);
        return ms === undefined || (ms >= 0 && ms <= 86_400_000);
      }),
    );
  });
});
