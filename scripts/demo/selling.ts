import { addedOrder, ordersGet, type Order } from '../../connector/baselinker/check/response-schemas.ts';
import type { Parameters } from '../../connector/baselinker/check/client.ts';
import { add, formatMoney, parseMoney, times } from '../../connector/domain/money.ts';
import { articlesForSale, askStock, type Values } from './sellable-variants.ts';
import { entryNamed, type Scenario, type Step, type Variant } from './step.ts';

interface Line {
  readonly variant: Variant;
  readonly pieces: number;
}

const BUYER = { name: 'Katarzyna Zielińska', login: 'kasia_z_lodzi', locker: 'LOD01A' };
const DELIVERY_PRICE = '11.99';

export const marketplaceOrder: Step = {
  title: 'Somebody buys from you on Allegro',
  why: 'BaseLinker puts the order into your shop, and the pieces leave your stock. To make it harder, the answer gets lost and BaseLinker sends the order a second time.',
  async run(scenario) {
    const { client, summary, now } = scenario;
    const { products, variants } = articlesForSale(scenario);
    const [product, variant] = [products[0], variants[0]];
    if (!product || !variant) {
      client.conclude(false, '', 'nothing on the first page can be sold: a product and a variant in stock are needed');
      return;
    }
    const lines: Line[] = [
      { variant: product, pieces: 2 },
      { variant, pieces: 1 },
    ];
    const articles = lines.map(({ variant: details }) => details);
    const before = await askStock(scenario, 'How many pieces are there of what was bought?', articles);
    const parameters = buyersOrder(scenario, lines, { at: now(), to: 'locker' });
    const order = `${BUYER.name} bought ${lines.map(shownLine).join(' and ')}, for the parcel locker ${BUYER.locker}: ${totalOf(lines)} PLN in all, with ${DELIVERY_PRICE} for delivery.`;
    const first = await sendOrder(scenario, order, parameters);
    client.note('On the way', 'this answer gets lost. BaseLinker cannot know whether you have the order.');
    const second = await sendOrder(scenario, 'Just to be sure, the same order once more.', parameters, first);
    const after = await askStock(scenario, 'And how many pieces are there now?', articles, before);
    if (first === undefined) return;
    const isAlone = await hasNoTwin(scenario, Number(first) + 1);
    client.conclude(
      isAlone && second === first && lines.every((line) => isTakenOnce(line, before, after)),
      `sent twice, but it is one order, ${first}, and its 3 pieces left the stock once.`,
      'the order that was sent twice was not taken once; see the stock above.',
    );
    summary.marketplaceOrder = first;
    summary.written.push(`order ${first} was sent twice and is there once`);
  },
};

export const shownLine = ({ variant: details, pieces: units }: Line): string => `${units} × ${details.name}`;

const totalOf = (lines: readonly Line[]): string =>
  formatMoney(
    add(
      parseMoney(DELIVERY_PRICE),
      ...lines.map(({ variant: details, pieces: units }) => times(parseMoney(details.price), units)),
    ),
  );

function isTakenOnce(
  { variant: details, pieces: units }: Line,
  before: Values<number>,
  after: Values<number>,
): boolean {
  return after.get(details) === (before.get(details) ?? NaN) - units;
}

/**
 * As BaseLinker sends it, by parcel locker or by courier. Its number is the time in seconds: every visit brings orders of
 * its own, and one that goes to the door is never the same as one that goes to the locker.
 */
export function buyersOrder(
  { summary }: Scenario,
  lines: readonly Line[],
  { at, to }: { readonly at: Date; readonly to: 'locker' | 'door' },
): Parameters {
  const seconds = Math.floor(at.getTime() / 1000);
  const number = to === 'locker' ? seconds : seconds + DOORS_APART;
  const isLocker = to === 'locker';
  const [methodId, method] = entryNamed(
    summary.lists.get('DeliveryMethodsList'),
    isLocker ? /paczkomat/i : /kurier/i,
  ) ?? ['', isLocker ? 'Allegro Paczkomaty InPost' : 'Kurier'];
  const products = lines.map(({ variant: details, pieces: units }, at) => ({
    id: details.productId,
    variant_id: details.variantId,
    sku: details.sku,
    name: details.name,
    price: details.price,
    quantity: units,
    auction_id: String(number * 10 + at),
  }));
  return {
    baselinker_id: number,
    delivery_point_id: isLocker ? BUYER.locker : '',
    products: JSON.stringify(products),
    change_products_quantity: 1,
    previous_order_id: '',
    delivery_point_name: isLocker ? `Paczkomat ${BUYER.locker}` : '',
    delivery_point_address: isLocker ? 'ul. Piotrkowska 1' : '',
    delivery_point_postcode: isLocker ? '90-001' : '',
    delivery_point_city: isLocker ? 'Łódź' : '',
    delivery_method_id: methodId,
    delivery_method: method,
    delivery_price: DELIVERY_PRICE,
    ...address('delivery'),
    ...address('invoice'),
    invoice_nip: '',
    want_invoice: 0,
    email: `${seconds.toString(36)}@allegromail.example`,
    phone: '+48 500 100 200',
    payment_method: 'Przelewy24',
    payment_method_cod: 0,
    paid: 0,
    currency: 'PLN',
    user_comments: `[Allegro: ${BUYER.login}] Proszę o staranne pakowanie.`,
    service: 'allegro',
    client_login: BUYER.login,
    transaction_id: `demo-${number}`,
    date_add: seconds,
  };
}

const DOORS_APART = 1_000_000_000;

function address(kind: 'delivery' | 'invoice'): Parameters {
  return {
    [`${kind}_fullname`]: BUYER.name,
    [`${kind}_address`]: 'ul. Wólczańska 12/3',
    [`${kind}_postcode`]: '90-607',
    [`${kind}_city`]: 'Łódź',
    [`${kind}_country`]: 'Polska',
    [`${kind}_country_code`]: 'PL',
  };
}

export async function sendOrder(
  { client }: Scenario,
  words: string,
  parameters: Parameters,
  known?: string,
): Promise<string | undefined> {
  const answer = await client.ask({
    by: 'sends',
    words,
    action: 'OrderAdd',
    parameters,
    schema: addedOrder,
    tell: ({ order_id: id }) => ({
      says: known === undefined ? `it is your order ${id}` : id === known ? `it is still order ${id}` : `order ${id}`,
    }),
  });
  return answer?.order_id;
}

/** A second order would have got the next number. */
async function hasNoTwin({ client }: Scenario, next: number): Promise<boolean> {
  const answer = await client.ask({
    words: `Is there an order ${next} too?`,
    action: 'OrdersGet',
    parameters: { order_id: next },
    schema: ordersGet,
    tell: ({ rows }) => ({ says: rows.size === 0 ? 'no, there is none' : 'yes' }),
  });
  return answer?.rows.size === 0;
}

export function parcelOf(order: Order): string {
  const number: unknown = order['delivery_package_nr'];
  return typeof number === 'string' ? number : '';
}
