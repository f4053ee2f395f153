import { page as pageField } from '../wire/fields.ts';
import { shopAction } from './context.ts';
import { dump, completeCatalogue } from './response-parts.ts';

export const productsQuantity = shopAction<{ page: number }>({
  name: 'ProductsQuantity',
  input: [pageField()],
  async run({ page = 1 }, { shop, connection, stockGuard }) {
    const pages = await shop.productPages(completeCatalogue(page, connection.productsPerPage));
    const selection = pages.at(page);
    const rows = await stockGuard.watch({ startsDump: page === 1, selection }, () => shop.stock(selection));
    return dump(rows, ({ quantity }) => String(quantity), pages.count);
  },
});
