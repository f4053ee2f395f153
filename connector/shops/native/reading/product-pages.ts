import type { Knex } from 'knex';
import { readRows } from '../../../db/connect.ts';
import { categoriesShownAs } from '../../../domain/category-paths.ts';
import { listCache } from '../../list-cache.ts';
import { pageMaps } from '../../page-map.ts';
import { readIds, type IdQueryValue } from '../../read-ids.ts';
import type { Pages, ProductFilter, ProductListing, Selection, ShopProfile } from '../../../contracts/shop.ts';
import { storedCodes } from '../codes.ts';
import { idNumbers, isOn, isShown, SHOWN_QUANTITY, shownSince } from '../columns.ts';
import { categories } from './dictionaries.ts';

/** Pages of product listings: ranges from a page map for the whole catalogue by id, else the ids that a query finds. */
export function productPages(db: Knex, profile: ShopProfile): (listing: ProductListing) => Promise<Pages<Selection>> {
  const catalogue = pageMaps(
    {
      async idAfter(from, distance) {
        // Products that are shown no more count too: so a border does not move when one is removed or forgotten.
        const sql = `SELECT id FROM shop_products FORCE INDEX (PRIMARY)
          WHERE id >= ? ORDER BY id LIMIT 1 OFFSET ${Math.trunc(distance)}`;
        const [row] = await readRows(db, sql, [Number(from ?? 0)]);
        return row && String(row[0]);
      },
      async lastId() {
        const [row] = await readRows(db, 'SELECT MAX(id) FROM shop_products');
        return typeof row?.[0] === 'number' ? String(row[0]) : undefined;
      },
    },
    profile.now,
  );
  const lists = listCache(profile.now);

  return async (listing) => {
    const { page, pageSize, filter, sort, window } = listing;
    const plain = sort.column === 'id' && !sort.descending && !window && Object.keys(filter).length === 0;
    if (plain) return catalogue.pages(pageSize, page);
    const key = JSON.stringify([pageSize, filter, sort, window]);
    const { count, at } = await lists.pages(key, page, pageSize, async () => {
      const found = { codes: await codesIn(db, filter), categoryIds: await categoriesOf(db, filter) };
      const query = matching(listing, shownSince(profile), found);
      return query ? readIds(db, query.sql, query.values) : [];
    });
    return { count, at: (wanted) => ({ kind: 'ids', ids: at(wanted) }) };
  };
}

/** Those whose products stand in the category that the filter names, as their cards say (domain/category-paths.ts). */
async function categoriesOf(db: Knex, { categoryId }: ProductFilter): Promise<readonly number[] | undefined> {
  return categoryId === undefined ? undefined : idNumbers(categoriesShownAs(categoryId, await categories(db)));
}

interface IdQuery {
  readonly sql: string;
  readonly values: readonly IdQueryValue[];
}

const CODES = ['sku', 'ean'] as const;

/** For each code in a filter the texts that stand for it in the shop. */
type StoredCodes = Readonly<Partial<Record<(typeof CODES)[number], readonly string[]>>>;

async function codesIn(db: Knex, filter: ProductFilter): Promise<StoredCodes> {
  const found: { -readonly [column in keyof StoredCodes]: StoredCodes[column] } = {};
  for (const column of CODES) {
    const code = filter[column];
    if (code !== undefined) found[column] = await storedCodes(db, column, code);
  }
  return found;
}

/** What a filter's texts mean in the shop; undefined where the filter does not set them. */
interface FoundByFilter {
  readonly codes: StoredCodes;
  readonly categoryIds: readonly number[] | undefined;
}

/** The ids of a listing in its order; undefined where a code or an id in the filter can match nothing. */
function matching(
  { filter, sort, window }: ProductListing,
  since: Date,
  { codes, categoryIds }: FoundByFilter,
): IdQuery | undefined {
  const tables = ['shop_products p'];
  const conditions = [isShown('p')];
  const tableValues: IdQueryValue[] = [];
  const values: IdQueryValue[] = [since];

  for (const column of CODES) {
    const stored = codes[column];
    if (stored === undefined) continue;
    if (stored.length === 0) return undefined;
    tables.push(`JOIN (${withCode(column)}) AS by_${column} ON by_${column}.id = p.id`);
    tableValues.push(stored, stored, stored, stored, since);
  }
  if (filter.ids) {
    const ids = idNumbers(filter.ids);
    if (ids.length === 0) return undefined;
    conditions.push('p.id IN (?)');
    values.push(ids);
  }
  if (categoryIds) {
    if (categoryIds.length === 0) return undefined;
    conditions.push('p.category_id IN (?)');
    values.push(categoryIds);
  }
  for (const [condition, value] of bounds(filter)) {
    conditions.push(condition);
    if (value !== undefined) values.push(value);
  }
  const limit = window ? `LIMIT ${Math.trunc(window.take)} OFFSET ${Math.trunc(window.skip)}` : '';
  return {
    sql: `SELECT p.id FROM ${tables.join(' ')} WHERE ${conditions.join(' AND ')} ORDER BY ${orderBy(sort)} ${limit}`,
    values: [...tableValues, ...values],
  };
}

/** Each half by its index; the second comparison is there because the columns' own takes "a" for "A". */
const withCode = (column: 'sku' | 'ean') => `
  SELECT id FROM shop_products WHERE ${column} IN (?) AND CAST(${column} AS BINARY) IN (?)
  UNION
  SELECT v.product_id FROM shop_variants v
  WHERE v.${column} IN (?) AND CAST(v.${column} AS BINARY) IN (?) AND ${isShown('v')}`;

function bounds(filter: ProductFilter): [condition: string, value?: IdQueryValue][] {
  const { name, priceFrom, priceTo, quantityFrom, quantityTo, available } = filter;
  const found: [string, IdQueryValue?][] = [];
  if (name !== undefined) found.push([`p.name LIKE ? ESCAPE '|'`, `%${name.replaceAll(/[%_|]/g, '|$&')}%`]);
  if (priceFrom !== undefined) found.push([`p.price >= ${DECIMAL}`, priceFrom]);
  if (priceTo !== undefined) found.push([`p.price <= ${DECIMAL}`, priceTo]);
  if (quantityFrom !== undefined) found.push([`${SHOWN_QUANTITY} >= ?`, quantityFrom]);
  if (quantityTo !== undefined) found.push([`${SHOWN_QUANTITY} <= ?`, quantityTo]);
  if (available === true) found.push([isOn('p')]);
  if (available === false) found.push([`NOT (${isOn('p')})`]);
  return found;
}

const DECIMAL = 'CAST(? AS DECIMAL(65,30))';

function orderBy({ column, descending }: ProductListing['sort']): string {
  const direction = descending ? 'DESC' : 'ASC';
  switch (column) {
    case 'id':
      return `p.id ${direction}`;
    case 'name':
      return `p.name ${direction}, p.id`;
    case 'quantity':
      return `${SHOWN_QUANTITY} ${direction}, p.id`;
    case 'price':
      return `p.price IS NULL, p.price ${direction}, p.id`;
  }
}
