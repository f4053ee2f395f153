import { productsList, type Cards, type ProductRow } from '../response-schemas.ts';
import { parseMoney } from '../../../domain/money.ts';
import type { Parameters } from '../client.ts';
import { isMisplaced } from '../polish-collation.ts';
import { counted } from '../text-layout.ts';
import type { Report } from '../report.ts';
import { few, type ListedRows } from './paging.ts';

type Rows = ReadonlyMap<string, ProductRow>;

/** One filtered list: what is asked, and what must hold for every row of the answer. */
interface Filter {
  readonly parameters: Parameters;
  /** True for a row that the filter lets pass. */
  readonly admits: (row: ProductRow, id: string) => boolean;
  /** A product that the answer must show, or several. */
  readonly shows?: string | readonly string[];
}

/** Each filter with a value out of the shop itself: it must find the product, and nothing that it excludes. */
export async function checkFilters(
  report: Report,
  listed: ListedRows<ProductRow>,
  cards: Cards,
  paths: ReadonlyMap<string, string> | undefined,
): Promise<void> {
  report.heading('Filters and sorting of the product list');
  const sample = typicalProduct(listed.rows);
  if (!sample) {
    report.skipped('filters', 'the shop has no products');
    return;
  }
  for (const filter of filtersFor(sample, listed, cards, paths)) await checkFilter(report, filter, listed.pages);
  await checkAvailability(report);
  for (const column of ['id', 'name', 'quantity', 'price'] as const) {
    await checkSorting(report, column, 'ASC');
    await checkSorting(report, column, 'DESC');
  }
  await checkLimit(report, listed);
}

/** The first product that has everything there is to filter by, or as much as possible. */
function typicalProduct(rows: Rows): readonly [string, ProductRow] | undefined {
  const wealth = ({ sku, ean, price, quantity }: ProductRow): number =>
    Number(Boolean(sku)) + Number(Boolean(ean)) + Number(price !== undefined) + Number(quantity > 0);
  let best: readonly [string, ProductRow] | undefined;
  for (const candidate of rows) if (!best || wealth(candidate[1]) > wealth(best[1])) best = candidate;
  return best;
}

function* filtersFor(
  [id, row]: readonly [string, ProductRow],
  listed: ListedRows<ProductRow>,
  cards: Cards,
  paths: ReadonlyMap<string, string> | undefined,
): Generator<Filter> {
  const some = [...listed.rows.keys()].slice(-3);
  yield { parameters: { filter_id: id }, admits: (_, key) => key === id, shows: id };
  yield {
    parameters: { filter_ids_list: some.join(',') },
    admits: (_, key) => some.includes(key),
    ...(some[0] && { shows: some[0] }),
  };
  // Exact or part: both are in use (2.4).
  if (row.sku) yield { parameters: { filter_sku: row.sku }, admits: ({ sku = '' }) => holds(sku, row.sku), shows: id };
  if (row.ean) yield { parameters: { filter_ean: row.ean }, admits: ({ ean = '' }) => holds(ean, row.ean), shows: id };
  const word = longestWord(row.name);
  yield { parameters: { filter_name: word }, admits: ({ name }) => holds(name, word), shows: id };
  yield { parameters: { filter_name: 'no product is named like this' }, admits: () => false };
  yield {
    parameters: { filter_quantity_from: row.quantity },
    admits: ({ quantity }) => quantity >= row.quantity,
    shows: id,
  };
  yield {
    parameters: { filter_quantity_to: row.quantity },
    admits: ({ quantity }) => quantity <= row.quantity,
    shows: id,
  };
  yield* priceFilters(id, row);
  yield* categoryFilters(cards, paths);
}

function* priceFilters(id: string, { price: bound }: ProductRow): Generator<Filter> {
  if (bound === undefined) return;
  const costs = (price: string | undefined): bigint | undefined =>
    price === undefined ? undefined : parseMoney(price);
  const limit = parseMoney(bound);
  const atLeast = ({ price }: ProductRow): boolean => (costs(price) ?? -1n) >= limit;
  const atMost = ({ price }: ProductRow): boolean => (costs(price) ?? limit + 1n) <= limit;
  yield { parameters: { filter_price_from: bound }, admits: atLeast, shows: id };
  yield { parameters: { filter_price_to: bound }, admits: atMost, shows: id };
  yield {
    parameters: { filter_price_from: bound, filter_price_to: bound },
    admits: (row) => atLeast(row) && atMost(row),
    shows: id,
  };
}

/** A shop has many; a fault in how they are filtered shows in some of them. */
const MAX_CATEGORIES = 10;

/** Only the cards tell a product's category, so only products whose card was read can be judged. */
function* categoryFilters(cards: Cards, paths: ReadonlyMap<string, string> | undefined): Generator<Filter> {
  yield { parameters: { category_id: 'all' }, admits: () => true };
  yield { parameters: { category_id: '' }, admits: () => true };
  const filed = new Map<string, string[]>();
  for (const [id, { category_id: category }] of cards) {
    if (paths?.has(category)) filed.set(category, [...(filed.get(category) ?? []), id]);
  }
  for (const [category, shows] of [...filed].slice(0, MAX_CATEGORIES)) {
    const path = paths?.get(category) ?? '';
    const isInside = (other: string): boolean => other === category || (paths?.get(other) ?? '').startsWith(`${path}/`);
    const admits: Filter['admits'] = (_, key) => isInside(cards.get(key)?.category_id ?? category);
    yield { parameters: { category_id: category }, admits, shows };
  }
}

