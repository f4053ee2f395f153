import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { runDay, type RecordedDay } from './a-recorded-day.ts';

const FILE = new URL('../fixtures/recorded-day.json', import.meta.url);

/** Run with RECORD=1 to write what is on the wire now; the difference is then part of the change under review. */
describe('the bytes on every wire', function () {
  this.timeout(60_000);
  let day: RecordedDay;
  before(async () => {
    day = await runDay();
    if (process.env['RECORD'] === '1') writeFileSync(FILE, `${JSON.stringify(day.exchanges, null, 1)}\n`);
  });
  after(() => day.close());

  it('are those that were recorded, call by call', () => {
    const recorded = JSON.parse(readFileSync(FILE, 'utf8')) as readonly unknown[];
    for (const [n, exchange] of day.exchanges.entries()) assert.deepEqual(exchange, recorded[n], `exchange ${n}`);
    assert.equal(day.exchanges.length, recorded.length);
  });

  it('went to wholesaler and platform without a complaint of theirs', () => {
    assert.deepEqual([...day.shop.simulator.complaints, ...day.platform.complaints], []);
  });
});
