import { createServer, type ServerResponse } from 'node:http';

/** What the server says instead of the right answer: a text, or nothing at all. */
export type Fault = { readonly text: string } | 'drop' | 'silence';

export const KEY = 'key-of-the-little-connector';

type Form = Readonly<Record<string, string>>;

interface Product {
  readonly name: string;
  readonly quantity: number;
  readonly price: string;
  readonly ean: string;
  readonly sku: string;
}

const PRODUCTS: readonly (readonly [string, Product])[] = [
  ['7', { name: 'Kubek niebieski', quantity: 14, price: '24.90', ean: '5900000000012', sku: 'MUG-B' }],
  ['8', { name: 'Łyżka', quantity: 0, price: '8.00', ean: '', sku: 'SPOON' }],
  ['9', { name: 'Talerz', quantity: 3, price: '31.50', ean: '5900000000029', sku: 'PLATE' }],
];

const CARD = {
  tax: 23,
  weight: 0.35,
  description: '<p>Kamionka.</p>',
  man_name: 'Acme',
  category_id: '12',
  category_name: 'Kuchnia',
  url: 'https://shop.example/p/7',
  images: ['https://shop.example/i/7.jpg'],
  features: [['Kolor', 'niebieski|zielony']],
};

const VARIANT = { full_name: 'Kubek niebieski duży', name: 'duży', price: '26.90', quantity: 4, sku: 'MUG-BL' };

const ADDRESS = ['fullname', 'company', 'address', 'city', 'postcode', 'country'];

export const ORDER = {
  date_add: 1_767_225_600,
  email: 'ala@example.test',
  phone: '',
  ...Object.fromEntries(['delivery', 'invoice'].flatMap((who) => ADDRESS.map((field) => [`${who}_${field}`, '']))),
  delivery_country_code: 'PL',
  invoice_country_code: '',
  invoice_nip: '',
  delivery_point_id: '',
  delivery_point_name: '',
  payment_method_id: '4',
  payment_method: 'Przelew',
  payment_method_cod: 0,
  currency: 'PLN',
  user_comments: '',
  admin_comments: '',
  status_id: '1',
  delivery_method_id: '2',
  delivery_method: 'Kurier',
  delivery_price: '0.00',
  paid: 1,
  want_invoice: 0,
  products: [
    {
      id: '7',
      variant_id: '0',
      name: 'Kubek niebieski',
      quantity: 2,
      price: '24.90',
      tax: 23,
      weight: 0.35,
      ean: '',
      sku: 'MUG-B',
    },
  ],
};

const pieces = (quantity: number): Record<string, number> => ({ '0': quantity });

const ACTIONS: Readonly<Record<string, (form: Form) => unknown>> = {
  fileversion: () => ({ platform: 'Little', version: '1.0.0', standard: 4 }),
  supportedmethods: () => [
    'FileVersion',
    'SupportedMethods',
    'ProductsCategories',
    'ProductsList',
    'ProductsData',
    'ProductsPrices',
    'ProductsQuantity',
    'OrdersGet',
    'StatusesList',
    'DeliveryMethodsList',
    'PaymentMethodsList',
  ],
  productscategories: () => ({ '12': 'Kuchnia', '31': 'Ogród' }),
  productslist: (form) => list(form),
  productsdata: (form) => cards(form),
  productsprices: (form) =>
    dump(form, { '7': { '0': '24.90', '70': '26.90' }, '8': { '0': '8.00' }, '9': { '0': '31.50' } }),
  productsquantity: (form) => dump(form, { '7': { ...pieces(14), '70': 4 }, '8': pieces(0), '9': pieces(3) }),
  ordersget: (form) => {
    const asked = form['order_id'] ?? '10';
    return dump(form, asked === '10' ? { '10': ORDER } : {});
  },
  statuseslist: () => ({ '1': 'Nowe' }),
  deliverymethodslist: () => ({ '2': 'Kurier' }),
  paymentmethodslist: () => ({ '4': 'Przelew' }),
};

const onFirstPage = (form: Form): boolean => !(Number(form['page'] ?? 1) > 1);

const dump = (form: Form, rows: object): object => ({ ...(onFirstPage(form) ? rows : {}), pages: 1 });

function cards({ products_id = '', only_images, fields }: Form): object {
  const ids = products_id.split(',');
  const found = PRODUCTS.filter(([id]) => ids.includes(id)).map(([id, product]): readonly [string, object] => {
    if (only_images === '1') return [id, { images: CARD.images }];
    if (fields) return [id, { name: product.name, sku: product.sku }];
    return [id, { ...product, ...CARD, variants: id === '7' ? { '70': VARIANT } : {} }];
  });
  return Object.fromEntries<object>(found);
}

/** As text, for the order of the keys is the answer to filter_sort. */
function list(form: Form): string {
  const [column = 'id', direction = 'ASC'] = (form['filter_sort'] ?? '').split(' ');
  const rows = PRODUCTS.filter(([id, product]) => passes(id, product, form)).sort((a, b) => compare(column, a, b));
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

function rightAnswer(method: string | undefined, form: Form): string {
  if (method === 'POST' && Object.keys(form).length === 0) return write(ACTIONS['fileversion']!(form));
  if (form['bl_pass'] === undefined) return write(refusal('no_password'));
  if (form['bl_pass'] !== KEY) return write(refusal('incorrect_password'));
  const action = ACTIONS[(form['action'] ?? '').toLowerCase()];
  return write(action ? action(form) : refusal('unsupported_action'));
}

const write = (answer: unknown): string => (typeof answer === 'string' ? answer : JSON.stringify(answer));

/** A connector of three products over real HTTP: conforming, but for the faults that it is given. */
export async function littleConnector(
  faultOf: (action: string, form: Form) => Fault | undefined = () => undefined,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
      const isCall = form['bl_pass'] === KEY;
      const fault = isCall ? faultOf(form['action'] ?? '', form) : undefined;
      reply(response, fault ?? { text: rightAnswer(request.method, form) });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}/`,
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
