import assert from 'node:assert/strict';
import type { IdoSell } from '../../simulators/idosell/server.ts';
import type { FaultInput } from '../../simulators/idosell/faults.ts';
import type { Moment } from '../../simulators/fault-injection.ts';
import { at, envelope, parties, post, readXml, send, addressOf, type Answered, type Caller } from './idosell-ask.ts';
import { anOrder, lines } from './idosell-wants.ts';

describe('the IdoSell simulator in trouble', () => {
  const open = parties();
  let simulator: IdoSell;
  let caller: Caller;
  beforeEach(async () => {
    ({ simulator, caller } = await open());
    await caller.ask('importBasket', lines(simulator, ['1454-03', '1']));
  });

  const place = (signal?: AbortSignal): Promise<Answered> =>
    post(
      simulator,
      'placeOrder',
      envelope(simulator, 'placeOrder', caller.content(anOrder(simulator))),
      signal ? { signal } : {},
    );
  const spoilt = (fault: FaultInput['fault']) => simulator.misbehave({ fault, on: 'placeOrder', times: 1 });
  const placed = () => simulator.shop.orders.all.length;

  const answered: [FaultInput['fault'], status: number, body: RegExp | string][] = [
    [{ kind: 'busy', retryAfter: 7 }, 429, ''],
    [{ kind: 'busy' }, 429, ''],
    [{ kind: 'unavailable', retryAfter: 'Sat, 21 Nov 2026 12:00:00 GMT' }, 503, ''],
    [{ kind: 'soap-fault', by: 'client' }, 500, /<faultcode>SOAP-ENV:Client<\/faultcode>/],
    [{ kind: 'soap-fault' }, 500, /<faultcode>SOAP-ENV:Server<\/faultcode>/],
    [{ kind: 'html' }, 500, /^<html>/],
    [{ kind: 'html', status: 200 }, 200, /^<html>/],
    [{ kind: 'redirect', to: 'http://127.0.0.1:1/' }, 302, ''],
    [{ kind: 'blank' }, 200, ''],
    [{ kind: 'strange' }, 200, /<weather .*<resultsElsewhere /],
    [{ kind: 'house' }, 200, /<faultCode xsi:type="xsd:int">90</],
    [{ kind: 'house', fault: 'supplier-unavailable' }, 200, /<faultCode xsi:type="xsd:int">3</],
    [{ kind: 'house', number: '777' }, 200, /<faultCode xsi:type="xsd:int">777</],
    [{ kind: 'doctype', at: 'received' }, 200, /<!DOCTYPE bomb/],
  ];
  for (const [fault, status, body] of answered) {
    it(`answers ${JSON.stringify(fault)} once, and carries nothing out`, async () => {
      spoilt(fault);
      const answer = await place();
      assert.equal(answer.status, status);
      if (typeof body === 'string') assert.equal(answer.text, body);
      else assert.match(answer.text, body);
      const retryAfter = 'retryAfter' in fault ? String(fault.retryAfter) : undefined;
      assert.equal(answer.headers['retry-after'], retryAfter);
      assert.equal(answer.headers['location'], fault.kind === 'redirect' ? fault.to : undefined);
      assert.deepEqual([placed(), simulator.requests.at(-1)?.isAnswered], [0, true]);
      assert.match((await place()).text, /sklep-demo-1/);
    });
  }

  const late: FaultInput['fault'][] = [
    { kind: 'soap-fault', at: 'accepted' },
    { kind: 'html', at: 'accepted' },
    { kind: 'unavailable', at: 'accepted' },
    { kind: 'busy', at: 'accepted' },
    { kind: 'blank', at: 'accepted' },
    { kind: 'strange', at: 'accepted' },
    { kind: 'redirect', to: 'http://127.0.0.1:1/', at: 'accepted' },
    { kind: 'house', fault: 'auth', at: 'accepted' },
    { kind: 'doctype' },
    { kind: 'deep', depth: 10 },
    { kind: 'flood', bytes: 10 },
  ];
  for (const fault of late) {
    it(`carries the order out and hides it behind ${JSON.stringify(fault)}`, async () => {
      spoilt(fault);
      assert.doesNotMatch((await place()).text, /sklep-demo-1/);
      assert.equal(placed(), 1);
    });
  }

  const lost: [FaultInput['fault'], orders: number][] = [
    [{ kind: 'drop', at: 'connected' }, 0],
    [{ kind: 'drop', at: 'received' }, 0],
    [{ kind: 'drop', at: 'accepted' }, 1],
    [{ kind: 'truncated' }, 1],
  ];
  for (const [fault, orders] of lost) {
    it(`loses the line: ${JSON.stringify(fault)}`, async () => {
      spoilt(fault);
      await assert.rejects(place());
      assert.deepEqual([placed(), simulator.requests.at(-1)?.isAnswered], [orders, false]);
    });
  }

  it('never answers, before or after it was carried out', async () => {
    for (const [at, orders] of [
      ['received', 0],
      ['accepted', 1],
    ] as const) {
      spoilt({ kind: 'silent', at });
      const giveUp = new AbortController();
      simulator.when(at, 'placeOrder', () => setImmediate(() => giveUp.abort()));
      await assert.rejects(place(giveUp.signal), { name: 'AbortError' });
      assert.equal(placed(), orders);
    }
  });

  it('is slow, for one operation only, until it is told to behave', async () => {
    simulator.misbehave({ fault: { kind: 'slow', ms: 60, at: 'accepted' }, on: 'getSupplierData' });
    const timed = async () => {
      const from = performance.now();
      await caller.call('getSupplierData');
      return performance.now() - from;
    };
    assert.ok((await timed()) >= 59);
    assert.ok((await timed()) >= 59);
    simulator.misbehave({ fault: { kind: 'html' } });
    const html = await place();
    assert.equal(html.status, 500);
    simulator.behave();
    assert.equal((await place()).status, 200);
    assert.throws(() => simulator.misbehave({ fault: { kind: 'polite' } } as unknown as FaultInput));
  });

  it('answers half of what it says in XML that HTTP takes for whole', async () => {
    spoilt({ kind: 'half' });
    const { status, text, headers } = await place();
    assert.deepEqual([status, headers['content-length']], [200, String(Buffer.byteLength(text))]);
    await assert.rejects(readXml(text));
    assert.equal(placed(), 1);
  });

  it('answers in ISO-8859-2 and calls it UTF-8', async () => {
    spoilt({ kind: 'wrong-encoding' });
    const { headers, bytes } = await place();
    assert.match(headers['content-type'] as string, /utf-8/);
    assert.throws(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    assert.match(new TextDecoder('iso-8859-2').decode(bytes), /sklep-demo-1.*zażółć/s);
  });

  it('answers as deeply and as long as it is told', async () => {
    spoilt({ kind: 'deep' });
    assert.equal((await place()).text.match(/<a>/g)?.length, 20_000);
    spoilt({ kind: 'flood', bytes: 3_000_000 });
    assert.equal((await place()).bytes.length, 3_000_000);
  });

  it('spoils JSON too', async () => {
    ({ simulator } = await open({ formats: ['soap', 'json'] }));
    const ask = (fault: FaultInput['fault']) => {
      simulator.misbehave({ fault, times: 1 });
      const headers = { 'content-type': 'application/json' };
      return send(addressOf(simulator, 'getSupplierData', 'json').url, { headers, body: '{}' });
    };
    const deep = await ask({ kind: 'deep' });
    assert.equal(deep.text.match(/\{"a":/g)?.length, 20_000);
    const fault = await ask({ kind: 'soap-fault' });
    assert.deepEqual([fault.status, JSON.parse(fault.text)], [500, { error: 'Internal error' }]);
    assert.deepEqual(JSON.parse((await ask({ kind: 'strange' })).text), {
      ...{ weather: 'rain', resultsElsewhere: { mood: 'fine' } },
    });
    const { bytes } = await ask({ kind: 'wrong-encoding' });
    assert.match(new TextDecoder('iso-8859-2').decode(bytes), /"uwagi":"zażółć"\}$/);
    assert.throws(() => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown);
  });

  it('loses a session, sells out and has its basket filled just before it looks', async () => {
    spoilt({ kind: 'session-dies' });
    assert.equal((await caller.ask('placeOrder', anOrder(simulator)))[0], '1');
    await caller.login();
    spoilt({ kind: 'sold-out' });
    assert.equal((await caller.ask('placeOrder', anOrder(simulator)))[0], '21');
    simulator.shop.stock.set('1454-03', '7');
    spoilt({ kind: 'basket-filled', code: '901-uniw', quantity: '0.5' });
    const [fault, results] = await caller.ask('placeOrder', anOrder(simulator));
    assert.deepEqual(
      [fault, at(results, 'products', 1, 'code'), at(results, 'products', 1, 'quantity')],
      ['0', '901-uniw', '0.5'],
    );
    assert.deepEqual(
      simulator.ordersFor('1001/A')[0]?.lines.map(({ by }) => by),
      [2, 'storefront'],
    );
    assert.deepEqual(simulator.complaints, []);
  });

  it('lets a bystander see a request at every moment, once', async () => {
    const seen: string[] = [];
    const moments: Moment[] = ['connected', 'received', 'accepted', 'answered'];
    for (const moment of moments) {
      simulator.when(moment, 'placeOrder', ({ params, isAnswered }) =>
        seen.push(`${moment}: ${placed()} ${params === undefined ? 'unread' : 'read'} ${isAnswered ? 'gone' : 'here'}`),
      );
    }
    await caller.call('getSupplierData');
    await place();
    await place();
    assert.deepEqual(seen, [
      ...['connected: 0 unread here', 'received: 0 read here', 'accepted: 1 read here', 'answered: 1 read gone'],
    ]);
    simulator.when('accepted', '', ({ operation }) => seen.push(operation ?? ''));
    await caller.call('getSupplierData');
    assert.equal(seen.at(-1), 'getSupplierData');
  });

  it('is down, and comes back under the same address with everything that it knew', async () => {
    await simulator.down();
    await assert.rejects(place());
    await simulator.up();
    assert.match((await place()).text, /sklep-demo-1/);
  });
});
