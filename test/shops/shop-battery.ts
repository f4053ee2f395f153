import type { Pages, ProductListing, Selection, Shop, ShopProfile } from '../../connector/contracts/shop.ts';
import { keepsTheCardContract } from './card-battery.ts';
import { keepsTheCatalogueContract } from './catalogue-battery.ts';
import { keepsTheListingContract } from './listing-battery.ts';
import { keepsTheOrderContract } from './order-battery.ts';
import { keepsThePagingContract } from './paging-battery.ts';
import type { ShopFixtures } from './shop-fixtures.ts';

/** How the battery opens a shop and fills it. The clock stands still until a test moves it. */
export interface Bench {
  readonly fixtures: ShopFixtures;
  readonly open: () => Shop;
  /** Days before the clock's time. */
  readonly daysAgo: (days: number) => Date;
  readonly passMs: (ms: number) => void;
}

export const REMOVED_PRODUCTS_DAYS = 30;

/** What every shop schema owes the connector, asked through the contract only. */
export function keepsTheShopContract(name: string, open: (profile: ShopProfile) => Shop, fixtures: ShopFixtures): void {
  describe(`${name} keeps the shop contract`, () => {
    let now = new Date();
    const bench: Bench = {
      fixtures,
      open: () => open({ currency: 'PLN', removedProductsDays: REMOVED_PRODUCTS_DAYS, now: () => now }),
      daysAgo: (days) => new Date(now.getTime() - days * 86_400_000),
      passMs: (ms) => {
        now = new Date(now.getTime() + ms);
      },
    };
    beforeEach(async () => {
      now = new Date('2027-03-10T12:00:00Z');
      await fixtures.empty();
    });
    keepsTheCatalogueContract(bench);
    keepsTheCardContract(bench);
    keepsThePagingContract(bench);
    keepsTheListingContract(bench);
    keepsTheOrderContract(bench);
  });
}

/** The whole catalogue by id, unless said otherwise. */
export const aListing = (changes: Partial<ProductListing> = {}): ProductListing => ({
  page: 1,
  pageSize: 1000,
  filter: {},
  sort: { column: 'id', descending: false },
  ...changes,
});

export const everything: Selection = { kind: 'range', from: undefined, to: undefined };

/** The ids on one page, found anew. */
export async function idsOn(shop: Shop, listing: ProductListing): Promise<string[]> {
  const pages = await shop.productPages(listing);
  return idsOf(shop, pages, listing.page);
}

export async function idsOf(shop: Shop, pages: Pages<Selection>, page: number): Promise<string[]> {
  return (await shop.products(pages.at(page))).map(({ id }) => id);
}

/** All ids of a listing, asked page by page as BaseLinker does; `between` happens after each page but the last. */
export async function walk(
  shop: Shop,
  listing: ProductListing,
  between: (page: number) => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  const found: string[] = [];
  for (let page = 1; ; page += 1) {
    const pages = await shop.productPages({ ...listing, page });
    found.push(...(await idsOf(shop, pages, page)));
    if (page >= pages.count) return found;
    await between(page);
  }
}
