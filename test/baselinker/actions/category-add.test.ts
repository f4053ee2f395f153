import assert from 'node:assert/strict';
import { wholeDatabase, type Fields } from '../../orders/a-shop.ts';
import { addCategory } from '../../support/shop-rows.ts';
import { aConnector, errorCode } from './a-connector.ts';

describe('CategoryAdd', () => {
  const connector = aConnector();

  async function added(fields: Fields): Promise<string> {
    const { text, body } = await connector.call('CategoryAdd', fields);
    assert.match(text, /^\{"category_id":"[1-9]\d*"\}$/);
    return String(body['category_id']);
  }

  it('creates a category that ProductsCategories shows under its parent', async () => {
    const top = await added({ name: 'Kuchnia' });
    const inner = await added({ name: 'Kubki', parent_id: top });
    assert.deepEqual((await connector.call('ProductsCategories')).body, { [top]: 'Kuchnia', [inner]: 'Kuchnia/Kubki' });
  });

  it('gives the category that is there already under the same parent', async () => {
    const top = await addCategory('Kuchnia');
    for (const parent of ['', '0']) assert.equal(await added({ name: ' Kuchnia ', parent_id: parent }), top);
    const inner = await added({ name: 'Kuchnia', parent_id: top });
    assert.notEqual(inner, top);
    assert.equal(await added({ name: 'Kuchnia', parent_id: top }), inner);
  });

  it('refuses a parent that the shop does not have, and writes nothing', async () => {
    const before = await wholeDatabase();
    for (const parent of ['77', 'abc', '-1', '99999999999']) {
      const answer = await connector.call('CategoryAdd', { name: 'Kubki', parent_id: parent });
      assert.equal(errorCode(answer), 'invalid_parameter');
      assert.match(String(answer.body['error_text']), /^parent_id: /);
    }
    assert.equal(await wholeDatabase(), before);
  });

  it('refuses a name that is missing or too long', async () => {
    for (const name of ['', '   ', 'x'.repeat(201)]) {
      const answer = await connector.call('CategoryAdd', { name });
      assert.equal(errorCode(answer), 'invalid_parameter', JSON.stringify(name));
      assert.match(String(answer.body['error_text']), /^name /);
    }
  });
});
