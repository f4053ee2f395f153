import { productsData, productsQuantity, type Cards } from '../response-schemas.ts';
import { counted } from '../text-layout.ts';
import type { Report } from '../report.ts';
import { checkStockAndPriceWrites } from './stock-and-price-writes.ts';
import { checkNewProducts } from './new-products.ts';
import { checkOrderWrites } from './order-writes.ts';
import type { Leftovers, Sample } from './write-and-read.ts';

/** The test takes two units for a moment. */
const MIN_STOCK = 2;

/** Writes into the shop as BaseLinker would, and reads everything back. For test shops only. */
export async function checkWriting(report: Report, offered: ReadonlySet<string>, now: Date): Promise<void> {
  report.heading('Writing: stock and prices');
  const leftovers: Leftovers = [];
  const sample = await pickSample(report, offered);
  if (sample) {
    await checkStockAndPriceWrites(report, offered, sample);
    await checkOrderWrites(report, offered, { sample, now, leftovers });
  } else {
    report.skipped('stock, prices and orders', `page 1 has no product with ${MIN_STOCK} pieces and no variants`);
  }
  await checkNewProducts(report, offered, leftovers);
  if (leftovers.length > 0) {
    report.say('');
    report.say(`Left in the shop by this check: ${leftovers.join('; ')}.`);
  }
  if (sample) {
    const cost = sample.price === undefined ? '' : ` and cost ${sample.price}`;
    report.say(
      `Product ${sample.id} had ${counted(sample.stock, 'piece')}${cost}: its stock and price were moved and put back, unless a line above says "not ok".`,
    );
  }
}

/** An ordinary product on the first page of the stock dump, so that one call reads its stock back. */
async function pickSample(report: Report, offered: ReadonlySet<string>): Promise<Sample | undefined> {
  if (!offered.has('ProductsQuantity') || !offered.has('ProductsData')) return undefined;
  const dump = await report.call({
    title: 'ProductsQuantity, before anything is written',
    action: 'ProductsQuantity',
    schema: productsQuantity,
    look: ({ rows }) => ({ says: `${rows.size} products` }),
  });
  const candidates = [...(dump?.rows ?? [])].filter(
    ([, values]) => values.size === 1 && (values.get('0') ?? 0) >= MIN_STOCK,
  );
  const cards = await readCards(
    report,
    candidates.slice(0, MAX_CANDIDATES).map(([id]) => id),
  );
  // One with a price is better: orders and prices are tried with what it really costs.
  const [id, card] = [...cards].find(([, { price }]) => price !== undefined) ?? [...cards][0] ?? [];
  if (id === undefined || !card) return undefined;
  return { id, name: card.name, sku: card.sku, price: card.price, stock: dump?.rows.get(id)?.get('0') ?? 0 };
}

const MAX_CANDIDATES = 20;

async function readCards(report: Report, ids: readonly string[]): Promise<Cards> {
  if (ids.length === 0) return new Map<string, never>();
  const cards = await report.call({
    title: 'ProductsData of products to test with',
    action: 'ProductsData',
    parameters: { products_id: ids.join(',') },
    schema: productsData,
    look: (found) => ({ says: `${found.size} cards` }),
  });
  return cards ?? new Map<string, never>();
}
