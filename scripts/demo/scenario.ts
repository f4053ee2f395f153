import {
  categories,
  dictionary,
  fileVersion,
  ordersGet,
  productsData,
  productsList,
  productsPrices,
  productsQuantity,
  supportedMethods,
  totalOf,
} from '../../connector/baselinker/check/response-schemas.ts';
import { counted, number } from '../../connector/baselinker/check/text-layout.ts';
import { formatMoney, type Money } from '../../connector/domain/money.ts';
import type { Told } from './narrated-client.ts';
import { parcel, wholesale } from './dropshipping.ts';
import { arrival, following } from './relaying.ts';
import { marketplaceOrder } from './selling.ts';
import { sending } from './sending.ts';
import { shelves } from './stock-updates.ts';
import { entriesOf, type Step } from './step.ts';

const connection: Step = {
  title: 'You paste the address and the key into BaseLinker',
  why: 'BaseLinker asks who is there, and what it may ask for.',
  async run({ client }) {
    await client.ask({
      words: 'Who are you?',
      action: 'FileVersion',
      schema: fileVersion,
      tell: ({ platform, version, standard }) => ({ says: `${platform}, version ${version}, standard ${standard}` }),
    });
    await client.ask({
      words: 'What may I ask you?',
      action: 'SupportedMethods',
      schema: supportedMethods,
      tell: (names) => ({ says: `${counted(names.length, 'thing')}, among them`, entries: [names.join(', ')] }),
    });
  },
};

const lists: Step = {
  title: 'You open the settings of the connection',
  why: 'BaseLinker fills its drop-down lists, so that you can say which status there is which here.',
  async run({ client, summary }) {
    const ask = async (words: string, action: string, ...nouns: readonly [string, string]): Promise<void> => {
      const list = await client.ask({
        words,
        action,
        schema: dictionary,
        tell: (names) => ({ says: counted(names.size, ...nouns), ...entriesOf(names, (name) => name) }),
      });
      if (list) summary.lists.set(action, list);
    };
    await ask('Which statuses can an order have?', 'StatusesList', 'status', 'statuses');
    await ask('How do you deliver?', 'DeliveryMethodsList', 'way', 'ways');
    await ask('How can one pay?', 'PaymentMethodsList', 'way', 'ways');
  },
};

const catalogue: Step = {
  title: 'BaseLinker looks through your catalogue',
  why: 'Categories first, then the list of products page by page, then full cards of 100 at a time.',
  async run({ client, summary }) {
    await client.ask({
      words: 'Which categories are there?',
      action: 'ProductsCategories',
      schema: categories,
      tell: (paths) => ({
        says: `${counted(paths.size, 'category', 'categories')}, sorted`,
        ...entriesOf(paths, (path) => path),
      }),
    });
    await everyPage(async (page) => {
      const list = await client.ask({
        words: page === 1 ? 'Which products do you sell?' : `And on page ${page}?`,
        action: 'ProductsList',
        parameters: { page },
        schema: productsList,
        tell: ({ rows, pages }) => ({
          says: `${counted(rows.size, 'product')}, page ${page} of ${pages}`,
          ...entriesOf(rows, ({ name, quantity, price, currency }) =>
            [
              name,
              counted(quantity, 'piece'),
              price === undefined ? 'price not known' : `${price} ${currency ?? ''}`,
            ].join(' · '),
          ),
        }),
      });
      for (const id of list?.rows.keys() ?? []) summary.products.add(id);
      return list?.pages;
    });
    const cards = await client.ask({
      words: 'Tell me everything about the first 100 of them.',
      action: 'ProductsData',
      parameters: { products_id: [...summary.products].slice(0, 100).join(',') },
      schema: productsData,
      tell: (cards) => ({
        says: counted(cards.size, 'full card'),
        ...entriesOf(cards, ({ name, tax, images, variants, category_name }) =>
          [
            name,
            category_name,
            `VAT ${tax}%`,
            counted(images.length, 'picture'),
            counted(variants.size, 'variant'),
          ].join(' · '),
        ),
      }),
    });
    if (cards) summary.cards = cards;
  },
};

