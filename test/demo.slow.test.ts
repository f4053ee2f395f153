import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const DEMO = join(import.meta.dirname, '..', 'scripts', 'demo', 'index.ts');
const DAY_MS = 90_000; // usually fifteen seconds; a busy machine takes longer

/** A demo that was started, and what it has printed so far. */
interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly text: () => string;
}

/** None may outlive a test that failed half-way. */
const started: ChildProcess[] = [];

function demo(directory: string, ...options: string[]): Started {
  return run([process.execPath, '--import', 'tsx', DEMO, '--data', directory, ...options]);
}

function run([command = '', ...args]: readonly string[]): Started {
  const env = { ...process.env };
  delete env['DATABASE_URL'];
  const child = spawn(command, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let text = '';
  const add = (chunk: Buffer): void => void (text += chunk.toString('utf8'));
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  return { child, ended: new Promise((resolve) => child.once('close', resolve)), text: () => text };
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DAY_MS / 2;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await sleep(50);
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

/** Without the breaks of lines. */
const flat = (text: string): string => text.replace(/\s+/g, ' ');

interface SentOrder {
  readonly paid: number;
  readonly delivery_package_nr: string;
  readonly products: readonly { readonly id: string; readonly variant_id: string }[];
}

/** Asks the connector of a demo that stays up, by the address and key that it printed. */
async function ask<T>(text: string, action: string, parameters: Record<string, string>): Promise<T> {
  const url = /listens at\s+(http:\S+)/.exec(text)?.[1] ?? '';
  const key = /bl_pass=(\w{32})/.exec(text)?.[1] ?? '';
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ bl_pass: key, action, ...parameters }),
  });
  return (await response.json()) as T;
}

