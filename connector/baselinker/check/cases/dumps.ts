import { productsPrices, productsQuantity, type ProductRow } from '../response-schemas.ts';
import { counted } from '../text-layout.ts';
import type { Report } from '../report.ts';
import { few, pastTheEnd, readAll, type ListedRows, type Listing } from './paging.ts';

/** The dumps that the marketplace synchronisers live on: page by page, every product and variant once. */
export async function checkDumps(
  report: Report,
  offered: ReadonlySet<string>,
  listed: ListedRows<ProductRow> | undefined,
): Promise<void> {
  report.heading('Prices and stock');
  if (offered.has('ProductsPrices')) {
    const known = [...(listed?.rows ?? [])].filter(([, { price }]) => price !== undefined).map(([id]) => id);
    await checkDump(
      report,
      { action: 'ProductsPrices', title: 'ProductsPrices', schema: productsPrices, noun: 'product' },
      known,
      listed,
    );
  } else report.skipped('ProductsPrices', 'not among the supported methods');
  if (offered.has('ProductsQuantity')) {
    const all = [...(listed?.rows.keys() ?? [])];
    await checkDump(
      report,
      { action: 'ProductsQuantity', title: 'ProductsQuantity', schema: productsQuantity, noun: 'product' },
      all,
      listed,
    );
  } else report.skipped('ProductsQuantity', 'not among the supported methods');
}

async function checkDump<Row>(
  report: Report,
  listing: Listing<Row>,
  expected: readonly string[],
  listed: ListedRows<ProductRow> | undefined,
): Promise<void> {
  const dump = await readAll(report, listing);
  await pastTheEnd(report, listing, dump.pages);
  if (!listed?.complete || !dump.complete) return;
  const missing = expected.filter((id) => !dump.rows.has(id));
  const faults = missing.length > 0 ? [`lacks ${few(missing)}, which the list shows: to BaseLinker they are gone`] : [];
  report.compared(`${listing.title} against the list`, {
    says: `all ${counted(expected.length, 'product')} are in it`,
    faults,
  });
}
