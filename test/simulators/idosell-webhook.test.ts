import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { renamedProfile } from '../../simulators/idosell/renamed.ts';
import type { IdoSell, IdoSellOptions } from '../../simulators/idosell/server.ts';
import { aProfile, parties, type Caller } from './idosell-ask.ts';
import { anOrder, lines } from './idosell-wants.ts';

interface Heard {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

describe('the webhook of the IdoSell simulator', () => {
  const open = parties();
  let hook: Server;
  let heard: Heard[];
  let answer: { status: number; text: string };
  let url: string;
  let simulator: IdoSell;
  let caller: Caller;

  beforeEach(async () => {
    heard = [];
    answer = { status: 200, text: 'OK' };
    hook = createServer((req, res) => {
      void read(req).then((body) => {
        heard.push({ method: req.method, url: req.url, type: req.headers['content-type'], body });
        res.writeHead(answer.status, { location: 'http://127.0.0.1:1/' }).end(answer.text);
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hooks/icdf/1/secret`;
    await start({});
  });
  afterEach(() => new Promise((resolve) => hook.close(resolve)));

  async function start(options: Partial<IdoSellOptions>): Promise<void> {
    ({ simulator, caller } = await open({ webhook: url, ...options }));
    await caller.ask('importBasket', lines(simulator, ['1454-03', '1']));
    await caller.ask('placeOrder', anOrder(simulator));
  }
  const ID = 'sklep-demo-1';
  const bodyOf = (index: number): string => heard.at(index)?.body ?? '';

  it('tells in JSON what the sheet shows', async () => {
    const calls = await simulator.dispatch(ID, { numbers: ['DEMO1', 'DEMO2'], shippingNumbers: ['SHIP1'] });
    assert.deepEqual(
      calls.map(({ status, text, orderId, form }) => [status, text, orderId, form]),
      [[200, 'OK', ID, 'json']],
    );
    assert.deepEqual(
      [heard[0]?.method, heard[0]?.url, heard[0]?.type],
      ['POST', '/hooks/icdf/1/secret', 'application/json'],
    );
    assert.deepEqual(JSON.parse(bodyOf(0)), {
      ...{ orderId: ID, orderSerialNumber: '40211', orderStatus: 'finished', orderDispatchDate: '2026-11-21 12:00:00' },
      packages: [
        { courierId: '100149', deliveryPackageNumber: 'DEMO1', deliveryShippingNumber: 'SHIP1' },
        { courierId: '100149', deliveryPackageNumber: 'DEMO2' },
      ],
    });
  });

  it('tells in XML, as a form and in an address', async () => {
    await simulator.dispatch(ID, { numbers: ['A&1'], form: 'xml', tells: ['orderSerialNumber'] });
    assert.equal(heard[0]?.type, 'text/xml; charset=utf-8');
    assert.equal(
      bodyOf(0),
      '<notification><order><orderSerialNumber>40211</orderSerialNumber><orderStatus>finished</orderStatus>' +
        '<orderDispatchDate>2026-11-21 12:00:00</orderDispatchDate><packages><item><courierId>100149</courierId>' +
        '<deliveryPackageNumber>A&amp;1</deliveryPackageNumber></item></packages></order></notification>',
    );
    await simulator.notify(ID, { form: 'form', tells: ['orderSerialNumber'], variant: 1 });
    assert.equal(heard[1]?.type, 'application/x-www-form-urlencoded');
    assert.equal(
      bodyOf(1),
      'order_sn=40211&status=finished&dispatchDate=2026-11-21+12%3A00%3A00&courierName=100149&packageNumber=A%261',
    );
    await simulator.notify(ID, { form: 'get', tells: ['orderId'] });
    assert.deepEqual([heard[2]?.method, heard[2]?.type, heard[2]?.body], ['GET', undefined, '']);
    assert.match(heard[2]?.url ?? '', /^\/hooks\/icdf\/1\/secret\?orderId=sklep-demo-1&.*deliveryPackageNumber=A%261$/);
  });

  it('has many names for the same, out of the profile', async () => {
    await simulator.dispatch(ID, { numbers: ['N1', 'N2'], notify: false });
    const named = async (variant: number, nesting: 'flat' | 'packages' = 'flat') => {
      await simulator.notify(ID, { variant, nesting, tells: ['orderId', 'orderSerialNumber', 'reference'] });
      return JSON.parse(bodyOf(-1)) as Record<string, unknown>;
    };
    assert.deepEqual(await named(2), {
      ...{
        id: ID,
        orderSn: '40211',
        reference: '1001/A',
        dropshippingOrderStatus: 'finished',
        date: '2026-11-21 12:00:00',
      },
      ...{ deliverer: '100149', package_number: ['N1', 'N2'] },
    });
    assert.equal((await named(3))['clientNoteToOrder'], 'REF:1001/A');
    assert.deepEqual((await named(4))['numbers'], ['N1', 'N2']);
    assert.deepEqual((await named(1, 'packages'))['packages'], [
      { courierName: '100149', packageNumber: 'N1' },
      { courierName: '100149', packageNumber: 'N2' },
    ]);
    await start({ profile: renamedProfile(aProfile()) });
    await simulator.dispatch(ID, { numbers: ['N1'] });
    assert.deepEqual(Object.keys(JSON.parse(bodyOf(-1)) as object), [
      ...['hook_orderId', 'hook_orderSerialNumber', 'hook_orderStatus', 'hook_orderDispatchDate', 'qPackages'],
    ]);
  });

  it('calls twice, without a number, about an order that nobody knows, and without a content type', async () => {
    assert.equal((await simulator.dispatch(ID, { numbers: ['N1'], times: 2 })).length, 2);
    assert.equal(heard[0]?.body, heard[1]?.body);
    await simulator.notify(ID, { withoutNumber: true });
    assert.deepEqual((JSON.parse(bodyOf(2)) as { packages: unknown }).packages, []);
    const [call] = await simulator.notify(ID, { asOrder: 'nobody-7' });
    assert.equal(call?.orderId, 'nobody-7');
    assert.match(bodyOf(3), /"orderId":"nobody-7"/);
    assert.doesNotMatch(bodyOf(3), /40211/);
    await simulator.notify(ID, { contentType: '' });
    assert.equal(heard[4]?.type, undefined);
    assert.equal(simulator.webhookCalls.length, 5);
  });

  it('does not follow, and remembers what it was answered or that nobody was there', async () => {
    answer = { status: 302, text: '' };
    assert.equal((await simulator.dispatch(ID, {}))[0]?.status, 302);
    assert.equal(heard.length, 1);
    const gone = new URL(url);
    gone.port = '1';
    simulator.setWebhook(gone.href);
    const [lost] = await simulator.notify(ID);
    assert.deepEqual([lost?.status, lost?.text], [undefined, 'connect ECONNREFUSED 127.0.0.1:1']);
    simulator.setWebhook(undefined);
    assert.deepEqual(await simulator.notify(ID), []);
  });

  it('goes nowhere but to this computer', () => {
    for (const away of [
      'http://example.test/',
      'https://127.0.0.1/',
      'http://127.0.0.1.example.test/',
      'ftp://[::1]/',
    ]) {
      assert.throws(() => simulator.setWebhook(away), /loopback/, away);
    }
    for (const here of ['http://127.9.0.1:80/', 'http://[::1]/', 'http://localhost:3000/x']) simulator.setWebhook(here);
  });

  it('comes before the answer to the order, when it is told so', async () => {
    await caller.ask('importBasket', lines(simulator, ['1454-03', '1']));
    simulator.misbehave({ fault: { kind: 'sent-first', numbers: ['EARLY1'] }, on: 'placeOrder', times: 1 });
    let before = -1;
    simulator.when('accepted', 'placeOrder', () => (before = heard.length));
    const [fault] = await caller.ask('placeOrder', anOrder(simulator, { reference: '1002/A' }));
    assert.deepEqual([fault, before], ['0', 1]);
    assert.match(bodyOf(0), /sklep-demo-2.*EARLY1/);
    assert.equal(simulator.shop.orders.get('sklep-demo-2').status, 'finished');
  });
});

async function read(req: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of req as AsyncIterable<Buffer>) text += chunk.toString('utf8');
  return text;
}
