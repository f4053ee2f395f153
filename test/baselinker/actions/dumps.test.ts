import assert from 'node:assert/strict';
import { productsPrices, productsQuantity } from '../../../connector/baselinker/check/response-schemas.ts';
import { addProduct, addProducts, addVariant } from '../../support/shop-rows.ts';
import { aConnector, conforming, NOW } from './a-connector.ts';

describe('ProductsQuantity', () => {
  const connector = aConnector();

  const dump = async () => {
    const answer = await connector.call('ProductsQuantity');
    conforming(answer, productsQuantity);
    return answer;
  };

  it('gives the main product first, then its variants', async () => {
    await addProduct({ id: 501, quantity: 9 });
    await addVariant('501', { id: 9001, quantity: 4 });
    await addVariant('501', { id: 8, quantity: 5 });
    await addProduct({ id: 502, quantity: 0 });
    assert.equal((await dump()).text, '{"501":{"0":9,"8":5,"9001":4},"502":{"0":0},"pages":1}');
  });

  it('gives the sum of the variants where the main product has no stock', async () => {
    await addProduct({ id: 1, quantity: 0 });
    await addVariant('1', { id: 1, quantity: 4 });
    await addVariant('1', { id: 2, quantity: 5, active: 0 });
    await addVariant('1', { id: 3, quantity: 6 });
    assert.equal((await dump()).text, '{"1":{"0":10,"1":4,"2":0,"3":6},"pages":1}');
  });

  it('shows what is switched off, removed or oversold with 0, and drops what was removed long ago', async () => {
    await addProduct({ id: 1, quantity: 9, active: 0 });
    await addVariant('1', { id: 1, quantity: 4 });
    await addProduct({ id: 2, quantity: 9, removed_at: NOW });
    await addProduct({ id: 3, quantity: -9 });
    await addProduct({ id: 4, quantity: 9, removed_at: new Date('2026-01-01T00:00:00Z') });
    await addProduct({ id: 5, quantity: 9 });
    await addVariant('5', { id: 2, quantity: 4, removed_at: NOW });
    await addVariant('5', { id: 3, quantity: 4, removed_at: new Date('2026-01-01T00:00:00Z') });
    assert.equal((await dump()).text, '{"1":{"0":0,"1":0},"2":{"0":0},"3":{"0":0},"5":{"0":9,"2":0},"pages":1}');
  });

  it('agrees with the list and the card', async () => {
    await addProduct({ id: 1, quantity: -2 });
    await addVariant('1', { id: 1, quantity: 4 });
    await addVariant('1', { id: 2, quantity: -4 });
    await addProduct({ id: 2, quantity: 3, active: 0 });
    const stock = (await dump()).body as Record<string, Record<string, number>>;
    const list = (await connector.call('ProductsList')).body as Record<string, { quantity: number }>;
    const cards = (await connector.call('ProductsData', { products_id: '1,2' })).body as typeof list;
    for (const id of ['1', '2']) {
      assert.deepEqual([stock[id]?.['0'], cards[id]?.quantity], [list[id]?.quantity, list[id]?.quantity]);
    }
    assert.deepEqual([stock['1']?.['0'], stock['2']?.['0']], [4, 0]);
  });
});

describe('ProductsPrices', () => {
  const connector = aConnector();

  const dump = async () => {
    const answer = await connector.call('ProductsPrices');
    conforming(answer, productsPrices);
    return answer;
  };

  it('gives gross prices with two decimals; a variant without one of its own has the product’s', async () => {
    await addProduct({ id: 501, price: '24.9' });
    await addVariant('501', { id: 9001 });
    await addVariant('501', { id: 9002, price: '26.90' });
    await addProduct({ id: 502, price: '1234567890.05' });
    assert.equal(
      (await dump()).text,
      '{"501":{"0":"24.90","9001":"24.90","9002":"26.90"},"502":{"0":"1234567890.05"},"pages":1}',
    );
  });

  it('leaves out every price that is not known', async () => {
    await addProduct({ id: 1, price: null });
    await addProduct({ id: 2, price: null });
    await addVariant('2', { id: 7 });
    await addVariant('2', { id: 8, price: '5.00' });
    await addProduct({ id: 3, price: '1.00' });
    assert.equal((await dump()).text, '{"2":{"8":"5.00"},"3":{"0":"1.00"},"pages":1}');
  });

  it('shows the prices of what is switched off or was removed lately', async () => {
    await addProduct({ id: 1, price: '1.00', active: 0 });
    await addProduct({ id: 2, price: '2.00', removed_at: NOW });
    await addProduct({ id: 3, price: '3.00', removed_at: new Date('2026-01-01T00:00:00Z') });
    assert.equal((await dump()).text, '{"1":{"0":"1.00"},"2":{"0":"2.00"},"pages":1}');
  });
});

for (const action of ['ProductsQuantity', 'ProductsPrices'] as const) {
  describe(`the pages of ${action}`, () => {
    const connector = aConnector();

    it('count products, so that all variants share the page of their product', async () => {
      await addProducts(1, 5);
      for (const id of [10, 11, 12, 13]) await addVariant('2', { id });
      const app = await connector.open({ PRODUCTS_PER_PAGE: '2' });
      const pages = [];
      for (const page of [1, 2, 3, 4]) pages.push((await app.call(action, { page })).body);
      assert.deepEqual(
        pages.map((body) => Object.keys(body)),
        [['1', '2', 'pages'], ['3', '4', 'pages'], ['5', 'pages'], ['pages']],
      );
      assert.deepEqual(Object.keys(pages[0]?.['2'] as object), ['0', '10', '11', '12', '13']);
      assert.deepEqual(
        pages.map((body) => body['pages']),
        [3, 3, 3, 3],
      );
    });

    it('are one and empty in an empty shop', async () => {
      assert.equal((await connector.call(action)).text, '{"pages":1}');
      assert.equal((await connector.call(action, { page: 2 })).text, '{"pages":1}');
    });

    it('neither lose nor repeat a product while others come and go', async () => {
      await addProducts(11, 18);
      const app = await connector.open({ PRODUCTS_PER_PAGE: '3' });
      const seen = Object.keys((await app.call(action, { page: 1 })).body);
      await addProducts(1, 3);
      seen.push(...Object.keys((await app.call(action, { page: 2 })).body));
      await addProducts(19, 22);
      let page = 3;
      for (let pages = 3; page <= pages; page += 1) {
        const { body } = await app.call(action, { page });
        pages = Number(body['pages']);
        seen.push(...Object.keys(body));
      }
      const ids = seen.filter((key) => key !== 'pages').map(Number);
      assert.deepEqual(
        ids,
        Array.from({ length: 12 }, (_, n) => n + 11),
      );
    });
  });
}
