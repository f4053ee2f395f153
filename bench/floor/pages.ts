import { isOn, isShown, shownSince, type Ask } from './database.ts';
import { quote } from './json.ts';

const PAGE_SIZE = 1000;
const PAST_ALL_IDS = 4_294_967_296;

export type Pages = readonly number[];

/** The first id of every page. */
export async function readPages(ask: Ask): Promise<Pages> {
  const starts = [0];
  for (;;) {
    const [row] = await ask<[number]>(
      `SELECT id FROM shop_products FORCE INDEX (PRIMARY) WHERE id >= ? ORDER BY id LIMIT 1 OFFSET ${PAGE_SIZE}`,
      [starts.at(-1) ?? 0],
    );
    if (!row) return starts;
    starts.push(row[0]);
  }
}

function range(pages: Pages, page: number): [from: number, to: number] {
  return [pages[page - 1] ?? PAST_ALL_IDS, pages[page] ?? PAST_ALL_IDS];
}

const ON_PRODUCTS = `FROM shop_products p FORCE INDEX (PRIMARY)
  WHERE p.id >= ? AND p.id < ? AND ${isShown('p')} ORDER BY p.id`;
const ON_VARIANTS = `FROM shop_variants v FORCE INDEX (shop_variants_product)
  WHERE v.product_id >= ? AND v.product_id < ? AND ${isShown('v')} ORDER BY v.product_id, v.id`;
const OWN_STOCK = `CASE WHEN ${isOn('p')} THEN GREATEST(p.quantity, 0) ELSE -1 END`;

const STOCK = `SELECT p.id, ${OWN_STOCK} ${ON_PRODUCTS}`;
const VARIANTS_STOCK = `SELECT v.product_id, v.id, CASE WHEN ${isOn('v')} THEN GREATEST(v.quantity, 0) ELSE 0 END ${ON_VARIANTS}`;

export async function quantities(ask: Ask, pages: Pages, page: number): Promise<string> {
  const values = [...range(pages, page), shownSince()];
  const [products, variants] = await Promise.all([
    ask<[id: number, own: number]>(STOCK, values),
    ask<[productId: number, id: number, quantity: number]>(VARIANTS_STOCK, values),
  ]);
  let text = '{';
  let next = 0;
  for (const [id, own] of products) {
    let sum = 0;
    let inner = '';
    for (let variant = variants[next]; variant && variant[0] <= id; next += 1, variant = variants[next]) {
      if (variant[0] < id) continue;
      const quantity = own < 0 ? 0 : variant[2];
      sum += quantity;
      inner += `,"${variant[1]}":${quantity}`;
    }
    text += `"${id}":{"0":${own < 0 ? 0 : own || sum}${inner}},`;
  }
  return `${text}"pages":${pages.length}}`;
}

const PRICES = `SELECT p.id, p.price ${ON_PRODUCTS}`;
const VARIANTS_PRICES = `SELECT v.product_id, v.id, v.price ${ON_VARIANTS}`;

export async function prices(ask: Ask, pages: Pages, page: number): Promise<string> {
  const values = [...range(pages, page), shownSince()];
  const [products, variants] = await Promise.all([
    ask<[id: number, price: string | null]>(PRICES, values),
    ask<[productId: number, id: number, price: string | null]>(VARIANTS_PRICES, values),
  ]);
  let text = '{';
  let next = 0;
  for (const [id, own] of products) {
    let inner = own === null ? '' : `"0":"${own}"`;
    for (let variant = variants[next]; variant && variant[0] <= id; next += 1, variant = variants[next]) {
      const price = variant[2] ?? own;
      if (variant[0] < id || price === null) continue;
      inner += `${inner === '' ? '' : ','}"${variant[1]}":"${price}"`;
    }
    if (inner !== '') text += `"${id}":{${inner}},`;
  }
  return `${text}"pages":${pages.length}}`;
}

type ListRow = [id: number, name: string, own: number, price: string | null, ean: string, sku: string, place: string];

const LIST = `SELECT p.id, p.name, ${OWN_STOCK}, p.price, p.ean, p.sku, p.location ${ON_PRODUCTS}`;
const VARIANTS_IN_STOCK = `SELECT v.product_id, v.quantity FROM shop_variants v FORCE INDEX (shop_variants_product)
  WHERE v.product_id >= ? AND v.product_id < ? AND ${isOn('v')} AND v.quantity > 0 ORDER BY v.product_id`;

export async function list(ask: Ask, pages: Pages, page: number): Promise<string> {
  const borders = range(pages, page);
  const [products, variants] = await Promise.all([
    ask<ListRow>(LIST, [...borders, shownSince()]),
    ask<[productId: number, quantity: number]>(VARIANTS_IN_STOCK, borders),
  ]);
  let text = '{';
  let next = 0;
  for (const [id, name, own, price, ean, sku, location] of products) {
    let sum = 0;
    for (let variant = variants[next]; variant && variant[0] <= id; next += 1, variant = variants[next]) {
      if (variant[0] === id) sum += variant[1];
    }
    text +=
      `"${id}":{"name":${quote(name)},"quantity":${own < 0 ? 0 : own || sum}` +
      `${price === null ? '' : `,"price":"${price}"`},"ean":${quote(ean)},"sku":${quote(sku)}` +
      `,"location":${quote(location)},"currency":"PLN"},`;
  }
  return `${text}"pages":${pages.length}}`;
}
