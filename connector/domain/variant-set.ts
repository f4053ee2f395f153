import { IdSet, plainNumber } from './id-set.ts';

/** Every product has so many numbers in the set … */
const WIDTH = 64;

/** … and its variants share so many of them. A prime, as the ids of one product's variants often stand at even steps. */
const PLACES = 61;

/** Products and variants as a dump shows them above 0. */
export interface InStock {
  readonly products: IdSet;
  readonly variants: VariantSet;
}

/**
 * A set of variants in eight bytes a product, in which a range of products can be counted. Variants of one product
 * whose ids have the same remainder share a bit: that is one variant too few for a guard against mass drops, and no
 * harm.
 */
export class VariantSet {
  /** For storing. */
  readonly ids: IdSet;

  constructor(ids = new IdSet()) {
    this.ids = ids;
  }

  get size(): number {
    return this.ids.size;
  }

  add(productId: string, variantId: string): void {
    this.ids.add(keyOf(productId, variantId));
  }

  /** For adapters whose ids are numbers in the database. */
  addNumbers(productId: number, variantId: number): void {
    this.ids.addNumber(productId * WIDTH + (variantId % PLACES));
  }

  has(productId: string, variantId: string): boolean {
    return this.ids.has(keyOf(productId, variantId));
  }

  /** How many variants of products that are plain numbers from `from` to below `to`; undefined is no bound. */
  countBetween(from: string | undefined, to: string | undefined): number {
    const [first, end] = [from, to].map((bound) => (bound === undefined ? undefined : String(Number(bound) * WIDTH)));
    return this.ids.countBetween(first, end);
  }

  countMissingIn(other: VariantSet): number {
    return this.ids.countMissingIn(other.ids);
  }
}

/** Products past this number would not fit a plain number of the set. */
const LARGEST = 10_000_000_000_000;

function keyOf(productId: string, variantId: string): string {
  const [product, variant] = [plainNumber(productId), plainNumber(variantId)];
  const isPlain = product >= 0 && product < LARGEST && variant >= 0;
  return isPlain ? String(product * WIDTH + (variant % PLACES)) : `${productId}/${variantId}`;
}
