import { readRows } from '../../../db/connect.ts';
import type { Feature } from '../../../contracts/shop.ts';
import type { UnitOfWork } from '../../../contracts/shop-writing.ts';
import { grouped } from '../columns.ts';
import { cutBytes, cutCharacters, MAX_BYTES, MAX_CHARACTERS } from '../texts.ts';

type Id = number;

const TEXTS = Object.entries(MAX_BYTES.shop_product_texts);

/** Descriptions that were not sent stay as they are. */
export async function saveTexts(
  unit: UnitOfWork,
  productId: Id,
  descriptions: readonly (string | undefined)[],
): Promise<void> {
  const sent = TEXTS.filter((_, n) => descriptions[n] !== undefined).map(([column]) => column);
  if (sent.length === 0) return;
  const texts = TEXTS.map(([column, max], n) => [column, cutBytes(descriptions[n] ?? '', max)]);
  await unit('shop_product_texts')
    .insert({ product_id: productId, ...Object.fromEntries(texts) })
    .onConflict('product_id')
    .merge(sent);
}

type ImageRow = readonly [id: Id | undefined, url: string, position: number];

const NOWHERE = -1;

/**
 * URLs are stored, not downloaded. Those that were sent come first, in their order, then those that only the shop has;
 * none is deleted. A URL that does not fit would be broken, and is left out.
 */
export async function saveImages(unit: UnitOfWork, productId: Id, urls: readonly string[]): Promise<void> {
  const sent = [...new Set(urls)].filter((url) => url !== '' && cutCharacters(url, MAX_URL) === url);
  if (sent.length === 0) return;
  const sql = `SELECT id, url, position FROM shop_product_images
    WHERE product_id = ? AND variant_id = 0 ORDER BY position, id`;
  const stored = (await readRows(unit, sql, [productId])) as unknown as ImageRow[];
  const byUrl = grouped(stored, ([, url]) => url);
  // An address that the shop has twice stays twice, side by side.
  const first = sent.flatMap((url): readonly ImageRow[] => byUrl.get(url) ?? [[undefined, url, NOWHERE]]);
  const others = stored.filter(([, url]) => !sent.includes(url));
  const rows = [...first, ...others].flatMap(([id, url, before], position) =>
    position === before ? [] : [{ ...(id !== undefined && { id }), product_id: productId, position, url }],
  );
  if (rows.length > 0) await unit('shop_product_images').insert(rows).onConflict('id').merge(['position']);
}

const MAX_URL = MAX_CHARACTERS.shop_product_images.url;

type FeatureRow = readonly [id: Id, name: string, value: string, position: number];

/**
 * The values of a name that was sent replace those it had, and keep their place; none at all take the feature away.
 * Features of other names stay.
 */
export async function saveFeatures(unit: UnitOfWork, productId: Id, features: readonly Feature[]): Promise<void> {
  if (features.length === 0) return;
  const sql = `SELECT id, name, value, position FROM shop_product_features
    WHERE product_id = ? AND variant_id = 0 ORDER BY position, id`;
  const stored = (await readRows(unit, sql, [productId])) as unknown as FeatureRow[];
  const byName = grouped(stored, ([, name]) => name);
  let last = stored.at(-1)?.[3] ?? -1;
  const gone: Id[] = [];
  const rows: object[] = [];
  for (const [name, values] of valuesByName(features)) {
    const before = byName.get(name) ?? [];
    if (before.length === values.length && before.every(([, , value], n) => value === values[n])) continue;
    gone.push(...before.map(([id]) => id));
    const position = before[0]?.[3] ?? (last += 1);
    rows.push(...values.map((value) => ({ product_id: productId, position, name, value })));
  }
  if (gone.length > 0) await unit('shop_product_features').whereIn('id', gone).delete();
  if (rows.length > 0) await unit('shop_product_features').insert(rows);
}

/** Several values of one feature are joined with a bar on the wire (docs/protocol/baselinker.md 2.10); each is one row. */
function valuesByName(features: readonly Feature[]): Map<string, string[]> {
  const { name: maxName, value: maxValue } = MAX_CHARACTERS.shop_product_features;
  const byName = new Map<string, string[]>();
  for (const [sentName, sentValue] of features) {
    const name = cutCharacters(sentName.trim(), maxName);
    if (name === '') continue;
    const values = sentValue.split('|').map((value) => cutCharacters(value.trim(), maxValue));
    const unique = new Set([...(byName.get(name) ?? []), ...values.filter((value) => value !== '')]);
    byName.set(name, [...unique]);
  }
  return byName;
}
