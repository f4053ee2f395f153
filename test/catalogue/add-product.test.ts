import assert from 'node:assert/strict';
import { aConnector } from '../baselinker/actions/a-connector.ts';
import { changeRows } from '../orders/a-shop.ts';
import { testDatabase } from '../support/database.ts';

describe('adding to the catalogue in 20 parallel calls', () => {
  const connector = aConnector();

  const twenty = (action: string, fieldsOf: (n: number) => Record<string, string>) =>
    Promise.all(Array.from({ length: 20 }, async (_, n) => (await connector.call(action, fieldsOf(n))).text));

  const rows = async (table: string): Promise<number> =>
    Number((await testDatabase().db(table).count({ n: '*' }))[0]?.['n']);

  it('makes one product of one SKU, with one set of parts', async () => {
    const fields = {
      sku: 'TAL-1',
      name: 'Talerz',
      quantity: '3',
      man_name: 'Huta',
      images: '["https://img.test/1.jpg","https://img.test/2.jpg"]',
      features: '[["Kolor","biały|szary"]]',
    };
    const answers = await twenty('ProductAdd', () => fields);
    assert.equal(new Set(answers).size, 1, [...new Set(answers)].join());
    assert.match(answers[0]!, /^\{"product_id":"\d+"\}$/);
    assert.deepEqual(
      [
        await rows('shop_products'),
        await rows('shop_manufacturers'),
        await rows('shop_product_images'),
        await rows('shop_product_features'),
      ],
      [1, 1, 2, 2],
    );
  });

  it('makes twenty products of twenty SKUs and one manufacturer', async () => {
    const answers = await twenty('ProductAdd', (n) => ({ sku: `TAL-${n}`, name: 'Talerz', man_name: 'Huta' }));
    assert.equal(new Set(answers).size, 20);
    assert.deepEqual([await rows('shop_products'), await rows('shop_manufacturers')], [20, 1]);
  });

  it('ends with the stock that the last audit row tells', async () => {
    await twenty('ProductAdd', (n) => ({ sku: 'TAL-1', name: 'Talerz', quantity: String(n + 1) }));
    const changes = await changeRows();
    assert.equal(changes.length, 20);
    for (const [n, change] of changes.entries()) assert.equal(change.before_value, changes[n - 1]?.after_value ?? '0');
    const product: { quantity: number } | undefined = await testDatabase().db('shop_products').first('quantity');
    assert.equal(String(product?.quantity), changes.at(-1)?.after_value);
  });

  it('makes one category of one name', async () => {
    const answers = await twenty('CategoryAdd', () => ({ name: 'Talerze' }));
    assert.equal(new Set(answers).size, 1, [...new Set(answers)].join());
    assert.equal(await rows('shop_categories'), 1);
  });

  it('makes twenty categories below one parent', async () => {
    const { body } = await connector.call('CategoryAdd', { name: 'Kuchnia' });
    const answers = await twenty('CategoryAdd', (n) => ({
      name: `Dział ${n % 10}`,
      parent_id: String(body['category_id']),
    }));
    assert.equal(new Set(answers).size, 10);
    assert.equal(await rows('shop_categories'), 11);
  });
});
