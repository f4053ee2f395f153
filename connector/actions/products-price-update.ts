import { changePrices } from '../catalogue/change-articles.ts';
import { Refusal } from '../domain/refusal.ts';
import { required } from '../protocol/fields.ts';
import { items, type Item } from '../protocol/items.ts';
import type { PriceChange } from '../shops/shop-writing.ts';
import { shopAction } from './context.ts';
import { articleOf, MOST_ARTICLES } from './wire.ts';

export const productsPriceUpdate = shopAction<{ products: PriceChange[] }>({
  name: 'ProductsPriceUpdate',
  input: [required(items('products', MOST_ARTICLES, readPrice))],
  run: async ({ products = [] }, { stories, by }) => ({
    counter: await changePrices(stories, products, by('ProductsPriceUpdate')),
  }),
});

function readPrice(item: Item): PriceChange {
  const price = item.money('price');
  if (price.startsWith('-')) throw new Refusal('invalid_parameter', `${item.path}.price is below 0`);
  const { productId, variantId } = articleOf(item);
  return { productId, variantId, price };
}
