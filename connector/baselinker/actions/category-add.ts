import { addCategory } from '../../catalogue/add-product.ts';
import { ApiError } from '../../domain/api-error.ts';
import { id, required, text } from '../wire/fields.ts';
import { shopAction } from './context.ts';

const MAX_NAME = 200;

export const categoryAdd = shopAction<{ name: string; parent_id: string }>({
  name: 'CategoryAdd',
  input: [required(text('name', MAX_NAME)), id('parent_id')],
  async run({ name = '', parent_id: parent }, { useCases }) {
    if (name === '') throw new ApiError('invalid_parameter', 'name is missing');
    return { category_id: await addCategory(useCases, name, parent === '0' ? undefined : parent) };
  },
});
