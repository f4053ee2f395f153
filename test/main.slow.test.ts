import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { baseLinker, type CallResponse } from '../connector/baselinker/check/client.ts';
import { anOrder, aShop } from './orders/a-shop.ts';
import { KEY } from './support/app.ts';
import { emptyTables, ownSchema, testDatabase } from './support/database.ts';

const MAIN = join(import.meta.dirname, '..', 'connector', 'main.ts');
/** As an address: a folder elsewhere has no packages. */
const TSX = pathToFileURL(createRequire(import.meta.filename).resolve('tsx')).href;
const TIMEOUT_MS = 60_000; // a busy machine starts slowly

interface Started {
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly said: () => string;
  kill(signal: NodeJS.Signals): void;
}

/** None may outlive a test that failed half-way. */
const started: Started[] = [];

/** The connector as an operator starts it, with no setting but these: a folder of tests holds no .env file. */
function start(settings: Readonly<Record<string, string>>, folder = import.meta.dirname): Started {
  const child = spawn(process.execPath, ['--import', TSX, MAIN], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: '0', ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')));
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code ?? 0)),
  );
  const connector: Started = { ended, said: () => said, kill: (signal) => void child.kill(signal) };
  started.push(connector);
  return connector;
}

const settings = (changes: Readonly<Record<string, string>> = {}) => ({
  DATABASE_URL: testDatabase().url,
  BASELINKER_KEY: KEY,
  ...changes,
});

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await sleep(20);
  }
}

/** Its address, as the log says it. */
async function addressOf({ said, ended }: Started): Promise<string> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  await until('the connector to start', () => isOver || said().includes('connector started'));
  const url = /"url":"([^"]+)"/.exec(said())?.[1];
  assert.ok(url, said());
  return url;
}

/** Wrong settings end it with 78, so that a service does not start it again for ever; all else may be over soon. */
async function refusal(changes: Readonly<Record<string, string>>, code = 1): Promise<string> {
  const { ended, said } = start(changes);
  assert.equal(await ended, code, said());
  assert.match(said(), /^The connector cannot start: /);
  assert.doesNotMatch(said(), /\n\s+at .*:\d+:\d+/, 'no stack');
  return said();
}

async function closed(server: { close(done: () => void): unknown }): Promise<void> {
  await new Promise<void>((resolve) => void server.close(resolve));
}

