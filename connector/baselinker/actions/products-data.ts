import { shownPlaces, type PlaceOf } from '../../domain/category-paths.ts';
import { boolean, ids, required, stringList } from '../wire/fields.ts';
import { RawJson, plainJson, writeJson } from '../wire/response.ts';
import type { CardSection, ProductCard } from '../../contracts/shop.ts';
import { shopAction, type ConnectionSettings } from './context.ts';
import { featurePairs, tax, variantsById } from './response-parts.ts';

interface Input {
  products_id: string[];
  only_images: boolean;
  fields: string[];
}

/** docs/protocol/baselinker.md 2.5: at most 100 ids, no paging. */
const MAX_IDS = 100;

/** Which fields need which part of a card; all others stand in the product's own row. */
const PART_OF: ReadonlyMap<string, CardSection> = new Map([
  ['description', 'texts'],
  ['description_extra1', 'texts'],
  ['description_extra2', 'texts'],
  ['description_extra3', 'texts'],
  ['description_extra4', 'texts'],
  ['images', 'images'],
  ['features', 'features'],
  ['variants', 'variants'],
]);

const ALL_PARTS: ReadonlySet<CardSection> = new Set(['texts', 'images', 'features', 'variants']);

export const productsData = shopAction<Input>({
  name: 'ProductsData',
  input: [required(ids('products_id', MAX_IDS)), boolean('only_images'), stringList('fields')],
  async run({ products_id = [], only_images, fields = [] }, { shop, connection }) {
    const requested = only_images === true ? ['images'] : fields;
    const [cards, categories] = await Promise.all([
      shop.productCards(products_id, partsFor(requested)),
      requested.length === 0 || requested.some((name) => name.startsWith('category_')) ? shop.categories() : [],
    ]);
    const placeOf = shownPlaces(categories);
    return new Map(cards.map((card) => [card.id, cardJson(card, placeOf, connection, requested)]));
  },
});

function partsFor(fields: readonly string[]): ReadonlySet<CardSection> {
  if (fields.length === 0) return ALL_PARTS;
  return new Set(fields.flatMap((name) => PART_OF.get(name) ?? []));
}

/** The variants come last and are written apart: their order is that of a Map. An empty list of fields means all. */
function cardJson(
  card: ProductCard,
  placeOf: PlaceOf,
  connection: ConnectionSettings,
  fields: readonly string[],
): RawJson {
  const { text } = plainJson(pick(toWire(card, placeOf, connection), fields));
  if (fields.length > 0 && !fields.includes('variants')) return new RawJson(text);
  const variants = `"variants":${writeJson(variantsById(card.name, card.variants))}}`;
  return new RawJson(text === '{}' ? `{${variants}` : `${text.slice(0, -1)},${variants}`);
}

function pick(card: Readonly<Record<string, unknown>>, fields: readonly string[]): object {
  if (fields.length === 0) return card;
  return Object.fromEntries(Object.entries(card).filter(([name]) => fields.includes(name)));
}

/** A price that the shop does not know is left out: BaseLinker would read any text there as 0. */
function toWire(card: ProductCard, placeOf: PlaceOf, { currency, vatExemptAs }: ConnectionSettings) {
  const category = card.categoryId === undefined ? undefined : placeOf(card.categoryId);
  const [description = '', extra1 = '', extra2 = '', extra3 = '', extra4 = ''] = card.descriptions;
  return {
    sku: card.sku,
    ean: card.ean,
    model: card.model,
    name: card.name,
    quantity: card.quantity,
    price: card.price,
    currency,
    tax: tax(card.vat, vatExemptAs),
    weight: card.weight,
    height: card.height,
    length: card.length,
    width: card.width,
    description,
    description_extra1: extra1,
    description_extra2: extra2,
    description_extra3: extra3,
    description_extra4: extra4,
    man_name: card.manufacturer.name,
    man_image: card.manufacturer.imageUrl,
    category_id: category?.id ?? '',
    category_name: category?.path ?? '',
    location: card.location,
    url: card.url,
    delivery_time: card.deliveryDays,
    images: card.images,
    features: featurePairs(card.features),
  };
}
