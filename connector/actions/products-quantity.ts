import { page as pageField } from '../protocol/fields.ts';
import { shopAction } from './context.ts';
import { dump, wholeCatalogue } from './wire.ts';

export const productsQuantity = shopAction<{ page: number }>({
  name: 'ProductsQuantity',
  input: [pageField()],
  async run({ page = 1 }, { shop, connection, stockGuard }) {
    const pages = await shop.productPages(wholeCatalogue(page, connection.productsPerPage));
    const rows = await stockGuard.watch({ startsDump: page === 1 }, () => shop.stock(pages.at(page)));
    return dump(rows, ({ quantity }) => String(quantity), pages.count);
  },
});
