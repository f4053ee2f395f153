import assert from 'node:assert/strict';
import type { Habits } from '../../simulators/idosell/answer.ts';
import { renamedProfile } from '../../simulators/idosell/renamed.ts';
import type { IdoSell } from '../../simulators/idosell/server.ts';
import { addressOf, aProfile, Caller, DROP_KEY, parties, send, systemKey } from './idosell-ask.ts';
import { anOrder, lines } from './idosell-wants.ts';

type Json = Readonly<Record<string, unknown>>;

describe('the JSON twin of the IdoSell simulator', () => {
  const open = parties();

  const sessions = new WeakMap<IdoSell, string>();

  /** The answer's text; with a login before the first one. */
  async function ask(
    simulator: IdoSell,
    operation: 'checkAvailability' | 'importBasket' | 'placeOrder',
    params: unknown,
  ) {
    const { profile } = simulator;
    const post = async (to: Parameters<typeof addressOf>[1], body: unknown) => {
      const headers = { 'content-type': 'application/json;charset=UTF-8' };
      return (await send(addressOf(simulator, to, 'json').url, { headers, body: JSON.stringify(body) })).text;
    };
    const sessionKey = sessions.get(simulator) ?? (await enter());
    sessions.set(simulator, sessionKey);
    const keys = { [profile.sessionKeyField]: sessionKey, [profile.dropshippingKeyField]: DROP_KEY };
    return post(operation, { [profile.authBlock]: keys, [profile.names.frame.params]: params });

    async function enter(): Promise<string> {
      const login = { [profile.loginField]: profile.login, [profile.systemKeyField]: systemKey('20261121') };
      const entered = JSON.parse(await post('authenticate', { [profile.authBlock]: login })) as Record<string, Json>;
      return String(entered[profile.authBlock]?.[profile.sessionKeyField]);
    }
  }

  for (const [what, profile] of [
    ['the default profile', aProfile({ format: 'json' })],
    ['a profile in which everything is called otherwise', renamedProfile(aProfile({ format: 'json' }))],
  ] as const) {
    it(`takes an order with ${what}`, async () => {
      const simulator = (await openJson({ profile })).party;
      const { frame, order } = profile.names;
      await ask(simulator, 'importBasket', lines(simulator, ['1454-03', '2']));
      const answer = JSON.parse(await ask(simulator, 'placeOrder', anOrder(simulator))) as Record<string, Json>;
      assert.equal(answer[frame.results]?.[order.orderId], 'sklep-demo-1');
      assert.equal(answer[frame.results]?.[order.orderSerialNumber], 40211);
      assert.equal(simulator.ordersFor('1001/A').length, 1);
      assert.deepEqual(simulator.complaints, []);
    });
  }

  /** Without the login by SOAP that others begin with. */
  async function openJson(options: Parameters<typeof open>[0]) {
    const { simulator, caller } = await open({ ...options, formats: ['soap', 'json'] });
    return { party: simulator, caller };
  }
  const check = async (habits: Partial<Habits>, code = '1454-03') => {
    const { party: simulator } = await openJson({ habits });
    return ask(simulator, 'checkAvailability', lines(simulator, [code, '1.50']));
  };

  it('writes numbers as numbers, and decimals exactly', async () => {
    assert.equal(
      await check({}),
      '{"errors":{"faultCode":0,"faultString":""},"results":{"status":"OK","products":[{"code":"1454-03",' +
        '"codeType":"internal","quantity":1.5,"available":"y","quantityAvailable":7,"faultCode":0,"faultString":""}]}}',
    );
  });

  it('does what PHP does, where it is told to', async () => {
    const quirks = { numbersAsText: true, otherCaseResults: true, errorsAsList: true };
    assert.equal(
      await check(quirks),
      '{"errors":[{"faultCode":"0","faultString":""}],"Results":{"status":"OK","products":[{"code":"1454-03",' +
        '"codeType":"internal","quantity":"1.5","available":"y","quantityAvailable":"7","faultCode":"0","faultString":""}]}}',
    );
    const { party: simulator } = await openJson({ habits: { emptyMapAsList: true } });
    assert.match(await ask(simulator, 'placeOrder', {}), /"results":\[\]/);
    const { party: plain } = await openJson({});
    assert.match(await ask(plain, 'placeOrder', {}), /"results":\{\}/);
  });

  it('reads numbers, leaves null out, takes [] for nothing, and loses a list that is none', async () => {
    const { party: simulator } = await openJson({});
    const line = { code: '1454-03', codeType: 'internal', quantity: 1.5, comment: null };
    assert.match(await ask(simulator, 'checkAvailability', { products: [line] }), /"quantity":1\.5,/);
    assert.deepEqual(simulator.requests.at(-1)?.params, {
      products: [{ code: '1454-03', codeType: 'internal', quantity: '1.5' }],
    });
    assert.match(await ask(simulator, 'placeOrder', []), /"faultCode":20/);
    assert.match(await ask(simulator, 'checkAvailability', { products: line }), /"code":"".*"faultCode":10/);
    assert.deepEqual(simulator.complaints, [
      'request 5: params.products: is not an encoded list, so its members are lost',
    ]);
  });

  it('refuses what is no JSON, no object, another type, or nested without an end', async () => {
    const { party: simulator } = await openJson({});
    const { url } = addressOf(simulator, 'checkAvailability', 'json');
    const status = async (body: string, type = 'application/json') =>
      (await send(url, { headers: { 'content-type': type }, body })).status;
    assert.equal(await status('{}'), 200);
    for (const body of ['', '{', '"a"', '[1]', '{"params":7}', `${'{"a":'.repeat(99)}1${'}'.repeat(99)}`]) {
      assert.equal(await status(body), 400, body);
    }
    assert.equal(await status('{}', 'text/plain'), 415);
    assert.equal(await status('{}', 'application/json; charset=iso-8859-2'), 415);
  });

  it('is there only where it is served, and SOAP is not there where it is not', async () => {
    const profile = aProfile({ format: 'json' });
    const { simulator } = await open({ profile });
    assert.deepEqual([simulator.requests.at(-1)?.operation, simulator.requests.at(-1)?.status], [undefined, 404]);
    assert.match(await ask(simulator, 'checkAvailability', lines(simulator, ['1454-03', '1'])), /"status":"OK"/);
    const { simulator: soap } = await open();
    assert.equal((await send(addressOf(soap, 'authenticate', 'json').url, {})).status, 404);
    assert.notEqual(new Caller(soap).sessionKey, undefined);
  });
});
