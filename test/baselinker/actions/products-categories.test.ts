import assert from 'node:assert/strict';
import { orderedKeys } from '../../../connector/baselinker/check/ordered-json.ts';
import { categories } from '../../../connector/baselinker/check/response-schemas.ts';
import { testDatabase } from '../../support/database.ts';
import { addCategory } from '../../support/shop-rows.ts';
import { aConnector, conforming } from './a-connector.ts';

describe('ProductsCategories', () => {
  const connector = aConnector();

  it('gives full paths in Polish alphabetical order, in the text of the answer', async () => {
    await addCategory('Żarówki', { id: 1 });
    await addCategory('Ogród', { id: 31 });
    await addCategory('Łopaty', { id: 2, parent_id: 31 });
    await addCategory('Lampy', { id: 9, parent_id: 31 });
    await addCategory('Ćwiklik', { id: 4 });
    await addCategory('Dom', { id: 500 });
    const answer = await connector.call('ProductsCategories');
    conforming(answer, categories);
    assert.equal(
      answer.text,
      '{"4":"Ćwiklik","500":"Dom","31":"Ogród","9":"Ogród/Lampy","2":"Ogród/Łopaty","1":"Żarówki"}',
    );
    assert.deepEqual(orderedKeys(answer.text), ['4', '500', '31', '9', '2', '1']);
  });

  it('leaves out what no buyer can reach: switched-off categories and what lies below them', async () => {
    const hidden = await addCategory('Ukryta', { active: 0 });
    await addCategory('Pod ukrytą', { parent_id: hidden });
    const open = await addCategory('Otwarta');
    assert.deepEqual((await connector.call('ProductsCategories')).body, { [open]: 'Otwarta' });
  });

  it('answers even when the tree is damaged: a circle of parents, a parent that is gone', async () => {
    await addCategory('A', { id: 1, parent_id: 2 });
    await addCategory('B', { id: 2, parent_id: 1 });
    await addCategory('Sierota', { id: 3, parent_id: 4_000_000 });
    const paths = conforming(await connector.call('ProductsCategories'), categories);
    assert.equal(paths.get('3'), 'Sierota');
    assert.equal(paths.size, 3);
  });

  it('keeps quotes, ampersands and emoji of a name as they are', async () => {
    const name = `Łyżki "do zupy" & 'miski' \\ 🥣`;
    const id = await addCategory(name);
    assert.deepEqual((await connector.call('ProductsCategories')).body, { [id]: name });
  });

  it('is an empty object when the shop has none', async () => {
    assert.equal((await connector.call('ProductsCategories')).text, '{}');
    const [rows] = (await testDatabase().db.raw('SELECT COUNT(*) AS count FROM shop_categories')) as [
      { count: number }[],
    ];
    assert.equal(rows[0]?.count, 0);
  });
});
