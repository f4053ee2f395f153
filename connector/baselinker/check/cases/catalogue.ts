import {
  categories,
  productsData,
  productsFields,
  productsImages,
  productsList,
  type Cards,
  type ProductRow,
} from '../response-schemas.ts';
import { counted } from '../text-layout.ts';
import type { Finding, Report } from '../report.ts';
import { checkFilters } from './filters.ts';
import { few, pastTheEnd, readAll, type ListedRows, type Listing } from './paging.ts';

/** BaseLinker asks for at most 100 cards at once. */
const MAX_CARDS = 100;

/** Enough for a look at cards in part. */
const MAX_IN_PART = 10;

const action = 'ProductsData';

/** What a merchant browses: categories, list, cards. Answers the list for the dumps to be compared with. */
export async function checkCatalogue(
  report: Report,
  offered: ReadonlySet<string>,
): Promise<ListedRows<ProductRow> | undefined> {
  report.heading('Catalogue');
  const paths = offered.has('ProductsCategories') ? await readCategories(report) : undefined;
  if (!offered.has('ProductsList')) {
    report.skipped('ProductsList', 'not among the supported methods');
    return undefined;
  }
  const listing: Listing<ProductRow> = {
    action: 'ProductsList',
    title: 'ProductsList',
    schema: productsList,
    noun: 'product',
  };
  const listed = await readAll(report, listing);
  await pastTheEnd(report, listing, listed.pages);
  const cards = offered.has('ProductsData') ? await checkCards(report, listed.rows, paths) : undefined;
  await checkFilters(report, listed, cards ?? new Map<string, never>(), paths);
  return listed;
}

async function readCategories(report: Report): Promise<ReadonlyMap<string, string> | undefined> {
  return report.call({
    title: 'ProductsCategories',
    action: 'ProductsCategories',
    schema: categories,
    look: (paths) => ({ says: `${counted(paths.size, 'category', 'categories')}, sorted by path` }),
  });
}

async function checkCards(
  report: Report,
  rows: ReadonlyMap<string, ProductRow>,
  paths: ReadonlyMap<string, string> | undefined,
): Promise<Cards | undefined> {
  const ids = [...rows.keys()].slice(0, MAX_CARDS);
  const some = ids.slice(0, 1);
  const cards = ids.length > 0 ? await checkKnownCards(report, rows, paths, ids) : undefined;
  if (ids.length === 0) skipKnownCards(report);
  await report.call({
    title: 'ProductsData of unknown products',
    action,
    parameters: { products_id: [...some, '999999999999', 'no-such-product'].join(',') },
    schema: productsData,
    look: (found) => ({ says: 'unknown ones are left out', faults: onlyAsked(found, some) }),
  });
  return cards;
}

function skipKnownCards(report: Report): void {
  for (const title of ['ProductsData', ONLY_IMAGES, TWO_FIELDS]) report.skipped(title, 'the shop has no products');
}

const ONLY_IMAGES = 'ProductsData, only_images=1';
const TWO_FIELDS = 'ProductsData, fields=sku,name';

async function checkKnownCards(
  report: Report,
  rows: ReadonlyMap<string, ProductRow>,
  paths: ReadonlyMap<string, string> | undefined,
  ids: readonly string[],
): Promise<Cards | undefined> {
  const some = ids.slice(0, MAX_IN_PART);
  const cards = await report.call({
    title: `ProductsData of ${counted(ids.length, 'product')}`,
    action,
    parameters: { products_id: ids.join(',') },
    schema: productsData,
    look: (found) => ({
      says: `${found.size} cards with ${[...found.values()].reduce((n, { variants }) => n + variants.size, 0)} variants`,
      faults: [...onlyAsked(found, ids), ...unlikeTheList(found, rows), ...unknownCategories(found, paths)],
    }),
  });
  await report.call({
    title: ONLY_IMAGES,
    action,
    parameters: { products_id: some.join(','), only_images: 1 },
    schema: productsImages,
    look: (found) => ({ says: `the pictures of ${counted(found.size, 'product')}`, faults: onlyAsked(found, some) }),
  });
  await report.call({
    title: TWO_FIELDS,
    action,
    parameters: { products_id: some.join(','), fields: 'sku,name' },
    schema: productsFields(['sku', 'name']),
    look: (found) => ({ says: `two fields of ${counted(found.size, 'product')}`, faults: onlyAsked(found, some) }),
  });
  return cards;
}

function onlyAsked(found: ReadonlyMap<string, unknown>, asked: readonly string[]): string[] {
  const missing = asked.filter((id) => !found.has(id));
  const uncalledFor = [...found.keys()].filter((id) => !asked.includes(id));
  return [
    ...(missing.length > 0 ? [`lacks ${few(missing)}, which the list shows`] : []),
    ...(uncalledFor.length > 0 ? [`holds ${few(uncalledFor)}, for which nobody asked`] : []),
  ];
}

function unlikeTheList(cards: Cards, rows: ReadonlyMap<string, ProductRow>): string[] {
  const differ = (['name', 'sku', 'ean'] as const).flatMap((field) => {
    const ids = [...cards]
      .filter(([id, card]) => (rows.get(id)?.[field] ?? card[field]) !== card[field])
      .map(([id]) => id);
    return ids.length > 0 ? [`${field} of ${few(ids)} differs from the list`] : [];
  });
  return differ;
}

function unknownCategories(
  cards: Cards,
  paths: ReadonlyMap<string, string> | undefined,
): NonNullable<Finding['faults']> {
  if (!paths) return [];
  const ids = [...cards]
    .filter(([, card]) => card.category_id !== '' && !paths.has(card.category_id))
    .map(([id]) => id);
  return ids.length > 0 ? [`the category of ${few(ids)} is not among the categories: it would show up nameless`] : [];
}
