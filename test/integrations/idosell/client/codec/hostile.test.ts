import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { aWholesaler, PATIENCE } from '../a-wholesaler.ts';
import { trouble } from '../requests.ts';

const envelope = (body: string) => `<e:Envelope xmlns:e="x"><e:Body>${body}</e:Body></e:Envelope>`;
const answer = (status: number, body: string, headers: Record<string, string> = {}) => ({ status, body, headers });

describe('hostile answers in SOAP', () => {
  const simulator = aWholesaler('soap');
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
      simulator.says('listCouriers', { status: 200, body, headers });
      const reply = trouble(await simulator.client().listCouriers('PL', PATIENCE()));
      assert.equal(reply.class, 'server');
      assert.match(reply.reason, /cannot be read/);
      assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    });
  }

  it('values that are referred to are read where they are meant', async () => {
    const refs = `<e:Envelope xmlns:e="x"><e:Body><r><response><results><couriers href="#list"/></results></response></r>
      <multiRef id="list" enc:arrayType="x[2]" xmlns:enc="y"><item href="#one"/><item href="#one"/></multiRef>
      <multiRef id="one"><courierId>7</courierId></multiRef></e:Body></e:Envelope>`;
    simulator.says('listCouriers', answer(200, refs));
    const reply = await simulator.client().listCouriers('PL', PATIENCE());
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
      simulator.says('listCouriers', answer(200, body));
      const reply = await simulator.client().listCouriers('PL', PATIENCE());
      assert.equal(reply.kind === 'done' && reply.value.length, count, body);
    }
  });
});

describe('hostile answers in JSON', () => {
  const simulator = aWholesaler('json');
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
      simulator.says('listCouriers', answer(200, body));
      assert.match(trouble(await simulator.client().listCouriers('PL', PATIENCE())).reason, /cannot be read/);
    });
  }

  it('names of prototypes are names like others, long numbers keep their digits, and gaps are no trouble', async () => {
    const body = `{"__proto__":{"polluted":1},"constructor":1,"errors":[],"results":{"couriers":{"1":{"courierId":90071992547409931234,"courierName":"a 1.50 \\"2\\"","deliveryCost":19.90},"3":{"courierId":"007"}}}}`;
    simulator.says('listCouriers', answer(200, body));
    const reply = await simulator.client().listCouriers('PL', PATIENCE());
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
      assert.match(trouble(await simulator.client({ operations }).listCouriers('PL', PATIENCE())).reason, why);
    }
    server.close();
  });
});