describe('the demo', function () {
  this.timeout(DAY_MS);
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bl-demo-'));
  });

  after(async () => {
    for (const child of started) child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });

  it('goes through a day on a fresh machine and leaves with 0', async () => {
    const { ended, text } = demo(directory, '--once');
    assert.equal(await ended, 0, text());
    const said = flat(text());
    assert.match(said, /a made-up shop is ready/);
    assert.match(said, /\d[\d,]* products, page 1 of 2/);
    assert.match(said, /no: bl_pass is not the communication key of this shop \(incorrect_password\)/);
    assert.match(
      said,
      /BaseLinker can read this shop: 1,\d{3} products with \d+ variants and \d+ orders since yesterday/,
    );
    assert.match(said, /It can write into it: order \d+ was sent twice and is there once;/);
    assert.match(said, /While it was down it was called [12] times?, in vain/);
    assert.match(said, /ExpertSender has followed the order: Placed, then Paid, then Completed;/);
    assert.match(said, /ExpertSender was told of it: order \d+ is there and completed\./);
    assert.match(said, /The wholesaler has no order yet: it waits for the payment/);
    assert.match(said, /the wholesaler has order \d+ once, with your buyer's address and your own for the invoice/);
    assert.match(said, /status Wysłane · parcel DEMO\d+/);
    assert.match(said, /order \d+ is on its way from the wholesaler;/);
    assert.match(said, /no: products\[0\]\.quantity must be a whole number \(invalid_parameter\)/);
    assert.doesNotMatch(text(), /\n at .*:\d+:\d+/, 'no stack');
    for (const line of text().split('\n')) assert.ok(Array.from(line).length <= 80, line);
  });

  it('shows that an order sent twice is one order, and takes its units once', async () => {
    const { child, ended, text } = demo(directory);
    await until('the end of the day', () => text().includes('Ctrl-C closes it'));
    const shown = flat(text());
    const first = /it is your order (\d+)/.exec(shown)?.[1] ?? 'no order';
    assert.equal(/it is still order (\d+)/.exec(shown)?.[1], first);
    assert.ok(
      shown.includes(`sent twice, but it is one order, ${first}, and its 3 pieces left the stock once.`),
      shown,
    );
    const stock = Array.from(text().matchAll(/ (\d+) pieces? \(before: (\d+)\) · (.+)/g), ([, now, before]) => [
      Number(now),
      Number(before),
    ]);
    assert.deepEqual(
      stock.slice(0, 2).map(([now = NaN, before = NaN]) => before - now),
      [2, 1],
    );

    // What was printed stands in the shop.
    const { products, ...order } = (await ask<Record<string, SentOrder>>(shown, 'OrdersGet', { order_id: first }))[
      first
    ]!;
    assert.equal(order.paid, 1);
    assert.ok(shown.includes(`parcel ${order.delivery_package_nr}`), order.delivery_package_nr);
    const dump = await ask<Record<string, Record<string, number>>>(shown, 'ProductsQuantity', { page: '1' });
    assert.deepEqual(
      products.map(({ id, variant_id }) => dump[id]?.[variant_id]),
      stock.slice(0, 2).map(([now]) => now),
    );

    // So does what ExpertSender was told, and nothing else: the shop's older orders are not sent by themselves.
    const simulator = (await (await fetch(/http:\S+\/state/.exec(shown)?.[0] ?? '')).json()) as {
      orders: Record<string, { status: string }>;
      complaints: string[];
      unknownFields: string[];
    };
    const supplied = /The wholesaler has order \S+, your number (\d+)\/A/.exec(shown)?.[1] ?? 'no order';
    assert.deepEqual(Object.keys(simulator.orders), [first, supplied]);
    assert.equal(simulator.orders[first]?.status, 'Completed');
    assert.equal(simulator.orders[supplied]?.status, 'Paid');
    assert.deepEqual([...simulator.complaints, ...simulator.unknownFields], []);

    // And what the wholesaler was told: the second order alone, once, and its parcel came back.
    const wholesaler = (await (await fetch(/The wholesaler has (http:\S+\/state)/.exec(shown)?.[1] ?? '')).json()) as {
      orders: { reference: string; packages: { packageNumber: string }[] }[];
      webhookCalls: { status: number }[];
      complaints: string[];
      unknownFields: string[];
      doubles: string[];
    };
    assert.deepEqual(
      wholesaler.orders.map(({ reference }) => reference),
      [`${supplied}/A`],
    );
    assert.deepEqual([...wholesaler.complaints, ...wholesaler.unknownFields, ...wholesaler.doubles], []);
    assert.deepEqual(
      wholesaler.webhookCalls.map(({ status }) => status),
      [200],
    );
    const sent = (await ask<Record<string, SentOrder>>(shown, 'OrdersGet', { order_id: supplied }))[supplied];
    assert.equal(sent?.delivery_package_nr, wholesaler.orders[0]?.packages[0]?.packageNumber);
    assert.notEqual(sent?.delivery_package_nr ?? '', '');
    child.kill('SIGINT');
    assert.equal(await ended, 0, text());
  });

  it('uses the same shop again, stays up, and takes the connector along when it is killed', async () => {
    const { child, ended, text } = demo(directory);
    await until('the end of the day', () => text().includes('Ctrl-C closes it'));
    assert.match(flat(text()), /the one of your last visit is used again/);
    for (const line of text().split('\n')) assert.ok(Array.from(line).length <= 80, line);
    const health = /http:\S+\/health/.exec(text())?.[0] ?? '';
    const key = (JSON.parse(await readFile(join(directory, 'demo.json'), 'utf8')) as { key: string }).key;
    assert.match(key, /^[a-z0-9]{32}$/);
    assert.ok(text().includes(`curl -d bl_pass=${key} -d action=ProductsList`));
    assert.ok(await answers(health));

    const second = demo(directory, '--once');
    assert.equal(await second.ended, 1);
    assert.match(flat(second.text()), /already running in another window/);

    child.kill('SIGKILL');
    await ended;
    await until('the connector to go', async () => !(await answers(health)));
  });

  it('closes on Ctrl-C without complaint', async () => {
    const { child, ended, text } = demo(directory);
    await until('the end of the day', () => text().includes('Ctrl-C closes it'));
    child.kill('SIGINT');
    assert.equal(await ended, 0, text());
    assert.match(text(), /Closed\./);
    const log = await readFile(join(directory, 'connector.log'), 'utf8');
    assert.match(log, /connector stopped/);
  });

  for (const [what, signal] of [
    ['the shell that started it is killed', 'SIGKILL'],
    ['what opened its session is asked to end', 'SIGTERM'],
  ] as const) {
    it(`ends when ${what}`, async function () {
      // Elsewhere it is the end of its own parent alone that it notices.
      if (process.platform !== 'linux') return this.skip();
      const line = [process.execPath, '--import', 'tsx', DEMO, '--data', directory];
      // Neither shell replaces itself by what it starts; the inner one knows nothing of the outer one's end.
      const inner = ['sh', '-c', '"$@"; true', 'sh', ...line];
      const inSession = signal === 'SIGTERM' ? ['setsid', '--wait', ...inner] : inner;
      const { child, text } = run(['sh', '-c', '"$@"; true', 'sh', ...inSession]);
      await until('the connector', () => /listens at\s+http:\S+\s/.test(text()));
      const { origin } = new URL(/listens at\s+(http:\S+)/.exec(text())?.[1] ?? '');
      assert.ok(await answers(`${origin}/health`));
      child.kill(signal);
      await until('the connector to go', async () => !(await answers(`${origin}/health`)));
      await until('the folder to be free', () => !existsSync(join(directory, 'running.pid')));
      assert.match(text(), /Closed\./);
    });
  }
});
