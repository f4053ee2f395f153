import assert from 'node:assert/strict';
import {
  changePart,
  earlierParts,
  findPart,
  listParts,
  newestPart,
  openPart,
  partInBasket,
  partsOfOrder,
  partsToPoll,
} from '../../connector/storage/supply-parts.ts';
import type { SupplyPart } from '../../connector/domain/supply-part.ts';
import { emptyTables, testDatabase } from '../support/database.ts';

const AT = new Date('2027-01-04T09:00:00Z');
const later = (seconds: number): Date => new Date(AT.getTime() + seconds * 1000);
const LINES = [{ productId: '501', variantId: '0', code: '501-uniw', codeType: 'internal', quantity: 2 }];
const db = () => testDatabase().db;

const open = (orderId: string, changes: Partial<SupplyPart> = {}): Promise<SupplyPart> =>
  openPart(
    db(),
    { wholesaler: 'hurt', orderId, attempt: 1, reference: `${orderId}/A`, content: 'c', lines: LINES, ...changes },
    AT,
  );

describe('the parts of orders at wholesalers', () => {
  beforeEach(emptyTables);

  it('are begun once, whoever comes first', async () => {
    const all = await Promise.all([open('1'), open('1', { reference: 'other' }), open('1', { reference: 'third' })]);
    assert.equal(new Set(all.map(({ id }) => id)).size, 1);
    assert.equal(new Set(all.map(({ reference }) => reference)).size, 1);
    assert.deepEqual(all[0].lines, LINES);
  });

  it('change only from the state in which they were seen', async () => {
    const part = await open('1');
    assert.equal(await changePart(db(), part, { state: 'sending', sentAt: AT }, AT), true);
    assert.equal(await changePart(db(), part, { state: 'verified' }, AT), false);
    const changed = await newestPart(db(), 'hurt', '1');
    assert.deepEqual([changed?.state, changed?.sentAt], ['sending', AT]);
  });

  it('keep what a change does not name, and lose what it takes away', async () => {
    const part = await open('1', { basketAt: AT });
    await changePart(db(), part, { note: 'n'.repeat(600), alert: true, supplierOrderId: 'x'.repeat(200) }, AT);
    await changePart(db(), part, { basketAt: null }, AT);
    const { basketAt, note, alert, supplierOrderId, lines } = (await newestPart(db(), 'hurt', '1')) ?? part;
    assert.deepEqual([basketAt, note.length, alert, supplierOrderId.length, lines], [undefined, 500, true, 100, LINES]);
  });

  it('count by their newest attempt, and those before it are not forgotten', async () => {
    await open('1');
    const second = await open('1', { attempt: 2, reference: '1/A-2' });
    await open('1', { wholesaler: 'other', reference: '1/B' });
    assert.equal((await newestPart(db(), 'hurt', '1'))?.reference, '1/A-2');
    assert.deepEqual(
      (await partsOfOrder(db(), '1')).map(({ reference }) => reference),
      ['1/A-2', '1/B'],
    );
    assert.deepEqual(
      (await earlierParts(db(), second)).map(({ reference }) => reference),
      ['1/A'],
    );
  });

  it('are found by whatever a wholesaler calls them, and by nothing of another’s', async () => {
    const part = await open('1');
    await changePart(db(), part, { supplierOrderId: 'sklep-demo-1', supplierSerial: '40211' }, AT);
    const named = { supplierOrderId: '', supplierSerial: '', reference: '' };
    const find = (one: Partial<typeof named>, wholesaler = 'hurt') => findPart(db(), wholesaler, { ...named, ...one });
    for (const one of [{ supplierOrderId: 'sklep-demo-1' }, { supplierSerial: '40211' }, { reference: '1/A' }]) {
      assert.equal((await find(one))?.id, part.id);
      assert.equal(await find(one, 'other'), undefined);
    }
    assert.equal(await find({}), undefined);
    assert.equal(await find({ reference: '1/a' }), undefined);
    assert.equal((await find({ supplierOrderId: 'nobody', supplierSerial: '40211' }))?.id, part.id);
  });

  it('are asked about when it is time, the longest overdue first', async () => {
    for (const [orderId, askAt] of [
      ['1', later(1)],
      ['2', later(-10)],
      ['3', later(-20)],
      ['4', undefined],
    ] as const) {
      await changePart(db(), await open(orderId), { pollAt: askAt ?? null }, AT);
    }
    const ids = async (limit: number) => (await partsToPoll(db(), 'hurt', AT, limit)).map(({ orderId }) => orderId);
    assert.deepEqual([await ids(10), await ids(1)], [['3', '2'], ['3']]);
    assert.deepEqual(await partsToPoll(db(), 'other', AT, 10), []);
  });

  it('in the basket: the one that came first, of this wholesaler', async () => {
    await open('1', { basketAt: later(5) });
    await open('2', { basketAt: AT });
    await open('3');
    assert.equal((await partInBasket(db(), 'hurt'))?.orderId, '2');
    assert.equal(await partInBasket(db(), 'other'), undefined);
  });

  it('are listed newest first, as asked for', async () => {
    await open('1');
    await changePart(db(), await open('2'), { alert: true }, AT);
    await open('2', { wholesaler: 'other' });
    const list = async (which: Partial<Parameters<typeof listParts>[1]>) =>
      (await listParts(db(), { onlyAlerts: false, limit: 10, ...which })).map(
        ({ wholesaler, orderId }) => wholesaler + orderId,
      );
    assert.deepEqual(await list({}), ['other2', 'hurt2', 'hurt1']);
    assert.deepEqual(await list({ onlyAlerts: true }), ['hurt2']);
    assert.deepEqual(await list({ wholesaler: 'hurt', orderId: '1' }), ['hurt1']);
    assert.deepEqual(await list({ limit: 1 }), ['other2']);
  });
});
