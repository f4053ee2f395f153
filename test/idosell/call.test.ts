import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Reply } from '../../connector/idosell/client.ts';
import { createLog } from '../../connector/lib/log.ts';
import { memoryStream } from '../support/memory-stream.ts';
import {
  aWholesaler,
  DONE,
  DROPSHIPPING_KEY,
  fault,
  PATIENCE,
  soapAnswer,
  type Format,
  type Raw,
} from './a-wholesaler.ts';
import { PLACE } from './requests.ts';

function trouble(reply: Reply<unknown>) {
  assert.ok(reply.kind === 'trouble', JSON.stringify(reply));
  return reply;
}

const soapFault = (code: string, text: string) =>
  '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault>' +
  `<faultcode>${code}</faultcode><faultstring>${text}</faultstring></e:Fault></e:Body></e:Envelope>`;
const envelope = (body: string) => `<e:Envelope xmlns:e="x"><e:Body>${body}</e:Body></e:Envelope>`;
const answer = (status: number, body: string, headers: Record<string, string> = {}) => ({ status, body, headers });

for (const format of ['soap', 'json'] satisfies Format[]) {
  describe(`what became of an order by its answer (${format})`, () => {
    const party = aWholesaler(format);
    const good =
      format === 'soap' ? soapAnswer('placeOrder', { results: { orderId: 'x' } }) : '{"results":{"orderId":"x"}}';
    const table: [what: string, said: Raw, kind: string, mayBeDone: boolean, reason: RegExp][] = [
      ['a rest is asked for', answer(429, 'slow', { 'Retry-After': '17' }), 'busy', false, /429/],
      ['a rest is asked for with 503', answer(503, 'slow', { 'Retry-After': '17' }), 'busy', true, /503/],
      ['the server broke', answer(500, 'Oops'), 'server', true, /HTTP 500/],
      ['a proxy gave up', answer(502, '<!DOCTYPE html><html>'), 'server', true, /HTTP 502/],
      ['a proxy waited in vain', answer(504, ''), 'server', true, /504/],
      ['a good body comes with a bad status', answer(500, good), 'server', true, /500/],
      ['there is no such gate', answer(404, 'no'), 'protocol', false, /404/],
      ['it is too long for the other side', answer(413, 'no'), 'too-large', false, /413/],
      ['it was led elsewhere', answer(302, '', { Location: 'http://127.0.0.1:1/' }), 'protocol', true, /elsewhere/],
      [
        'a page of maintenance came',
        answer(200, '<html><body>Przerwa</body></html>'),
        'server',
        true,
        /cannot be read/,
      ],
      ['nothing came', answer(200, ''), 'server', true, /cannot be read/],
      ['half of it came', answer(200, good.slice(0, -20)), 'server', true, /cannot be read/],
      ['the line dropped', { line: 'drop-after-reading' }, 'lost', true, /ECONNRESET|UND_ERR/],
      [
        'endlessly much came',
        answer(200, good.replace('>x<', `>${'x'.repeat(6_000_000)}<`) + ' '.repeat(6_000_000)),
        'server',
        true,
        /more than 5000000/,
      ],
    ];
    for (const [what, said, kind, mayBeDone, reason] of table) {
      it(`is ${kind} when ${what}`, async () => {
        party.says('placeOrder', said);
        const reply = trouble(await party.client().placeOrder(PLACE, PATIENCE()));
        assert.deepEqual([reply.class, reply.mayBeDone], [kind, mayBeDone]);
        assert.match(reply.reason, reason);
        assert.equal(reply.retryAfterMs, kind === 'busy' ? 17_000 : undefined);
        assert.equal(party.received('placeOrder').length, 1);
      });
    }

    it('is certainly not done when there is nobody', async () => {
      const client = party.client({ host: '127.0.0.1:1' });
      const refusing = trouble(await client.placeOrder(PLACE, PATIENCE()));
      assert.deepEqual([refusing.class, refusing.mayBeDone], ['lost', false]);
      const aborted = trouble(await party.client().placeOrder(PLACE, AbortSignal.abort()));
      assert.deepEqual([aborted.class, aborted.mayBeDone], ['lost', false]);
    });

    it('is told by a house fault, whatever status it rides on', async () => {
      const written = party.written('placeOrder', fault(22, 'zły adres'));
      party.says('placeOrder', { ...written, status: 500 });
      const reply = trouble(await party.client().placeOrder(PLACE, PATIENCE()));
      assert.deepEqual([reply.class, reply.mayBeDone], ['address-invalid', false]);
      assert.match(reply.reason, /fault 22: zły adres/);
    });

    it('says which setting to look at when the key is refused', async () => {
      party.says('placeOrder', fault(5));
      assert.match(trouble(await party.client().placeOrder(PLACE, PATIENCE())).reason, /HURT_KEY/);
    });

    it('ends with the signal while an answer drips', async () => {
      const sockets: Socket[] = [];
      let dripped: (() => void) | undefined;
      const slow = createServer((socket) => {
        sockets.push(socket);
        socket.on('error', () => undefined);
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<a>');
          dripped?.();
        });
      });
      await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
      const address = slow.address();
      assert.ok(address && typeof address === 'object');
      const operations = {
        placeOrder: { gate: 'D', method: 'placeOrder', endpointTemplate: `http://127.0.0.1:${address.port}/` },
      };
      const impatience = new AbortController();
      const isDripping = new Promise<void>((resolve) => (dripped = resolve));
      const under = party.client({ operations }).placeOrder(PLACE, impatience.signal);
      await isDripping;
      impatience.abort();
      const reply = trouble(await under);
      assert.deepEqual([reply.class, reply.mayBeDone, reply.reason], ['lost', true, 'timed out']);
      for (const socket of sockets) socket.destroy();
      slow.close();
    });

    it('ends by itself after the time of the profile', async () => {
      party.says('placeOrder', { line: 'silence' });
      const reply = trouble(await party.client({ timeoutSeconds: 1 }).placeOrder(PLACE, PATIENCE()));
      assert.deepEqual([reply.class, reply.mayBeDone, reply.reason], ['lost', true, 'timed out']);
    });

    it('never repeats keys or the consumer, however the party quotes them', async () => {
      const log = memoryStream();
      const quoted: string[] = [];
      party.says('placeOrder', ({ body }) => {
        const session = /SESSION-EXAMPLE-\d/.exec(body)?.[0] ?? '';
        const person = `O'Przykładowa anna@example.test LIPOWA 7/2, Lipowa, tel. 600 000 001, +48600000001, 600-000-001`;
        quoted.push(session, DROPSHIPPING_KEY);
        return fault(99, `${session} ${DROPSHIPPING_KEY.toLowerCase()} ${person} ${KEY} ${INNER} koniec`);
      });
      const client = party.client({}, { log: createLog('debug', log) });
      const { reason } = trouble(await client.placeOrder(PLACE, PATIENCE()));
      for (const hidden of [
        ...quoted,
        KEY,
        INNER,
        'Przykładowa',
        'example.test',
        'lipowa',
        '600000001',
        '600 000',
        '600-000',
      ]) {
        assert.ok(!reason.toLowerCase().includes(hidden.toLowerCase()), `${hidden} in: ${reason}`);
      }
      assert.match(reason, /^fault 99: .*koniec$/);
      assert.ok(quoted.includes('SESSION-EXAMPLE-1'));
      assert.doesNotMatch(log.text(), /SESSION-EXAMPLE|DROPKEY|Przykład|Lipowa|600000001/i);
      assert.match(log.text(), /placeOrder/);
    });

    it('never repeats the key of the day when the login is refused', async () => {
      party.says('authenticate', ({ body }) =>
        fault(1, `nie: ${/[0-9a-f]{40}/.exec(body)?.[0] ?? ''} ${INNER.toUpperCase()}!`),
      );
      const { reason } = trouble(await party.client().ensureSession(0, PATIENCE()));
      assert.match(reason, /nie: \*\*\* \*\*\*!/);
    });
  });
}

