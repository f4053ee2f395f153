import { changeStock } from '../../catalogue/change-stock-and-prices.ts';
import { ApiError } from '../../domain/api-error.ts';
import { required } from '../wire/fields.ts';
import { items, type Item } from '../wire/items.ts';
import type { StockChange } from '../../contracts/shop-writing.ts';
import { shopAction } from './context.ts';
import { variantRefOf, MAX_ITEMS } from './response-parts.ts';

export const productsQuantityUpdate = shopAction<{ products: StockChange[] }>({
  name: 'ProductsQuantityUpdate',
  input: [required(items('products', MAX_ITEMS, readChange))],
  run: async ({ products = [] }, { useCases, by }) => ({
    counter: await changeStock(useCases, products, by('ProductsQuantityUpdate')),
  }),
});

function readChange(item: Item): StockChange {
  const operation = item.text('operation').toLowerCase();
  if (operation !== 'set' && operation !== 'change') {
    throw new ApiError(
      'invalid_parameter',
      `${item.path}.operation must be set or change, not "${operation.slice(0, 20)}"`,
    );
  }
  const { productId, variantId } = variantRefOf(item);
  return { productId, variantId, operation, quantity: item.whole('quantity') };
}
