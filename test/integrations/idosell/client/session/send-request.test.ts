import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { createLog } from '../../../../../connector/lib/log.ts';
import { memoryStream } from '../../../../support/memory-stream.ts';
import {
  aWholesaler,
  DONE,
  DROPSHIPPING_KEY,
  fault,
  PATIENCE,
  soapAnswer,
  type Format,
  type Raw,
} from '../a-wholesaler.ts';
import { PLACE, trouble } from '../requests.ts';

const soapFault = (code: string, text: string) =>
  '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault>' +
  `<faultcode>${code}</faultcode><faultstring>${text}</faultstring></e:Fault></e:Body></e:Envelope>`;
const envelope = (body: string) => `<e:Envelope xmlns:e="x"><e:Body>${body}</e:Body></e:Envelope>`;
const answer = (status: number, body: string, headers: Record<string, string> = {}) => ({ status, body, headers });

for (const format of ['soap', 'json'] satisfies Format[]) {
  describe(`what became of an order by its answer (${format})`, () => {
    const simulator = aWholesaler(format);
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
        simulator.says('placeOrder', said);
        const reply = trouble(await simulator.client().placeOrder(PLACE, PATIENCE()));
        assert.deepEqual([reply.class, reply.mayHaveHappened], [kind, mayBeDone]);
        assert.match(reply.reason, reason);
        assert.equal(reply.retryAfterMs, kind === 'busy' ? 17_000 : undefined);
        assert.equal(simulator.received('placeOrder').length, 1);
      });
    }

    it('is certainly not done when there is nobody', async () => {
      const client = simulator.client({ host: '127.0.0.1:1' });
      const refusing = trouble(await client.placeOrder(PLACE, PATIENCE()));
      assert.deepEqual([refusing.class, refusing.mayHaveHappened], ['lost', false]);
      const aborted = trouble(await simulator.client().placeOrder(PLACE, AbortSignal.abort()));
      assert.deepEqual([aborted.class, aborted.mayHaveHappened], ['lost', false]);
    });

    it('is told by a house fault, whatever status it rides on', async () => {
      const written = simulator.written('placeOrder', fault(22, 'zły adres'));
      simulator.says('placeOrder', { ...written, status: 500 });
      const reply = trouble(await simulator.client().placeOrder(PLACE, PATIENCE()));
      assert.deepEqual([reply.class, reply.mayHaveHappened], ['address-invalid', false]);
      assert.match(reply.reason, /fault 22: zły adres/);
    });

    it('says which setting to look at when the key is refused', async () => {
      simulator.says('placeOrder', fault(5));
      assert.match(trouble(await simulator.client().placeOrder(PLACE, PATIENCE())).reason, /HURT_KEY/);
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
      const under = simulator.client({ operations }).placeOrder(PLACE, impatience.signal);
      await isDripping;
      impatience.abort();
      const reply = trouble(await under);
      assert.deepEqual([reply.class, reply.mayHaveHappened, reply.reason], ['lost', true, 'timed out']);
      for (const socket of sockets) socket.destroy();
      slow.close();
    });

    it('ends by itself after the time of the profile', async () => {
      simulator.says('placeOrder', { line: 'silence' });
      const reply = trouble(await simulator.client({ timeoutSeconds: 1 }).placeOrder(PLACE, PATIENCE()));
      assert.deepEqual([reply.class, reply.mayHaveHappened, reply.reason], ['lost', true, 'timed out']);
    });

    it('never repeats keys or the consumer, however the remote system quotes them', async () => {
      const log = memoryStream();
      const quoted: string[] = [];
      simulator.says('placeOrder', ({ body }) => {
        const session = /SESSION-EXAMPLE-\d/.exec(body)?.[0] ?? '';
        const person = `O'Przykładowa anna@example.test LIPOWA 7/2, Lipowa, tel. 600 000 001, +48600000001, 600-000-001`;
        quoted.push(session, DROPSHIPPING_KEY);
        return fault(99, `${session} ${DROPSHIPPING_KEY.toLowerCase()} ${person} ${KEY} ${INNER} koniec`);
      });
      const client = simulator.client({}, { log: createLog('debug', log) });
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
      simulator.says('authenticate', ({ body }) =>
        fault(1, `nie: ${/[0-9a-f]{40}/.exec(body)?.[0] ?? ''} ${INNER.toUpperCase()}!`),
      );
      const { reason } = trouble(await simulator.client().ensureSession(0, PATIENCE()));
      assert.match(reason, /nie: \*\*\* \*\*\*!/);
    });
  });
}

const KEY = '5c9937e6f129e2ccf8f95d7e1458974e5992a70a';
const INNER = '7db82ae531a65961563b7da02f360eb6240eb51f';

describe('a SOAP fault', () => {
  const simulator = aWholesaler('soap');
  const faults: [what: string, said: Raw, kind: string, mayBeDone: boolean][] = [
    ['of ours', answer(500, soapFault('SOAP-ENV:Client', 'no such method')), 'protocol', false],
    ['of the server', answer(500, soapFault('SOAP-ENV:Server', 'boom')), 'server', true],
    ['with 200', answer(200, soapFault('Server', 'boom')), 'server', true],
    ['without a code', answer(500, envelope('<e:Fault/>')), 'server', true],
  ];
  for (const [what, said, kind, mayBeDone] of faults) {
    it(`${what} is ${kind}`, async () => {
      simulator.says('placeOrder', said);
      const reply = trouble(await simulator.client().placeOrder(PLACE, PATIENCE()));
      assert.deepEqual([reply.class, reply.mayHaveHappened], [kind, mayBeDone]);
      assert.match(reply.reason, /SOAP fault/);
    });
  }

  it('is told without what it quotes', async () => {
    simulator.says('placeOrder', answer(500, soapFault('Server', `Anna z ul. Lipowa 7/2, klucz ${DROPSHIPPING_KEY}`)));
    assert.match(
      trouble(await simulator.client().placeOrder(PLACE, PATIENCE())).reason,
      /: \*\*\* z ul\. \*\*\*, klucz \*\*\*$/,
    );
  });
});

describe('the account opens', () => {
  const simulator = aWholesaler();
  it('only with an address to which keys may be sent, and names that XML knows', () => {
    const open = (changes: Record<string, unknown>) => () => simulator.client(changes);
    assert.throws(open({ host: 'hurt.example.test' }), /https/);
    assert.throws(open({ endpointTemplate: '{host}' }), /no address|https/);
    assert.throws(open({ names: { product: { code: 'a b' } } }), /names\.product\.code/);
    assert.throws(open({ operations: { placeOrder: { gate: 'a', method: 'b c' } } }), /placeOrder/);
    assert.doesNotThrow(open({ format: 'json', names: { product: { code: 'a b' } } }));
    assert.doesNotThrow(open({ host: 'hurt.example.test', endpointTemplate: 'https://{host}/{gate}' }));
  });

  it('with DONE as what a fault of nothing is', async () => {
    simulator.says('listCouriers', { errors: { ...DONE, faultCode: '000' }, results: { couriers: [] } });
    assert.equal((await simulator.client().listCouriers('PL', PATIENCE())).kind, 'done');
  });
});
