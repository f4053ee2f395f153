import type { DictionaryKind } from '../../connector/contracts/shop.ts';

/** What a schema offers the battery, to put a shop into its tables. Every function gives ids as the contract does. */
export interface ShopFixtures {
  /** Leaves no product, order or dictionary entry behind. Ids go on counting. */
  readonly empty: () => Promise<void>;
  category(category: { name: string; parentId?: string; active?: boolean }): Promise<string>;
  entry(kind: DictionaryKind, entry: { name: string; position?: number; retired?: boolean }): Promise<string>;
  product(product?: ProductFixture): Promise<StoredProduct>;
  /** Many plain products at once: ids only, ascending. */
  plainProducts(count: number): Promise<string[]>;
  /** Changes a product that is there. */
  changeProduct(id: string, changes: Pick<ProductFixture, 'quantity' | 'active' | 'removedAt' | 'name'>): Promise<void>;
  order(order?: OrderFixture): Promise<string>;
}

export interface StoredProduct {
  readonly id: string;
  readonly variantIds: readonly string[];
}

export interface VariantFixture {
  name?: string;
  sku?: string;
  ean?: string;
  /** Undefined: as the product. */
  price?: string | undefined;
  quantity?: number;
  weight?: string;
  active?: boolean;
  removedAt?: Date | undefined;
  images?: readonly string[];
  features?: readonly (readonly [string, string])[];
}

/** Left out: a product that is switched on, costs 10.00, and of which there are 5. */
export interface ProductFixture {
  name?: string;
  sku?: string;
  ean?: string;
  /** Undefined: not known. */
  price?: string | undefined;
  quantity?: number;
  active?: boolean;
  removedAt?: Date | undefined;
  categoryId?: string;
  manufacturer?: string;
  /** Undefined: exempt. */
  vat?: string | undefined;
  weight?: string;
  location?: string;
  descriptions?: readonly string[];
  images?: readonly string[];
  features?: readonly (readonly [string, string])[];
  variants?: readonly VariantFixture[];
}

export interface LineFixture {
  productId?: string;
  variantId?: string;
  name?: string;
  quantity?: number;
  price?: string;
  vat?: string | undefined;
  /** As the shop stored it. */
  attributes?: string;
}

/** Left out: an order placed in the shop, unpaid, without lines. */
export interface OrderFixture {
  number?: string;
  placedAt?: Date;
  bornIn?: string;
  draft?: boolean;
  email?: string;
  total?: string;
  paidAmount?: string;
  paidAt?: Date;
  cashOnDelivery?: boolean;
  lines?: readonly LineFixture[];
  adjustments?: readonly { kind: 'discount' | 'fee'; name: string; amount: string; vat?: string }[];
  parcels?: readonly { carrier: string; trackingNumber: string }[];
}
