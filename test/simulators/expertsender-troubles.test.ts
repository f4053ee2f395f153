import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FaultInput } from '../../simulators/expertsender/faults.ts';
import { SimulatorState } from '../../simulators/expertsender/control.ts';
import { startExpertSender, type ExpertSender } from '../../simulators/expertsender/server.ts';
import { anOrder, API_KEY, ask, post } from './ask.ts';

const COMMAND = join(import.meta.dirname, '..', '..', 'simulators', 'expertsender', 'index.ts');

describe('the ExpertSender simulator in trouble', () => {
  let simulator: ExpertSender;
  beforeEach(async () => {
    simulator = await startExpertSender({ apiKey: API_KEY });
  });
  afterEach(() => simulator.close());

  const answered: [FaultInput['fault'], number, string | null][] = [
    [{ kind: 'busy', retryAfter: 7 }, 429, '7'],
    [{ kind: 'busy', retryAfter: 'Mon, 04 Jan 2027 09:00:00 GMT' }, 429, 'Mon, 04 Jan 2027 09:00:00 GMT'],
    [{ kind: 'busy' }, 429, null],
    [{ kind: 'unavailable', retryAfter: 2 }, 503, '2'],
    [{ kind: 'html' }, 500, null],
  ];
  for (const [fault, status, retryAfter] of answered) {
    it(`answers ${status}, Retry-After ${retryAfter ?? 'not given'}, once, and carries nothing out`, async () => {
      simulator.misbehave({ fault, times: 1 });
      const answer = await post(simulator, [anOrder()]);
      assert.equal(answer.status, status);
      assert.equal(answer.headers.get('retry-after'), retryAfter);
      assert.equal(simulator.store.orders.size, 0);
      assert.equal((await post(simulator, [anOrder()])).status, 201);
    });
  }

  const lost: [FaultInput['fault'], isCarriedOut: boolean][] = [
    [{ kind: 'drop', at: 'connected' }, false],
    [{ kind: 'drop', at: 'received' }, false],
    [{ kind: 'drop', at: 'accepted' }, true],
    [{ kind: 'truncated' }, true],
  ];
  for (const [fault, isCarriedOut] of lost) {
    it(`loses the line: ${JSON.stringify(fault)}`, async () => {
      simulator.misbehave({ fault, times: 1 });
      await assert.rejects(post(simulator, [anOrder()]));
      assert.equal(simulator.store.orders.has('1001'), isCarriedOut);
      assert.equal(simulator.requests[0]?.isAnswered, false);
      assert.equal((await post(simulator, [anOrder()])).status, 201);
      assert.equal(simulator.store.doubles.length, isCarriedOut ? 1 : 0);
    });
  }

  it('is silent until the other side gives up', async () => {
    for (const at of ['received', 'accepted'] as const) {
      simulator.misbehave({ fault: { kind: 'silent', at }, times: 1 });
      const under = fetch(`${simulator.url}/orders`, {
        method: 'POST',
        headers: { 'x-api-key': API_KEY, 'content-type': 'application/json' },
        body: JSON.stringify({ mode: 'AddOrReplace', data: [anOrder({ id: at })] }),
        signal: AbortSignal.timeout(100),
      });
      await assert.rejects(under, { name: 'TimeoutError' });
    }
    assert.deepEqual([...simulator.store.orders.keys()], ['accepted']);
  });

  it('is slow, for requests of one kind only, until it is told to behave', async () => {
    simulator.misbehave({ fault: { kind: 'slow', ms: 60, at: 'received' }, on: 'POST /orders' });
    const timed = async (request: () => Promise<unknown>): Promise<number> => {
      const at = performance.now();
      await request();
      return performance.now() - at;
    };
    assert.ok((await timed(() => post(simulator, [anOrder()]))) >= 59);
    assert.ok((await timed(() => post(simulator, [anOrder()]))) >= 59);
    simulator.misbehave({ fault: { kind: 'html' }, on: 'GET ' });
    assert.equal((await ask(simulator, 'GET /orderattributes')).status, 500);
    simulator.behave();
    assert.equal((await ask(simulator, 'GET /orderattributes')).status, 200);
  });

  it('is down, and comes back under the same address', async () => {
    await post(simulator, [anOrder()]);
    await simulator.down();
    await assert.rejects(post(simulator, [anOrder()]));
    await simulator.up();
    assert.equal((await post(simulator, [anOrder()])).status, 201);
    assert.equal(simulator.requests.length, 2);
  });

  it('lets a bystander see a request at every moment', async () => {
    const seen: string[] = [];
    for (const moment of ['connected', 'received', 'accepted'] as const) {
      simulator.when(moment, 'POST /orders', () => seen.push(`${moment}: ${simulator.store.orders.size}`));
    }
    await post(simulator, [anOrder()]);
    await post(simulator, [anOrder()]);
    assert.deepEqual(seen, ['connected: 0', 'received: 0', 'accepted: 1']);
  });

  it('complains of two requests about one order at the same time', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const arrived = new Promise<void>((resolve) =>
      simulator.when('received', 'POST /orders', () => {
        resolve();
        return held;
      }),
    );
    const first = post(simulator, [anOrder()]);
    await arrived;
    await post(simulator, [anOrder()]);
    release();
    await first;
    assert.deepEqual(simulator.complaints, ['request 2: order 1001 is still in request 1']);
  });

  it('runs as a command and takes orders at its control address', async function () {
    this.timeout(30_000);
    const child = spawn(process.execPath, ['--import', 'tsx', COMMAND, '--api-key', API_KEY], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const { url, control } = JSON.parse(line.toString('utf8')) as { url: string; control: string };
      const tell = (command: string, body?: unknown) =>
        fetch(`${control}/${command}`, {
          method: 'POST',
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
      const send = async (): Promise<number> => (await post({ ...simulator, url }, [anOrder()])).status;

      assert.equal(await send(), 201);
      assert.equal((await tell('misbehave', { fault: { kind: 'busy' }, times: 1 })).status, 200);
      assert.equal(await send(), 429);
      assert.equal((await tell('misbehave', { fault: { kind: 'polite' } })).status, 400);
      await tell('down');
      await assert.rejects(send());
      await tell('up');
      assert.equal(await send(), 201);
      const { orders, requests, doubles } = SimulatorState.parse(await (await fetch(`${control}/state`)).json());
      assert.deepEqual([requests, doubles], [3, 1]);
      assert.equal(orders['1001']?.history.length, 2);
    } finally {
      child.kill();
      await once(child, 'exit');
    }
  });
});
