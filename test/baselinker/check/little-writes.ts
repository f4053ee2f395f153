import type { Form } from './little-connector.ts';
import { CARD, ORDER, STATUSES, type LittleShop, type Product } from './little-shop.ts';

/** What the caller sent makes no sense. */
export class Refused extends Error {}

type Entry = Readonly<Record<string, unknown>>;

export const WRITES: Readonly<Record<string, (form: Form, shop: LittleShop) => unknown>> = {
  ProductsQuantityUpdate: (form, shop) =>
    changeProducts(form, shop, (entry, { quantity }) => {
      const pieces = whole(entry['quantity']);
      return { quantity: entry['operation'] === 'set' ? pieces : quantity + pieces };
    }),
  ProductsPriceUpdate: (form, shop) => changeProducts(form, shop, (entry) => ({ price: price(entry['price']) })),
  ProductAdd: (form, { products, filed }) => {
    const sku = given(form, 'sku');
    const id = [...products].find(([, product]) => product.sku === sku)?.[0] ?? String(100 + products.size);
    const quantity = whole(form['quantity']);
    products.set(id, { name: given(form, 'name'), sku, ean: '', price: price(form['price']), quantity });
    filed.set(id, form['category_id'] ?? CARD.category_id);
    return { product_id: id };
  },
  CategoryAdd: (form, { categories }) => {
    const name = given(form, 'name');
    const id = [...categories].find(([, path]) => path === name)?.[0] ?? String(100 + categories.size);
    categories.set(id, name);
    return { category_id: id };
  },
  OrderAdd: addOrder,
  OrderUpdate: (form, { orders }) => {
    const id = given(form, 'orders_ids');
    const value = given(form, 'update_value');
    const changes: Readonly<Record<string, () => object>> = {
      status: () => ({ status_id: oneOf(Object.keys(STATUSES), value) }),
      paid: () => ({ paid: Number(oneOf(['0', '1'], value)) }),
      delivery_number: () => ({ delivery_package_nr: value }),
    };
    const change = changes[given(form, 'update_type')]?.() ?? refuse();
    const order = orders.get(id);
    if (order) orders.set(id, { ...order, ...change });
    return { counter: order ? 1 : 0 };
  },
};

function addOrder(form: Form, { products, orders, known }: LittleShop): object {
  const number = given(form, 'baselinker_id');
  const [line = refuse()] = entries(form);
  const productId = text(line['id']);
  const product = products.get(productId) ?? refuse();
  const id = known.get(number) ?? String(100 + orders.size);
  const before = orders.get(id)?.products[0]?.quantity ?? 0;
  const quantity = whole(line['quantity']);
  if (form['change_products_quantity'] === '1') {
    products.set(productId, { ...product, quantity: product.quantity + before - quantity });
  }
  known.set(number, id);
  if (form['invoice_country_code'] === 'EL') form = { ...form, invoice_country_code: 'GR' };
  const sent = Object.fromEntries(Object.keys(ORDER).flatMap((field) => (form[field] ? [[field, form[field]]] : [])));
  const sold = { id: productId, name: product.name, quantity, sku: product.sku };
  orders.set(id, {
    ...ORDER,
    ...sent,
    date_add: ORDER.date_add,
    payment_method_cod: 0,
    paid: Number(form['paid']),
    products: pricedLines({ ...ORDER.products[0]!, ...sold }, line['price']),
  });
  return { order_id: Number(id) };
}

type Line = (typeof ORDER.products)[number];

/** The line at a price of two decimals, and one for what the rounding of a finer price took or gave. */
function pricedLines(line: Line, sent: unknown): Line[] {
  if (!/^\d+\.\d{2,3}$/.test(String(sent))) return refuse();
  const thousandths = Number(
    String(sent)
      .replace('.', '')
      .padEnd(String(sent).indexOf('.') + 3, '0'),
  );
  const each = Math.round(thousandths / 10);
  const rounding = Math.round((thousandths * line.quantity) / 10) - each * line.quantity;
  const priced = { ...line, price: (each / 100).toFixed(2) };
  if (rounding === 0) return [priced];
  return [priced, { ...line, id: '0', name: 'Rounding', quantity: 1, price: (rounding / 100).toFixed(2) }];
}

function changeProducts(
  form: Form,
  { products }: LittleShop,
  change: (entry: Entry, product: Product) => Partial<Product>,
): object {
  const changed = entries(form).map((entry) => {
    const id = text(entry['product_id']);
    const product = products.get(id);
    const changes = change(entry, product ?? { name: '', quantity: 0, price: '', ean: '', sku: '' });
    if (product) products.set(id, { ...product, ...changes });
    return product;
  });
  return { counter: changed.filter((product) => product !== undefined).length };
}

function entries(form: Form): readonly Entry[] {
  const list = parsed(given(form, 'products'));
  return Array.isArray(list) && list.length <= 1000 ? (list as Entry[]) : refuse();
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return refuse();
  }
}

const given = (form: Form, field: string): string => form[field] ?? refuse();

const text = (value: unknown): string => (typeof value === 'string' ? value : refuse());

const whole = (value: unknown): number => (/^-?\d+$/.test(String(value)) ? Number(value) : refuse());

const price = (value: unknown): string => (/^\d+\.\d\d$/.test(String(value)) ? String(value) : refuse());

const oneOf = (values: readonly string[], value: string): string => (values.includes(value) ? value : refuse());

function refuse(): never {
  throw new Refused();
}
