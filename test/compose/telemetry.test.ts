import assert from 'node:assert/strict';
import request from 'supertest';
import type { Knex } from 'knex';
import { createApp } from '../../connector/compose/app.ts';
import { connect } from '../../connector/db/connect.ts';
import { listCalls } from '../../connector/storage/call-log.ts';
import { storeMessage } from '../../connector/storage/inbox.ts';
import { backlogs } from '../../connector/storage/outbox-admin.ts';
import { createRowBuffer } from '../../connector/lib/row-buffer.ts';
import { createLog } from '../../connector/lib/log.ts';
import { createMetrics, serveMetrics } from '../../connector/lib/metrics.ts';
import { composeApp } from '../../connector/compose/shop.ts';
import { openTelemetry } from '../../connector/compose/telemetry.ts';
import { runTask, startHousekeeping, sweepLeases } from '../../connector/relay/housekeeping.ts';
import { loadConfig } from '../../config/index.ts';
import { KEY } from '../support/app.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { memoryStream } from '../support/memory-stream.ts';
import { aRelay, aShop, aTarget, allAre, makeDue, NOW, stopRelays, until } from '../relay/a-relay.ts';

describe('what is remembered', () => {
  beforeEach(emptyTables);
  afterEach(stopRelays);
  const silent = createLog('error', memoryStream());

  it('has one row for every call of BaseLinker, refused ones included, under the id that the log has', async () => {
    const { url, db } = testDatabase();
    const stream = memoryStream();
    const log = createLog('info', stream);
    const config = loadConfig({ DATABASE_URL: url, BASELINKER_KEY: KEY });
    const telemetry = await openTelemetry({ metricsPort: 0 }, db, () => NOW, log);
    const deps = await composeApp(config, db, log, () => NOW);
    const app = createApp({ ...deps, onAnswered: (call) => telemetry.onAnswered(call) });
    const call = (fields: object) => request(app).post('/baselinker').type('form').send(fields);
    await call({ bl_pass: KEY, action: 'ProductsList', filter_name: 'ala@example.test' });
    await call({ bl_pass: KEY, action: 'NoSuchAction' });
    await call({ bl_pass: 'wrong', action: 'ProductsList' });
    await call({ bl_pass: KEY, action: 'ProductsList', padding: 'x'.repeat(6 * 1024 * 1024) });
    const products = JSON.stringify([{ product_id: '1', operation: 'ala@example.test', quantity: 1 }]);
    await call({ bl_pass: KEY, action: 'ProductsQuantityUpdate', products });
    await telemetry.stop();
    const rows = await listCalls(db, { kind: 'call', limit: 10 });
    assert.deepEqual(
      rows.map(({ name, result, detail }) => [name, result, detail]),
      [
        ['ProductsQuantityUpdate', 'invalid_parameter', 'products[0].operation must be set or change, not […]'],
        ['', 'invalid_parameter', 'the body is too large'],
        ['', 'incorrect_password', 'bl_pass is not the communication key of this shop'],
        ['', 'unsupported_action', 'no such action: NoSuchAction'],
        ['ProductsList', 'ok', ''],
      ],
    );
    assert.ok(rows.every(({ bytes, requestId }) => bytes > 0 && stream.text().includes(requestId)));
    assert.doesNotMatch(JSON.stringify(rows) + stream.text(), /ala@/);
  });

  it('has one row for every delivery', async () => {
    const { db } = testDatabase();
    const telemetry = await openTelemetry({ metricsPort: 0 }, db, () => NOW, silent);
    await makeDue(['1', '2']);
    const target = aTarget({ answer: ({ order }) => ({ kind: 'refused', reason: `not ${order.id}` }) });
    aRelay([target], { readOrders: aShop('1', '2').read, onDelivery: (delivery) => telemetry.onDelivery(delivery) });
    await until(allAre('parked'), 'both are refused');
    await telemetry.stop();
    const [row] = await listCalls(db, { kind: 'delivery', orderId: '2', limit: 10 });
    assert.deepEqual([row?.name, row?.result, row?.detail, row?.at], ['little', 'refused', 'not 2', NOW]);
    assert.equal(row?.requestId.length, 36);
  });

  it('is written together, and dropped with one warning while it cannot be', async () => {
    const stream = memoryStream();
    const written: number[][] = [];
    let isBroken = false;
    let failed = 0;
    const write = (rows: readonly number[]): Promise<void> => {
      if (isBroken) {
        failed += 1;
        return Promise.reject(new Error('no database'));
      }
      written.push([...rows]);
      return Promise.resolve();
    };
    const buffer = createRowBuffer<number>(write, { what: 'calls', log: createLog('info', stream), flushMs: 5 });
    for (let n = 0; n < 200; n += 1) buffer.add(n);
    await until(() => written.length === 1 && written[0]?.length === 200, 'a full buffer is written');
    buffer.add(200);
    await until(() => written.length === 2, 'a single row is written after a while');
    isBroken = true;
    for (let n = 0; n < 3; n += 1) {
      buffer.add(n);
      await until(() => failed === n + 1, 'a write has failed');
    }
    await until(() => stream.text().includes('not written down'), 'the warning');
    isBroken = false;
    buffer.add(300);
    await buffer.stop();
    assert.equal(stream.text().match(/not written down/g)?.length, 1);
    assert.deepEqual(written.at(-1)?.at(-1), 300);
  });

  it('does not hold back an answer, nor the stop, when the database is away', async () => {
    const db: Knex = connect('mysql://u:p@127.0.0.1:1/shop');
    const stream = memoryStream();
    const telemetry = await openTelemetry({ metricsPort: 0 }, db, () => NOW, createLog('info', stream));
    telemetry.onAnswered({ requestId: 'call-1', action: 'ProductsList', result: 'ok', bytes: 1, ms: 1 });
    await telemetry.stop();
    assert.match(stream.text(), /not written down/);
    await db.destroy();
  });

  it('can be counted', async () => {
    const { db } = testDatabase();
    const metrics = createMetrics();
    metrics.watch(
      () => backlogs(db),
      () => new Date(NOW.getTime() + 90_000),
    );
    metrics.callAnswered('OrderAdd', 'ok', 12);
    metrics.callAnswered('', 'no_password', 1);
    metrics.delivered('little', 'retry', 500);
    metrics.roundFailed('little');
    metrics.rowsDeleted('calls', 7);
    await makeDue(['1', '2']);
    const metricsServer = await serveMetrics(metrics, 0);
    try {
      const text = await (await fetch(`http://127.0.0.1:${metricsServer.port}/metrics`)).text();
      for (const line of [
        'connector_call_seconds_count{action="OrderAdd",result="ok"} 1',
        'connector_call_seconds_count{action="none",result="no_password"} 1',
        'connector_delivery_seconds_count{target="little",outcome="retry"} 1',
        'connector_relay_rounds_failed_total{target="little"} 1',
        'connector_housekeeping_rows_total{what="calls"} 7',
        'connector_outbox_rows{target="little",state="due"} 2',
        'connector_outbox_oldest_undelivered_seconds{target="little"} 90',
      ])
        assert.ok(text.includes(line), `${line}\n${text}`);
      assert.equal((await fetch(`http://127.0.0.1:${metricsServer.port}/`)).status, 404);
    } finally {
      await metricsServer.close();
    }
  });

  it('is deleted when it is old, what has run out is returned, and trouble with one leaves the others', async () => {
    const { db } = testDatabase();
    const day = (n: number): Date => new Date(NOW.getTime() - n * 86_400_000);
    const old = { kind: 'call', name: 'X', result: 'ok' };
    await db('bl_calls').insert([29, 31, 40].map((n) => ({ ...old, at: day(n) })));
    const change = { kind: 'stock', product_id: '1', variant_id: '0', action: 'OrderAdd', call_id: '' };
    await db('bl_changes').insert([399, 401].map((n) => ({ ...change, at: day(n) })));
    await makeDue(['1', '2', '3'], day(91));
    await db('bl_outbox').whereIn('order_id', ['1', '2']).update({ state: 'done' });
    await makeDue(['2'], day(89));
    await db('bl_outbox').where({ order_id: '2' }).update({ state: 'done' });
    await db('bl_outbox')
      .where({ order_id: '3' })
      .update({ state: 'leased', leased_until: day(1), owner: 'dead' });
    const message = { source: 'idosell-hurt', contentType: '', isReadable: true };
    for (const n of [29, 31]) await storeMessage(db, { ...message, body: Buffer.from(`of day ${n}`) }, day(n));
    const cleaned: [string, number][] = [];
    const retention = { deliveredDays: 90, callsDays: 30, changesDays: 400 };
    const parts = {
      db,
      now: () => NOW,
      log: silent,
      retention,
      onDeleted: (...one: [string, number]) => cleaned.push(one),
    };
    await sweepLeases(parts);
    await runTask({ ...parts, retention: { deliveredDays: 0, callsDays: 0, changesDays: 0 } });
    await runTask(parts);
    await runTask(parts);
    assert.deepEqual(cleaned, [
      ['expired leases', 1],
      ['delivered rows', 1],
      ['calls', 2],
      ['changes', 1],
      ['notifications', 1],
    ]);

    const away = connect('mysql://u:p@127.0.0.1:1/shop');
    const stream = memoryStream();
    await runTask({ ...parts, db: away, log: createLog('info', stream) });
    assert.equal(stream.text().match(/housekeeping failed/g)?.length, 4);
    await away.destroy();
  });

  it('is looked after by itself, until that is stopped', async () => {
    const { db } = testDatabase();
    await makeDue(['1']);
    await db('bl_outbox').update({ state: 'leased', leased_until: NOW, owner: 'dead' });
    const housekeeping = startHousekeeping({
      db,
      now: () => NOW,
      log: silent,
      retention: { deliveredDays: 90, callsDays: 30, changesDays: 400 },
      onDeleted: () => undefined,
      timing: { sweepMs: 5, cleanMs: 5 },
    });
    await until(allAre('due'), 'the lease is returned');
    await housekeeping.stop();
  });
});
