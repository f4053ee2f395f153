import assert from 'node:assert/strict';
import { newestPart } from '../../connector/storage/supply-parts.ts';
import { added } from '../orders/a-shop.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { aSuppliedShop, supplied, WEBHOOK_SECRET, type SuppliedShop } from '../supply/a-supplied-shop.ts';

interface InboxRow {
  readonly state: string;
  readonly tries: number;
  readonly due_at: Date | null;
}

describe('a wholesaler’s notification', () => {
  let shop: SuppliedShop;
  beforeEach(emptyTables);
  afterEach(() => shop.close());

  const part = (orderId: string) => newestPart(testDatabase().db, 'hurt', orderId);
  const inbox = (): Promise<InboxRow[]> => testDatabase().db<InboxRow>('bl_inbox').orderBy('id').select();
  const parcelOf = async (orderId: string) => {
    const { body } = await shop.call('OrdersGet', { order_id: orderId });
    return (body[orderId] as Record<string, unknown>)['delivery_package_nr'];
  };
  const post = (body: string | Uint8Array, headers: Record<string, string> = {}, url = shop.webhook) =>
    fetch(url, { method: 'POST', body, headers, redirect: 'manual' });

  async function anOrderThere(changes: object = {}): Promise<string> {
    shop = await aSuppliedShop(changes);
    const id = await added(shop, supplied());
    await shop.relay();
    return id;
  }

  for (const form of ['json', 'xml', 'form'] as const) {
    for (const variant of [0, 1, 2]) {
      it(`as ${form}, in its words of kind ${variant}, makes us ask, and the parcel is known`, async () => {
        const id = await anOrderThere();
        const calls = await shop.simulator.dispatch('sklep-demo-1', { numbers: ['DEMO1'], form, variant });
        assert.deepEqual(
          calls.map(({ status, text }) => [status, text]),
          [[200, 'OK']],
        );
        assert.equal(await shop.readNotifications(), 1);
        assert.equal(await parcelOf(id), '');
        assert.equal(await shop.poll(), 1);
        assert.equal(await parcelOf(id), 'DEMO1');
        assert.equal((await part(id))?.state, 'shipped');
        assert.deepEqual(
          (await inbox()).map(({ state }) => state),
          ['done'],
        );
      });
    }
  }

  it('that comes twice, or of an order that was sent already, is answered and changes nothing', async () => {
    const id = await anOrderThere();
    const calls = await shop.simulator.dispatch('sklep-demo-1', { numbers: ['DEMO1'], times: 3 });
    assert.deepEqual(
      calls.map(({ status }) => status),
      [200, 200, 200],
    );
    await shop.readNotifications();
    await shop.poll();
    assert.equal((await inbox()).length, 1);
    await shop.simulator.notify('sklep-demo-1', { variant: 1 });
    await shop.readNotifications();
    await shop.poll();
    assert.equal((await testDatabase().db('shop_parcels').where({ order_id: id })).length, 1);
  });

  it('that overtakes the answer to the order waits for it', async () => {
    shop = await aSuppliedShop();
    shop.simulator.misbehave({ fault: { kind: 'sent-first', numbers: ['DEMO1'] }, on: 'placeOrder', times: 1 });
    const id = await added(shop, supplied());
    shop.simulator.when('accepted', 'placeOrder', () => shop.readNotifications());
    await shop.relay();
    assert.deepEqual(
      (await inbox()).map(({ state }) => state),
      ['unmatched'],
    );
    shop.clock.pass(61);
    await shop.readNotifications();
    assert.equal(await shop.poll(), 1);
    assert.equal(await parcelOf(id), 'DEMO1');
  });

  it('of an order that nobody knows is kept, and looked at for a day', async () => {
    await anOrderThere();
    const answer = await post('{"orderId":"sklep-demo-99","status":"finished"}');
    assert.equal(answer.status, 200);
    await shop.readNotifications();
    shop.clock.pass(23 * 3600);
    assert.equal(await shop.readNotifications(), 1);
    shop.clock.pass(2 * 3600);
    await shop.readNotifications();
    shop.clock.pass(3600);
    assert.equal(await shop.readNotifications(), 0);
    const [row] = await inbox();
    assert.deepEqual([row?.state, row?.due_at], ['unmatched', null]);
  });

  it('is believed as it is only where the profile says so', async () => {
    const id = await anOrderThere({ webhook: { trust: 'path-secret' } });
    await post('order_sn=100001&package_number=DEMO7', { 'content-type': 'application/x-www-form-urlencoded' });
    const serial = (await part(id))?.supplierSerial ?? '';
    await post(`order_sn=${serial}&package_number=DEMO8`, { 'content-type': 'application/x-www-form-urlencoded' });
    await shop.readNotifications();
    assert.equal(await parcelOf(id), 'DEMO8');
    assert.equal((await part(id))?.state, 'shipped');
    assert.equal(shop.simulator.requests.filter(({ operation }) => operation === 'getOrderStatuses').length, 0);
  });

  it('tells nobody who does not know the secret that there is a door', async () => {
    await anOrderThere();
    const { origin } = new URL(shop.webhook);
    const body = '{"orderId":"sklep-demo-1"}';
    const paths = [
      '/hooks/idosell/hurt/wrong-secret-wrong-secret-wrong-secret',
      `/hooks/idosell/other/${WEBHOOK_SECRET}`,
      `/hooks/idosell/hurt/${WEBHOOK_SECRET.toUpperCase()}`,
      '/hooks/idosell/hurt/',
      '/hooks/idosell/__proto__/constructor',
    ];
    for (const path of paths) assert.equal((await post(body, {}, origin + path)).status, 404, path);
    assert.equal((await fetch(`${shop.webhook}?orderId=sklep-demo-1`)).status, 404);
    assert.deepEqual(await inbox(), []);
    assert.ok(!shop.log().includes(WEBHOOK_SECRET));
    const warned = shop
      .log()
      .split('\n')
      .filter((line) => line.startsWith('{"level":"warn","message":"wrong secret",'));
    assert.deepEqual(
      warned.map((line) => (JSON.parse(line) as { caller: string }).caller),
      Array.from({ length: 3 }, () => '127.0.0.1'),
    );
  });

  it('may come as GET where the profile says so', async () => {
    await anOrderThere({ webhook: { allowGet: true } });
    assert.equal((await fetch(`${shop.webhook}?orderId=sklep-demo-1&status=finished`)).status, 200);
    assert.equal((await inbox()).length, 1);
  });

  it('is refused when it is too large, or nothing can be read from it, and never brings us down', async () => {
    await anOrderThere();
    assert.equal((await post(Buffer.alloc(300_000, 'a'))).status, 413);
    const bomb = `<!DOCTYPE a [<!ENTITY b "${'x'.repeat(100)}">]><order><orderId>&b;</orderId></order>`;
    const deep = `${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}`;
    const nonsense: (string | Uint8Array)[] = [
      ...['', 'hello', '{}', '[]', '{"orderId":{}}', '{"orderId"', '[[[[', 'a=b&c', '<order>', bomb, deep],
      ...[`${'['.repeat(50_000)}${']'.repeat(50_000)}`, Buffer.from([0xff, 0xfe, 0x80])],
      '<order><__proto__><orderId>1</orderId></__proto__></order>',
    ];
    for (const body of nonsense) assert.equal((await post(body)).status, 400, String(body).slice(0, 40));
    assert.equal((await post('{"orderId":"1"}', { 'content-encoding': 'gzip' })).status, 400);
    assert.equal((await post('{"orderId":"sklep-demo-1"}')).status, 200);
    await shop.readNotifications();
    assert.ok((await inbox()).every(({ state }) => state === 'unreadable' || state === 'done'));
  });

  it('that cannot be kept is wanted again', async () => {
    await anOrderThere();
    await testDatabase().db.raw('RENAME TABLE bl_inbox TO bl_inbox_gone');
    try {
      assert.equal((await post('{"orderId":"sklep-demo-1"}')).status, 503);
    } finally {
      await testDatabase().db.raw('RENAME TABLE bl_inbox_gone TO bl_inbox');
    }
  });
});
