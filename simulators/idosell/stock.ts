import { z } from 'zod';
import { amountOf, readAmount, writeAmount, type Amount } from './amount.ts';

const decimal = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => readAmount(text) !== undefined, 'is no decimal number');

/** What the wholesaler sells. A stock of -1 is no count: nobody knows how many there are, and they can be ordered (4.0). */
export const ProductInput = z.strictObject({
  codes: z
    .strictObject({ internal: z.string(), producer: z.string(), external: z.string() })
    .partial()
    .refine((codes) => Object.values(codes).some((code) => code !== ''), 'a product needs a code'),
  name: z.string().default('Towar'),
  stock: decimal.default('10'),
  price: decimal.default('10'),
  /** In kilograms. */
  weight: decimal.default('1'),
});

export type ProductInput = z.input<typeof ProductInput>;

export interface Product {
  readonly codes: ReadonlyMap<string, string>;
  readonly name: string;
  readonly price: Amount;
  readonly weight: Amount;
  stock: Amount;
}

const ASK = amountOf('-1');

export interface Stock {
  readonly products: readonly Product[];
  /** Adds it, or replaces the one that has one of its codes. */
  put(product: ProductInput): void;
  find(code: string, codeType: string): Product | undefined;
  /** By any of its codes. */
  set(code: string, stock: string): void;
  /** Decimal text; undefined for a code that is not known. */
  of(code: string): string | undefined;
}

export const canGive = ({ stock }: Product, wanted: Amount): boolean => stock === ASK || stock >= wanted;

export function take(product: Product, amount: Amount): void {
  if (product.stock !== ASK) product.stock -= amount;
}

export const giveBack = (product: Product, amount: Amount): void => take(product, -amount);

export function openStock(given: readonly ProductInput[]): Stock {
  let products: Product[] = [];
  const byAny = (code: string) => products.find(({ codes }) => [...codes.values()].includes(code));
  const put = (input: ProductInput) => {
    const { codes, name, stock, price, weight } = ProductInput.parse(input);
    const kept = new Map(Object.entries(codes).filter((one): one is [string, string] => Boolean(one[1])));
    const hasNone = (product: Product) => [...kept].every(([type, code]) => product.codes.get(type) !== code);
    const product = { name, stock: amountOf(stock), price: amountOf(price), weight: amountOf(weight) };
    // Who has the one before it in the basket finds that there is none left.
    for (const before of products) if (!hasNone(before)) before.stock = 0n;
    products = [...products.filter(hasNone), { codes: kept, ...product }];
  };
  given.forEach(put);
  return {
    get products() {
      return products;
    },
    put,
    find: (code, codeType) => (code === '' ? undefined : products.find(({ codes }) => codes.get(codeType) === code)),
    set: (code, stock) => {
      const product = byAny(code);
      if (!product) throw new RangeError(`nobody sells ${code}`);
      product.stock = amountOf(stock);
    },
    of: (code) => {
      const product = byAny(code);
      return product && writeAmount(product.stock);
    },
  };
}