const synchronisation: Step = {
  title: 'BaseLinker refreshes your offers on the marketplaces',
  why: 'Every price and every stock, variants included. This happens many times a day, so it has to be quick.',
  async run({ client, summary }) {
    await everyPage(async (page) => {
      const dump = await client.ask({
        words: page === 1 ? 'What does everything cost?' : `And on page ${page}?`,
        action: 'ProductsPrices',
        parameters: { page },
        schema: productsPrices,
        tell: (answer) => dumped(answer, page, (price) => price),
      });
      return dump?.pages;
    });
    await everyPage(async (page) => {
      const dump = await client.ask({
        words: page === 1 ? 'How many pieces do you have?' : `And on page ${page}?`,
        action: 'ProductsQuantity',
        parameters: { page },
        schema: productsQuantity,
        tell: (answer) => dumped(answer, page, (units) => counted(units, 'piece')),
      });
      for (const [id, values] of dump?.rows ?? []) {
        summary.variants += values.size - 1;
        if (page === 1) summary.firstPage.add(id);
      }
      return dump?.pages;
    });
  },
};

const orders: Step = {
  title: 'BaseLinker collects your orders',
  why: 'Every ten minutes it fetches what was ordered in the shop.',
  async run({ client, summary, since }) {
    await everyPage(async (page) => {
      const answer = await client.ask({
        words: page === 1 ? `What was ordered since ${since.words}?` : `And on page ${page}?`,
        action: 'OrdersGet',
        parameters: { time_from: Math.floor(since.time.getTime() / 1000), page },
        schema: ordersGet,
        tell: ({ rows, pages }) => ({
          says: `${counted(rows.size, 'order')}, page ${page} of ${pages}`,
          ...entriesOf(rows, (order) =>
            [
              order.delivery_fullname,
              counted(order.products.length, 'line'),
              `${formatMoney(totalOf(order) as Money)} ${order.currency}`,
              order.delivery_method,
              order.paid === 1 ? 'paid' : order.payment_method_cod === 1 ? 'cash on delivery' : 'not paid yet',
            ].join(' · '),
          ),
        }),
      });
      summary.orders += answer?.rows.size ?? 0;
      return answer?.pages;
    });
  },
};

const badDay: Step = {
  title: 'Not everything is let in',
  why: 'A wrong key hears nothing about the shop. What is not known or makes no sense changes nothing.',
  async run({ client, key }) {
    await client.expectError({
      words: 'Which products do you sell? (Somebody asks who has a wrong key.)',
      shown: 'action=ProductsList  bl_pass=(not your key)',
      answer: client.baseLinker.post({ bl_pass: key.split('').reverse().join(''), action: 'ProductsList' }),
      code: 'incorrect_password',
    });
    await client.expectError({
      words: 'Something that no shop knows.',
      shown: 'action=MakeCoffee',
      answer: client.baseLinker.call('MakeCoffee'),
      code: 'unsupported_action',
    });
    const products = '[{"product_id":"1","operation":"set","quantity":"abc"}]';
    await client.expectError({
      by: 'sends',
      words: 'A stock that is no number.',
      shown: `action=ProductsQuantityUpdate  products=${products}`,
      answer: client.baseLinker.call('ProductsQuantityUpdate', { products }),
      code: 'invalid_parameter',
    });
  },
};

/** An ordinary day, in the order in which things happen. */
export const DAY: readonly Step[] = [
  connection,
  lists,
  catalogue,
  synchronisation,
  orders,
  marketplaceOrder,
  arrival,
  sending,
  following,
  wholesale,
  parcel,
  shelves,
  badDay,
];

/** Asks page after page, as many as the first answer announces. */
async function everyPage(ask: (page: number) => Promise<number | undefined>): Promise<void> {
  const pages = (await ask(1)) ?? 1;
  for (let page = 2; page <= pages; page += 1) await ask(page);
}

function dumped<T>(
  { rows, pages }: { rows: ReadonlyMap<string, ReadonlyMap<string, T>>; pages: number },
  page: number,
  shown: (value: T) => string,
): Told {
  const values = [...rows.values()].reduce((sum, { size }) => sum + size, 0);
  return {
    says: `${number(values)} values of ${counted(rows.size, 'product')}, page ${page} of ${pages}`,
    ...entriesOf(tellingFirst(rows), (variants) =>
      [...variants].map(([id, value]) => (id === '0' ? shown(value) : `variant ${id}: ${shown(value)}`)).join(' · '),
    ),
  };
}

/** Two ordinary products and the first one with variants, for the few lines that are shown. */
function tellingFirst<T>(
  rows: ReadonlyMap<string, ReadonlyMap<string, T>>,
): ReadonlyMap<string, ReadonlyMap<string, T>> {
  const withVariants = [...rows].find(([, values]) => values.size > 1);
  return new Map([...[...rows].slice(0, 2), ...(withVariants ? [withVariants] : []), ...rows]);
}
