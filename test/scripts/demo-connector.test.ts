import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseLinker } from '../../connector/baselinker/check/client.ts';
import { startConnector, type RunningConnector } from '../../scripts/demo/connector.ts';
import { aShop } from '../orders/a-shop.ts';
import { KEY } from '../support/app.ts';
import { emptyTables, testDatabase } from '../support/database.ts';

const TIMEOUT_MS = 120_000; // a busy machine starts slowly

describe('the connector of the demo', function () {
  this.timeout(TIMEOUT_MS);
  let directory: string;
  let foreign: Server;
  let running: RunningConnector | undefined;
  const heard: string[] = [];

  beforeEach(async () => {
    await emptyTables();
    await aShop();
    directory = await mkdtemp(join(tmpdir(), 'bl-demo-connector-'));
    heard.length = 0;
    // It is well, whatever it is asked, and even answers as a shop would.
    foreign = createServer((req, res) => {
      req.on('data', (bytes: Buffer) => heard.push(bytes.toString()));
      heard.push(req.url ?? '');
      res.end('{"platform":"foreign","version":"1.0.0","standard":4}');
    }).listen(0, '127.0.0.1');
    await once(foreign, 'listening');
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    foreign.closeAllConnections();
    await new Promise((resolve) => foreign.close(resolve));
    await rm(directory, { recursive: true, force: true });
  });
  after(emptyTables);

  const start = (port: number, settings: Readonly<Record<string, string>> = {}) => {
    const logFile = join(directory, 'connector.log');
    return startConnector({ databaseUrl: testDatabase().url, key: KEY, directory, logFile, port, settings });
  };

  it('takes the next port where a foreign program has the wanted one, which is asked for nothing', async () => {
    const { port } = foreign.address() as AddressInfo;
    running = await start(port);
    assert.ok(Number(new URL(running.origin).port) > port, running.origin);
    assert.deepEqual(heard, []);
    const answer = await baseLinker({ url: running.url, key: KEY }).call('FileVersion');
    assert.ok(answer.kind === 'answered' && answer.status === 200, JSON.stringify(answer));
    assert.doesNotMatch(answer.text, /foreign/);
  });

  it('is not the foreign program that answers where it ended: its last words are said, all of them', async () => {
    const { port } = foreign.address() as AddressInfo;
    await assert.rejects(start(port, { SHOP_CURRENCY: 'złoty', ACCEPT: 'everything' }), (error: Error) => {
      assert.match(error.message, /^The connector cannot start: settings are not usable:\n/);
      assert.match(error.message, /SHOP_CURRENCY[^]*ACCEPT/);
      return true;
    });
    assert.deepEqual(heard, []);
  });
});
