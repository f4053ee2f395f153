import assert from 'node:assert/strict';
import { aShop, changeRows, columns, counterIn, wholeDatabase } from '../../orders/a-shop.ts';
import { testDatabase } from '../../support/database.ts';
import { aConnector, errorCode } from './a-connector.ts';

describe('ProductsPriceUpdate', () => {
  const connector = aConnector();
  beforeEach(aShop);

  const update = async (...list: readonly Readonly<Record<string, unknown>>[]) =>
    counterIn(await connector.call('ProductsPriceUpdate', { products: JSON.stringify(list) }));

  async function prices(): Promise<unknown> {
    const { db } = testDatabase();
    const products: { price: string | null }[] = await db('shop_products').orderBy('id').select('price');
    const variants: { price: string | null }[] = await db('shop_variants').orderBy('id').select('price');
    return [...products, ...variants].map(({ price }) => price);
  }

  it('sets gross prices of products and variants', async () => {
    const counter = await update(
      { product_id: '501', variant_id: 0, price: '9.49' },
      { product_id: '501', variant_id: '9002', price: 12 },
      { product_id: '502', variant_id: '', price: '1,5' },
    );
    assert.equal(counter, 3);
    assert.deepEqual(await prices(), ['9.49', '1.50', '50.00', null, '12.00']);
    assert.deepEqual((await connector.call('ProductsPrices')).body['501'], { 0: '9.49', 9001: '9.49', 9002: '12.00' });
  });

  it('rounds more decimals half up, and takes 0', async () => {
    await update({ product_id: '501', price: '0.005' }, { product_id: '502', price: '24.899999999999999' });
    await update({ product_id: '503', price: 0 });
    assert.deepEqual(await prices(), ['0.01', '24.90', '0.00', null, null]);
  });

  it('logs the prices that are stored with fewer decimals than were sent', async () => {
    const app = await connector.open();
    const sent =
      '[{"product_id":501,"price":1e-7},{"product_id":502,"price":"24.9049"},{"product_id":503,"price":7.10}]';
    assert.equal(counterIn(await app.call('ProductsPriceUpdate', { products: sent })), 3);
    assert.deepEqual(await prices(), ['0.00', '24.90', '7.10', null, null]);
    const line = app
      .log()
      .split('\n')
      .find((one) => one.includes('prices rounded'));
    assert.ok(line);
    const { level, prices: count, first } = JSON.parse(line) as Record<string, unknown>;
    assert.deepEqual([level, count, first], ['warn', 2, ['501/0: 0.0000001 to 0.00', '502/0: 24.9049 to 24.90']]);
  });

  it('lets the last of several prices of one variant count, and counts them all', async () => {
    assert.equal(await update({ product_id: '501', price: '1' }, { product_id: '501', price: '2' }), 2);
    assert.deepEqual(await prices(), ['2.00', '39.00', '50.00', null, null]);
  });

  it('reads brackets', async () => {
    const fields = { 'products[0][product_id]': '501', 'products[0][price]': '9.49' };
    assert.equal(counterIn(await connector.call('ProductsPriceUpdate', fields)), 1);
  });

  it('skips what the shop does not have, logs it and does not count it', async () => {
    const app = await connector.open();
    const products = JSON.stringify([
      { product_id: '999', price: '1' },
      { product_id: '502', variant_id: '9001', price: '1' },
      { product_id: '503', price: '1' },
    ]);
    assert.equal(counterIn(await app.call('ProductsPriceUpdate', { products })), 1);
    assert.match(app.log(), /"articles":2.*"999\/0"/);
    assert.deepEqual(await prices(), ['24.90', '39.00', '1.00', null, null]);
  });

  it('leaves audit rows', async () => {
    await update({ product_id: '501', variant_id: '9001', price: '5' }, { product_id: '502', price: '40' });
    const names = ['kind', 'product_id', 'variant_id', 'before_value', 'after_value', 'action'];
    assert.deepEqual(
      (await changeRows()).map((row) => columns({ ...row }, ...names)),
      [
        ['price', '501', '9001', null, '5.00', 'ProductsPriceUpdate'],
        ['price', '502', '0', '39.00', '40.00', 'ProductsPriceUpdate'],
      ],
    );
  });

  it('refuses a call with one malformed item whole, names the item and writes nothing', async () => {
    const before = await wholeDatabase();
    for (const price of ['-1', '-0.01', 'tanio', '', null, true, '1e9', '9'.repeat(10), ['1']]) {
      const products = JSON.stringify([
        { product_id: '501', price: '1' },
        { product_id: '502', price },
      ]);
      const answer = await connector.call('ProductsPriceUpdate', { products });
      assert.equal(errorCode(answer), 'invalid_parameter', String(price));
      assert.match(String(answer.body['error_text']), /^products\[1\]\.price /);
    }
    const many = JSON.stringify(new Array(1001).fill({ product_id: '501', price: '1' }));
    assert.equal(errorCode(await connector.call('ProductsPriceUpdate', { products: many })), 'invalid_parameter');
    assert.equal(await wholeDatabase(), before);
  });
});
