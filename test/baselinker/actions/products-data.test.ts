import assert from 'node:assert/strict';
import { productsData, productsImages } from '../../../connector/baselinker/check/response-schemas.ts';
import { orderedKeys } from '../../../connector/baselinker/check/ordered-json.ts';
import {
  addCategory,
  addFeatures,
  addImages,
  addManufacturer,
  addProduct,
  addProducts,
  addTexts,
  addVariant,
} from '../../support/shop-rows.ts';
import { aConnector, conforming, errorCode, NOW } from './a-connector.ts';

type Card = Record<string, unknown> & { variants: Record<string, Record<string, unknown>> };

describe('ProductsData', () => {
  const connector = aConnector();

  async function card(id: string, fields: Readonly<Record<string, string | number>> = {}): Promise<Card> {
    const { body } = await connector.call('ProductsData', { products_id: id, ...fields });
    return body[id] as Card;
  }

  it('shows a whole card, in the words of the protocol', async () => {
    const garden = await addCategory('Ogród');
    const hoses = await addCategory('Węże', { parent_id: garden });
    const maker = await addManufacturer('Żuraw', 'https://shop.example/zuraw.png');
    const id = await addProduct({
      sku: 'WAZ-1',
      ean: '5900000000012',
      model: 'W-7',
      name: 'Wąż "deluxe"',
      category_id: hoses,
      manufacturer_id: maker,
      price: '129.00',
      vat_rate: '8.00',
      quantity: 9,
      weight: '1.250',
      height: '10.50',
      length: '8',
      width: '7.25',
      location: 'B-1',
      delivery_days: 3,
      url: 'https://shop.example/p/1',
    });
    await addTexts(id, '<p>Długi &amp; „mocny".\n</p>', 'krótko', 'drugie');
    await addImages(id, ['https://shop.example/1.jpg', 'https://shop.example/2.jpg']);
    await addFeatures(id, [
      ['Kolor', 'zielony'],
      ['Materiał', 'guma'],
      ['Kolor', 'żółty'],
    ]);
    const answer = await connector.call('ProductsData', { products_id: id });
    conforming(answer, productsData);
    assert.deepEqual(answer.body, {
      [id]: {
        sku: 'WAZ-1',
        ean: '5900000000012',
        model: 'W-7',
        name: 'Wąż "deluxe"',
        quantity: 9,
        price: '129.00',
        currency: 'PLN',
        tax: 8,
        weight: 1.25,
        height: 10.5,
        length: 8,
        width: 7.25,
        description: '<p>Długi &amp; „mocny".\n</p>',
        description_extra1: 'krótko',
        description_extra2: 'drugie',
        description_extra3: '',
        description_extra4: '',
        man_name: 'Żuraw',
        man_image: 'https://shop.example/zuraw.png',
        category_id: hoses,
        category_name: 'Ogród/Węże',
        location: 'B-1',
        url: 'https://shop.example/p/1',
        delivery_time: 3,
        images: ['https://shop.example/1.jpg', 'https://shop.example/2.jpg'],
        features: [
          ['Kolor', 'zielony|żółty'],
          ['Materiał', 'guma'],
        ],
        variants: {},
      },
    });
  });

  it('shows a bare card with empty texts, never null', async () => {
    const id = await addProduct({ price: null, category_id: 0, delivery_days: null });
    const answer = await connector.call('ProductsData', { products_id: id });
    conforming(answer, productsData);
    assert.ok(!answer.text.includes('null'), answer.text);
    const found = answer.body[id] as Card;
    assert.ok(!('price' in found) && !('delivery_time' in found));
    assert.deepEqual([found['man_name'], found['category_id'], found['category_name']], ['', '', '']);
  });

  it('puts a product whose category no buyer can reach into the nearest one above that a buyer can', async () => {
    const house = await addCategory('Dom');
    const hidden = await addCategory('Ukryta', { active: 0, parent_id: house });
    const below = await addCategory('Pod ukrytą', { parent_id: hidden });
    const alone = await addCategory('Sama', { active: 0 });
    for (const [category, id, name] of [
      [below, house, 'Dom'],
      [hidden, house, 'Dom'],
      [alone, '', ''],
      [4_000_000, '', ''],
    ] as const) {
      const { category_id, category_name } = await card(await addProduct({ category_id: category }));
      assert.deepEqual([category_id, category_name], [id, name]);
    }
  });

  describe('VAT', () => {
    for (const [inShop, shown] of [
      ['0.00', 0],
      ['5.00', 5],
      ['8.00', 8],
      ['23.00', 23],
      ['5.50', 5.5],
      [null, 0],
    ] as const) {
      it(`${inShop ?? 'exempt'} is shown as ${shown}`, async () => {
        assert.equal((await card(await addProduct({ vat_rate: inShop })))['tax'], shown);
      });
    }

    it('exempt is shown as VAT_EXEMPT_AS says', async () => {
      const id = await addProduct({ vat_rate: null });
      const app = await connector.open({ VAT_EXEMPT_AS: '-1' });
      const answer = await app.call('ProductsData', { products_id: id });
      conforming(answer, productsData);
      assert.equal((answer.body[id] as Card)['tax'], -1);
    });
  });

  describe('variants', () => {
    it('stand in the order of the shop, with their own price, stock, photos and weight', async () => {
      const id = await addProduct({ name: 'Kubek', price: '24.90', quantity: 2, weight: '0.350' });
      const green = await addVariant(id, { name: 'zielony', sku: 'KUB-Z', ean: '5900000000036', position: 2 });
      const blue = await addVariant(id, { name: 'niebieski', price: '26.00', weight: '0.4', position: 1 });
      await addImages(id, ['https://shop.example/m.jpg']);
      await addImages(id, ['https://shop.example/z.jpg'], green);
      await addFeatures(id, [['Kolor', 'zielony']], green);
      const answer = await connector.call('ProductsData', { products_id: id });
      conforming(answer, productsData);
      const { variants, images, features } = answer.body[id] as Card;
      assert.deepEqual(variants[green], {
        full_name: 'Kubek zielony',
        name: 'zielony',
        price: '24.90',
        quantity: 3,
        sku: 'KUB-Z',
        ean: '5900000000036',
        images: ['https://shop.example/z.jpg'],
        features: [['Kolor', 'zielony']],
        weight: 0.35,
      });
      assert.deepEqual([variants[blue]?.['price'], variants[blue]?.['weight']], ['26.00', 0.4]);
      assert.deepEqual([images, features], [['https://shop.example/m.jpg'], []]);
      assert.ok(answer.text.indexOf(`"${blue}":{"full_name"`) < answer.text.indexOf(`"${green}":{"full_name"`));
    });

    it('without any price known have none', async () => {
      const id = await addProduct({ price: null });
      const variant = await addVariant(id);
      assert.ok(!('price' in ((await card(id)).variants[variant] ?? {})));
    });

    it('that are switched off, oversold or of a switched-off product show 0; removed ones go in time', async () => {
      const on = await addProduct({ quantity: 0 });
      const off = await addProduct({ quantity: 0, active: 0 });
      const plain = await addVariant(on, { quantity: 4 });
      const inactive = await addVariant(on, { quantity: 4, active: 0 });
      const oversold = await addVariant(on, { quantity: -4 });
      const removed = await addVariant(on, { quantity: 4, removed_at: NOW });
      const longGone = await addVariant(on, { quantity: 4, removed_at: new Date('2026-01-01T00:00:00Z') });
      const ofOff = await addVariant(off, { quantity: 4 });
      const { variants, quantity } = await card(on);
      assert.equal(quantity, 4);
      assert.deepEqual(
        [plain, inactive, oversold, removed].map((id) => variants[id]?.['quantity']),
        [4, 0, 0, 0],
      );
      assert.ok(!(longGone in variants));
      assert.equal((await card(off)).variants[ofOff]?.['quantity'], 0);
    });
  });

  it('shows 0 pieces of a product that is switched off or removed, and nothing of one long gone', async () => {
    const off = await addProduct({ active: 0 });
    const removed = await addProduct({ removed_at: NOW });
    const longGone = await addProduct({ removed_at: new Date('2026-01-01T00:00:00Z') });
    const { body } = await connector.call('ProductsData', { products_id: [off, removed, longGone].join() });
    assert.deepEqual(
      Object.entries(body).map(([id, one]) => [id, (one as Card)['quantity']]),
      [
        [off, 0],
        [removed, 0],
      ],
    );
  });

  describe('the ids', () => {
    it('give the order of the answer, each once; unknown ones are left out', async () => {
      await addProducts(1, 30);
      const { text } = await connector.call('ProductsData', { products_id: '20, 3,,abc,3,4000000,11' });
      assert.deepEqual(orderedKeys(text), ['20', '3', '11']);
    });

    it('may be 100, and not 101', async () => {
      await addProducts(1, 101);
      const ids = (count: number) => Array.from({ length: count }, (_, n) => n + 1).join();
      const hundred = await connector.call('ProductsData', { products_id: ids(100) });
      assert.equal(conforming(hundred, productsData).size, 100);
      assert.equal(errorCode(await connector.call('ProductsData', { products_id: ids(101) })), 'invalid_parameter');
    });

    it('must be sent', async () => {
      assert.equal(errorCode(await connector.call('ProductsData')), 'invalid_parameter');
      assert.equal(errorCode(await connector.call('ProductsData', { products_id: '' })), 'invalid_parameter');
    });

    it('that nobody knows make an empty object', async () => {
      assert.equal((await connector.call('ProductsData', { products_id: '5,6' })).text, '{}');
      assert.equal((await connector.call('ProductsData', { products_id: ' , ,' })).text, '{}');
    });
  });

  it('gives photos only with only_images', async () => {
    const id = await addProduct();
    await addVariant(id);
    await addImages(id, ['https://shop.example/1.jpg']);
    const answer = await connector.call('ProductsData', { products_id: id, only_images: 1 });
    conforming(answer, productsImages);
    assert.deepEqual(answer.body, { [id]: { images: ['https://shop.example/1.jpg'] } });
    assert.ok('sku' in (await card(id, { only_images: 0 })));
  });

  it('gives the fields that were named, and nothing for a name that is none', async () => {
    const category = await addCategory('Dom');
    const id = await addProduct({ sku: 'A', category_id: category });
    await addTexts(id, 'długi opis', 'krótki');
    await addFeatures(id, [['Kolor', 'biały']]);
    assert.deepEqual(await card(id, { fields: 'sku, price,constructor,secret' }), { sku: 'A', price: '24.90' });
    assert.deepEqual(await card(id, { fields: 'category_name,description_extra1,features' }), {
      category_name: 'Dom',
      description_extra1: 'krótki',
      features: [['Kolor', 'biały']],
    });
    assert.deepEqual(await card(id, { fields: '' }), await card(id));
  });
});
