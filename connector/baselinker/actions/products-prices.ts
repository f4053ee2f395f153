import { page as pageField } from '../wire/fields.ts';
import { shopAction } from './context.ts';
import { dump, completeCatalogue } from './response-parts.ts';

export const productsPrices = shopAction<{ page: number }>({
  name: 'ProductsPrices',
  input: [pageField()],
  async run({ page = 1 }, { shop, connection }) {
    const pages = await shop.productPages(completeCatalogue(page, connection.productsPerPage));
    // A price that is not known is left out: printed as 0 it would end the offers that use it (2.7, Rec 3).
    const known = (await shop.prices(pages.at(page))).filter(({ price }) => price !== undefined);
    return dump(known, ({ price }) => `"${price ?? ''}"`, pages.count);
  },
});
