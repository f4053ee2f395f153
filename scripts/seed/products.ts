import type { Money } from '../../connector/domain/money.ts';
import type { Assortment, Axis, Leaf } from './assortment.ts';
import { ean13 } from './check-digits.ts';
import { randomOf, type Random } from './random.ts';
import { ADJECTIVES, agree, COLOURS, MANUFACTURERS, plain, SERIES } from './words.ts';

export interface Variant {
  readonly id: number;
  readonly name: string;
  readonly sku: string;
  readonly ean: string;
  /** Null = as the product. */
  readonly price: Money | null;
  readonly quantity: number;
  /** Null = as the product. */
  readonly grams: number | null;
  readonly active: boolean;
  readonly removed: boolean;
}

export interface Product {
  readonly id: number;
  readonly sku: string;
  readonly ean: string;
  readonly model: string;
  readonly name: string;
  readonly leaf: Leaf;
  /** Null = not known. */
  readonly manufacturerId: number | null;
  readonly price: Money;
  readonly quantity: number;
  readonly grams: number;
  readonly location: string;
  readonly active: boolean;
  readonly removed: boolean;
  /** Supplied by the demo wholesaler. */
  readonly supplied: boolean;
  readonly axis: Axis;
  readonly variants: readonly Variant[];
}

/** Which random sequence belongs to what: a second use of one number would make two things alike. */
export const STREAM = { product: 1, card: 2, buyer: 3, order: 4 } as const;

/**
 * The product of this 0-based number, always the same for a shop. Rules that a reader may count on ("every tenth") go by
 * the number; the divisors have no common factor with ten, so that all rules meet in some product.
 */
export function productAt(shop: number, assortment: Assortment, number: number): Product {
  const random = randomOf(shop, STREAM.product, number);
  const leaf = random.pick(
    assortment.inactive.length > 0 && random.chance(0.03) ? assortment.inactive : assortment.active,
  );
  const noun = random.pick(leaf.nouns);
  const series = random.pick(SERIES);
  const name = `${capital(noun.word)} ${agree(random.pick(ADJECTIVES), noun.gender)} „${series}”`;
  const sku = `${leaf.code}-${String(number + 1).padStart(6, '0')}`;
  const price = priceBetween(random, leaf.price);
  const grams = random.int(leaf.grams[0], leaf.grams[1]);
  const hasVariants = (number + Math.floor(number / 10)) % 5 === 3;
  return {
    // Gaps: a shop of some age has lost products.
    id: 101 + number + 2 * Math.floor(number / 9) + 31 * Math.floor(number / 100),
    sku,
    ean: ean(shop, number, 0),
    model: random.chance(0.6) ? `${plain(series).slice(0, 2).toUpperCase()}-${String(random.int(10, 9999))}` : '',
    name,
    leaf,
    manufacturerId: random.chance(0.94) ? 3 + 2 * random.int(0, MANUFACTURERS.length - 1) : null,
    price,
    quantity: hasVariants ? 0 : stock(random, number),
    grams,
    location: random.chance(0.85) ? shelf(random) : '',
    active: number % 23 !== 7,
    removed: isRemoved(number),
    supplied: number % 10 === 9,
    axis: leaf.axis,
    variants: hasVariants ? variantsOf(random, { shop, number, leaf, sku, price, grams }) : [],
  };
}

export function isRemoved(number: number): boolean {
  return number % 97 === 41;
}

function variantsOf(
  random: Random,
  of: { shop: number; number: number; leaf: Leaf; sku: string; price: Money; grams: number },
): Variant[] {
  const names = VALUES[of.leaf.axis];
  const count = random.int(2, Math.min(6, names.length));
  const first = random.int(0, names.length - count);
  const ownPrices = random.chance(0.4);
  return names.slice(first, first + count).map((name, i) => ({
    id: 11 + 8 * of.number + i,
    name,
    sku: `${of.sku}-${plain(name).toUpperCase()}`,
    ean: ean(of.shop, of.number, i + 1),
    price: ownPrices && i > 0 ? ((of.price + (of.price * BigInt(i) * 4n) / 100n) as Money) : null,
    quantity: random.chance(0.15) ? 0 : random.chance(0.02) ? -random.int(1, 3) : random.int(1, 60),
    grams: of.leaf.axis === 'package' ? Math.round(of.grams * (1 + i / 2)) : null,
    active: i === 0 || !random.chance(0.04),
    removed: i > 0 && random.chance(0.02),
  }));
}

const VALUES: Readonly<Record<Axis, readonly string[]>> = {
  size: ['XS', 'S', 'M', 'L', 'XL', 'XXL'],
  shoe: ['36', '37', '38', '39', '40', '41', '42', '43', '44', '45'],
  colour: COLOURS,
  package: ['1 szt.', '2 szt.', '5 szt.', '10 szt.', 'zestaw próbny', 'duże opakowanie'],
};

/** Sold out, oversold, or more often a few than many. */
function stock(random: Random, number: number): number {
  if (number % 13 === 5) return 0;
  if (number % 89 === 60) return -random.int(1, 4);
  return 1 + Math.floor(random.next() ** 2 * 250);
}

const ENDINGS = [99, 99, 90, 50, 49, 95];

/** Cheap things are more common; the ending is one that shops print. */
function priceBetween(random: Random, [low, high]: readonly [number, number]): Money {
  const zloty = low + Math.floor(random.next() ** 2 * (high - low));
  return (BigInt(zloty) * 100n + BigInt(random.pick(ENDINGS))) as Money;
}

/** Eight numbers a product, spread by a factor without a common divisor with 10^9, so that neighbours do not look alike. */
function ean(shop: number, number: number, variant: number): string {
  return ean13(((8 * number + variant) * 70_548_457 + (shop % 1000) * 1_000_003) % 1_000_000_000);
}

function shelf(random: Random): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${random.pick(['A', 'B', 'C', 'D'])}-${two(random.int(1, 24))}-${two(random.int(1, 8))}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