const KEY = '5c9937e6f129e2ccf8f95d7e1458974e5992a70a';
const INNER = '7db82ae531a65961563b7da02f360eb6240eb51f';

describe('a SOAP fault', () => {
  const party = aWholesaler('soap');
  const faults: [what: string, said: Raw, kind: string, mayBeDone: boolean][] = [
    ['of ours', answer(500, soapFault('SOAP-ENV:Client', 'no such method')), 'protocol', false],
    ['of the server', answer(500, soapFault('SOAP-ENV:Server', 'boom')), 'server', true],
    ['with 200', answer(200, soapFault('Server', 'boom')), 'server', true],
    ['without a code', answer(500, envelope('<e:Fault/>')), 'server', true],
  ];
  for (const [what, said, kind, mayBeDone] of faults) {
    it(`${what} is ${kind}`, async () => {
      party.says('placeOrder', said);
      const reply = trouble(await party.client().placeOrder(PLACE, PATIENCE()));
      assert.deepEqual([reply.class, reply.mayBeDone], [kind, mayBeDone]);
      assert.match(reply.reason, /SOAP fault/);
    });
  }

  it('is told without what it quotes', async () => {
    party.says('placeOrder', answer(500, soapFault('Server', `Anna z ul. Lipowa 7/2, klucz ${DROPSHIPPING_KEY}`)));
    assert.match(
      trouble(await party.client().placeOrder(PLACE, PATIENCE())).reason,
      /: \*\*\* z ul\. \*\*\*, klucz \*\*\*$/,
    );
  });
});

