/**
 * What the connector asks of *a* shop database. Every id is text, every price is computed, gross decimal text with two
 * places, every time is an instant. Nothing outside `shops/` knows a table or a column of the shop.
 */

import type { InStock } from '../domain/variant-set.ts';
import type { VariantRef } from '../domain/variant-ref.ts';
import type { Order, StatusMeaning, VatRate } from '../domain/order.ts';
import type { Supply } from '../domain/supply.ts';

/** What an adapter is opened with: the settings of one connection. */
export interface ShopProfile {
  /** ISO code of the one currency in which catalogue prices leave. */
  readonly currency: string;
  /** For so many full days after they were removed, products and variants are still listed, with quantity 0. */
  readonly removedProductsDays: number;
  /** How far the change scan looks back behind itself: longer than a transaction of the shop lasts. */
  readonly changesOverlapMs?: number;
  readonly now: () => Date;
}

/** What was found behind the connection, and what can be done with it. */
export interface Probe {
  /** Shown to BaseLinker as the platform's name. */
  readonly platform: string;
  readonly capabilities: ReadonlySet<Capability>;
  /** For the administrator: exactly the tables to grant. */
  readonly tables: { readonly read: readonly string[]; readonly written: readonly string[] };
  /** Sentences for the operator about what is odd in this database. */
  readonly warnings: readonly string[];
}

/** SupportedMethods follows from these, and whether orders can go to wholesalers (`read-supplies`). */
export type Capability =
  | 'read-products'
  | 'read-orders'
  | 'write-stock'
  | 'write-prices'
  | 'write-products'
  | 'create-orders'
  | 'update-orders'
  | 'read-supplies';

export type DictionaryKind = 'statuses' | 'deliveries' | 'payments';

export interface DictionaryEntry {
  readonly id: string;
  readonly name: string;
  /** Of a status only. */
  readonly meaning?: StatusMeaning;
  /** Accepted on input; in the lists that BaseLinker is shown only as long as an order carries it. */
  readonly retired: boolean;
}

export interface Category {
  readonly id: string;
  /** Undefined at the top level. */
  readonly parentId: string | undefined;
  readonly name: string;
  readonly active: boolean;
}

/**
 * Part of the catalogue: a half-open range of ids in the adapter's own order, or ids in the order wanted. An id that
 * cannot be one of this shop's matches nothing; one that is given twice is shown once.
 */
export type Selection =
  | { readonly kind: 'range'; readonly from: string | undefined; readonly to: string | undefined }
  | { readonly kind: 'ids'; readonly ids: readonly string[] };

/** Pages of a listing. Their borders do not move while one listing is read, so nothing is skipped between two pages. */
export interface Pages<Page> {
  /** At least 1: an empty listing has one empty page. */
  readonly count: number;
  /** The page's content, 1-based; a page past the end is empty. */
  readonly at: (page: number) => Page;
}

export type SortColumn = 'id' | 'name' | 'quantity' | 'price';

/**
 * Which products a list shows. Several conditions are ANDed; prices and quantities are those that are shown. A code
 * matches exactly, the product's own or that of one of its variants.
 */
export interface ProductFilter {
  readonly ids?: readonly string[];
  /** The category in which a product is shown (domain/category-paths.ts): a buyer may not reach the one it is filed in. */
  readonly categoryId?: string;
  readonly ean?: string;
  readonly sku?: string;
  /** A part of the name, upper or lower case. */
  readonly name?: string;
  /** Decimal text, inclusive; a price that is not known is within no bounds. */
  readonly priceFrom?: string;
  readonly priceTo?: string;
  readonly quantityFrom?: number;
  readonly quantityTo?: number;
  /** True: only products that are switched on; false: only those that are not. */
  readonly available?: boolean;
}

export interface ProductListing {
  readonly pageSize: number;
  /** The page that will be read next; the first one may look at the shop anew. */
  readonly page: number;
  readonly filter: ProductFilter;
  /** Products that are alike stand by id, ascending; unknown prices come last in both directions. */
  readonly sort: { readonly column: SortColumn; readonly descending: boolean };
  /** Only so many products, after leaving out so many. */
  readonly window?: { readonly skip: number; readonly take: number };
}

/** Undefined where the shop does not know a price: that is never 0. */
export type GrossPrice = string | undefined;

/**
 * One row of a product list. `quantity` is what is shown: 0 when the product is switched off or removed, else its own
 * when above 0, else the sum of what its variants show; never negative.
 */
export interface ProductRow {
  readonly id: string;
  readonly name: string;
  readonly sku: string;
  readonly ean: string;
  readonly price: GrossPrice;
  readonly quantity: number;
  readonly location: string;
}

/** One value of a dump; `variantId` '0' is the main product and comes first of its product. */
export interface StockRow {
  readonly productId: string;
  readonly variantId: string;
  readonly quantity: number;
}

