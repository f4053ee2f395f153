import { parseMoney } from '../../connector/domain/money.ts';
import type { ProductFilter, ProductListing } from '../../connector/contracts/shop.ts';
import type { ProductFixture, VariantFixture } from './shop-fixtures.ts';

/** A product as a test put it in; everything that a list looks at is given. */
export type ModelProduct = ProductFixture & { id: string };

/** What a list shows, the slow and plain way: every product is looked at. */
export function listed(products: readonly ModelProduct[], { filter, sort, window }: ProductListing): string[] {
  const found = products.filter((product) => matches(product, filter));
  const direction = sort.descending ? -1 : 1;
  found.sort((a, b) => compare(a, b, sort.column, direction) || Number(a.id) - Number(b.id));
  const ids = found.map(({ id }) => id);
  return window ? ids.slice(window.skip, window.skip + window.take) : ids;
}

export function shownQuantity({ active = true, removedAt, quantity = 5, variants = [] }: ProductFixture): number {
  if (!active || removedAt) return 0;
  if (quantity > 0) return quantity;
  return variants.reduce((sum, variant) => sum + shownVariant(variant), 0);
}

function shownVariant({ active = true, removedAt, quantity = 3 }: VariantFixture): number {
  return active && !removedAt ? Math.max(0, quantity) : 0;
}

function matches(product: ModelProduct, filter: ProductFilter): boolean {
  const { ids, categoryId, ean, sku, name, priceFrom, priceTo, quantityFrom, quantityTo, available } = filter;
  const price = product.price === undefined ? undefined : parseMoney(product.price);
  const quantity = shownQuantity(product);
  const isOn = (product.active ?? true) && !product.removedAt;
  const coded = [product, ...(product.variants ?? [])];
  return (
    (!ids || ids.includes(product.id)) &&
    (categoryId === undefined || product.categoryId === categoryId) &&
    (ean === undefined || coded.some((one) => isSameCode(one.ean, ean))) &&
    (sku === undefined || coded.some((one) => isSameCode(one.sku, sku))) &&
    (name === undefined || (product.name ?? '').toLowerCase().includes(name.toLowerCase())) &&
    (priceFrom === undefined || (price !== undefined && price >= parseMoney(priceFrom))) &&
    (priceTo === undefined || (price !== undefined && price <= parseMoney(priceTo))) &&
    (quantityFrom === undefined || quantity >= quantityFrom) &&
    (quantityTo === undefined || quantity <= quantityTo) &&
    (available === undefined || available === isOn)
  );
}

function compare(
  a: ModelProduct,
  b: ModelProduct,
  column: ProductListing['sort']['column'],
  direction: 1 | -1,
): number {
  switch (column) {
    case 'id':
      return direction * (Number(a.id) - Number(b.id));
    case 'name':
      return direction * order((a.name ?? '').toLowerCase(), (b.name ?? '').toLowerCase());
    case 'quantity':
      return direction * (shownQuantity(a) - shownQuantity(b));
    case 'price':
      if (a.price === undefined || b.price === undefined) return order(a.price === undefined, b.price === undefined);
      return direction * order(parseMoney(a.price), parseMoney(b.price));
  }
}

function order<Value extends string | bigint | boolean>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Blanks around a code are nobody's. */
function isSameCode(stored = '', sent: string): boolean {
  return stored.normalize('NFC').trim() === sent.normalize('NFC').trim();
}
