import assert from 'node:assert/strict';
import type { OrderWindow, Shop } from '../../connector/contracts/shop.ts';
import { WEIRD_IDS } from './catalogue-battery.ts';
import type { Bench } from './shop-battery.ts';

const aWindow = (changes: Partial<OrderWindow> = {}): OrderWindow => ({
  page: 1,
  pageSize: 100,
  onlyPaid: false,
  ...changes,
});

async function scan(shop: Shop, window: OrderWindow, between?: () => Promise<unknown>): Promise<string[]> {
  const found: string[] = [];
  for (let page = window.page; ; page += 1) {
    const pages = await shop.orderPages({ ...window, page });
    found.push(...pages.at(page));
    if (page >= pages.count) return found;
    await between?.();
  }
}

export function keepsTheOrderContract({ fixtures, open, daysAgo }: Bench): void {
  describe('a scan of orders', () => {
    it('shows orders by id, page by page, and no drafts', async () => {
      const ids = [];
      for (let n = 0; n < 5; n += 1) ids.push(await fixtures.order({ placedAt: daysAgo(n) }));
      await fixtures.order({ draft: true });
      const shop = open();
      assert.deepEqual(await scan(shop, aWindow({ pageSize: 2 })), ids);
      assert.deepEqual(await scan(shop, aWindow({ pageSize: 2, page: 9 })), []);
      assert.equal((await shop.orderPages(aWindow({ pageSize: 2, page: 9 }))).count, 3);
    });

    it('gives one empty page when there is nothing', async () => {
      const pages = await open().orderPages(aWindow());
      assert.deepEqual([pages.count, pages.at(1), pages.at(2)], [1, [], []]);
    });

    it('keeps its borders while orders come, although its upper bound moves with the clock', async () => {
      const ids = [await fixtures.order(), await fixtures.order(), await fixtures.order()];
      const shop = open();
      let placedUntil = daysAgo(0);
      const window = () => aWindow({ pageSize: 1, placedUntil });
      const first = await shop.orderPages(window());
      await fixtures.order();
      placedUntil = daysAgo(-1);
      const second = await shop.orderPages({ ...window(), page: 2 });
      assert.deepEqual([first.count, second.count, second.at(2)], [3, 3, [ids[1]]]);
      assert.equal((await shop.orderPages(window())).count, 4);
    });

    it('takes both times and the id as inclusive bounds', async () => {
      const placed = [daysAgo(3), daysAgo(2), daysAgo(1)];
      const ids: string[] = [];
      for (const placedAt of placed) ids.push(await fixtures.order({ placedAt }));
      const shop = open();
      const [first = new Date(), second = new Date()] = placed;
      assert.deepEqual(await scan(shop, aWindow({ placedFrom: second })), ids.slice(1));
      assert.deepEqual(await scan(shop, aWindow({ placedFrom: new Date(second.getTime() + 1) })), ids.slice(2));
      assert.deepEqual(await scan(shop, aWindow({ placedUntil: second })), ids.slice(0, 2));
      assert.deepEqual(await scan(shop, aWindow({ placedFrom: first, placedUntil: second })), ids.slice(0, 2));
      assert.deepEqual(await scan(shop, aWindow({ idFrom: ids[1] ?? '' })), ids.slice(1));
      assert.deepEqual(await scan(shop, aWindow({ idFrom: ids[1] ?? '', placedUntil: second })), [ids[1]]);
    });

    it('begins with the first order for the id 0, and finds none from an id that cannot be one', async () => {
      const id = await fixtures.order();
      const shop = open();
      assert.deepEqual(await scan(shop, aWindow({ idFrom: '0' })), [id]);
      for (const idFrom of WEIRD_IDS.filter((one) => one !== '0')) {
        assert.deepEqual(await scan(shop, aWindow({ idFrom })), []);
      }
    });

    it('shows only what is paid when asked to', async () => {
      const paid = [
        await fixtures.order({ total: '9.99', paidAmount: '9.99' }),
        await fixtures.order({ total: '9.99', paidAmount: '10.00' }),
        await fixtures.order({ total: '9.99', paidAmount: '9.99', cashOnDelivery: true }),
        await fixtures.order({ total: '0.00' }),
      ];
      await fixtures.order({ total: '10.00', paidAmount: '9.99' });
      await fixtures.order({ total: '10.00', cashOnDelivery: true });
      await fixtures.order({ total: '0.00', cashOnDelivery: true });
      assert.deepEqual(await scan(open(), aWindow({ onlyPaid: true })), paid);
    });

    it("leaves out the connection's own orders, which are served by their id", async () => {
      const own = await fixtures.order({ bornIn: 'baselinker' });
      const other = await fixtures.order({ bornIn: 'shop' });
      const shop = open();
      assert.deepEqual(await scan(shop, aWindow({ excludeOrigin: 'baselinker' })), [other]);
      assert.deepEqual(await scan(shop, aWindow()), [own, other]);
      assert.equal((await shop.orders([own]))[0]?.id, own);
    });
  });

  describe('orders', () => {
    it('come with their lines, adjustments and parcels', async () => {
      const placedAt = new Date('2027-03-01T10:00:00.123Z');
      const paidAt = new Date('2027-03-01T10:05:00Z');
      const attributes = JSON.stringify([{ name: 'Grawer', value: 'Ala', price: 2.5 }]);
      const id = await fixtures.order({
        ...{ number: 'ZAM/1', email: 'ala@example.test', placedAt, paidAt, total: '37.90', paidAmount: '37.90' },
        lines: [
          { productId: '7', variantId: '8', name: 'Kubek', quantity: 2, price: '19.95', vat: '23.00', attributes },
          { name: 'Pakowanie', price: '0.00' },
        ],
        adjustments: [{ kind: 'discount', name: 'Rabat', amount: '-2.00', vat: '23.00' }],
        parcels: [
          { carrier: 'inpost', trackingNumber: '1' },
          { carrier: 'dpd', trackingNumber: '2' },
        ],
      });
      const [order] = await open().orders([id]);
      assert.ok(order);
      assert.deepEqual([order.id, order.number, order.email, order.total], [id, 'ZAM/1', 'ala@example.test', '37.90']);
      assert.deepEqual([order.placedAt, order.payment.paidAt, order.payment.paidAmount], [placedAt, paidAt, '37.90']);
      assert.equal(order.lines.length, 2);
      const [line, freeText] = order.lines;
      assert.deepEqual([line?.productId, line?.variantId, line?.quantity, line?.price], ['7', '8', 2, '19.95']);
      assert.deepEqual([line?.vat, freeText?.vat, freeText?.productId], [23, 'exempt', undefined]);
      assert.deepEqual(line?.attributes, [{ name: 'Grawer', value: 'Ala', price: '2.50' }]);
      assert.deepEqual(order.adjustments, [{ kind: 'discount', name: 'Rabat', amount: '-2.00', vat: 23 }]);
      assert.deepEqual(
        order.parcels.map(({ carrier, trackingNumber }) => [carrier, trackingNumber]),
        [
          ['inpost', '1'],
          ['dpd', '2'],
        ],
      );
    });

    it('have empty texts where the shop knows nothing, and the id for a number', async () => {
      const id = await fixtures.order();
      const [order] = await open().orders([id]);
      assert.ok(order);
      assert.deepEqual([order.number, order.payment.paidAt, order.deliveryMethod.id], [id, undefined, '']);
      const texts = [...Object.values(order.delivery), ...Object.values(order.invoice), order.email, order.phone];
      assert.ok(texts.every((text) => text === ''));
      assert.deepEqual([order.lines, order.adjustments, order.parcels], [[], [], []]);
    });

    it('are not held back by attributes that cannot be read', async () => {
      const broken = ['', '{', 'null', '7', '"x"', '[1,null,"x",[]]', '[{"value":"x"}]'];
      const odd = '[{"name":1,"value":null,"price":"dużo"},{"name":"a","value":true}]';
      const id = await fixtures.order({ lines: [...broken, odd].map((attributes) => ({ attributes })) });
      const [order] = await open().orders([id]);
      assert.ok(broken.every((_, n) => order?.lines[n]?.attributes.length === 0));
      assert.deepEqual(order?.lines.at(-1)?.attributes, [
        { name: '1', value: '', price: '0.00' },
        { name: 'a', value: 'true', price: '0.00' },
      ]);
    });

    it('come by id, whatever the order asked, without drafts and unknown ones', async () => {
      const first = await fixtures.order();
      const draft = await fixtures.order({ draft: true });
      const second = await fixtures.order();
      const orders = await open().orders([second, ...WEIRD_IDS, draft, first, second, '4000000000']);
      assert.deepEqual(
        orders.map(({ id }) => id),
        [first, second],
      );
      assert.deepEqual(await open().orders([]), []);
    });
  });
}
