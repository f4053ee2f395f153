import { variantKey } from '../../../domain/variant-ref.ts';
import type { GrossPrice } from '../../../contracts/shop.ts';
import type { ValueChange, PriceChange, UnitOfWork } from '../../../contracts/shop-writing.ts';
import { changeVariants, type VariantColumn } from './variant-rows.ts';

/** A variant that is given the price of its product has a price of its own from then on. */
export async function setPrices(unit: UnitOfWork, prices: readonly PriceChange[]): Promise<ValueChange<GrossPrice>[]> {
  const last = new Map(prices.map((price) => [variantKey(price), price]));
  const changed = await changeVariants(unit, PRICE, [...last.values()]);
  return changed.map(({ before, after, ...variant }) => ({
    ...variant,
    before: before ?? undefined,
    after: after ?? undefined,
  }));
}

/** The price stays text until the column takes it: it refuses what it cannot hold, where JSON_TABLE would give NULL. */
const PRICE: VariantColumn<PriceChange, string | null> = {
  name: 'price',
  sent: ['price VARCHAR(64)'],
  toJson: ({ price }) => [price],
  assigned: 'j.price',
  after: (_before, { price }) => price,
};
