import { productsData } from '../response-schemas.ts';
import type { Report } from '../report.ts';
import { showsStock, updates, type Sample } from './write-and-read.ts';

/** Stock and price of one product; both end as they were. Nothing is `set`: that would undo a sale in between. */
export async function checkStockAndPriceWrites(
  report: Report,
  offered: ReadonlySet<string>,
  sample: Sample,
): Promise<void> {
  if (offered.has('ProductsQuantityUpdate')) await checkStock(report, sample);
  else report.skipped('ProductsQuantityUpdate', 'not among the supported methods');
  if (!offered.has('ProductsPriceUpdate')) report.skipped('ProductsPriceUpdate', 'not among the supported methods');
  else if (sample.price === undefined) report.skipped('ProductsPriceUpdate', 'no price is known to set back');
  else await checkPrice(report, sample.id, sample.price);
}

async function checkStock(report: Report, { id, stock }: Sample): Promise<void> {
  await writeStock(report, id, 'change', 1);
  await showsStock(report, 'one more', id, stock + 1);
  await writeStock(report, id, 'change', -1);
  await showsStock(report, 'as before', id, stock);
}

export async function writeStock(
  report: Report,
  id: string,
  operation: 'set' | 'change',
  quantity: number,
): Promise<void> {
  const action = 'ProductsQuantityUpdate';
  const products = JSON.stringify([{ product_id: id, variant_id: 0, operation, quantity }]);
  await updates(report, `${action}, ${operation} ${quantity}`, action, { products });
}

async function checkPrice(report: Report, id: string, price: string): Promise<void> {
  const action = 'ProductsPriceUpdate';
  const products = JSON.stringify([{ product_id: id, variant_id: 0, price }]);
  await updates(report, `${action}, what it costs already`, action, { products });
  await report.call({
    title: 'ProductsData, the price',
    action: 'ProductsData',
    parameters: { products_id: id },
    schema: productsData,
    look: (cards) => {
      const now = cards.get(id)?.price;
      const faults = now === price ? [] : [`product ${id} costs ${now ?? 'nothing'} where ${price} was sent`];
      return { says: `${id} costs ${price}`, faults };
    },
  });
}
