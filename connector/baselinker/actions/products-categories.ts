import { activePaths } from '../../domain/category-paths.ts';
import { shopAction } from './context.ts';

export const productsCategories = shopAction({
  name: 'ProductsCategories',
  input: [],
  run: async (_, { shop }) => activePaths(await shop.categories()),
});
