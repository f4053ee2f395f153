import assert from 'node:assert/strict';
import type { IdoSellOptions } from '../../simulators/idosell/server.ts';
import { aProfile, at, Caller, parties, startParty, systemKey, type Read } from './idosell-ask.ts';
import { anOrder, lines } from './idosell-wants.ts';

const fault = (answer: Read | undefined) => at(answer, 'errors', 'faultCode');

describe('the IdoSell simulator and who may ask', () => {
  const open = parties();

  it('computes the key of the day as the sheet does', () =>
    assert.equal(systemKey('20261121'), '5c9937e6f129e2ccf8f95d7e1458974e5992a70a'));

  const days: [at: string, day: string][] = [
    ['2026-11-20T22:59:59Z', '20261120'],
    ['2026-11-20T23:00:00Z', '20261121'],
    ['2026-07-14T21:59:59Z', '20260714'],
    ['2026-07-14T22:00:00Z', '20260715'],
  ];
  for (const [instant, day] of days) {
    it(`lets in at ${instant} with the key of ${day} and of no other day`, async () => {
      const simulator = await startParty({ now: () => new Date(instant) });
      try {
        const caller = new Caller(simulator);
        const other = String(Number(day) + (day.endsWith('0') || day.endsWith('4') ? 1 : -1));
        assert.equal(fault(await caller.login(other)), '1');
        assert.equal(caller.sessionKey, '');
        assert.equal(fault(await caller.login(day)), '0');
        assert.notEqual(caller.sessionKey, '');
      } finally {
        await simulator.close();
      }
    });
  }

  it('refuses a login that is not known, another password, and no keys at all', async () => {
    const { simulator, caller } = await open();
    assert.equal(fault(await caller.login('20261121', 'somebody')), '1');
    assert.equal(fault(await caller.login('20261121', 'sklep-demo', 'Sklep-Demo_2027')), '1');
    caller.sessionKey = '';
    assert.equal(fault(await caller.call('getSupplierData')), '1');
    caller.sessionKey = 'S1-guessed';
    assert.equal(fault(await caller.call('getSupplierData')), '1');
    assert.equal(simulator.shop.accounts.sessions.length, 1);
  });

  it('tells the time of its own clock in every answer, or none', async () => {
    const { simulator } = await open();
    const { status, headers } = await fetch(simulator.url);
    assert.deepEqual([status, headers.get('date')], [404, 'Sat, 21 Nov 2026 11:00:00 GMT']);
    const silent = await open({ sendsDate: false });
    assert.equal((await fetch(silent.simulator.url)).headers.get('date'), null);
  });

  it('forgets a session after its time, counted from the login and not from its use', async () => {
    let seconds = 0;
    const now = () => new Date(Date.UTC(2026, 10, 21, 11) + seconds * 1000);
    const { caller } = await open({ now });
    seconds = 600;
    assert.equal(fault(await caller.call('getSupplierData')), '0');
    seconds = 899;
    assert.equal(fault(await caller.call('getSupplierData')), '0');
    seconds = 900;
    assert.equal(fault(await caller.call('getSupplierData')), '1');
    await caller.login();
    assert.equal(fault(await caller.call('getSupplierData')), '0');
  });

  it('ends the session before when somebody logs in again, where it is so', async () => {
    for (const [options, expected] of [
      [{}, '1'],
      [{ singleSession: false }, '0'],
      [{ profile: aProfile({ singleSession: false }) }, '0'],
    ] as [Partial<IdoSellOptions>, string][]) {
      const { simulator, caller } = await open(options);
      const second = new Caller(simulator);
      await second.login();
      assert.notEqual(second.sessionKey, caller.sessionKey);
      assert.equal(fault(await second.call('getSupplierData')), '0');
      assert.equal(fault(await caller.call('getSupplierData')), expected);
    }
  });

  it('keeps the sessions of two accounts apart', async () => {
    const other = { login: 'drugi', password: 'Inne!', dropshippingKey: 'OTHER-KEY' };
    const { simulator, caller } = await open({ accounts: [other] });
    const second = new Caller(simulator);
    await second.login('20261121', 'drugi', 'Inne!');
    assert.equal(fault(await second.call('getSupplierData', {}, { dropshippingKey: 'OTHER-KEY' })), '0');
    assert.equal(fault(await second.call('getSupplierData')), '5');
    assert.equal(fault(await caller.call('getSupplierData')), '0');
  });

  it('wants the dropshipping key at every gate, after the session', async () => {
    const cancelOrder = { gate: 'Dropshipping', method: 'cancelOrder' };
    const clearBasket = { gate: 'Dropshipping', method: 'clearBasket' };
    const profile = aProfile({ operations: { cancelOrder, clearBasket } });
    const { simulator, caller } = await open({ profile });
    const gates = [
      ...(['checkAvailability', 'importBasket', 'listCouriers', 'listCouriersForOrder', 'placeOrder'] as const),
      ...(['getOrderStatuses', 'getAddresses', 'updateAddress', 'getSupplierData'] as const),
      ...(['cancelOrder', 'clearBasket'] as const),
    ];
    for (const gate of gates) {
      assert.equal(fault(await caller.call(gate, {}, { dropshippingKey: 'wrong' })), '5', gate);
      assert.equal(fault(await caller.call(gate, {}, { dropshippingKey: '' })), '5', gate);
      assert.equal(fault(await caller.call(gate, {}, { dropshippingKey: 'wrong', sessionKey: 'x' })), '1', gate);
    }
    assert.equal(simulator.shop.orders.all.length, 0);
  });

  it('serves only what the profile has', async () => {
    const { simulator, caller } = await open();
    const { cancelOrder } = aProfile({ operations: { cancelOrder: { gate: 'D', method: 'c' } } }).operations;
    const asked = {
      ...simulator,
      profile: { ...simulator.profile, operations: { ...simulator.profile.operations, cancelOrder } },
    };
    const stranger = new Caller(asked);
    stranger.sessionKey = caller.sessionKey;
    await stranger.call('cancelOrder');
    assert.equal(simulator.requests.at(-1)?.status, 404);
  });

  it('puts the key of the session where it is told to', async () => {
    const { simulator } = await open();
    const placeOf = async (sessionKeyAt: 'block' | 'top' | 'results') => {
      const { simulator, caller } = await open({ habits: { sessionKeyAt } });
      const answer = await new Caller(simulator).login();
      await caller.login();
      return ['authenticate', 'results'].filter((name) => at(answer, name, 'sessionKey') !== undefined).join() || 'top';
    };
    assert.deepEqual(
      [await placeOf('block'), await placeOf('results'), await placeOf('top')],
      ['authenticate', 'results', 'top'],
    );
    assert.deepEqual(simulator.complaints, []);
  });

  it('is closed with one number or the other, and may refuse only the order', async () => {
    const { simulator, caller } = await open();
    await caller.ask('importBasket', lines(simulator, ['1454-03', '1']));
    const ask = async () => [
      fault(await caller.call('getSupplierData')),
      fault(await caller.call('placeOrder', anOrder(simulator))),
    ];
    simulator.block('sklep-demo', 'shop');
    assert.deepEqual([...(await ask()), fault(await new Caller(simulator).login())], ['3', '3', '3']);
    simulator.block('sklep-demo', 'overdue');
    assert.deepEqual(await ask(), ['4', '4']);
    simulator.block('sklep-demo', 'customer');
    assert.deepEqual(await ask(), ['0', '24']);
    simulator.block('sklep-demo', undefined);
    assert.deepEqual(await ask(), ['0', '0']);
  });
});