async function checkFilter(report: Report, { parameters, admits, shows }: Filter, pagesOfAll: number): Promise<void> {
  const name = Object.entries(parameters).map(([key, value]) => `${key}=${value}`);
  await report.call({
    title: name.join(' '),
    action: 'ProductsList',
    parameters,
    schema: productsList,
    look: ({ rows, pages }) => {
      const wrong = [...rows].filter(([id, row]) => !admits(row, id)).map(([id]) => id);
      // On a later page the product may be just as right.
      const lost = pages === 1 ? [shows ?? []].flat().filter((id) => !rows.has(id)) : [];
      const isUnfiltered = Object.values(parameters).every((value) => value === 'all' || value === '');
      return {
        says: pages === 1 ? counted(rows.size, 'product') : `${counted(rows.size, 'product')}, page 1 of ${pages}`,
        faults: [
          ...(wrong.length > 0 ? [`shows ${few(wrong)}, which the filter excludes`] : []),
          ...(lost.length > 0 ? [`does not show product ${few(lost)}, which the filter admits`] : []),
          ...(isUnfiltered && pages !== pagesOfAll
            ? [`has ${pages} pages instead of ${pagesOfAll}: it must not filter`]
            : []),
        ],
      };
    },
  });
}

async function checkAvailability(report: Report): Promise<void> {
  const read = async (value: 0 | 1, look: (rows: Rows) => string[]): Promise<Rows> => {
    const answer = await report.call({
      title: `filter_available=${value}`,
      action: 'ProductsList',
      parameters: { filter_available: value },
      schema: productsList,
      look: ({ rows, pages }) => ({ says: `${counted(rows.size, 'product')}, page 1 of ${pages}`, faults: look(rows) }),
    });
    return answer?.rows ?? new Map<string, ProductRow>();
  };
  const unavailable = await read(0, (rows) => {
    const sold = [...rows].filter(([, { quantity }]) => quantity > 0).map(([id]) => id);
    return sold.length > 0 ? [`shows a stock for ${few(sold)}, which are not available`] : [];
  });
  await read(1, (rows) => {
    const both = [...rows.keys()].filter((id) => unavailable.has(id));
    return both.length > 0 ? [`shows ${few(both)}, just like filter_available=0`] : [];
  });
}

type Column = 'id' | 'name' | 'quantity' | 'price';

async function checkSorting(report: Report, column: Column, direction: 'ASC' | 'DESC'): Promise<void> {
  await report.call({
    title: `filter_sort=${column} ${direction}`,
    action: 'ProductsList',
    parameters: { filter_sort: `${column} ${direction}` },
    schema: productsList,
    look: ({ rows }) => {
      const inOrder = direction === 'ASC' ? [...rows] : [...rows].toReversed();
      const at = firstMisplaced(
        inOrder.filter(([, { price }]) => column !== 'price' || price !== undefined),
        column,
      );
      return {
        says: `${counted(rows.size, 'product')} in order`,
        faults: at === undefined ? [] : [`product ${at} is out of order`],
      };
    },
  });
}

function firstMisplaced(rows: readonly (readonly [string, ProductRow])[], column: Column): string | undefined {
  const isAfter = (a: readonly [string, ProductRow], b: readonly [string, ProductRow]): boolean => {
    switch (column) {
      case 'id':
        return /^\d+$/.test(a[0]) && /^\d+$/.test(b[0]) && BigInt(a[0]) > BigInt(b[0]);
      case 'name':
        return isMisplaced(a[1].name, b[1].name);
      case 'quantity':
        return a[1].quantity > b[1].quantity;
      case 'price':
        return parseMoney(a[1].price ?? '0') > parseMoney(b[1].price ?? '0');
    }
  };
  return rows.find((row, at) => at > 0 && isAfter(rows[at - 1] ?? row, row))?.[0];
}

async function checkLimit(report: Report, { rows, complete }: ListedRows<ProductRow>): Promise<void> {
  if (!complete) return;
  const expected = (skip: number, take: number): number => Math.max(0, Math.min(take, rows.size - skip));
  for (const [limit, size] of [
    ['3', expected(0, 3)],
    ['2,3', expected(2, 3)],
  ] as const) {
    await report.call({
      title: `filter_limit=${limit}`,
      action: 'ProductsList',
      parameters: { filter_limit: limit },
      schema: productsList,
      look: (answer) => ({
        says: counted(answer.rows.size, 'product'),
        faults:
          answer.rows.size === size ? [] : [`holds ${counted(answer.rows.size, 'product')} where ${size} are due`],
      }),
    });
  }
}

/** As databases compare: without regard to case and accents. */
function holds(complete: string, part = ''): boolean {
  return folded(complete).includes(folded(part));
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ł', 'l').replaceAll('ß', 'ss');
}

function longestWord(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), words[0] ?? name);
}
