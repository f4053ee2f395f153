import { decimal, boolean, id, ids, page, parsed, text, integer } from '../wire/fields.ts';
import { RawJson, quote, writeJson } from '../wire/response.ts';
import type { ProductFilter, ProductListing, ProductRow, Shop, SortColumn } from '../../contracts/shop.ts';
import { shopAction, type ConnectionSettings } from './context.ts';
import { variantsById } from './response-parts.ts';

interface Input {
  category_id: string;
  filter_id: string;
  filter_ids_list: string[];
  filter_ean: string;
  filter_sku: string;
  filter_name: string;
  filter_price_from: string;
  filter_price_to: string;
  filter_quantity_from: number;
  filter_quantity_to: number;
  filter_available: boolean;
  filter_sort: ProductListing['sort'];
  filter_limit: NonNullable<ProductListing['window']>;
  include_variants: boolean;
  page: number;
}

/** Ids in one filter: ten pages of them. */
const MAX_IDS = 10_000;

export const productsList = shopAction<Input>({
  name: 'ProductsList',
  input: [
    id('category_id'),
    id('filter_id'),
    ids('filter_ids_list', MAX_IDS),
    text('filter_ean'),
    text('filter_sku'),
    text('filter_name'),
    decimal('filter_price_from'),
    decimal('filter_price_to'),
    integer('filter_quantity_from'),
    integer('filter_quantity_to'),
    boolean('filter_available'),
    parsed('filter_sort', readSort),
    parsed('filter_limit', readLimit),
    boolean('include_variants'),
    page(),
  ],
  async run(input, { shop, connection }) {
    const pages = await shop.productPages(listing(input, connection));
    const rows = await shop.products(pages.at(input.page ?? 1));
    const withVariants = input.include_variants === true && connection.listVariants === 'nested';
    const variants = withVariants ? await variantsOf(rows, shop) : undefined;
    let text = '{';
    for (const row of rows) text += `"${row.id}":${rowText(row, connection.currency, variants?.get(row.id))},`;
    return new RawJson(`${text}"pages":${pages.count}}`);
  },
});

/** Put together by hand, because a page has a thousand of them. A price that is not known is left out. */
function rowText(row: ProductRow, currency: string, variants: unknown): string {
  const price = row.price === undefined ? '' : `,"price":"${row.price}"`;
  const nested = variants === undefined ? '' : `,"variants":${writeJson(variants)}`;
  return (
    `{"name":${quote(row.name)},"quantity":${row.quantity}${price},"ean":${quote(row.ean)},"sku":${quote(row.sku)}` +
    `,"location":${quote(row.location)},"currency":"${currency}"${nested}}`
  );
}

async function variantsOf(rows: readonly ProductRow[], shop: Shop): Promise<ReadonlyMap<string, unknown>> {
  const variants = await shop.variants(rows.map((row) => row.id));
  return new Map(rows.map((row) => [row.id, variantsById(row.name, variants.get(row.id) ?? [])]));
}

function listing(input: Partial<Input>, { productsPerPage }: ConnectionSettings): ProductListing {
  const { filter_limit: window } = input;
  return {
    pageSize: productsPerPage,
    page: input.page ?? 1,
    filter: filterOf(input),
    sort: input.filter_sort ?? { column: 'id', descending: false },
    ...(window && { window }),
  };
}

function filterOf(input: Partial<Input>): ProductFilter {
  // An empty category and "all" both mean: no filter (docs/protocol/baselinker.md 2.4, an explicit warning there).
  const category = input.category_id === 'all' ? undefined : input.category_id;
  const chosen = idsOf(input);
  return {
    ...(chosen && { ids: chosen }),
    ...(category !== undefined && { categoryId: category }),
    ...(input.filter_ean !== undefined && { ean: input.filter_ean }),
    ...(input.filter_sku !== undefined && { sku: input.filter_sku }),
    ...(input.filter_name !== undefined && { name: input.filter_name }),
    ...(input.filter_price_from !== undefined && { priceFrom: input.filter_price_from }),
    ...(input.filter_price_to !== undefined && { priceTo: input.filter_price_to }),
    ...(input.filter_quantity_from !== undefined && { quantityFrom: input.filter_quantity_from }),
    ...(input.filter_quantity_to !== undefined && { quantityTo: input.filter_quantity_to }),
    ...(input.filter_available !== undefined && { available: input.filter_available }),
  };
}

/** Both id filters at once are ANDed like any others. */
function idsOf({ filter_id: one, filter_ids_list: many }: Partial<Input>): readonly string[] | undefined {
  if (one === undefined) return many;
  return !many || many.includes(one) ? [one] : [];
}

const COLUMNS: readonly SortColumn[] = ['id', 'name', 'quantity', 'price'];

/** `price DESC`; an unknown column is ignored (docs/protocol/baselinker.md 2.4). */
function readSort(value: string): ProductListing['sort'] | undefined {
  const [word = '', direction = 'asc'] = value.toLowerCase().split(/\s+/);
  const column = COLUMNS.find((one) => one === word);
  return column && { column, descending: direction === 'desc' };
}

/** `N`, or `S,N` as older callers send it: leave out S, then take N. Anything else is no limit. */
function readLimit(value: string): ProductListing['window'] {
  const match = /^(?:(\d{1,9})\s*,\s*)?(\d{1,9})$/.exec(value);
  return match ? { skip: Number(match[1] ?? 0), take: Number(match[2]) } : undefined;
}
