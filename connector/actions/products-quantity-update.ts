import { changeStock } from '../catalogue/change-articles.ts';
import { ApiError } from '../domain/refusal.ts';
import { required } from '../protocol/fields.ts';
import { items, type Item } from '../protocol/items.ts';
import type { StockChange } from '../shops/shop-writing.ts';
import { shopAction } from './context.ts';
import { variantRefOf, MAX_ITEMS } from './wire.ts';

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
