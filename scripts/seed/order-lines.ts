import { add, times, type Money } from '../../connector/domain/money.ts';
import type { Assortment } from './assortment.ts';
import { isRemoved, productAt, type Product, type Variant } from './products.ts';
import type { Random } from './random.ts';

export interface Line {
  readonly productId: number;
  /** 0 = the main product. */
  readonly variantId: number;
  readonly sku: string;
  readonly ean: string;
  readonly name: string;
  readonly quantity: number;
  readonly price: Money;
  readonly vatRate: string | null;
  readonly grams: number;
  readonly location: string;
  readonly attributes: readonly { name: string; value: string; price: string }[];
}

export interface Adjustment {
  readonly kind: 'discount' | 'fee';
  readonly name: string;
  readonly amount: Money;
  readonly vatRate: string | null;
}

/** The products that orders are made of. */
export interface Goods {
  readonly shop: number;
  readonly assortment: Assortment;
  readonly products: number;
}

/** One to five lines of different variants, most often one; the first products of the shop are the popular ones. */
export function linesOf(goods: Goods, random: Random): readonly Line[] {
  const lines = new Map<string, Line>();
  const wanted = random.pick([1, 1, 1, 2, 2, 3, 4, 5]);
  for (let n = 0; n < wanted; n += 1) {
    const number = Math.floor(random.next() ** 2 * goods.products);
    const inShop = isRemoved(number) ? number - 1 : number;
    const line = lineOf(productAt(goods.shop, goods.assortment, inShop), random);
    lines.set(line.sku, line);
  }
  return [...lines.values()];
}

function lineOf(product: Product, random: Random): Line {
  const bought: Pick<Variant, 'id' | 'name' | 'sku' | 'ean' | 'price' | 'grams'> =
    product.variants.length > 0
      ? random.pick(product.variants)
      : { id: 0, name: '', sku: product.sku, ean: product.ean, price: null, grams: null };
  return {
    productId: product.id,
    variantId: bought.id,
    sku: bought.sku,
    ean: bought.ean,
    name: bought.id === 0 ? product.name : `${product.name} ${bought.name}`,
    quantity: random.pick([1, 1, 1, 1, 2, 2, 3, 6]),
    price: bought.price ?? product.price,
    vatRate: product.leaf.vatRate,
    grams: bought.grams ?? product.grams,
    location: product.location,
    attributes: random.chance(0.05) ? [{ name: 'Grawer', value: 'Dla Żanety – „100 lat!”', price: '0.00' }] : [],
  };
}

export function sumOf(lines: readonly Line[]): Money {
  return add(...lines.map(({ price, quantity }) => times(price, quantity)));
}

/** Never so large a discount that nothing is left to pay. */
export function adjustmentsOf(lines: readonly Line[], cashOnDelivery: boolean, random: Random): readonly Adjustment[] {
  const goods = sumOf(lines);
  const vatRate = lines[0]?.vatRate ?? null;
  const adjustments: Adjustment[] = [];
  if (random.chance(0.12)) {
    const percent = random.pick([5, 7, 10, 15]);
    const amount = (-(goods * BigInt(percent)) / 100n) as Money;
    adjustments.push({ kind: 'discount', name: `Rabat stałego klienta −${String(percent)}%`, amount, vatRate });
  } else if (goods > 5000n && random.chance(0.08)) {
    adjustments.push({ kind: 'discount', name: 'Kod rabatowy WRZEŚNIOWY10', amount: -1000n as Money, vatRate });
  }
  if (cashOnDelivery)
    adjustments.push({ kind: 'fee', name: 'Opłata za pobranie', amount: 500n as Money, vatRate: '23.00' });
  if (random.chance(0.07)) {
    adjustments.push({ kind: 'fee', name: 'Pakowanie na prezent 🎀', amount: 799n as Money, vatRate: '23.00' });
  }
  return adjustments;
}
