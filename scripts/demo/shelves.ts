import { counter } from '../../connector/check/answers.ts';
import { counted } from '../../connector/check/layout.ts';
import { add, formatMoney, parseMoney } from '../../connector/domain/money.ts';
import { articleFields, articlesForSale, askPrices, askStock, type Article } from './articles.ts';
import type { Day, Step } from './step.ts';

export const shelves: Step = {
  title: 'You count your shelves and change a price in BaseLinker',
  why: 'BaseLinker writes both into your shop.',
  async run(day) {
    // Others than those that were sold a moment ago.
    const [first, second] = articlesForSale(day).products.slice(1);
    if (!first || !second) {
      day.desk.conclude(false, '', 'nothing on the first page can be counted: three products in stock are needed');
      return;
    }
    await writeStock(day, [first, second]);
    await writePrice(day, first);
  },
};

async function writeStock(day: Day, articles: readonly Article[]): Promise<void> {
  const { desk, tally } = day;
  const before = await askStock(day, 'How many pieces does the shop believe in?', articles);
  // Another number than on the last visit, so that there is something to see.
  const found = new Map(articles.map((article, at) => [article, before.get(article) === 40 + at ? 60 + at : 40 + at]));
  await write(day, {
    words: `There are ${articles.map((one) => `${found.get(one) ?? 0} of ${one.name}`).join(' and ')}.`,
    action: 'ProductsQuantityUpdate',
    entries: articles.map((one) => ({ ...articleFields(one), operation: 'set', quantity: found.get(one) })),
  });
  const after = await askStock(day, 'How many does it show now?', articles, before);
  const isRight = articles.every((one) => after.get(one) === found.get(one));
  desk.conclude(isRight, 'your shop shows what is on the shelves.', 'the shop does not show what was counted.');
  tally.written.push(`${counted(articles.length, 'stock')} and a price are as BaseLinker set them`);
}

async function writePrice(day: Day, article: Article): Promise<void> {
  const before = await askPrices(day, `What does ${article.name} cost?`, [article]);
  const price = formatMoney(add(parseMoney(before.get(article) ?? article.price), parseMoney('1.00')));
  await write(day, {
    words: `From now on it costs ${price}.`,
    action: 'ProductsPriceUpdate',
    entries: [{ ...articleFields(article), price }],
  });
  const after = await askPrices(day, 'What does it cost now?', [article], before);
  day.desk.conclude(after.get(article) === price, 'the new price is in your shop.', 'the shop shows another price.');
}

async function write(
  { desk }: Day,
  { words, action, entries }: { readonly words: string; readonly action: string; readonly entries: readonly object[] },
): Promise<void> {
  await desk.ask({
    by: 'sends',
    words,
    action,
    parameters: { products: JSON.stringify(entries) },
    schema: counter,
    tell: ({ counter: n }) => ({ says: `${counted(n, 'article')} changed` }),
  });
}
