import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openControl } from '../../simulators/idosell/control.ts';
import type { IdoSell } from '../../simulators/idosell/server.ts';
import { SimulatorState } from '../../simulators/idosell/state.ts';
import { aProfile, Caller, DROP_KEY, parties, PASSWORD } from './idosell-ask.ts';
import { anOrder, lines } from './idosell-wants.ts';

const COMMAND = join(import.meta.dirname, '..', '..', 'simulators', 'idosell', 'index.ts');

describe('whoever runs the IdoSell simulator', () => {
  const open = parties();
  let simulator: IdoSell;
  let caller: Caller;
  let control: { readonly port: number; shut(): Promise<void> };
  beforeEach(async () => {
    ({ simulator, caller } = await open());
    control = await openControl(simulator, 0);
  });
  afterEach(() => control.shut());

  const tell = async (command: string, body?: unknown): Promise<[status: number, body: unknown]> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`http://127.0.0.1:${control.port}/${command}`, { method: 'POST', ...sent });
    return [answer.status, await answer.json()];
  };
  const state = async (): Promise<SimulatorState> =>
    SimulatorState.parse(await (await fetch(`http://127.0.0.1:${control.port}/state`)).json());

  it('sees what happened, and no key of anybody', async () => {
    await caller.ask('importBasket', lines(simulator, ['1454-03', '2']));
    await caller.ask('placeOrder', anOrder(simulator));
    simulator.fillBasket('sklep-demo', '901-uniw', '1');
    const told = await state();
    assert.deepEqual(told.byOperation, { authenticate: 1, importBasket: 1, placeOrder: 1 });
    assert.deepEqual([told.requests, told.unanswered, told.mostAtOnce, told.sessions], [3, 0, 1, 1]);
    assert.deepEqual(told.baskets, {
      'sklep-demo': [{ code: '901-uniw', codeType: 'internal', quantity: '1', by: 'storefront' }],
    });
    const [order] = told.orders;
    assert.deepEqual(
      [order?.orderId, order?.reference, order?.total, order?.address['city'], order?.lines, order?.placedAt],
      [
        ...['sklep-demo-1', '1001/A', '39.8', 'Warszawa'],
        [{ code: '1454-03', codeType: 'internal', quantity: '2', by: 'request 2' }],
        '2026-11-21T11:00:00.000Z',
      ],
    );
    assert.equal(told.stock.find(({ codes }) => codes['internal'] === '1454-03')?.stock, '5');
    assert.deepEqual(told.doubles, []);
    await caller.ask('placeOrder', anOrder(simulator));
    assert.deepEqual((await state()).doubles, ['1001/A']);
    const text = JSON.stringify(await state());
    for (const secret of [PASSWORD, DROP_KEY, caller.sessionKey]) assert.ok(!text.includes(secret));
  });

  it('names no session where baskets belong to sessions', async () => {
    ({ simulator, caller } = await open({ profile: aProfile({ basketScope: 'session' }) }));
    await control.shut();
    control = await openControl(simulator, 0);
    await caller.ask('importBasket', lines(simulator, ['1454-03', '2']));
    assert.deepEqual(Object.keys((await state()).baskets), ['session 1']);
  });

  it('changes stock, products, statuses, baskets, blocks and sessions', async () => {
    assert.equal((await tell('product', { codes: { internal: 'NEW-1' }, stock: 3, price: '5' }))[0], 200);
    assert.equal((await tell('stock', { code: 'NEW-1', stock: '2' }))[0], 200);
    assert.equal((await tell('fill-basket', { code: 'NEW-1', quantity: '2' }))[0], 200);
    assert.equal((await caller.ask('placeOrder', anOrder(simulator)))[0], '0');
    assert.equal(simulator.shop.stock.of('NEW-1'), '0');
    assert.equal((await tell('status', { order: '40211', status: 'suspended' }))[0], 200);
    assert.equal(simulator.shop.orders.get('40211').status, 'suspended');
    await tell('block', { block: 'customer' });
    assert.equal((await caller.ask('placeOrder', anOrder(simulator)))[0], '24');
    await tell('block', {});
    assert.equal((await caller.ask('placeOrder', anOrder(simulator)))[0], '20');
    await tell('end-sessions');
    assert.equal((await caller.ask('placeOrder', anOrder(simulator)))[0], '1');
  });

  it('sends an order and has the webhook called', async () => {
    const heard: string[] = [];
    const hook = createServer((req, res) => {
      heard.push(`${req.method} ${req.url}`);
      res.end('OK');
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    try {
      await caller.ask('importBasket', lines(simulator, ['1454-03', '2']));
      await caller.ask('placeOrder', anOrder(simulator));
      await tell('webhook', { url: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook` });
      const [status, calls] = await tell('dispatch', { order: 'sklep-demo-1', numbers: ['X1'], times: 2, form: 'xml' });
      assert.deepEqual([status, (calls as unknown[]).length], [200, 2]);
      await tell('notify', { order: '40211', form: 'get' });
      assert.deepEqual(heard.slice(0, 2), ['POST /hook', 'POST /hook']);
      assert.match(heard[2] ?? '', /^GET \/hook\?orderId=sklep-demo-1&/);
      assert.deepEqual(
        (await state()).webhookCalls.map(({ form, status: answered }) => [form, answered]),
        [
          ['xml', 200],
          ['xml', 200],
          ['get', 200],
        ],
      );
      assert.equal((await state()).orders[0]?.packages[0]?.['packageNumber'], 'X1');
    } finally {
      hook.close();
    }
  });

  it('is told what is wrong with a command', async () => {
    for (const [command, body] of [
      ['misbehave', { fault: { kind: 'polite' } }],
      ['dispatch', { order: 'nobody-1' }],
      ['dispatch', { order: 'nobody-1', colour: 'red' }],
      ['stock', { code: 'nobody', stock: '1' }],
      ['stock', { code: '1454-03', stock: 'many' }],
      ['product', { codes: {} }],
      ['webhook', { url: 'http://example.test/' }],
      ['status', undefined],
    ] as const) {
      const [status, answer] = await tell(command, body);
      assert.equal(status, 400, command);
      assert.ok((answer as { error: string }).error.length > 5, command);
    }
    assert.equal((await tell('dance'))[0], 404);
    assert.equal((await fetch(`http://127.0.0.1:${control.port}/behave`)).status, 404);
  });

  it('starts it as a command', async function () {
    this.timeout(30_000);
    const env = { ...process.env, IDOSELL_PASSWORD: PASSWORD, IDOSELL_DROPSHIPPING_KEY: DROP_KEY };
    const child = spawn(process.execPath, ['--import', 'tsx', COMMAND, '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env,
    });
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const { url, control: door } = JSON.parse(line.toString('utf8')) as { url: string; control: string };
      assert.ok(!line.toString('utf8').includes(DROP_KEY));
      const command = (name: string, body: unknown = {}) =>
        fetch(`${door}/${name}`, { method: 'POST', body: JSON.stringify(body) });
      const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Warsaw' }).format(new Date());
      const endpointTemplate = simulator.profile.endpointTemplate;
      const there = { ...simulator, profile: { ...simulator.profile, endpointTemplate, host: new URL(url).host } };
      const stranger = new Caller(there);
      await stranger.login(today.replaceAll('-', ''));
      const ask = async () => (await stranger.ask('checkAvailability', lines(there, ['880-uniw', '1'])))[0];

      assert.equal(await ask(), '0');
      await command('misbehave', { fault: { kind: 'house', fault: 'too-large' }, times: 1, on: 'checkAvailability' });
      assert.equal(await ask(), '6');
      await command('misbehave', { fault: { kind: 'html' } });
      await command('behave');
      await command('down');
      await assert.rejects(ask());
      await command('up');
      assert.equal(await ask(), '0');
      const told = SimulatorState.parse(await (await fetch(`${door}/state`)).json());
      assert.deepEqual(told.byOperation, { authenticate: 1, checkAvailability: 3 });
    } finally {
      child.kill();
      await once(child, 'exit');
    }
  });

  it('must hand over the secrets by the environment', async function () {
    this.timeout(30_000);
    const env = { ...process.env, IDOSELL_PASSWORD: '', IDOSELL_DROPSHIPPING_KEY: '' };
    const child = spawn(process.execPath, ['--import', 'tsx', COMMAND], { stdio: ['ignore', 'ignore', 'pipe'], env });
    const ended = once(child, 'exit');
    const [said] = (await once(child.stderr, 'data')) as [Buffer];
    assert.match(said.toString('utf8'), /IDOSELL_PASSWORD and IDOSELL_DROPSHIPPING_KEY must be set/);
    assert.deepEqual((await ended)[0], 2);
  });
});
