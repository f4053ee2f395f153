import assert from 'node:assert/strict';
import { aConnector } from '../baselinker/actions/a-connector.ts';
import { changeRows, counterIn, type ChangeRow } from '../orders/a-shop.ts';
import { testDatabase } from '../support/database.ts';
import { addProduct, addProducts, addVariant } from '../support/shop-rows.ts';

const CALLS = 30;
const ITEMS = 200;
const PRODUCTS = 150;

describe('changing variants in parallel', () => {
  const connector = aConnector();

  beforeEach(async () => {
    await addProducts(1, PRODUCTS, () => ({ quantity: 1000, price: '1.00' }));
    await addProduct({ id: 900 });
    for (let n = 0; n < 50; n += 1) await addVariant('900', { id: 5001 + n, quantity: 1000, price: '1.00' });
  });

  /** The same numbers every time: a multiplicative generator is mixed enough to cross the calls' orders. */
  function randomNumbers(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
  }

  function variants(call: number): { product_id: string; variant_id: string }[] {
    const random = randomNumbers(1000 + call * 7919);
    return Array.from({ length: ITEMS }, () => {
      const n = random(PRODUCTS + 50);
      return n < PRODUCTS
        ? { product_id: String(n + 1), variant_id: '0' }
        : { product_id: '900', variant_id: String(5001 + n - PRODUCTS) };
    });
  }

  const calls = async (action: string, itemsOf: (call: number) => readonly object[]) =>
    Promise.all(
      Array.from({ length: CALLS }, async (_, call) =>
        counterIn(await connector.call(action, { products: JSON.stringify(itemsOf(call)) })),
      ),
    );

  async function stored(column: 'quantity' | 'price'): Promise<Map<string, string>> {
    const { db } = testDatabase();
    const products: Record<string, number>[] = await db('shop_products').select('id', column);
    const variants: Record<string, number>[] = await db('shop_variants').select('id', 'product_id', column);
    return new Map([
      ...products.map((row) => [`${row['id']}/0`, String(row[column])] as const),
      ...variants.map((row) => [`${row['product_id']}/${row['id']}`, String(row[column])] as const),
    ]);
  }

  /** Each variant's rows connect: what one call left is what the next one found, up to what is stored now. */
  function isUnbroken(rows: readonly ChangeRow[], start: string, end: ReadonlyMap<string, string>): void {
    const at = new Map<string, string | null>();
    for (const row of rows) {
      const key = `${row.product_id}/${row.variant_id}`;
      assert.equal(row.before_value, at.get(key) ?? start, key);
      at.set(key, row.after_value);
    }
    for (const [key, value] of at) assert.equal(value, end.get(key), key);
  }

  it('adds every difference up, and no deadlock reaches a caller', async () => {
    const change = (call: number) =>
      variants(call).map((variant, n) => ({ ...variant, operation: 'change', quantity: (n % 7) - 3 }));
    assert.deepEqual(await calls('ProductsQuantityUpdate', change), new Array(CALLS).fill(ITEMS));
    const expected = new Map<string, number>();
    for (let call = 0; call < CALLS; call += 1) {
      for (const { product_id: product, variant_id: variant, quantity } of change(call)) {
        const key = `${product}/${variant}`;
        expected.set(key, (expected.get(key) ?? 1000) + quantity);
      }
    }
    const now = await stored('quantity');
    for (const [key, quantity] of expected) assert.equal(now.get(key), String(quantity), key);
    isUnbroken(await changeRows(), '1000', now);
  });

  it('sets prices one call after the other, and no deadlock reaches a caller', async () => {
    const price = (call: number) => variants(call).map((variant) => ({ ...variant, price: `${call + 2}.50` }));
    assert.deepEqual(await calls('ProductsPriceUpdate', price), new Array(CALLS).fill(ITEMS));
    isUnbroken(await changeRows(), '1.00', await stored('price'));
  });
});
