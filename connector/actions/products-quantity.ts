import { page as pageField } from '../protocol/fields.ts';
import { shopAction } from './context.ts';
import { byProduct, paged, wholeCatalogue } from './wire.ts';

export const productsQuantity = shopAction<{ page: number }>({
  name: 'ProductsQuantity',
  input: [pageField()],
  async run({ page = 1 }, { shop, connection, stockGuard }) {
    const pages = await shop.productPages(wholeCatalogue(page, connection.productsPerPage));
    const rows = await stockGuard.watch({ startsDump: page === 1 }, () => shop.stock(pages.at(page)));
    return paged(
      byProduct(rows, ({ quantity }) => quantity),
      pages.count,
    );
  },
});
