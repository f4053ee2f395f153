import assert from 'node:assert/strict';
import { productsList } from '../../../connector/baselinker/check/response-schemas.ts';
import { orderedKeys } from '../../../connector/baselinker/check/ordered-json.ts';
import { addCategory, addFeatures, addImages, addProduct, addProducts, addVariant } from '../../support/shop-rows.ts';
import { aConnector, conforming, NOW } from './a-connector.ts';

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY_MS);

describe('ProductsList', () => {
  const connector = aConnector();

  /** The ids on one page, in the order of the text. */
  async function listed(fields: Readonly<Record<string, string | number>> = {}): Promise<string[]> {
    const answer = await connector.call('ProductsList', fields);
    conforming(answer, productsList);
    const keys = orderedKeys(answer.text);
    assert.equal(keys.pop(), 'pages');
    return keys;
  }

  async function quantities(fields: Readonly<Record<string, string | number>> = {}) {
    const { rows } = conforming(await connector.call('ProductsList', fields), productsList);
    return Object.fromEntries(Array.from(rows, ([id, { quantity }]) => [id, quantity]));
  }

  it('shows the rows of the shop, in the words of the protocol', async () => {
    const id = await addProduct({
      name: 'Kubek „Żółw" 🐢',
      sku: 'KUB-1',
      ean: '5900000000012',
      price: '1024.90',
      quantity: 14,
      location: 'A-3-12',
    });
    const answer = await connector.call('ProductsList');
    conforming(answer, productsList);
    assert.deepEqual(answer.body, {
      [id]: {
        name: 'Kubek „Żółw" 🐢',
        quantity: 14,
        price: '1024.90',
        ean: '5900000000012',
        sku: 'KUB-1',
        location: 'A-3-12',
        currency: 'PLN',
      },
      pages: 1,
    });
  });

  it('names the currency of the settings', async () => {
    const id = await addProduct();
    const app = await connector.open({ SHOP_CURRENCY: 'EUR' });
    const { body } = await app.call('ProductsList');
    assert.equal((body[id] as { currency: string }).currency, 'EUR');
  });

  it('leaves out a price that is not known, and prints no 0 for it', async () => {
    const id = await addProduct({ price: null });
    const { body } = await connector.call('ProductsList');
    assert.ok(!('price' in (body[id] as object)));
  });

  describe('the quantity', () => {
    it('is 0 for a product that is switched off, whatever it and its variants have', async () => {
      await addProduct({ id: 1, quantity: 9, active: 0 });
      await addProduct({ id: 2, quantity: 0, active: 0 });
      await addVariant('2', { quantity: 4 });
      assert.deepEqual(await quantities(), { 1: 0, 2: 0 });
    });

    it('is 0 when it is negative in the shop', async () => {
      await addProduct({ id: 1, quantity: -3 });
      assert.deepEqual(await quantities(), { 1: 0 });
    });

    it('is the sum of the variants when the product itself has none', async () => {
      await addProduct({ id: 1, quantity: 0 });
      await addVariant('1', { quantity: 4 });
      await addVariant('1', { quantity: 5 });
      await addVariant('1', { quantity: -2 });
      await addVariant('1', { quantity: 100, active: 0 });
      await addVariant('1', { quantity: 100, removed_at: NOW });
      await addProduct({ id: 2, quantity: 7 });
      await addVariant('2', { quantity: 4 });
      await addProduct({ id: 3, quantity: -1 });
      await addVariant('3', { quantity: 2 });
      assert.deepEqual(await quantities(), { 1: 9, 2: 7, 3: 2 });
    });

    it('is 0 for a product that was removed, which stays in the list for as long as the setting says', async () => {
      await addProduct({ id: 1, quantity: 9, removed_at: daysAgo(3) });
      await addProduct({ id: 2, quantity: 9, removed_at: daysAgo(100) });
      assert.deepEqual(await quantities(), { 1: 0 });
      const forgetful = await connector.open({ REMOVED_PRODUCTS_DAYS: '2' });
      assert.deepEqual((await forgetful.call('ProductsList')).body, { pages: 1 });
    });
  });

  describe('filters', () => {
    it('read "all" and "" as every category', async () => {
      const category = await addCategory('Dom');
      await addProduct({ id: 1, category_id: category });
      await addProduct({ id: 2 });
      assert.deepEqual(await listed({ category_id: 'all' }), ['1', '2']);
      assert.deepEqual(await listed({ category_id: '' }), ['1', '2']);
      assert.deepEqual(await listed({ category_id: category }), ['1']);
      assert.deepEqual(await listed({ category_id: '4000000' }), []);
      assert.deepEqual(await listed({ category_id: 'Dom' }), []);
    });

    it('choose by one id and by several, in the order of the shop', async () => {
      await addProducts(1, 5);
      assert.deepEqual(await listed({ filter_id: '3' }), ['3']);
      assert.deepEqual(await listed({ filter_ids_list: '5, 2,2,99' }), ['2', '5']);
      assert.deepEqual(await listed({ filter_id: '3', filter_ids_list: '2,3' }), ['3']);
      assert.deepEqual(await listed({ filter_id: '1', filter_ids_list: '2,3' }), []);
      assert.deepEqual(await listed({ filter_id: '' }), ['1', '2', '3', '4', '5']);
    });

    it('choose by the exact code, of a product or of its variant', async () => {
      await addProduct({ id: 1, sku: 'KUB-1', ean: '5900000000012' });
      await addProduct({ id: 2, sku: 'KUB-10', ean: '5900000000029' });
      await addVariant('2', { sku: 'KUB-10-Z', ean: '5900000000036' });
      assert.deepEqual(await listed({ filter_sku: 'KUB-1' }), ['1']);
      assert.deepEqual(await listed({ filter_sku: 'KUB-10-Z' }), ['2']);
      assert.deepEqual(await listed({ filter_sku: 'kub-1' }), []);
      assert.deepEqual(await listed({ filter_ean: '5900000000036' }), ['2']);
      assert.deepEqual(await listed({ filter_ean: '590000000001' }), []);
      assert.deepEqual(await listed({ filter_ean: '5900000000012', filter_sku: 'KUB-10' }), []);
    });

    it('find a part of the name in any case, and take signs of SQL for what they are', async () => {
      await addProduct({ id: 1, name: 'Żółty KUBEK 50%' });
      await addProduct({ id: 2, name: 'Kubeł_duży' });
      await addProduct({ id: 3, name: `D'Artagnan | miska` });
      assert.deepEqual(await listed({ filter_name: 'kubek' }), ['1']);
      assert.deepEqual(await listed({ filter_name: 'żółty' }), ['1']);
      assert.deepEqual(await listed({ filter_name: '%' }), ['1']);
      assert.deepEqual(await listed({ filter_name: '_' }), ['2']);
      assert.deepEqual(await listed({ filter_name: `'` }), ['3']);
      assert.deepEqual(await listed({ filter_name: '|' }), ['3']);
      assert.deepEqual(await listed({ filter_name: `' OR '1'='1` }), []);
    });

    it('take the borders of a price range in, and no unknown price', async () => {
      for (const [id, price] of [
        [1, '9.99'],
        [2, '10.00'],
        [3, '20.00'],
        [4, '20.01'],
        [5, null],
      ] as const) {
        await addProduct({ id, price });
      }
      assert.deepEqual(await listed({ filter_price_from: '10', filter_price_to: '20.00' }), ['2', '3']);
      assert.deepEqual(await listed({ filter_price_from: '20,01' }), ['4']);
      assert.deepEqual(await listed({ filter_price_to: '9.995' }), ['1']);
      assert.deepEqual(await listed({ filter_price_from: '-5' }), ['1', '2', '3', '4']);
    });

    it('compare the quantity that is shown, with both borders', async () => {
      await addProduct({ id: 1, quantity: 50, active: 0 });
      await addProduct({ id: 2, quantity: -5 });
      await addProduct({ id: 3, quantity: 0 });
      await addVariant('3', { quantity: 8 });
      await addProduct({ id: 4, quantity: 9 });
      assert.deepEqual(await listed({ filter_quantity_from: 8 }), ['3', '4']);
      assert.deepEqual(await listed({ filter_quantity_to: 0 }), ['1', '2']);
      assert.deepEqual(await listed({ filter_quantity_from: 0, filter_quantity_to: 8 }), ['1', '2', '3']);
    });

    it('tell what is switched on from what is not', async () => {
      await addProduct({ id: 1 });
      await addProduct({ id: 2, active: 0 });
      await addProduct({ id: 3, removed_at: daysAgo(1) });
      assert.deepEqual(await listed({ filter_available: 1 }), ['1']);
      assert.deepEqual(await listed({ filter_available: 0 }), ['2', '3']);
      assert.deepEqual(await listed({ filter_available: '' }), ['1', '2', '3']);
    });
  });

  describe('sorting', () => {
    beforeEach(async () => {
      await addProduct({ id: 1, name: 'Łyżka', price: '5.00', quantity: 3 });
      await addProduct({ id: 20, name: 'lampa', price: '100.00', quantity: 0 });
      await addProduct({ id: 3, name: 'Miska', price: null, quantity: 3 });
      await addProduct({ id: 100, name: 'Zegar', price: '9.50', quantity: 40, active: 0 });
    });

    for (const [sort, expected] of [
      ['id', ['1', '3', '20', '100']],
      ['id DESC', ['100', '20', '3', '1']],
      ['name', ['20', '1', '3', '100']],
      ['name ASC', ['20', '1', '3', '100']],
      ['NAME desc', ['100', '3', '1', '20']],
      ['price', ['1', '100', '20', '3']],
      ['price DESC', ['20', '100', '1', '3']],
      ['quantity', ['20', '100', '1', '3']],
      ['quantity DESC', ['1', '3', '20', '100']],
      ['password; DROP TABLE shop_orders', ['1', '3', '20', '100']],
      ['', ['1', '3', '20', '100']],
    ] as const) {
      it(`"${sort}" stands in the text of the answer`, async () => {
        assert.deepEqual(await listed({ filter_sort: sort }), expected);
      });
    }

    it('goes on over the pages', async () => {
      const app = await connector.open({ PRODUCTS_PER_PAGE: '3' });
      const first = await app.call('ProductsList', { filter_sort: 'price DESC' });
      const second = await app.call('ProductsList', { filter_sort: 'price DESC', page: 2 });
      assert.deepEqual(orderedKeys(first.text), ['20', '100', '1', 'pages']);
      assert.deepEqual(orderedKeys(second.text), ['3', 'pages']);
      assert.deepEqual([first.body['pages'], second.body['pages']], [2, 2]);
    });
  });

  describe('filter_limit', () => {
    beforeEach(() => addProducts(1, 9));

    it('is a number of products, or how many to leave out and how many to take', async () => {
      assert.deepEqual(await listed({ filter_limit: 3 }), ['1', '2', '3']);
      assert.deepEqual(await listed({ filter_limit: '7,5' }), ['8', '9']);
      assert.deepEqual(await listed({ filter_limit: '0,2' }), ['1', '2']);
      assert.deepEqual(await listed({ filter_limit: ' 2 , 2 ' }), ['3', '4']);
      assert.deepEqual(await listed({ filter_limit: '50,5' }), []);
      assert.equal((await listed({ filter_limit: 'many' })).length, 9);
      assert.equal((await listed({ filter_limit: '' })).length, 9);
    });

    it('goes with a filter and a sort', async () => {
      assert.deepEqual(await listed({ filter_limit: '1,2', filter_sort: 'id DESC', filter_ids_list: '2,4,6,8' }), [
        '6',
        '4',
      ]);
    });

    it('is paged when it is longer than a page', async () => {
      const app = await connector.open({ PRODUCTS_PER_PAGE: '3' });
      const { text } = await app.call('ProductsList', { filter_limit: '2,5', page: 2 });
      assert.deepEqual(orderedKeys(text), ['6', '7', 'pages']);
      assert.ok(text.endsWith('"pages":2}'));
    });
  });

  describe('pages', () => {
    it('are one and empty in an empty shop', async () => {
      assert.equal((await connector.call('ProductsList')).text, '{"pages":1}');
      assert.equal((await connector.call('ProductsList', { filter_name: 'x' })).text, '{"pages":1}');
    });

    it('show every product once, in order, the last one full or not', async () => {
      await addProducts(1, 7);
      const app = await connector.open({ PRODUCTS_PER_PAGE: '3' });
      const keys: string[] = [];
      for (const page of [1, 2, 3]) {
        const { text, body } = await app.call('ProductsList', { page });
        assert.equal(body['pages'], 3);
        keys.push(...orderedKeys(text).filter((key) => key !== 'pages'));
      }
      assert.deepEqual(keys, ['1', '2', '3', '4', '5', '6', '7']);
    });

    it('past the end are empty and tell the true number', async () => {
      await addProducts(1, 7);
      const app = await connector.open({ PRODUCTS_PER_PAGE: '3' });
      for (const page of [4, 999_999_999]) {
        assert.equal((await app.call('ProductsList', { page })).text, '{"pages":3}');
        assert.equal((await app.call('ProductsList', { page, filter_sort: 'name' })).text, '{"pages":3}');
      }
    });

    it('neither skip nor repeat a product that comes between two of them', async () => {
      await addProducts(11, 16);
      const app = await connector.open({ PRODUCTS_PER_PAGE: '3' });
      const first = await app.call('ProductsList', { page: 1 });
      await addProducts(1, 2);
      const second = await app.call('ProductsList', { page: 2 });
      assert.deepEqual(orderedKeys(first.text), ['11', '12', '13', 'pages']);
      assert.deepEqual(orderedKeys(second.text), ['14', '15', '16', 'pages']);
    });
  });

  describe('include_variants', () => {
    it('adds the variants, as they stand on a card, and only when asked', async () => {
      const id = await addProduct({ name: 'Kubek', price: '24.90', quantity: 0, weight: '0.350' });
      const green = await addVariant(id, { name: 'zielony', sku: 'KUB-Z', ean: '5900000000036', quantity: 4 });
      const blue = await addVariant(id, { name: 'niebieski', price: '26.00', weight: '0.4', quantity: 2, active: 0 });
      await addImages(id, ['https://shop.example/z.jpg'], green);
      await addFeatures(id, [['Kolor', 'zielony']], green);
      const answer = await connector.call('ProductsList', { include_variants: 1 });
      conforming(answer, productsList);
      assert.deepEqual((answer.body[id] as { variants: unknown }).variants, {
        [green]: {
          full_name: 'Kubek zielony',
          name: 'zielony',
          price: '24.90',
          quantity: 4,
          sku: 'KUB-Z',
          ean: '5900000000036',
          images: ['https://shop.example/z.jpg'],
          features: [['Kolor', 'zielony']],
          weight: 0.35,
        },
        [blue]: {
          full_name: 'Kubek niebieski',
          name: 'niebieski',
          price: '26.00',
          quantity: 0,
          sku: '',
          ean: '',
          images: [],
          features: [],
          weight: 0.4,
        },
      });
      assert.ok(!('variants' in ((await connector.call('ProductsList')).body[id] as object)));
    });

    it('gives a product without variants an empty object', async () => {
      await addProduct();
      const { text } = await connector.call('ProductsList', { include_variants: 1 });
      assert.match(text, /"variants":\{\}/);
    });

    it('changes nothing with LIST_VARIANTS=ignored', async () => {
      const id = await addProduct();
      await addVariant(id);
      const app = await connector.open({ LIST_VARIANTS: 'ignored' });
      assert.deepEqual(
        (await app.call('ProductsList', { include_variants: 1 })).body,
        (await app.call('ProductsList')).body,
      );
    });
  });
});
