/** What the little connector sells, and has sold. */
export interface LittleShop {
  readonly products: Map<string, Product>;
  /** Product → category, of products that are not where the others are. */
  readonly filed: Map<string, string>;
  readonly categories: Map<string, string>;
  readonly orders: Map<string, Order>;
  /** BaseLinker's number → ours. */
  readonly known: Map<string, string>;
}

export interface Product {
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

export const CARD = {
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

export const VARIANT = { full_name: 'Kubek niebieski duży', name: 'duży', price: '26.90', quantity: 4, sku: 'MUG-BL' };

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

export type Order = typeof ORDER;

export const STATUSES = { '1': 'Nowe', '5': 'Anulowane' };

export function littleShop(): LittleShop {
  return {
    products: new Map(PRODUCTS),
    filed: new Map(),
    categories: new Map([
      ['12', 'Kuchnia'],
      ['31', 'Ogród'],
    ]),
    orders: new Map([['10', ORDER]]),
    known: new Map(),
  };
}
