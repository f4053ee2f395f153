import { createServer, type ServerResponse } from 'node:http';
import { CARD, littleShop, STATUSES, VARIANT, type LittleShop, type Product } from './little-shop.ts';
import { Refused, WRITES } from './little-writes.ts';

export { ORDER } from './little-shop.ts';

/** What the server says instead of the right answer: a text, or nothing at all. */
export type Fault = { readonly text: string } | 'drop' | 'silence';

export const KEY = 'key-of-the-little-connector';

export type Form = Readonly<Record<string, string>>;

const READS: Readonly<Record<string, (form: Form, shop: LittleShop) => unknown>> = {
  FileVersion: () => ({ platform: 'Little', version: '1.0.0', standard: 4 }),
  SupportedMethods: () => [...Object.keys(READS), ...Object.keys(WRITES)],
  ProductsCategories: (_, { categories }) => inOrder([...categories].sort(([, a], [, b]) => a.localeCompare(b, 'pl'))),
  ProductsList: list,
  ProductsData: cards,
  ProductsPrices: (form, shop) => dump(form, values(shop, 'price')),
  ProductsQuantity: (form, shop) => dump(form, values(shop, 'quantity')),
  OrdersGet: (form, { orders }) => {
    const order = orders.get(form['order_id'] ?? '10');
    return dump(form, order ? { [form['order_id'] ?? '10']: order } : {});
  },
  StatusesList: () => STATUSES,
  DeliveryMethodsList: () => ({ '2': 'Kurier' }),
  PaymentMethodsList: () => ({ '4': 'Przelew' }),
};

const ACTIONS = new Map(
  Object.entries({ ...READS, ...WRITES }).map(([name, action]) => [name.toLowerCase(), action] as const),
);

/** As text, for an object would sort the keys. */
const inOrder = (entries: readonly (readonly [string, unknown])[]): string =>
  `{${entries.map(([id, value]) => `"${id}":${JSON.stringify(value)}`).join(',')}}`;

const values = ({ products }: LittleShop, field: 'price' | 'quantity'): object =>
  Object.fromEntries(
    [...products].map(([id, product]) => [id, { '0': product[field], ...(id === '7' && { '70': VARIANT[field] }) }]),
  );

const onFirstPage = (form: Form): boolean => !(Number(form['page'] ?? 1) > 1);

const dump = (form: Form, rows: object): object => ({ ...(onFirstPage(form) ? rows : {}), pages: 1 });

function cards({ products_id = '', only_images, fields }: Form, { products, filed }: LittleShop): object {
  const ids = products_id.split(',');
  const found = [...products]
    .filter(([id]) => ids.includes(id))
    .map(([id, product]): readonly [string, object] => {
      if (only_images === '1') return [id, { images: CARD.images }];
      if (fields) return [id, { name: product.name, sku: product.sku }];
      const category_id = filed.get(id) ?? CARD.category_id;
      return [id, { ...product, ...CARD, category_id, variants: id === '7' ? { '70': VARIANT } : {} }];
    });
  return Object.fromEntries<object>(found);
}

/** As text, for the order of the keys is the answer to filter_sort. */
function list(form: Form, { products }: LittleShop): string {
  const [column = 'id', direction = 'ASC'] = (form['filter_sort'] ?? '').split(' ');
  const rows = [...products].filter(([id, product]) => passes(id, product, form)).sort((a, b) => compare(column, a, b));
  if (direction === 'DESC') rows.reverse();
  const [skip, take] = limit(form['filter_limit']);
  const shown = onFirstPage(form) ? rows.slice(skip, skip + take) : [];
  const entries = shown.map(([id, product]) => `"${id}":${JSON.stringify(product)}`);
  return `{${[...entries, '"pages":1'].join(',')}}`;
}

function passes(id: string, { name, quantity, price, ean, sku }: Product, form: Form): boolean {
  const asks = (field: string, holds: (value: string) => boolean): boolean => !form[field] || holds(form[field]);
  return (
    asks('filter_id', (value) => id === value) &&
    asks('filter_ids_list', (value) => value.split(',').includes(id)) &&
    asks('filter_sku', (value) => sku === value) &&
    asks('filter_ean', (value) => ean === value) &&
    asks('filter_name', (value) => name.includes(value)) &&
    asks('category_id', (value) => ['all', '12'].includes(value)) &&
    asks('filter_quantity_from', (value) => quantity >= Number(value)) &&
    asks('filter_quantity_to', (value) => quantity <= Number(value)) &&
    asks('filter_price_from', (value) => Number(price) >= Number(value)) &&
    asks('filter_price_to', (value) => Number(price) <= Number(value)) &&
    asks('filter_available', (value) => (value === '1') === quantity > 0)
  );
}

function compare(column: string, [a, one]: readonly [string, Product], [b, other]: readonly [string, Product]): number {
  switch (column) {
    case 'name':
      return one.name.localeCompare(other.name, 'pl');
    case 'quantity':
      return one.quantity - other.quantity;
    case 'price':
      return Number(one.price) - Number(other.price);
    default:
      return Number(a) - Number(b);
  }
}

function limit(asked = ''): readonly [skip: number, take: number] {
  const numbers = asked === '' ? [1000] : asked.split(',').map(Number);
  return numbers.length === 2 ? [numbers[0]!, numbers[1]!] : [0, numbers[0]!];
}

const refusal = (code: string): object => ({ error: true, error_code: code, error_text: '' });

function rightAnswer(isEmptyPost: boolean, form: Form, shop: LittleShop): string {
  if (isEmptyPost) return write(READS['FileVersion']!(form, shop));
  if (form['bl_pass'] === undefined) return write(refusal('no_password'));
  if (form['bl_pass'] !== KEY) return write(refusal('incorrect_password'));
  const action = ACTIONS.get((form['action'] ?? '').toLowerCase());
  if (!action) return write(refusal('unsupported_action'));
  try {
    return write(action(form, shop));
  } catch (error) {
    if (error instanceof Refused) return write(refusal('invalid_parameter'));
    throw error;
  }
}

const write = (answer: unknown): string => (typeof answer === 'string' ? answer : JSON.stringify(answer));

/** A connector of three products over real HTTP: conforming, but for the faults that it is given. */
export async function littleConnector(
  faultOf: (action: string, form: Form, shop: LittleShop) => Fault | undefined = () => undefined,
): Promise<{ readonly url: string; readonly shop: LittleShop; stop(): Promise<void> }> {
  const shop = littleShop();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const form = Object.fromEntries(new URLSearchParams(body));
      const isMultipart = request.headers['content-type']?.startsWith('multipart/') === true;
      const isCall = form['bl_pass'] === KEY || isMultipart;
      const action = isMultipart ? 'a multipart body' : (form['action'] ?? '');
      const fault = isCall ? faultOf(action, form, shop) : undefined;
      reply(response, fault ?? { text: rightAnswer(request.method === 'POST' && body === '', form, shop) });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    shop,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function reply(response: ServerResponse, fault: Fault): void {
  if (fault === 'silence') return;
  if (fault === 'drop') {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('{"1":');
    setImmediate(() => response.destroy());
    return;
  }
  response.end(fault.text);
}