describe('hostile answers in SOAP', () => {
  const party = aWholesaler('soap');
  const couriers = (inner: string) => envelope(`<r><response><results>${inner}</results></response></r>`);
  const item = '<item><courierId>1</courierId></item>';
  const hostile: [what: string, body: string | Buffer, headers?: Record<string, string>][] = [
    ['a billion laughs', `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>${couriers('&b;')}`],
    ['depth', envelope('<a>'.repeat(20_000) + '</a>'.repeat(20_000))],
    ['a reserved name', couriers('<__proto__><polluted>1</polluted></__proto__>')],
    ['a circle of references', couriers('<couriers href="#1"/><x id="1"><item href="#1"/></x>')],
    ['two circles of references', couriers('<couriers href="#1"/><x id="1"><item href="#1"/><item href="#1"/></x>')],
    ['a reference to nothing', couriers('<couriers href="#9"/>')],
    [
      'references that multiply',
      couriers(
        '<couriers href="#0"/>' +
          Array.from({ length: 20 }, (_, n) => `<x id="${n}">${`<item href="#${n + 1}"/>`.repeat(9)}</x>`).join('') +
          `<x id="20">${item}</x>`,
      ),
    ],
    ['another encoding', couriers(''), { 'Content-Type': 'text/xml; charset=iso-8859-2' }],
    ['a list that never ends', couriers(`<couriers>${item.repeat(200_000)}</couriers>`)],
  ];
  for (const [what, body, headers = {}] of hostile) {
    it(`${what} is an answer that cannot be read`, async () => {
      party.says('listCouriers', { status: 200, body, headers });
      const reply = trouble(await party.client().listCouriers('PL', PATIENCE()));
      assert.equal(reply.class, 'server');
      assert.match(reply.reason, /cannot be read/);
      assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    });
  }

  it('values that are referred to are read where they are meant', async () => {
    const refs = `<e:Envelope xmlns:e="x"><e:Body><r><response><results><couriers href="#list"/></results></response></r>
      <multiRef id="list" enc:arrayType="x[2]" xmlns:enc="y"><item href="#one"/><item href="#one"/></multiRef>
      <multiRef id="one"><courierId>7</courierId></multiRef></e:Body></e:Envelope>`;
    party.says('listCouriers', answer(200, refs));
    const reply = await party.client().listCouriers('PL', PATIENCE());
    assert.deepEqual(reply.kind === 'done' && reply.value.map(({ id }) => id), ['7', '7']);
  });

  it('answers without a part of their own, with one member, nil and empty arrays are understood', async () => {
    const bodies: [string, number][] = [
      [envelope(`<r><results><couriers>${item}</couriers></results></r>`), 1],
      [envelope(`<r><return><results><couriers>${item}${item}</couriers></results></return></r>`), 2],
      [envelope('<r><response><results><couriers e:arrayType="x[0]"/></results></response></r>'), 0],
      [envelope('<r><response><results><couriers e:nil="1"/></results></response></r>'), 0],
      [envelope(`<r><response><results><couriers><courierId>1</courierId></couriers></results></response></r>`), 1],
    ];
    for (const [body, count] of bodies) {
      party.says('listCouriers', answer(200, body));
      const reply = await party.client().listCouriers('PL', PATIENCE());
      assert.equal(reply.kind === 'done' && reply.value.length, count, body);
    }
  });
});

