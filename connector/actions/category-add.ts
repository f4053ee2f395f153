import { addCategory } from '../catalogue/add-product.ts';
import { Refusal } from '../domain/refusal.ts';
import { id, required, text } from '../protocol/fields.ts';
import { shopAction } from './context.ts';

const MOST_NAME = 200;

export const categoryAdd = shopAction<{ name: string; parent_id: string }>({
  name: 'CategoryAdd',
  input: [required(text('name', MOST_NAME)), id('parent_id')],
  async run({ name = '', parent_id: parent }, { stories }) {
    if (name === '') throw new Refusal('invalid_parameter', 'name is missing');
    return { category_id: await addCategory(stories, name, parent === '0' ? undefined : parent) };
  },
});