export interface PriceRow {
  readonly productId: string;
  readonly variantId: string;
  readonly price: GrossPrice;
}

/** The sections that a product card leaves out when they are not requested. */
export type CardSection = 'texts' | 'images' | 'features' | 'variants';

export type Feature = readonly [name: string, value: string];

export interface VariantCard {
  readonly id: string;
  readonly name: string;
  readonly sku: string;
  readonly ean: string;
  readonly price: GrossPrice;
  readonly quantity: number;
  /** Kilograms. */
  readonly weight: number;
  readonly images: readonly string[];
  readonly features: readonly Feature[];
}

export interface ProductCard {
  readonly id: string;
  readonly sku: string;
  readonly ean: string;
  readonly model: string;
  readonly name: string;
  readonly price: GrossPrice;
  readonly quantity: number;
  readonly vat: VatRate;
  /** Kilograms. */
  readonly weight: number;
  /** Centimetres; 0 where unknown. */
  readonly height: number;
  readonly length: number;
  readonly width: number;
  /** The long description and up to four more; HTML. */
  readonly descriptions: readonly string[];
  readonly manufacturer: { readonly name: string; readonly imageUrl: string };
  readonly categoryId: string | undefined;
  readonly location: string;
  readonly url: string;
  readonly deliveryDays: number | undefined;
  readonly images: readonly string[];
  /** One entry a value; several entries of one name are several values of one feature. */
  readonly features: readonly Feature[];
  readonly variants: readonly VariantCard[];
}

/** Which orders a scan shows; drafts are never among them. Conditions are ANDed. */
export interface OrderWindow {
  readonly pageSize: number;
  /** The page that will be read next; the first one looks at the shop anew. */
  readonly page: number;
  readonly placedFrom?: Date;
  /** Orders placed after this instant are still being written, and are left for the next scan. */
  readonly placedUntil?: Date;
  /** The first order id. */
  readonly idFrom?: string;
  /** Only orders that are paid in the sense of `isPaid` (domain/order-totals.ts). */
  readonly onlyPaid: boolean;
  /** Leaves out the orders that came from this connection. */
  readonly excludeOrigin?: string;
}

/**
 * One shop database, opened with its connection profile. Reading functions reject when the database does not answer;
 * they never return a partial result as if it were complete.
 */
export interface Shop {
  probe(): Promise<Probe>;
  dictionary(kind: DictionaryKind): Promise<readonly DictionaryEntry[]>;
  /** Ids of a dictionary that orders carry, drafts left out; also such as the dictionary has no longer. */
  usedEntries(kind: DictionaryKind): Promise<ReadonlySet<string>>;
  /** Flat and unsorted; paths are built outside. */
  categories(): Promise<readonly Category[]>;
  /** Borders of the pages of a product listing or dump. */
  productPages(listing: ProductListing): Promise<Pages<Selection>>;
  /** Rows in the order of the selection; ids that do not exist are left out. */
  products(selection: Selection): Promise<readonly ProductRow[]>;
  /** Variants with their images and features, by product id; a product without variants has no entry. */
  variants(productIds: readonly string[]): Promise<ReadonlyMap<string, readonly VariantCard[]>>;
  /** At most 100 ids. Unknown ids are left out; the order is that of the ids. A part not wanted is empty. */
  productCards(ids: readonly string[], sections: ReadonlySet<CardSection>): Promise<readonly ProductCard[]>;
  stock(selection: Selection): Promise<readonly StockRow[]>;
  prices(selection: Selection): Promise<readonly PriceRow[]>;
  /**
   * All products of which a stock dump would show more than 0, main product or variant, at this moment; and all variants
   * that it would show so.
   */
  productsInStock(): Promise<InStock>;
  /** The ids of the orders of each page, ascending. */
  orderPages(window: OrderWindow): Promise<Pages<readonly string[]>>;
  /** Orders ascending by id; ids that do not exist are left out, and so are drafts. */
  orders(ids: readonly string[]): Promise<readonly Order[]>;
  /**
   * Where these variants can be ordered, by their key (`variantKey`); what no wholesaler supplies has no entry. A
   * variant's suppliers are its own.
   */
  supplies(variants: readonly VariantRef[]): Promise<ReadonlyMap<string, readonly Supply[]>>;

  /**
   * Orders that changed since the cursor, whoever changed them, with the cursor to go on from. The cursor is opaque
   * text; undefined begins now. An order may be named again although nothing changed; none may ever be missed, also when
   * a long transaction commits late (docs/protocol/shop-schemas.md 5.1, requirement 26).
   */
  changedOrders(
    cursor: string | undefined,
    limit: number,
  ): Promise<{ readonly ids: readonly string[]; readonly cursor: string; readonly more: boolean }>;
}
