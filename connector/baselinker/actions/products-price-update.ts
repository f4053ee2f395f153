import { changePrices } from '../../catalogue/change-stock-and-prices.ts';
import { variantKey } from '../../domain/variant-ref.ts';
import { shownMoney } from '../../domain/money.ts';
import { ApiError } from '../../domain/api-error.ts';
import { required } from '../wire/fields.ts';
import { items, type Item } from '../wire/items.ts';
import type { PriceChange } from '../../contracts/shop-writing.ts';
import { shopAction, type ShopContext } from './context.ts';
import { variantRefOf, MAX_ITEMS } from './response-parts.ts';

export const productsPriceUpdate = shopAction<{ products: SentPrice[] }>({
  name: 'ProductsPriceUpdate',
  input: [required(items('products', MAX_ITEMS, readPrice))],
  async run({ products = [] }, { useCases, by }) {
    logRounded(products, useCases.log);
    return { counter: await changePrices(useCases, products, by('ProductsPriceUpdate')) };
  },
});

/** A price as it is to be stored, beside what was sent. */
interface SentPrice extends PriceChange {
  readonly sent: string;
}

function readPrice(item: Item): SentPrice {
  const sent = item.exactMoney('price');
  const price = shownMoney(sent);
  if (price.startsWith('-')) throw new ApiError('invalid_parameter', `${item.path}.price is below 0`);
  const { productId, variantId } = variantRefOf(item);
  return { productId, variantId, price, sent };
}

const MAX_LOGGED = 20;
/** The whole of any variant and price that make sense. */
const MAX_LOGGED_CHARACTERS = 100;
/** What a sender's float adds to a price of two decimals is smaller, and no news. */
const FLOAT_NOISE = /^\d+\.\d\d(?:0{6,}|9{6,})/;

/** A price list with more decimals than the shop stores loses them: somebody should know. */
function logRounded(prices: readonly SentPrice[], log: ShopContext['useCases']['log']): void {
  const rounded = prices.filter(({ price, sent }) => price !== sent && !FLOAT_NOISE.test(sent));
  if (rounded.length === 0) return;
  const said = rounded.slice(0, MAX_LOGGED).map((one) => `${variantKey(one)}: ${one.sent} to ${one.price}`);
  const first = said.map((text) => text.slice(0, MAX_LOGGED_CHARACTERS));
  log.warn('prices rounded to two decimals', { prices: rounded.length, first });
}
