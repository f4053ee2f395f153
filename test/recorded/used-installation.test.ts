import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { acceptedStock } from '../../connector/storage/stock-guard.ts';
import { newestPart } from '../../connector/storage/supply-parts.ts';
import { CONNECTION } from '../../connector/compose/shop.ts';
import { wholeDatabase } from '../orders/a-shop.ts';
import { openSuppliedShop } from '../supply/a-supplied-shop.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { openDay, runDay, type Exchange, type RecordedDay } from './a-recorded-day.ts';
import { dumpTables, loadTables, type TableDump } from './table-dump.ts';

const TABLES = new URL('../fixtures/used-installation.json', import.meta.url);
const WIRE = new URL('../fixtures/recorded-day.json', import.meta.url);

type Call = Exchange & { readonly to: 'connector' };

const read = (file: URL): unknown => JSON.parse(readFileSync(file, 'utf8'));
const isCall = (exchange: Exchange): exchange is Call => exchange.to === 'connector';

/** The tables as an earlier version left them: RECORD=1 writes them anew, which only a release should do. */
describe('an installation that was used before', function () {
  this.timeout(60_000);
  let day: RecordedDay;

  before(async () => {
    if (process.env['RECORD'] !== '1') return;
    const recorded = await runDay();
    writeFileSync(TABLES, `${JSON.stringify(await dumpTables(), null, 1)}\n`);
    await recorded.close();
  });

  beforeEach(async () => {
    await emptyTables();
    await loadTables(read(TABLES) as TableDump);
    day = await openDay(openSuppliedShop);
  });
  afterEach(() => day.close());

  const calls = (action: string): readonly Call[] =>
    (read(WIRE) as readonly Exchange[]).filter(isCall).filter((call) => call.action === action);
  const orders = () => calls('OrderAdd').filter(({ response }) => response.startsWith('{"order_id"'));

  it('answers the repetition of its last orders with the same numbers and changes no row', async () => {
    const last = new Map(orders().map((call) => [call.fields['baselinker_id'], call]));
    const before = await wholeDatabase();
    for (const { fields, response } of last.values()) assert.equal(await day.call('OrderAdd', fields), response);
    assert.equal(await wholeDatabase(), before);
  });

  it('sends nothing again when orders that targets have become due without a change', async () => {
    await testDatabase()
      .db('bl_outbox')
      .update({ state: 'due', version: 9, due_at: new Date(0) });
    await day.relay();
    assert.deepEqual(day.exchanges, []);
    const states = await testDatabase().db('bl_outbox').distinct<{ state: string }[]>('state');
    assert.deepEqual(states, [{ state: 'done' }]);
  });

  it('knows how a part stands at its wholesaler', async () => {
    const part = await newestPart(testDatabase().db, 'hurt', '2');
    assert.equal(part?.state, 'shipped');
    assert.equal(await day.shop.poll(), 0);
  });

  it('gives a product that was added before the same number', async () => {
    const [added] = calls('ProductAdd');
    assert.ok(added);
    assert.equal(await day.call('ProductAdd', added.fields), added.response);
  });

  it('knows which products it showed in stock', async () => {
    const accepted = await acceptedStock(testDatabase().db, CONNECTION);
    assert.ok(accepted !== undefined && accepted !== 'damaged');
    assert.deepEqual(
      ['501', '502', '503', '504', '505'].map((id) => accepted.products.has(id)),
      [true, true, true, false, false],
    );
  });
});