describe('hostile answers in JSON', () => {
  const party = aWholesaler('json');
  const hostile: [what: string, body: string][] = [
    ['depth', '{"results":'.repeat(20_000) + '1' + '}'.repeat(20_000)],
    ['a scalar', '42'],
    ['text', '"OK"'],
    ['nothing', 'null'],
    ['XML', '<a/>'],
    ['half of it', '{"results":{"couriers":['],
  ];
  for (const [what, body] of hostile) {
    it(`${what} is an answer that cannot be read`, async () => {
      party.says('listCouriers', answer(200, body));
      assert.match(trouble(await party.client().listCouriers('PL', PATIENCE())).reason, /cannot be read/);
    });
  }

  it('names of prototypes are names like others, long numbers keep their digits, and gaps are no trouble', async () => {
    const body = `{"__proto__":{"polluted":1},"constructor":1,"errors":[],"results":{"couriers":{"1":{"courierId":90071992547409931234,"courierName":"a 1.50 \\"2\\"","deliveryCost":19.90},"3":{"courierId":"007"}}}}`;
    party.says('listCouriers', answer(200, body));
    const reply = await party.client().listCouriers('PL', PATIENCE());
    assert.deepEqual(
      reply.kind === 'done' && reply.value.map(({ id, name, deliveryCost }) => [id, name, deliveryCost]),
      [
        ['90071992547409931234', 'a 1.50 "2"', '19.9'],
        ['007', '', undefined],
      ],
    );
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  it('bytes that are no UTF-8 and bombs cannot be read', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (head: Buffer) => {
        const isBomb = head.includes('/bomb');
        const body = isBomb ? gzipSync(Buffer.alloc(20_000_000, '[')) : Buffer.from('{"a":"\xbf"}', 'latin1');
        const coding = isBomb ? 'Content-Encoding: gzip\r\n' : '';
        socket.end(
          Buffer.concat([
            Buffer.from(`HTTP/1.1 200 OK\r\n${coding}Content-Length: ${body.byteLength}\r\nConnection: close\r\n\r\n`),
            body,
          ]),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(address && typeof address === 'object');
    for (const [path, why] of [
      ['bomb', /more than 5000000/],
      ['latin', /not UTF-8/],
    ] as const) {
      const endpointTemplate = `http://127.0.0.1:${address.port}/${path}`;
      const operations = { listCouriers: { gate: 'D', method: 'm', endpointTemplate } };
      assert.match(trouble(await party.client({ operations }).listCouriers('PL', PATIENCE())).reason, why);
    }
    server.close();
  });
});

describe('the account opens', () => {
  const party = aWholesaler();
  it('only with an address to which keys may be sent, and names that XML knows', () => {
    const open = (changes: Record<string, unknown>) => () => party.client(changes);
    assert.throws(open({ host: 'hurt.example.test' }), /https/);
    assert.throws(open({ endpointTemplate: '{host}' }), /no address|https/);
    assert.throws(open({ names: { product: { code: 'a b' } } }), /names\.product\.code/);
    assert.throws(open({ operations: { placeOrder: { gate: 'a', method: 'b c' } } }), /placeOrder/);
    assert.doesNotThrow(open({ format: 'json', names: { product: { code: 'a b' } } }));
    assert.doesNotThrow(open({ host: 'hurt.example.test', endpointTemplate: 'https://{host}/{gate}' }));
  });

  it('with DONE as what a fault of nothing is', async () => {
    party.says('listCouriers', { errors: { ...DONE, faultCode: '000' }, results: { couriers: [] } });
    assert.equal((await party.client().listCouriers('PL', PATIENCE())).kind, 'done');
  });
});
