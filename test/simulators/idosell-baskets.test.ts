import assert from 'node:assert/strict';
import type { IdoSell } from '../../simulators/idosell/server.ts';
import { aProfile, at, Caller, parties, textAt, type Read, type Tree } from './idosell-ask.ts';
import { anOrder, lines } from './idosell-wants.ts';

describe('the baskets of the IdoSell simulator', () => {
  const open = parties();
  let simulator: IdoSell;
  let caller: Caller;
  beforeEach(async () => {
    ({ simulator, caller } = await open());
  });

  /** Word for all, then code, quantity, what can be had and fault of every line. */
  const told = (results: Read | undefined): unknown[] => [
    at(results, 'status'),
    ...((at(results, 'products') ?? []) as Read[]).map((line) =>
      ['code', 'quantity', 'available', 'quantityAvailable', 'faultCode']
        .map((name) => (at(line, name) === undefined ? '' : textAt(line, name)))
        .join(' '),
    ),
  ];
  const check = async (...wanted: Parameters<typeof lines>[1][]) =>
    told((await caller.ask('checkAvailability', lines(simulator, ...wanted)))[1]);
  const put = async (...wanted: Parameters<typeof lines>[1][]) =>
    told((await caller.ask('importBasket', lines(simulator, ...wanted)))[1]);

  it('checks lines by each of their codes and changes nothing', async () => {
    const wanted: Parameters<typeof lines>[1][] = [
      ['1454-03', '2'],
      ['5900000000012', '2', 'producer'],
      ['KX-771/B', '3.0', 'external'],
    ];
    const expected = ['OK', '1454-03 2 y 7 0', '5900000000012 2 y 7 0', 'KX-771/B 3 y 7 0'];
    assert.deepEqual(await check(...wanted), expected);
    assert.deepEqual(await check(...wanted), expected);
    assert.equal(simulator.shop.baskets.all.get('sklep-demo')?.lines.length ?? 0, 0);
  });

  it('says of every line what is wrong with it, while the whole answer is fine', async () => {
    ({ simulator, caller } = await open({ notSold: ['901-uniw'] }));
    const wanted = lines(
      simulator,
      ...([
        ['1454-03', '8'],
        ['1454-03', '1', 'producer'],
        ['901-uniw', '1'],
        ['880-uniw', '100000'],
      ] as const),
      ...([
        ['1454-03', '0'],
        ['1454-03', '-1'],
        ['1454-03', '1,5'],
        ['', '1'],
      ] as const),
    );
    const [fault, results] = await caller.ask('checkAvailability', wanted);
    assert.equal(fault, '0');
    const [status, ...faults] = told(results);
    assert.equal(status, 'ERROR');
    assert.deepEqual(
      faults.map((line) => (line as string).split(' ').at(-1)),
      ['11', '10', '12', '0', '90', '90', '90', '10'],
    );
  });

  it('takes fractions to the last one, and asks nobody about -1', async () => {
    assert.deepEqual(await check(['901-uniw', '12.5']), ['OK', '901-uniw 12.5 y 12.5 0']);
    assert.deepEqual(await check(['901-uniw', '12.5001']), ['ERROR', '901-uniw 0 n 12.5 11']);
    assert.deepEqual(await check(['880-uniw', '999']), ['OK', '880-uniw 999 y -1 0']);
    await put(['880-uniw', '999']);
    await caller.ask('placeOrder', anOrder(simulator));
    assert.equal(simulator.shop.orders.all.length, 0, 'too heavy');
    await caller.login();
    await simulator.close();
    ({ simulator, caller } = await open());
    await put(['901-uniw', '0.1'], ['901-uniw', '0.2'], ['880-uniw', '3']);
    assert.equal((await caller.ask('placeOrder', anOrder(simulator)))[0], '0');
    assert.deepEqual([simulator.shop.stock.of('901-uniw'), simulator.shop.stock.of('880-uniw')], ['12.2', '-1']);
  });

  it('counts what stands further up in the same list, and what is in the basket already', async () => {
    assert.deepEqual(await check(['1454-03', '4'], ['5900000000012', '4', 'producer']), [
      ...['ERROR', '1454-03 4 y 7 0', '5900000000012 0 n 7 11'],
    ]);
    await put(['1454-03', '4']);
    assert.deepEqual(await put(['1454-03', '4']), ['ERROR', '1454-03 4 y 7 0', '1454-03 0 n 7 11']);
  });

  it('appends, and answers the whole basket: also with what a failed import has left there', async () => {
    assert.deepEqual(await put(['1454-03', '1']), ['OK', '1454-03 1 y 7 0']);
    assert.deepEqual(await put(['1454-03', '2'], ['901-uniw', '1'], ['nobody', '1']), [
      ...['ERROR', '1454-03 3 y 7 0', '901-uniw 1 y 12.5 0', 'nobody 0 n  10'],
    ]);
    assert.deepEqual(await put(['880-uniw', '1']), [
      ...['OK', '1454-03 3 y 7 0', '901-uniw 1 y 12.5 0', '880-uniw 1 y -1 0'],
    ]);
  });

  it('keeps lines with different comments apart', async () => {
    const one = (comment: string): Tree => ({ code: '1454-03', codeType: 'internal', quantity: '1', comment });
    const [, results] = await caller.ask('importBasket', { products: [one('a'), one('b'), one('a')] });
    assert.deepEqual(told(results), ['OK', '1454-03 2 y 7 0', '1454-03 1 y 7 0']);
  });

  it('replaces only where the profile says so, and only when asked', async () => {
    const again = async () => {
      await put(['1454-03', '1']);
      const wanted = lines(simulator, ['901-uniw', '1']) as { readonly [name: string]: Tree };
      return told((await caller.ask('importBasket', { ...wanted, mode: 'replace' }))[1]).length - 1;
    };
    assert.equal(await again(), 2);
    assert.deepEqual(simulator.complaints, ['request 3: the mode of an import is sent where nobody understands it']);
    ({ simulator, caller } = await open({ profile: aProfile({ basketReplaceSupported: true }) }));
    assert.equal(await again(), 1);
    assert.deepEqual(simulator.complaints, []);
    const wanted = lines(simulator, ['1454-03', '1']) as { readonly [name: string]: Tree };
    assert.equal(told((await caller.ask('importBasket', { ...wanted, mode: 'append' }))[1]).length - 1, 2);
    assert.equal(told((await caller.ask('importBasket', { ...wanted, mode: 'add' }))[1]).length - 1, 2);
    assert.deepEqual(simulator.complaints, ['request 5: nobody knows the mode add']);
  });

  it('belongs to the account, or to the session', async () => {
    for (const [basketScope, left] of [
      ['account', 2],
      ['session', 1],
    ] as const) {
      ({ simulator, caller } = await open({ profile: aProfile({ basketScope }) }));
      await put(['1454-03', '1']);
      simulator.shop.accounts.endSessions();
      await caller.login();
      assert.equal((await put(['901-uniw', '1'])).length - 1, left, basketScope);
      assert.deepEqual(simulator.complaints, []);
    }
  });

  it('is cleared where the profile has a gate for it', async () => {
    const operations = { clearBasket: { gate: 'Dropshipping', method: 'clearBasket' } };
    ({ simulator, caller } = await open({ profile: aProfile({ operations }) }));
    await put(['1454-03', '1']);
    assert.deepEqual(await caller.ask('clearBasket'), ['0', { status: 'OK' }]);
    assert.equal((await caller.ask('placeOrder', anOrder(simulator)))[0], '20');
  });

  it('tells lines only where it is so', async () => {
    ({ simulator, caller } = await open({ habits: { tellsLines: false } }));
    assert.deepEqual(await check(['1454-03', '1']), ['OK']);
    assert.deepEqual(await put(['1454-03', '9']), ['ERROR']);
  });

  it('takes sets by their parts, and attachments', async () => {
    const set = (...codes: string[]): Tree => ({
      ...{ code: '880-uniw', codeType: 'internal', quantity: '1' },
      products: codes.map((code) => ({ code, codeType: 'internal' })),
      attachments: [{ name: 'druk.txt', file: 'xYHDs8WCxIc=' }],
    });
    const ask = async (line: Tree) => told((await caller.ask('importBasket', { products: [line] }))[1])[0];
    assert.equal(await ask(set('1454-03', '901-uniw')), 'OK');
    assert.equal(await ask(set('1454-03', 'nobody')), 'ERROR');
    assert.deepEqual(simulator.complaints, []);
    await ask({ ...(set() as object), attachments: [{ name: 'druk.txt', file: 'ąę' }] });
    assert.deepEqual(simulator.complaints, ['request 4: an attachment has no name or is no Base64']);
  });

  it('takes as many elements as the profile says', async () => {
    ({ simulator, caller } = await open({ profile: aProfile({ maxElements: 3 }) }));
    const many = (count: number) =>
      lines(simulator, ...Array.from({ length: count }, () => ['880-uniw', '1'] as const));
    for (const operation of ['checkAvailability', 'importBasket'] as const) {
      assert.equal((await caller.ask(operation, many(3)))[0], '0');
      assert.deepEqual(await caller.ask(operation, many(4)), ['6', undefined]);
      assert.deepEqual(await caller.ask(operation, many(0)), ['90', undefined]);
    }
    assert.equal(
      (await caller.ask('getOrderStatuses', { orders: [1, 2, 3, 4].map((n) => ({ orderId: `${n}` })) }))[0],
      '6',
    );
    assert.equal((await caller.ask('getAddresses', { deliveryAddressIds: ['1', '2', '3', '4'] }))[0], '6');
  });

  it('holds what somebody puts there at the storefront', async () => {
    simulator.fillBasket('sklep-demo', 'KX-771/B', '2');
    assert.deepEqual(await put(['901-uniw', '1']), ['OK', 'KX-771/B 2 y 7 0', '901-uniw 1 y 12.5 0']);
    assert.throws(() => simulator.fillBasket('sklep-demo', 'nobody', '1'), RangeError);
    const { simulator: other } = await open({ profile: aProfile({ basketScope: 'session' }) });
    assert.throws(() => other.fillBasket('sklep-demo', '1454-03', '1'), /belongs to its session/);
  });

  it('is complained of when two sessions use it, unless one of them has ended by itself', async () => {
    const sentence = 'the basket of sklep-demo is in use by another session';
    await put(['1454-03', '1']);
    const second = new Caller(simulator);
    await second.login();
    await second.ask('importBasket', lines(simulator, ['901-uniw', '1']));
    assert.deepEqual(simulator.complaints, [`request 4: ${sentence}`]);
    await second.ask('placeOrder', anOrder(simulator));
    await caller.login();
    await put(['1454-03', '1']);
    assert.equal(simulator.complaints.length, 1, 'an order empties the basket');

    let at = Date.UTC(2026, 10, 21, 11);
    ({ simulator, caller } = await open({ now: () => new Date(at), singleSession: false }));
    await put(['1454-03', '1']);
    at += 900_000;
    await caller.login();
    await put(['1454-03', '1']);
    assert.deepEqual(simulator.complaints, []);
    await caller.login();
    await put(['1454-03', '1']);
    assert.deepEqual(simulator.complaints, [`request 6: ${sentence}`]);
  });

  it('is complained of when two requests use it at the same time', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const arrived = new Promise<void>((resolve) =>
      simulator.when('received', 'importBasket', () => {
        resolve();
        return held;
      }),
    );
    const first = put(['1454-03', '1']);
    await arrived;
    await check(['1454-03', '1']);
    assert.deepEqual(simulator.complaints, []);
    await caller.ask('listCouriersForOrder', {});
    release();
    await first;
    assert.match(simulator.complaints.join(), /^request 4: the basket of sklep-demo is still in request 2$/);
    assert.equal(simulator.mostAtOnce(), 2);
  });
});