describe('the connector as a process', function () {
  this.timeout(2 * TIMEOUT_MS);

  beforeEach(async () => {
    await emptyTables();
    await aShop();
  });
  afterEach(() => {
    for (const connector of started.splice(0)) connector.kill('SIGKILL');
  });
  after(emptyTables);

  describe('does not start', () => {
    it('without a key', async () => {
      const said = await refusal({ DATABASE_URL: testDatabase().url }, 78);
      assert.match(said, /BASELINKER_KEY is missing/);
      assert.ok(!said.includes(new URL(testDatabase().url).password));
    });

    it('with a short key, which it does not repeat', async () => {
      const said = await refusal(settings({ BASELINKER_KEY: 'fifteen-letters' }), 78);
      assert.match(said, /BASELINKER_KEY is shorter than 16 characters/);
      assert.doesNotMatch(said, /fifteen-letters/);
    });

    it('with a wholesaler’s profile that is none', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'bl-profile-'));
      const path = join(folder, 'hurt.json');
      await writeFile(path, JSON.stringify({ passwordEnv: 'HURT_PASSWORD', dropshippingKeyEnv: 'HURT_KEY' }));
      const secrets = { HURT_PASSWORD: 'hidden-word', HURT_KEY: 'hidden-word' };
      const said = await refusal(settings({ IDOSELL_PROFILES: path, ...secrets }), 78);
      await rm(folder, { recursive: true });
      assert.match(said, /profiles of IDOSELL_PROFILES are not usable/);
      assert.doesNotMatch(said, /hidden-word/);
    });

    it('without its tables', async () => {
      const schema = await ownSchema();
      try {
        const said = await refusal(settings({ DATABASE_URL: schema.url }));
        assert.match(said, /the tables are not up to date \(\d+ steps\): npm run migrate\n$/);
      } finally {
        await schema.drop();
      }
    });

    it('on a database that is not there, which it names without the password', async () => {
      const said = await refusal(settings({ DATABASE_URL: 'mysql://ala:hidden-word@127.0.0.1:1/shop' }));
      assert.match(said, /the database at 127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\): is it running/);
      assert.doesNotMatch(said, /hidden-word/);
    });

    it('on an old server', async () => {
      const old = await anOldServer();
      try {
        const said = await refusal(settings({ DATABASE_URL: old.url }));
        assert.match(said, /the connector needs M\w+ [\d.]+ or newer\n$/);
        assert.ok(said.includes(old.version), said);
      } finally {
        await old.close();
      }
    });

    it('on a port that another process has', async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as { port: number };
      try {
        const said = await refusal(settings({ PORT: String(port) }));
        assert.match(said, new RegExp(`port ${port} of 127\\.0\\.0\\.1 is in use: set PORT to another one\n$`));
      } finally {
        await closed(other);
      }
    });
  });

  it('says where it listens, and answers there', async () => {
    const connector = start(settings());
    const url = await addressOf(connector);
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/baselinker$/);
    const answer = await baseLinker({ url, key: KEY }).call('FileVersion');
    assert.ok(answer.kind === 'answered');
    assert.match(answer.text, /"platform"/);
    assert.match(connector.said(), /"accepts":\["orders","status",/);
    connector.kill('SIGTERM');
    assert.equal(await connector.ended, 0);
  });

  it('reads .env behind its byte order mark, warns of a misspelt name there, and says what it accepts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'env-file-'));
    try {
      await writeFile(join(folder, '.env'), '\uFEFFACCEPT=nothing\nLIST_VARIANT=ignored\n');
      const connector = start(settings(), folder);
      await addressOf(connector);
      assert.match(connector.said(), /"accepts":\["nothing"\]/);
      assert.match(connector.said(), /LIST_VARIANT is no setting of the connector: is LIST_VARIANTS meant\?/);
      connector.kill('SIGTERM');
      assert.equal(await connector.ended, 0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  /** Asks it to stop while an order is under way, and lets the order go on when it takes no new callers any more. */
  async function stoppedDuring(order: () => Promise<unknown>, connector: Started, url: string): Promise<void> {
    const holding = await testDatabase().db.transaction();
    await holding('shop_products').where({ id: 501 }).forUpdate().first();
    void order();
    // It has its number by then, and waits for the stock that is held here.
    await until('the order to wait', async () => (await waiting()) > 0);
    connector.kill('SIGTERM');
    await until('the connector to take no new callers', () => isRefused(new URL(url)));
    await holding.commit();
  }

  it('answers the call that is under way before it follows SIGTERM', async () => {
    const connector = start(settings());
    const url = await addressOf(connector);
    let answer: Promise<CallResponse> | undefined;
    await stoppedDuring(() => (answer = baseLinker({ url, key: KEY }).call('OrderAdd', anOrder())), connector, url);

    const got = await answer;
    assert.ok(got?.kind === 'answered', JSON.stringify(got));
    assert.match(got.text, /^\{"order_id":\d+\}$/);
    assert.equal(await connector.ended, 0, connector.said());
    assert.match(connector.said(), /connector stopped/);
    assert.equal((await testDatabase().db('shop_orders').where({ source: 'baselinker' })).length, 1);
  });

  it('stops although a caller makes one call after another on the same line', async () => {
    const connector = start(settings());
    const url = await addressOf(connector);
    const line = new Agent({ keepAlive: true, maxSockets: 1 });
    let caller: Promise<void> | undefined;
    const callOnAndOn = async (): Promise<void> => {
      let isAnswered = await isAnsweredOn(line, url, { action: 'OrderAdd', ...anOrder() });
      while (isAnswered) isAnswered = await isAnsweredOn(line, url, { action: 'FileVersion' });
    };
    await stoppedDuring(() => (caller = callOnAndOn()), connector, url);
    assert.equal(await connector.ended, 0, 'not by its time limit, which ends it with 1');
    await caller;
    line.destroy();
  });
});

/** One call on a line that is kept; fetch does not say which line it takes. */
async function isAnsweredOn(agent: Agent, url: string, fields: Readonly<Record<string, string | number>>) {
  const headers = { 'content-type': 'application/json' };
  const call = request(url, { method: 'POST', agent, headers });
  call.end(JSON.stringify({ bl_pass: KEY, ...fields }));
  try {
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    return true;
  } catch {
    return false;
  }
}

/** The test database behind a line on which its version becomes an old one of the same length. */
async function anOldServer(): Promise<{ url: string; version: string; close: () => Promise<void> }> {
  const { db, url } = testDatabase();
  const [rows] = (await db.raw('SELECT VERSION() AS version')) as [{ version: string }[]];
  const real = rows[0]?.version ?? '';
  const version = real.replace(/^\d+\.\d+/, (digits) => '5.'.padEnd(digits.length, '5'));
  const far = new URL(url);
  const server = createServer((socket) => {
    const line = connect(Number(far.port || 3306), far.hostname);
    socket.pipe(line);
    line.on('data', (bytes) => socket.write(bytes.toString('latin1').replaceAll(real, version), 'latin1'));
    for (const [one, other] of [[socket, line] as const, [line, socket] as const]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = new URL(url);
  near.hostname = '127.0.0.1';
  near.port = String((server.address() as { port: number }).port);
  return { url: near.href, version, close: () => closed(server) };
}

/** Connections that wait for a lock of another one. Whoever asks again within 100 ms is shown the same list. */
async function waiting(): Promise<number> {
  await sleep(200);
  const sql = "SELECT COUNT(*) AS count FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
  const [rows] = (await testDatabase().db.raw(sql)) as [{ count: number }[]];
  return rows[0]?.count ?? 0;
}

async function isRefused({ origin }: URL): Promise<boolean> {
  return fetch(`${origin}/health`, { headers: { connection: 'close' } }).then(
    () => false,
    () => true,
  );
}
