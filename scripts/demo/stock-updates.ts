import { counter } from '../../connector/baselinker/check/response-schemas.ts';
import { counted } from '../../connector/baselinker/check/text-layout.ts';
import { add, formatMoney, parseMoney } from '../../connector/domain/money.ts';
import { variantFields, articlesForSale, askPrices, askStock } from './sellable-variants.ts';
import type { Scenario, Step, Variant } from './step.ts';

export const shelves: Step = {
  title: 'You count your shelves and change a price in BaseLinker',
  why: 'BaseLinker writes both into your shop.',
  async run(scenario) {
    // Others than those that were sold a moment ago.
    const [first, second] = articlesForSale(scenario).products.slice(1);
    if (!first || !second) {
      scenario.client.conclude(
        false,
        '',
        'nothing on the first page can be counted: three products in stock are needed',
      );
      return;
    }
    await writeStock(scenario, [first, second]);
    await writePrice(scenario, first);
  },
};

async function writeStock(scenario: Scenario, variants: readonly Variant[]): Promise<void> {
  const { client, summary } = scenario;
  const before = await askStock(scenario, 'How many pieces does the shop believe in?', variants);
  // Another number than on the last visit, so that there is something to see.
  const found = new Map(variants.map((details, at) => [details, before.get(details) === 40 + at ? 60 + at : 40 + at]));
  await write(scenario, {
    words: `There are ${variants.map((one) => `${found.get(one) ?? 0} of ${one.name}`).join(' and ')}.`,
    action: 'ProductsQuantityUpdate',
    entries: variants.map((one) => ({ ...variantFields(one), operation: 'set', quantity: found.get(one) })),
  });
  const after = await askStock(scenario, 'How many does it show now?', variants, before);
  const isRight = variants.every((one) => after.get(one) === found.get(one));
  client.conclude(isRight, 'your shop shows what is on the shelves.', 'the shop does not show what was counted.');
  summary.written.push(`${counted(variants.length, 'stock')} and a price are as BaseLinker set them`);
}

async function writePrice(scenario: Scenario, variant: Variant): Promise<void> {
  const before = await askPrices(scenario, `What does ${variant.name} cost?`, [variant]);
  const price = formatMoney(add(parseMoney(before.get(variant) ?? variant.price), parseMoney('1.00')));
  await write(scenario, {
    words: `From now on it costs ${price}.`,
    action: 'ProductsPriceUpdate',
    entries: [{ ...variantFields(variant), price }],
  });
  const after = await askPrices(scenario, 'What does it cost now?', [variant], before);
  scenario.client.conclude(
    after.get(variant) === price,
    'the new price is in your shop.',
    'the shop shows another price.',
  );
}

async function write(
  { client }: Scenario,
  { words, action, entries }: { readonly words: string; readonly action: string; readonly entries: readonly object[] },
): Promise<void> {
  await client.ask({
    by: 'sends',
    words,
    action,
    parameters: { products: JSON.stringify(entries) },
    schema: counter,
    tell: ({ counter: n }) => ({ says: `${counted(n, 'article')} changed` }),
  });
}
