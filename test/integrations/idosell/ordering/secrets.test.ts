import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { innerHash, systemKey } from '../../../../connector/integrations/idosell/client/session/system-key.ts';
import { createLog } from '../../../../connector/lib/log.ts';
import { fault, soapAnswer } from '../client/a-wholesaler.ts';
import { emptyTables, testDatabase } from '../../../support/database.ts';
import { memoryStream } from '../../../support/memory-stream.ts';
import { startStubServer, type Received, type Reply, type StubServer } from '../../../support/stub-server.ts';
import { aRelay, makeDue, NOW, stopRelays, until } from '../../../relay/a-relay.ts';
import { anOrder } from '../../../relay/an-order.ts';
import { aSupplied, DROPSHIPPING_KEY, PASSWORD } from './a-wholesaler.ts';
import { operationOf, scriptedWholesaler, SESSION, targetAt } from './scripted-wholesaler.ts';

const KEYS = [
  ...[PASSWORD, innerHash(PASSWORD), DROPSHIPPING_KEY, SESSION, systemKey('20270104', innerHash(PASSWORD))],
  createHash('sha1').update(PASSWORD).digest('base64'),
];
const BUYER = ['Kowalska', 'Długa', '600100200', '600 100 200', 'ala@example.test'];
const order = anOrder({ pickupPoint: { ...anOrder().pickupPoint, id: '' } });

/** Whatever it was sent, as it was sent and as a person would read it. */
const quoted = ({ body, headers }: Received): string =>
  `${body} ${body.replaceAll(/<[^>]*>/g, ' ')} ${JSON.stringify(headers)} tel. 600 100 200, ala@example.test`;

const WAYS: readonly [string, (request: Received) => Reply][] = [
  ['in a fault of the house', (request) => soap(soapAnswer('x', fault(4711, quoted(request))))],
  ['in a refused key', (request) => soap(soapAnswer('x', fault(1, quoted(request))))],
  ['in a SOAP fault', (request) => soap(soapFault('Client', quoted(request)), 500)],
  ['in a SOAP fault of the server', (request) => soap(soapFault('Server', quoted(request)), 500)],
  ['in a page', (request) => ({ status: 500, body: quoted(request) })],
  ['in an answer that is no XML', (request) => ({ status: 200, body: quoted(request) })],
  ['in a refusal by HTTP', (request) => ({ status: 422, body: quoted(request), headers: { 'X-Error': 'see body' } })],
  ['in its word for the basket', (request) => soap(soapAnswer('x', { results: { status: quoted(request) } }))],
];

function soap(body: string, status = 200): Reply {
  return { status, headers: { 'Content-Type': 'text/xml; charset=utf-8' }, body };
}

function soapFault(code: string, text: string): string {
  const said = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault>' +
    `<faultcode>e:${code}</faultcode><faultstring>${said}</faultstring></e:Fault></e:Body></e:Envelope>`
  );
}

describe('keys and buyers stay unsaid when a wholesaler repeats them', () => {
  let simulator: StubServer;
  beforeEach(emptyTables);
  afterEach(async () => {
    await stopRelays();
    await simulator.close();
  });

  for (const [way, answer] of WAYS) {
    for (const step of ['authenticate', 'checkAvailability', 'listCouriersForOrder', 'importBasket', 'placeOrder']) {
      it(`${way}, asked for ${step}`, async () => {
        const well = scriptedWholesaler();
        simulator = await startStubServer((request) =>
          operationOf(request) === step ? answer(request) : well(request),
        );
        const stream = memoryStream();
        const target = targetAt(simulator.url, createLog('debug', stream));
        await makeDue([order.id], NOW, [target.name]);
        const relay = aRelay([target], { readOrders: () => Promise.resolve([aSupplied(order)]) });
        await until(() => relay.records.length > 0, 'it is tried');
        await stopRelays();
        const said = [stream.text(), relay.log(), JSON.stringify(relay.records), ...(await tables())].join('\n');
        assert.match(said, /"result":"(retry|refused|halted|delivered)"/);
        for (const word of [...KEYS, ...BUYER]) assert.ok(!said.includes(word), `${word} in ${said}`);
      });
    }
  }
});

/** Everything that is kept of it. */
async function tables(): Promise<readonly string[]> {
  const { db } = testDatabase();
  const kept = await Promise.all(
    ['bl_outbox', 'bl_supply_parts', 'bl_targets', 'bl_calls'].map((name) => db(name).select()),
  );
  return kept.map((rows) => JSON.stringify(rows));
}
