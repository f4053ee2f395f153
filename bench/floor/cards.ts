import { filledUp, HUNDRED, isOn, isShown, shownSince, type Ask } from './database.ts';
import { byFirst, quote } from './json.ts';

type CardRow = [
  ...[id: number, isOn: number, own: number, sku: string, ean: string, model: string, name: string],
  ...[price: string | null, vat: string | null, weight: string, height: string, length: string, width: string],
  ...[text: string | null, text1: string | null, text2: string | null, text3: string | null, text4: string | null],
  ...[manufacturer: string | null, image: string | null, category: number, location: string, url: string],
  days: number | null,
];
type VariantRow = [
  ...[productId: number, id: number, name: string, sku: string, ean: string, price: string | null],
  ...[quantity: number, weight: string | null],
];
type ImageRow = [productId: number, variantId: number, url: string];
type FeatureRow = [productId: number, variantId: number, name: string, value: string];

const CARDS = `
  SELECT p.id, ${isOn('p')}, p.quantity, p.sku, p.ean, p.model, p.name, p.price, p.vat_rate, p.weight, p.height,
    p.length, p.width, t.description, t.description_extra1, t.description_extra2, t.description_extra3,
    t.description_extra4, m.name, m.image_url, p.category_id, p.location, p.url, p.delivery_days
  FROM shop_products p LEFT JOIN shop_manufacturers m ON m.id = p.manufacturer_id
    LEFT JOIN shop_product_texts t ON t.product_id = p.id
  WHERE p.id IN (${HUNDRED}) AND ${isShown('p')}`;
const VARIANTS = `
  SELECT v.product_id, v.id, v.name, v.sku, v.ean, v.price,
    CASE WHEN ${isOn('v')} THEN GREATEST(v.quantity, 0) ELSE 0 END, v.weight
  FROM shop_variants v WHERE v.product_id IN (${HUNDRED}) AND ${isShown('v')}
  ORDER BY v.product_id, v.position, v.id`;
const IMAGES = `
  SELECT product_id, variant_id, url FROM shop_product_images WHERE product_id IN (${HUNDRED})
  ORDER BY product_id, variant_id, position, id`;
const FEATURES = `
  SELECT product_id, variant_id, name, value FROM shop_product_features WHERE product_id IN (${HUNDRED})
  ORDER BY product_id, variant_id, position, id`;

/** How a card names its category, as it stands in the answer; products of hidden ones are shown further up. */
export type Places = ReadonlyMap<number, string>;

const NOWHERE = '"category_id":"","category_name":""';

export async function readPlaces(ask: Ask): Promise<Places> {
  type Category = [id: number, parent: number, name: string, active: number];
  const rows = await ask<Category>('SELECT id, parent_id, name, active FROM shop_categories', []);
  const nodes = new Map(rows.map((row) => [row[0], row]));
  const fromTop = (id: number): Category[] => {
    const node = nodes.get(id);
    return node ? [...fromTop(node[1]), node] : [];
  };
  const placeOf = (id: number): string => {
    const line = fromTop(id);
    const hidden = line.findIndex((node) => node[3] === 0);
    const shown = hidden < 0 ? line : line.slice(0, hidden);
    const last = shown.at(-1);
    return last
      ? `"category_id":"${last[0]}","category_name":${quote(shown.map((node) => node[2]).join('/'))}`
      : NOWHERE;
  };
  return new Map(rows.map(([id]) => [id, placeOf(id)]));
}

export async function cards(ask: Ask, places: Places, ids: readonly number[]): Promise<string> {
  const list = filledUp(ids);
  const [rows, variants, images, features] = await Promise.all([
    ask<CardRow>(CARDS, [...list, shownSince()]),
    ask<VariantRow>(VARIANTS, [...list, shownSince()]),
    ask<ImageRow>(IMAGES, list),
    ask<FeatureRow>(FEATURES, list),
  ]);
  const byId = new Map(rows.map((row) => [row[0], row]));
  const parts = { variants: byFirst(variants), images: byFirst(images), features: byFirst(features) };
  let text = '';
  for (const id of ids) {
    const row = byId.get(id);
    if (row) text += `${text === '' ? '' : ','}"${id}":${card(row, places, parts)}`;
  }
  return `{${text}}`;
}

interface Parts {
  readonly variants: ReadonlyMap<number, readonly VariantRow[]>;
  readonly images: ReadonlyMap<number, readonly ImageRow[]>;
  readonly features: ReadonlyMap<number, readonly FeatureRow[]>;
}

function card(row: CardRow, places: Places, parts: Parts): string {
  const [id, on, own, sku, ean, model, name, price, vat, weight, height, length, width, ...rest] = row;
  const [text0, text1, text2, text3, text4, manufacturer, image, category, location, url, days] = rest;
  const images = parts.images.get(id) ?? [];
  const features = parts.features.get(id) ?? [];
  let sum = 0;
  let variants = '';
  for (const variant of parts.variants.get(id) ?? []) {
    const quantity = on === 1 ? variant[6] : 0;
    const ofVariant = variant[5] ?? price;
    sum += quantity;
    variants +=
      `${variants === '' ? '' : ','}"${variant[1]}":{"full_name":${quote(`${name} ${variant[2]}`.trim())}` +
      `,"name":${quote(variant[2])}${ofVariant === null ? '' : `,"price":"${ofVariant}"`},"quantity":${quantity}` +
      `,"sku":${quote(variant[3])},"ean":${quote(variant[4])},"images":${urls(images, variant[1])}` +
      `,"features":${pairs(features, variant[1])},"weight":${Number(variant[7] ?? weight)}}`;
  }
  return (
    `{"sku":${quote(sku)},"ean":${quote(ean)},"model":${quote(model)},"name":${quote(name)}` +
    `,"quantity":${on === 0 ? 0 : own > 0 ? own : sum}${price === null ? '' : `,"price":"${price}"`},"currency":"PLN"` +
    `,"tax":${Number(vat ?? 0)},"weight":${Number(weight)},"height":${Number(height)},"length":${Number(length)}` +
    `,"width":${Number(width)},"description":${quote(text0 ?? '')},"description_extra1":${quote(text1 ?? '')}` +
    `,"description_extra2":${quote(text2 ?? '')},"description_extra3":${quote(text3 ?? '')}` +
    `,"description_extra4":${quote(text4 ?? '')},"man_name":${quote(manufacturer ?? '')}` +
    `,"man_image":${quote(image ?? '')},${places.get(category) ?? NOWHERE},"location":${quote(location)}` +
    `,"url":${quote(url)}` +
    `${days === null ? '' : `,"delivery_time":${days}`},"images":${urls(images, 0)},"features":${pairs(features, 0)}` +
    `,"variants":{${variants}}}`
  );
}

function urls(images: readonly ImageRow[], variantId: number): string {
  let text = '';
  for (const image of images) {
    if (image[1] === variantId) text += `${text === '' ? '' : ','}${quote(image[2])}`;
  }
  return `[${text}]`;
}

/** Several values of one feature are joined with a vertical bar, where the first one stands. */
function pairs(features: readonly FeatureRow[], variantId: number): string {
  const values = new Map<string, string>();
  for (const feature of features) {
    if (feature[1] !== variantId) continue;
    const earlier = values.get(feature[2]);
    values.set(feature[2], earlier === undefined ? feature[3] : `${earlier}|${feature[3]}`);
  }
  let text = '';
  for (const [name, value] of values) text += `${text === '' ? '' : ','}[${quote(name)},${quote(value)}]`;
  return `[${text}]`;
}
