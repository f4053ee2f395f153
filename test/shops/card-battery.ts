import assert from 'node:assert/strict';
import type { CardSection } from '../../connector/contracts/shop.ts';
import type { Bench } from './shop-battery.ts';

const ALL: ReadonlySet<CardSection> = new Set(['texts', 'images', 'features', 'variants']);

export function keepsTheCardContract({ fixtures, open }: Bench): void {
  describe('product cards', () => {
    it('hold everything that the shop knows of a product', async () => {
      const categoryId = await fixtures.category({ name: 'Kubki' });
      const { id, variantIds } = await fixtures.product({
        ...{ name: 'Kubek żółty 😀', sku: 'K', ean: '590', quantity: 1, vat: '8.00', weight: '0.350', categoryId },
        manufacturer: 'Łysa Góra',
        descriptions: ['<p>Długi</p>', 'Krótki'],
        images: ['https://shop.test/1.jpg', 'https://shop.test/2.jpg'],
        features: [
          ['Kolor', 'żółty'],
          ['Kolor', 'biały'],
        ],
        variants: [
          {
            name: 'duży',
            sku: 'K-D',
            price: '12.00',
            quantity: 2,
            weight: '0.500',
            images: ['https://shop.test/v.jpg'],
          },
          { name: 'mały', features: [['Pojemność', '200 ml']] },
        ],
      });
      const [card] = await open().productCards([id], ALL);
      assert.ok(card);
      assert.deepEqual([card.id, card.name, card.sku, card.ean], [id, 'Kubek żółty 😀', 'K', '590']);
      assert.deepEqual([card.price, card.quantity, card.vat, card.weight], ['10.00', 1, 8, 0.35]);
      assert.deepEqual([card.categoryId, card.manufacturer.name], [categoryId, 'Łysa Góra']);
      assert.deepEqual(card.descriptions.slice(0, 2), ['<p>Długi</p>', 'Krótki']);
      assert.deepEqual(card.images, ['https://shop.test/1.jpg', 'https://shop.test/2.jpg']);
      assert.deepEqual(card.features, [
        ['Kolor', 'żółty'],
        ['Kolor', 'biały'],
      ]);
      const variants = [
        {
          ...{ id: variantIds[0], name: 'duży', sku: 'K-D', ean: '', price: '12.00', quantity: 2, weight: 0.5 },
          ...{ images: ['https://shop.test/v.jpg'], features: [] },
        },
        {
          ...{ id: variantIds[1], name: 'mały', sku: '', ean: '', price: '10.00', quantity: 3, weight: 0.35 },
          ...{ images: [], features: [['Pojemność', '200 ml']] },
        },
      ];
      assert.deepEqual(card.variants, variants);
      assert.deepEqual((await open().variants([id])).get(id), variants);
    });

    it('leave empty what the shop does not know', async () => {
      const { id } = await fixtures.product({ vat: undefined });
      const [card] = await open().productCards([id], ALL);
      assert.ok(card);
      assert.deepEqual([card.vat, card.categoryId, card.deliveryDays], ['exempt', undefined, undefined]);
      assert.deepEqual(card.manufacturer, { name: '', imageUrl: '' });
      assert.deepEqual([card.images, card.features, card.variants], [[], [], []]);
      assert.ok(card.descriptions.every((text) => text === ''));
      assert.equal((await open().variants([id])).size, 0);
    });

    it('leave out the parts that nobody asked for, and nothing else', async () => {
      const { id } = await fixtures.product({
        ...{ quantity: 0, descriptions: ['Opis'], images: ['https://shop.test/1.jpg'], features: [['a', 'b']] },
        variants: [{ quantity: 6, images: ['https://shop.test/v.jpg'] }],
      });
      const shop = open();
      const [whole] = await shop.productCards([id], ALL);
      const [bare] = await shop.productCards([id], new Set());
      assert.deepEqual(bare, { ...whole, descriptions: [], images: [], features: [], variants: [] });
      assert.equal(bare.quantity, 6);
      const [images] = await shop.productCards([id], new Set(['images']));
      assert.deepEqual(images, { ...bare, images: whole?.images });
      const [variants] = await shop.productCards([id], new Set(['variants']));
      assert.deepEqual(variants?.variants, [{ ...whole?.variants[0], images: [], features: [] }]);
    });
  });
}
